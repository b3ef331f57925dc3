import { addDays, daysBetween, type Day } from '../core/time.ts';
import type { Growth, Point } from './growth.ts';
import { growthOver } from './growth.ts';

/** Percent of a window's days that must be known for a rate over it. */
export const LEAST_COVERAGE = 70;

/** How old the value may be that a month starts from, in days before the month: what is older belongs to another. */
export const START_SLACK_DAYS = 7;

/** The change of a number inside a window of days (reporting period), with how much of the window was seen. */
export interface CoveredGrowth extends Growth {
  /** Days asked for. */
  window: number;
  /** Days of the window whose value is known; where the start is older than the window, from there on. */
  observed: number;
  /** Percent: observed days of all these days. */
  coverage: number;
  /** Why there is no rate; null when there is one. */
  reason: string | null;
}

/** `growthOver`, without a rate where fewer than 70 % of the days are known. */
export function growthWithin(points: readonly Point[], days: number): CoveredGrowth {
  const growth = growthOver(points, days);
  return withCoverage(growth, points, { days, last: growth.endDay ?? '' });
}

/**
 * Growth from `first` to `last`, both included: the last known value inside less the one known last before `first`, at
 * most 7 days before; else less the first known value inside.
 */
export function growthBetween(points: readonly Point[], first: Day, last: Day): CoveredGrowth {
  const eve = addDays(first, -1);
  const oldest = addDays(first, -START_SLACK_DAYS);
  const near = points.filter(({ day }) => day >= oldest && day <= last);
  const end = near.findLast(({ value }) => value !== null);
  const seen = end !== undefined && end.day >= first ? near : [];
  const growth = growthOver(seen, end ? daysBetween(eve, end.day) : 0);
  return withCoverage(growth, seen, { days: daysBetween(eve, last), last });
}

/** A window of days that ends on `last`. */
interface Window {
  days: number;
  last: Day;
}

function withCoverage(growth: Growth, points: readonly Point[], window: Window): CoveredGrowth {
  const { startDay, endDay } = growth;
  if (endDay === null) {
    return { ...growth, window: window.days, observed: 0, coverage: 0, reason: 'nothing is known' };
  }
  const eve = addDays(window.last, -window.days);
  const isOlder = startDay !== null && startDay < eve;
  const observed = countKnown(points, isOlder ? startDay : eve);
  const rest = endDay === window.last ? 0 : daysBetween(endDay, window.last);
  const span = isOlder ? (growth.days as number) + rest : window.days;
  // Multiplied first: 70 % of the days is then 70 to the last bit.
  const coverage = (observed * 100) / span;
  const reason = whyNoRate(growth, { observed, span, coverage });
  return { ...growth, rate: reason === null ? growth.rate : null, window: window.days, observed, coverage, reason };
}

/** The days after `from` whose value is known. Many of these are counted: no list is made of them. */
function countKnown(points: readonly Point[], from: Day): number {
  let count = 0;
  for (let at = points.length - 1; at >= 0; at--) {
    const { day, value } = points[at] as Point;
    if (day <= from) break;
    if (value !== null) count++;
  }
  return count;
}

function whyNoRate(growth: Growth, seen: { observed: number; span: number; coverage: number }): string | null {
  if (growth.change === null) return 'one day alone is known';
  if (seen.coverage < LEAST_COVERAGE) {
    return `${seen.observed} of ${seen.span} days are known, a rate needs ${LEAST_COVERAGE} %`;
  }
  return growth.rate === null ? 'it starts from 0' : null;
}

/** How a gain compares with an earlier one of a window of the same length. */
export interface GainChange {
  /** Percent by which the gain a day is higher, or lower, than it was; null when that cannot be said. */
  rate: number | null;
  reason: string | null;
}

/** Sets the gain a day beside an earlier one: only where both windows were seen, and the earlier one gained. */
export function compareGains(now: CoveredGrowth, before: CoveredGrowth): GainChange {
  if (now.change === null || !now.days || now.coverage < LEAST_COVERAGE)
    return { rate: null, reason: `now: ${now.reason}` };
  if (before.change === null || !before.days || before.coverage < LEAST_COVERAGE)
    return { rate: null, reason: `before: ${before.reason}` };
  const [perDay, perDayBefore] = [now.change / now.days, before.change / before.days];
  if (perDayBefore <= 0) return { rate: null, reason: 'before: nothing was gained' };
  return { rate: (perDay / perDayBefore - 1) * 100, reason: null };
}
