import { groupBy } from '../core/group.ts';
import { falseDiscovery } from './false-discovery.ts';
import { rankShift } from './rank-shift.ts';
import { tagSets } from './tag-set.ts';

/** A post with its score (natural logarithm of a ratio) and the tags that it carries. */
export interface TaggedScore {
  id: number;
  /** Posts are compared within their account and media type only. */
  stratum: string;
  score: number;
  tags: readonly number[];
}

/** How posts with a hashtag did beside posts without it. Association, not cause. */
export interface HashtagLift {
  /** Tags that always appear together; the most used first. */
  tags: number[];
  /** Posts compared: in strata that have both. */
  with: number;
  without: number;
  /** exp(Hodges-Lehmann shift) - 1, in percent, with its 95 % interval; null where there are too few posts. */
  lift: number | null;
  low: number | null;
  high: number | null;
  p: number | null;
  /** The smallest false-discovery rate at which this one is a discovery. */
  q: number | null;
  verdict: 'more' | 'less' | 'no evidence' | 'too few posts';
}

/** Fewer posts with or without a tag are not compared. */
const LEAST_WITH = 5;
/**
 * Of the tags that are called better or worse, this share may be chance. Where no tag matters any finding is one, so that
 * this is also how often such an account is told of something.
 */
export const FALSE_DISCOVERY_RATE = 0.05;

/** Compares posts with and without each tag, at a false-discovery rate of 5 % over all that are compared. */
export function hashtagLift(posts: readonly TaggedScore[]): HashtagLift[] {
  const strata = [...groupBy(posts, ({ stratum }) => stratum).values()];
  const stratumOf = new Map(strata.flatMap((stratum) => stratum.map(({ id }) => [id, stratum] as const)));
  const postsOf = new Map<number, Set<number>>();
  for (const { id, tags } of posts) {
    for (const tag of tags) postsOf.set(tag, (postsOf.get(tag) ?? new Set()).add(id));
  }
  const found = tagSets(postsOf).map(({ tags, posts: carrying }) => compare(tags, carrying, stratumOf));
  const tested = found.filter(({ p }) => p !== null);
  const adjusted = falseDiscovery(tested.map(({ p }) => p as number));
  for (const [index, each] of tested.entries()) {
    each.q = adjusted[index] as number;
    if (each.q <= FALSE_DISCOVERY_RATE) each.verdict = (each.lift as number) > 0 ? 'more' : 'less';
  }
  return found;
}

function compare(
  tags: number[],
  carrying: ReadonlySet<number>,
  stratumOf: ReadonlyMap<number, readonly TaggedScore[]>,
): HashtagLift {
  const touched = new Set([...carrying].map((id) => stratumOf.get(id) as readonly TaggedScore[]));
  const samples = [...touched]
    .map((stratum) => ({
      with: stratum.filter(({ id }) => carrying.has(id)).map(({ score }) => score),
      without: stratum.filter(({ id }) => !carrying.has(id)).map(({ score }) => score),
    }))
    .filter((each) => each.without.length > 0);
  const counts = {
    with: sum(samples.map((each) => each.with.length)),
    without: sum(samples.map((each) => each.without.length)),
  };
  const isEnough = counts.with >= LEAST_WITH && counts.without >= LEAST_WITH;
  const shift = isEnough ? rankShift(samples) : null;
  if (!shift) return { tags, ...counts, lift: null, low: null, high: null, p: null, q: null, verdict: 'too few posts' };
  return {
    tags,
    ...counts,
    lift: percent(shift.shift),
    low: percent(shift.low),
    high: percent(shift.high),
    p: shift.p,
    q: null,
    verdict: 'no evidence',
  };
}

function percent(shift: number): number {
  return Math.expm1(shift) * 100;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
