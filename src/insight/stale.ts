import { addDays, type Day } from '../core/time.ts';
import type { Change } from './daily-change.ts';

/** Days of history that say how often a counter moves. */
const HISTORY = 56;
/** Fewer days than these say nothing of how often it moves. */
const LEAST_HISTORY = 7;
/** Without that, so many days at a stand are stale. */
const UNKNOWN_STAND = 28;
const LEAST_STAND = 3;
/** A stand is stale when one as long is less likely than this. */
const UNLIKELY = 0.001;

/** How long a counter has stood still on a day, and whether that is too long to believe. */
export interface Stand {
  /** The last day on which it moved, or its first known day. */
  since: Day;
  days: number;
  isStale: boolean;
  /** True when no move before it is known: it may stand for longer. */
  isOpen: boolean;
  /** The share of days on which it moved before the stand; null where too few are known, or it does not stand. */
  share: number | null;
}

/**
 * How each change finds its counter: a stand of `days` days is stale when a counter that moves on as many days as this one
 * did in the 56 days before would stand that long by chance less than once in a thousand times, and in any case not under 3
 * days. The share of days with a change is taken as (moved + 1) / (days + 2), so that it is never 0 or 1. With under 7 days before
 * the stand it is stale from 28 days on.
 * @param changes in order of their days.
 * @returns one entry for each change; `days` is 0 where the counter moved.
 */
export function standsOf(changes: readonly Change[]): Stand[] {
  const stands: Stand[] = [];
  let first: number | undefined;
  let share: number | null = null;
  for (const [index, { day, days, change }] of changes.entries()) {
    if (change !== 0) {
      first = undefined;
      stands.push({ since: day, days: 0, isStale: false, isOpen: false, share: null });
      continue;
    }
    if (first === undefined) {
      first = index;
      share = movingShare(changes, stands, index);
    }
    const before = stands[index - 1];
    const stood = (before?.days ?? 0) + days;
    const isStale =
      share === null
        ? stood >= UNKNOWN_STAND
        : stood >= LEAST_STAND && stood * Math.log(1 - share) < Math.log(UNLIKELY);
    stands.push({ since: before?.since ?? addDays(day, -days), days: stood, isStale, isOpen: first === 0, share });
  }
  return stands;
}

/** The share of days on which the counter moved before change number `end`; days in which it was stale do not count. */
function movingShare(changes: readonly Change[], stands: readonly Stand[], end: number): number | null {
  const until = changes[end]?.day ?? '';
  const from = addDays(until, -HISTORY);
  let [moved, seen] = [0, 0];
  for (let index = end - 1; index >= 0 && (changes[index] as Change).day >= from; index--) {
    if (stands[index]?.isStale || (changes[index] as Change).days > 1) continue;
    seen++;
    if (changes[index]?.change !== 0) moved++;
  }
  return seen < LEAST_HISTORY ? null : (moved + 1) / (seen + 2);
}
