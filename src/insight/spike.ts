import { max, median } from 'simple-statistics';
import { addDays, type Day } from '../core/time.ts';
import type { CounterKind, Doubt } from './anomaly.ts';
import { dailyChanges, roundingStep, type Change, type ToldPoint } from './daily-change.ts';
import { standsOf } from './stale.ts';

/** The days before that say what a day usually brings. */
const SPIKE_REFERENCE_DAYS = 28;
/** And how many of their changes have to be known. */
const LEAST_REFERENCE = 14;
/** A counter that rises on few days is judged by its rises; by their median from so many on. */
const LEAST_RISES = 5;
const FLOOR = 10;
const FLOOR_OF_FOLLOWERS = 0.001;
const FLOOR_OF_EXPECTED = 0.25;
/** So much above the second highest day: whoever posts once a week has a day like that every week. */
const ABOVE_USUAL_PEAK = 1.5;
/** A counter that moves on so many days and did not was not read. */
const MOVES_DAILY = 0.8;

/** How far back a day's spike depends on what was known: the reference, and what says how often the counter moves. Days. */
export const SPIKE_HISTORY = 120;

/** What posts brought into a total that were first seen long after they were published. */
export interface LatePosts {
  posts: number;
  /** Null when it is not known. */
  amount: number | null;
}

/** A day that brought many times what a day usually brings. */
export interface Spike {
  day: Day;
  /** The change of the day. */
  change: number;
  /** Without what posts brought that were first seen then. */
  observed: number;
  expected: number;
  /** observed / expected; null when nothing was expected. */
  factor: number | null;
  /** What the day had to bring. */
  least: number;
  basis: 'median change' | 'median rise' | 'largest of few rises' | 'no rise';
  /** Daily changes that it was compared with; rises where these judge. */
  n: number;
  doubts: Doubt[];
}

/**
 * The last known change, if it is at least `threshold` times the median change of the 28 days before (at least 14 known),
 * and above it by 10, by 0.1 % of the followers or 25 % of what is expected of a total, and by two of the units that the platform
 * rounds to; and half more than the second highest of these days brought, for posts that come once a week make a high day
 * each, and that is usual. A counter that does not rise on most days is compared with its rises: their median, or the largest of fewer than
 * five.
 *
 * No spike is a change across a gap, or from one provider to another: it is not of one day. What posts brought
 * that were first seen on the day is taken off. After days on which the counter was not read although values came, also
 * the mean a day has to be one. What is known of days longer ago than `SPIKE_HISTORY` changes nothing.
 * @param points in order of their days.
 * @param late by day.
 */
export function findSpike(
  points: readonly ToldPoint[],
  kind: CounterKind,
  threshold: number,
  late: ReadonlyMap<Day, LatePosts> = new Map(),
): Spike | null {
  const day = points.findLast(({ value }) => value !== null)?.day;
  if (day === undefined) return null;
  const after = addDays(day, -SPIKE_HISTORY);
  const changes = dailyChanges(points.filter((point) => point.day > after && point.day <= day));
  const last = changes.at(-1);
  if (!last || !isOfOneDay(last) || last.change <= 0) return null;
  const from = addDays(day, -SPIKE_REFERENCE_DAYS);
  const reference = changes.slice(0, -1).filter((change) => change.day >= from && isOfOneDay(change));
  if (reference.length < LEAST_REFERENCE) return null;
  const added = kind === 'total' ? late.get(day) : undefined;
  const observed = last.change - (added?.amount ?? 0);
  const { expected, basis, n } = usualRise(reference);
  const floor = expected + floorOf(last, reference, kind, expected);
  const least = Math.max(threshold * expected, floor, ABOVE_USUAL_PEAK * usualPeak(reference));
  const stand = standsOf(changes).at(-2);
  const stood = stand && (stand.isStale || (stand.share ?? 0) >= MOVES_DAILY) ? stand.days : 0;
  if (observed / (stood + 1) < least) return null;
  const doubts: Doubt[] = [];
  if (stood > 0) doubts.push({ kind: 'stalled', days: stood });
  if (added) doubts.push({ kind: 'posts_added', posts: added.posts });
  const factor = expected > 0 ? observed / expected : null;
  return { day, change: last.change, observed, expected, factor, least, basis, n, doubts };
}

/** Others are days that a reader missed, and two readers who count differently. */
function isOfOneDay({ days, switched }: Change): boolean {
  return days === 1 && switched === null;
}

function usualRise(reference: readonly Change[]): Pick<Spike, 'expected' | 'basis' | 'n'> {
  const changes = reference.map(({ change }) => change);
  const middle = median(changes);
  if (middle > 0) return { expected: middle, basis: 'median change', n: changes.length };
  const rises = changes.filter((change) => change > 0);
  if (rises.length >= LEAST_RISES) return { expected: median(rises), basis: 'median rise', n: rises.length };
  if (rises.length > 0) return { expected: max(rises), basis: 'largest of few rises', n: rises.length };
  return { expected: 0, basis: 'no rise', n: changes.length };
}

/** The second highest day: one day alone may have been a spike itself. */
function usualPeak(reference: readonly Change[]): number {
  return reference.map(({ change }) => change).toSorted((a, b) => b - a)[1] ?? 0;
}

function floorOf(last: Change, reference: readonly Change[], kind: CounterKind, expected: number): number {
  const step = roundingStep([last.value, last.previous, ...reference.map(({ value }) => value)]);
  const share = kind === 'level' ? FLOOR_OF_FOLLOWERS * last.previous : FLOOR_OF_EXPECTED * expected;
  return Math.max(FLOOR, share, step > 1 ? 2 * step : 0);
}
