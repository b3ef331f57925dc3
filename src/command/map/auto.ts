import type { Context } from '../../context.ts';
import { DEFAULT_THRESHOLDS, type Decision } from '../../match/content.ts';
import { listPostsToMatch, type PostToMatch } from '../../query/list-posts-to-match.ts';
import { deleteRuleVerdicts, saveRuleVerdicts, type Verdict } from '../../store/mapping.ts';
import { loadMatcher, toMatchPost } from './load-matcher.ts';
import { readPlatform } from '../platform.ts';

interface AutoOptions {
  minConfidence?: number;
  dryRun?: boolean;
  again?: boolean;
  platform?: string;
  limit?: number;
}

const SHOWN = 20;

/** Lets the rules decide on every post of which no person has. @returns the exit code. */
export async function linkAutomatically(context: Context, options: AutoOptions): Promise<number> {
  const { db } = await context.openStore();
  const accept = options.minConfidence ?? DEFAULT_THRESHOLDS.accept;
  const review = Math.min(DEFAULT_THRESHOLDS.review, accept);
  const matcher = await loadMatcher(context, { ...DEFAULT_THRESHOLDS, accept, review });
  const platform = options.platform === undefined ? undefined : await readPlatform(context, options.platform);
  const posts = await listPostsToMatch(db, { isAgain: options.again, platform });
  const decided = posts.map((post) => ({ post, decision: matcher.decide(toMatchPost(post)) }));
  const verdicts = decided.flatMap(({ decision }) => toVerdict(decision) ?? []);
  const dropped = decided.filter(({ decision }) => !toVerdict(decision)).map(({ post }) => post.id);
  if (!options.dryRun) {
    const { written, gone } = await saveRuleVerdicts(db, verdicts, context.now());
    await deleteRuleVerdicts(db, dropped);
    if (gone > 0) context.say(`${gone} posts resemble content that was removed meanwhile; they are left alone`);
    const decidedElsewhere = verdicts.length - gone - written;
    if (decidedElsewhere > 0) context.say(`${decidedElsewhere} posts were decided by somebody meanwhile; that stays`);
  }
  await printDecisions(context, options, decided);
  return 0;
}

function toVerdict({ postId, outcome, best, runnerUp }: Decision): Verdict | undefined {
  if (outcome === 'none' || !best) return undefined;
  return {
    postId,
    content: { kind: best.kind, id: best.id },
    status: outcome === 'accepted' ? 'confirmed' : 'suggested',
    confidence: best.score,
    matchedBy: best.method,
    runnerUpScore: runnerUp?.score ?? null,
  };
}

async function printDecisions(
  context: Context,
  { dryRun, limit }: AutoOptions,
  decided: readonly { post: PostToMatch; decision: Decision }[],
): Promise<void> {
  const count = (outcome: Decision['outcome']) => decided.filter(({ decision }) => decision.outcome === outcome).length;
  const counts = { posts: decided.length, accepted: count('accepted'), review: count('review'), none: count('none') };
  const rows = decided
    .filter(({ decision }) => decision.outcome !== 'none')
    .map(({ post, decision: { outcome, best, runnerUp, reason } }) => ({
      platform: post.platform,
      external_post_id: post.external_post_id,
      outcome,
      content_id: best?.id ?? null,
      content_kind: best?.kind ?? null,
      score: best?.score ?? null,
      runner_up_score: runnerUp?.score ?? null,
      matched_by: best?.method ?? null,
      reason,
      caption: post.caption,
    }));
  const shown = context.format === 'table' && !dryRun ? rows.slice(0, limit ?? SHOWN) : rows.slice(0, limit);
  await context.print({
    command: 'map --auto',
    title: `${counts.accepted} linked, ${counts.review} to review, ${counts.none} left alone`,
    data: { ...counts, dry_run: dryRun ?? false, decisions: rows },
    sections: [
      {
        columns: [
          { key: 'platform', label: 'Platform', kind: 'text', rank: 3 },
          { key: 'external_post_id', label: 'Id', kind: 'id' },
          { key: 'outcome', label: 'Outcome', kind: 'text' },
          { key: 'content_id', label: 'Content', kind: 'id' },
          { key: 'score', label: 'Score', kind: 'score' },
          { key: 'runner_up_score', label: 'Second', kind: 'score', rank: 4 },
          { key: 'matched_by', label: 'By', kind: 'text', rank: 2 },
          { key: 'reason', label: 'Why', kind: 'text', rank: 1 },
          { key: 'caption', label: 'Caption', kind: 'text', isElastic: true },
        ],
        rows: shown,
        empty: decided.length === 0 ? 'no post waits for a decision' : 'no post resembles your content',
      },
    ],
  });
  if (rows.length > shown.length) context.say(`${rows.length - shown.length} more: smstats map --list`);
  if (dryRun) context.say('nothing was stored');
  else if (counts.review > 0) context.say('next: smstats map --review');
}
