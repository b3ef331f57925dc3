import { daysBetween, type Day } from '../core/time.ts';
import type { Point } from './growth.ts';

/** A number on a day, and who told it. */
export interface ToldPoint extends Point {
  provider: string | null;
}

/** What a counter gained from one known day to the next. */
export interface Change {
  day: Day;
  /** Days since the known value before: 1 unless days are missing or unknown between. */
  days: number;
  change: number;
  value: number;
  previous: number;
  /** Who told the two values, where that is not the same one. */
  switched: { from: string; to: string } | null;
}

/**
 * The changes between known values, each at the day of the later one. Days without a value become no 0 and no guess: the
 * change after them says how many days it is of.
 * @param points in order of their days.
 */
export function dailyChanges(points: readonly ToldPoint[]): Change[] {
  const changes: Change[] = [];
  let last: (ToldPoint & { value: number }) | undefined;
  for (const { day, value, provider } of points) {
    if (value === null) continue;
    if (last) {
      const { day: lastDay, value: previous, provider: from } = last;
      const switched = from !== null && provider !== null && from !== provider ? { from, to: provider } : null;
      const days = daysBetween(lastDay, day);
      changes.push({ day, days, change: value - previous, value, previous, switched });
    }
    last = { day, value, provider };
  }
  return changes;
}

/**
 * The unit that a platform rounds to, where it shows three digits or more: 100000 for 56900000 and 57000000, else 1.
 * YouTube rounds subscribers to three digits, so that most days show no change and some a jump.
 */
export function roundingStep(values: readonly number[]): number {
  const most = Math.max(...values);
  let step = 1;
  while (most >= step * 1000 && values.every((value) => value % (step * 10) === 0)) step *= 10;
  return step;
}
