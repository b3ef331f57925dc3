import { formatCell } from '../../report/format.ts';
import { safeText, truncate } from '../../core/text.ts';
import { dayIn } from '../../core/time.ts';
import { SmstatsError } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import type { Candidate } from '../../match/content.ts';
import { listContentToMatch, type ContentToMatch } from '../../query/list-content-to-match.ts';
import { listMappings, type MappingListing } from '../../query/list-mappings.ts';
import { savePersonVerdict, type ContentKey, type Verdict } from '../../store/mapping.ts';
import { loadMatcher } from './load-matcher.ts';
import { readPlatform } from '../platform.ts';

const CANDIDATES = 5;
const CAPTION_WIDTH = 300;

/** Walks through what waits for a person's word; where nobody is there, prints it. @returns the exit code. */
export async function reviewSuggestions(context: Context, options: { platform?: string }): Promise<number> {
  const { db } = await context.openStore();
  const platform = options.platform === undefined ? undefined : await readPlatform(context, options.platform);
  const queue = await listMappings(db, { status: 'suggested', platform });
  if (!context.isInteractive()) return printQueue(context, queue);
  if (queue.length === 0) {
    context.say('nothing waits for a review; smstats map --auto looks for more');
    return 0;
  }
  const matcher = await loadMatcher(context);
  const { timezone } = await context.config();
  const content = new Map((await listContentToMatch(db)).map((each) => [`${each.kind} ${each.id}`, each]));
  const { createInterface } = await import('node:readline');
  const terminal = createInterface({ input: context.stdin(), terminal: false });
  const lines = terminal[Symbol.asyncIterator]();
  const done = { accepted: 0, rejected: 0, skipped: 0 };
  try {
    for (const [index, suggestion] of queue.entries()) {
      const candidates = matcher.rank(
        {
          id: suggestion.post_id,
          platform: suggestion.platform,
          externalPostId: suggestion.external_post_id,
          url: suggestion.post_url,
          caption: suggestion.caption,
          duration: suggestion.duration,
          postedAt: suggestion.posted_at,
        },
        CANDIDATES,
      );
      const day = suggestion.posted_at === null ? '—' : dayIn(timezone, new Date(suggestion.posted_at));
      show(context, suggestion, candidates, content, `${index + 1} of ${queue.length}, ${day}`);
      const answer = await ask(context, lines, candidates.length, content);
      if (answer === 'quit') break;
      if (answer === 'skip') {
        done.skipped++;
        continue;
      }
      const verdict = toVerdict(suggestion, answer, candidates);
      let isSaved: boolean;
      try {
        isSaved = await savePersonVerdict(db, verdict, context.now(), true);
      } catch (error) {
        if (!(error instanceof SmstatsError) || error.ending !== 'not_found') throw error;
        context.say(`  ${error.message} It is left as it was.`);
        done.skipped++;
        continue;
      }
      if (!isSaved) context.say('  somebody else has decided on this one meanwhile; that stays');
      else done[verdict.status === 'confirmed' ? 'accepted' : 'rejected']++;
    }
  } finally {
    terminal.close();
  }
  context.say(`${done.accepted} accepted, ${done.rejected} rejected, ${done.skipped} skipped`);
  return 0;
}

/** A number picks a candidate, a key other content. */
type Answer = number | ContentKey | 'accept' | 'reject' | 'skip' | 'quit';

const ANSWERS: Record<string, Exclude<Answer, number | ContentKey>> = {
  a: 'accept',
  accept: 'accept',
  y: 'accept',
  r: 'reject',
  reject: 'reject',
  n: 'reject',
  s: 'skip',
  skip: 'skip',
  q: 'quit',
  quit: 'quit',
};

/** Asks until there is an answer; the end of the input is the end of the walk. */
async function ask(
  context: Context,
  lines: AsyncIterator<string>,
  count: number,
  content: ReadonlyMap<string, ContentToMatch>,
): Promise<Answer> {
  const pick = `, ${count > 1 ? `1-${count} or ` : ''}the id of another`;
  for (;;) {
    context.stderr.write(`  [a]ccept, [r]eject${pick}, [s]kip, [q]uit? `);
    const { value, done } = await lines.next();
    if (done) return 'quit';
    const text = String(value).trim().toLowerCase();
    const number = /^\d+$/.test(text) ? Number(text) : 0;
    if (number >= 1 && number <= count) return number - 1;
    const answer = ANSWERS[text];
    if (answer !== undefined) return answer;
    const named = [...content.values()].filter(({ id }) => id === String(value).trim());
    if (named.length === 1 && named[0]) return { kind: named[0].kind, id: named[0].id };
    if (text !== '')
      context.stderr.write(`  "${safeText(String(value).trim())}" is no answer, and the id of nothing\n`);
  }
}

function toVerdict(
  suggestion: MappingListing,
  answer: Exclude<Answer, 'skip' | 'quit'>,
  candidates: readonly Candidate[],
): Verdict {
  const suggested =
    suggestion.clip_id === null
      ? { kind: 'video' as const, id: suggestion.video_id as string }
      : { kind: 'clip' as const, id: suggestion.clip_id };
  const picked = typeof answer === 'number' ? candidates[answer] : typeof answer === 'object' ? answer : undefined;
  const isAnother = picked !== undefined && (picked.kind !== suggested.kind || picked.id !== suggested.id);
  return {
    postId: suggestion.post_id,
    content: picked ? { kind: picked.kind, id: picked.id } : suggested,
    status: answer === 'reject' ? 'rejected' : 'confirmed',
    // Of what the rule suggested the score stays; who said the last word stands beside it.
    confidence: isAnother && answer !== 'reject' ? 1 : suggestion.confidence_score,
    matchedBy: isAnother ? 'manual' : suggestion.matched_by,
    runnerUpScore: suggestion.runner_up_score,
  };
}

function show(
  context: Context,
  suggestion: MappingListing,
  candidates: readonly Candidate[],
  content: ReadonlyMap<string, ContentToMatch>,
  position: string,
): void {
  const { platform, username, post_url: url, caption, views } = suggestion;
  const lines = [
    '',
    `${position}: ${platform} @${username}, ${formatCell(views, 'count')} views${url === null ? '' : `, ${url}`}`,
    `  ${truncate(safeText(caption ?? '(no caption)'), CAPTION_WIDTH)}`,
    ...candidates.map((candidate, i) => {
      const what = content.get(`${candidate.kind} ${candidate.id}`);
      const isSuggested = candidate.id === (suggestion.clip_id ?? suggestion.video_id);
      const evidence = candidate.evidence.length > 0 ? ` (${candidate.evidence.join(', ')})` : '';
      return `  ${isSuggested ? '→' : ' '} ${i + 1}. ${candidate.score.toFixed(2)} ${candidate.kind} ${candidate.id}: ${what?.title ?? ''}${evidence}`;
    }),
  ];
  context.stderr.write(`${lines.map(safeText).join('\n')}\n`);
}

async function printQueue(context: Context, queue: readonly MappingListing[]): Promise<number> {
  await context.print({
    command: 'map --review',
    data: queue,
    sections: [
      {
        columns: [
          { key: 'platform', label: 'Platform', kind: 'text' },
          { key: 'external_post_id', label: 'Id', kind: 'id' },
          { key: 'content_id', label: 'Content', kind: 'id' },
          { key: 'content_title', label: 'Title', kind: 'text' },
          { key: 'confidence_score', label: 'Score', kind: 'score' },
          { key: 'runner_up_score', label: 'Second', kind: 'score' },
          { key: 'matched_by', label: 'By', kind: 'text' },
          { key: 'caption', label: 'Caption', kind: 'text', isElastic: true },
        ],
        rows: queue.map((row) => ({ ...row, content_id: row.clip_id ?? row.video_id })),
        empty: 'nothing waits for a review',
      },
    ],
  });
  return 0;
}
