import { calibrate } from '../../src/match/calibrate.ts';
import { createMatcher, DEFAULT_THRESHOLDS } from '../../src/match/matcher.ts';
import { type LabelledPost, labelledSet } from '../match/labelled.ts';
import type { Board } from './board.ts';
import { enlarge } from './match-enlarge.ts';
import { sortedWords, tokenSetRatio } from './match-token-set.ts';

const VIDEOS = 5000;
const POSTS = 20_000;
const BRUTE_SAMPLE = 40;
const EXACT_SAMPLE = 1000;
const ROUNDS = 5;
const FOLK_THRESHOLD = 0.9;

/** What a way of matching makes of a post. */
interface Answer {
  isAccepted: boolean;
  isReviewed: boolean;
  /** Ids, best first. */
  ranked: string[];
}

/** How right the links are on captions labelled by hand, beside the folk threshold; and how fast they are found. */
export async function benchMatch(board: Board): Promise<void> {
  benchAccuracy(board);
  benchSpeed(board);
}

function benchAccuracy(board: Board): void {
  const set = labelledSet();
  const tuning = set.posts.filter(({ half }) => half === 'tune');
  const held = set.posts.filter(({ half }) => half === 'report');
  const matcher = createMatcher(set.content);
  const { implied } = calibrate(tuning.map(({ post, truth }) => ({ ...matcher.rankForCalibration(post), truth })));
  const nothing = held.filter(({ truth }) => !truth).length;
  board.note('labelled set', `${set.content.length} items, ${set.posts.length} posts, ${held.length} of them held out`);
  board.note('held-out posts that show nothing of the catalogue', percent(nothing / held.length));
  board.note('defaults', describe(DEFAULT_THRESHOLDS));
  board.note('least strict thresholds for 0.98 on the other half', implied ? describe(implied) : 'none');

  const own = ({ post }: LabelledPost): Answer => {
    const { outcome } = matcher.decide(post);
    return {
      isAccepted: outcome === 'accepted',
      isReviewed: outcome === 'review',
      ranked: matcher.rank(post, 3).map(({ id }) => id),
    };
  };
  const titles = set.content.map(({ id, title }) => ({ id, words: sortedWords(title) }));
  const folk = ({ post }: LabelledPost): Answer => {
    const words = sortedWords(post.caption ?? '');
    const ranked = titles
      .map(({ id, words: title }) => ({ id, score: tokenSetRatio(title, words) }))
      .toSorted((a, b) => b.score - a.score);
    const isAccepted = (ranked[0]?.score ?? 0) >= FOLK_THRESHOLD;
    return { isAccepted, isReviewed: false, ranked: ranked.slice(0, 3).map(({ id }) => id) };
  };
  const result = reckon(held, own);
  board.atLeast('precision of what is accepted, held out', 0.98, result.precision, '');
  board.note('accepted, held out', `${result.correct} right, ${result.accepted - result.correct} wrong`);
  board.note('recall of what is accepted', ratio(result.recall));
  board.note('recall@1', ratio(result.first));
  board.note('sent to review', `${percent(result.reviewed)} of all posts`);
  board.note('of those that show content, the right one is among the first 3', percent(result.helped));
  for (const origin of ['hand', 'variant'] as const) {
    const part = reckon(
      held.filter((each) => each.origin === origin),
      own,
    );
    board.note(
      origin === 'hand' ? 'captions written by hand alone' : 'seeded variants alone',
      `precision ${ratio(part.precision)}, recall ${ratio(part.recall)}, recall@1 ${ratio(part.first)}`,
    );
  }
  const theirs = reckon(held, folk);
  board.note(
    `token-set ratio at ${FOLK_THRESHOLD}, the same posts`,
    `precision ${ratio(theirs.precision)}, recall ${ratio(theirs.recall)}, recall@1 ${ratio(theirs.first)}`,
  );
}

function benchSpeed(board: Board): void {
  const { content, posts, truths } = enlarge(labelledSet(), VIDEOS, POSTS);
  const ms: number[] = [];
  let right = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const matcher = createMatcher(content);
    right = 0;
    posts.forEach((post, at) => {
      const best = matcher.decide(post).best?.id;
      if (truths[at] !== null && best === truths[at]) right++;
    });
    ms.push(performance.now() - start);
  }
  const titles = content.map(({ title }) => sortedWords(title));
  const start = performance.now();
  for (const { caption } of posts.slice(0, BRUTE_SAMPLE)) {
    const words = sortedWords(caption ?? '');
    for (const title of titles) tokenSetRatio(title, words);
  }
  const brute = ((performance.now() - start) / BRUTE_SAMPLE) * POSTS;
  // The fastest round: what else the machine does only makes it slower.
  const own = Math.min(...ms);
  board.atMost(`${VIDEOS} videos x ${POSTS} posts, reading the catalogue included`, 2, own / 1000, ' s');
  board.note('recall@1 of the enlarged set', ratio(right / truths.filter((truth) => truth !== null).length));
  board.atLeast(`times as fast as token-set over every pair (from ${BRUTE_SAMPLE} posts)`, 100, brute / own);

  const [fast, exact] = [createMatcher(content), createMatcher(content, { isExhaustive: true })];
  let [found, wanted] = [0, 0];
  posts.slice(0, EXACT_SAMPLE).forEach((post, at) => {
    if (truths[at] === null) return;
    if (fast.rank(post, 1)[0]?.id === truths[at]) found++;
    if (exact.rank(post, 1)[0]?.id === truths[at]) wanted++;
  });
  const shown = truths.slice(0, EXACT_SAMPLE).filter((truth) => truth !== null).length;
  board.atMost(
    `recall@1 lost against looking at every text (${EXACT_SAMPLE} posts)`,
    0.01,
    (wanted - found) / shown,
    '',
  );
}

function reckon(posts: readonly LabelledPost[], match: (post: LabelledPost) => Answer) {
  const count = { accepted: 0, correct: 0, first: 0, reviewed: 0, toHelp: 0, helped: 0, present: 0 };
  for (const post of posts) {
    const { isAccepted, isReviewed, ranked } = match(post);
    const id = post.truth?.id;
    const isFirst = id !== undefined && ranked[0] === id;
    count.present += Number(id !== undefined);
    count.first += Number(isFirst);
    count.accepted += Number(isAccepted);
    count.correct += Number(isAccepted && isFirst);
    count.reviewed += Number(isReviewed);
    count.toHelp += Number(isReviewed && id !== undefined);
    count.helped += Number(isReviewed && id !== undefined && ranked.includes(id));
  }
  return {
    accepted: count.accepted,
    correct: count.correct,
    precision: count.correct / count.accepted,
    recall: count.correct / count.present,
    first: count.first / count.present,
    reviewed: count.reviewed / posts.length,
    helped: count.helped / count.toHelp,
  };
}

function describe({ accept, review, margin }: typeof DEFAULT_THRESHOLDS): string {
  return `accept ${accept}, review ${review}, margin ${margin}`;
}

function ratio(value: number): string {
  return value.toFixed(3);
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}
