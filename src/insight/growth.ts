import { addDays, daysBetween, type Day } from '../core/time.ts';

/** A number on a day; null when it was not known then. */
export interface Point {
  day: Day;
  value: number | null;
}

/** The change of a number over a window. All null where there are fewer than two known days. */
export interface Growth {
  startDay: Day | null;
  start: number | null;
  endDay: Day | null;
  end: number | null;
  change: number | null;
  /** Percent of the start value; null when that is 0. */
  rate: number | null;
  /** The days that really lie between the two values: fewer than asked for in a young history, more across a gap. */
  days: number | null;
}

/**
 * Growth over `days`: the last known value less the value that many days before it, or at the nearest known day before
 * that; in a younger history, its first known value.
 * @param points in order of their days.
 */
export function growthOver(points: readonly Point[], days: number): Growth {
  const last = points.findLast(isKnown);
  if (!last) return { startDay: null, start: null, endDay: null, end: null, change: null, rate: null, days: null };
  const target = addDays(last.day, -days);
  const first =
    points.findLast((point): point is KnownPoint => point.day <= target && isKnown(point)) ?? points.find(isKnown);
  if (!first || first === last) {
    return { startDay: null, start: null, endDay: last.day, end: last.value, change: null, rate: null, days: null };
  }
  const change = last.value - first.value;
  return {
    startDay: first.day,
    start: first.value,
    endDay: last.day,
    end: last.value,
    change,
    rate: first.value === 0 ? null : (change / first.value) * 100,
    days: daysBetween(first.day, last.day),
  };
}

type KnownPoint = Point & { value: number };

function isKnown(point: Point): point is KnownPoint {
  return point.value !== null;
}
