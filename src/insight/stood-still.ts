import type { Day } from '../core/time.ts';
import { dailyChanges, type ToldPoint } from './daily-change.ts';
import { standsOf, type Stand } from './stale.ts';

/** A counter that is stale now. */
export interface StoodStill extends Stand {
  /** The first day on which it had stood too long. */
  staleFrom: Day;
}

/**
 * Whether a counter stands too long to believe on its last known day, and since when that is so.
 * @param points in order of their days.
 */
export function findStoodStill(points: readonly ToldPoint[]): StoodStill | null {
  const changes = dailyChanges(points);
  const stands = standsOf(changes);
  const last = stands.at(-1);
  if (!last?.isStale) return null;
  let first = stands.length - 1;
  while (stands[first - 1]?.isStale) first--;
  return { ...last, staleFrom: (changes[first] as { day: Day }).day };
}
