import { addDays, type Day } from '../core/time.ts';
import { growthBetween, LEAST_COVERAGE, type CoveredGrowth } from './coverage.ts';
import type { Point } from './growth.ts';
import type { DayPeriod } from './period.ts';

/** What posts brought into a total on the day on which they were first seen, long after they were published. */
export interface Found {
  day: Day;
  value: number | null;
}

/** The change of a total in a period (reporting period). */
export interface PeriodGain extends CoveredGrowth {
  /** What older posts brought when they were first seen: part of `change`, but not gained in these days. */
  foundLater: number;
  /** `change` without `foundLater`, which the rate is of; null when there is no change. */
  gain: number | null;
}

/** What a total gained in a period. @param points in order of their days. */
export function gainWithin(points: readonly Point[], period: DayPeriod, found: readonly Found[]): PeriodGain {
  const growth = growthBetween(points, period.first, period.last);
  const { startDay, endDay, change, start } = growth;
  const foundLater = found.reduce((sum, { day, value }) => {
    const isInside = startDay !== null && endDay !== null && day > startDay && day <= endDay;
    return sum + (isInside ? (value ?? 0) : 0);
  }, 0);
  const gain = change === null ? null : change - foundLater;
  const rate = growth.rate === null || gain === null || !start ? null : (gain / start) * 100;
  return { ...growth, rate, foundLater, gain };
}

/** A total's gain on each day of a period; null where its value then or the day before is not known. */
export function dailyGains(points: readonly Point[], period: DayPeriod, found: readonly Found[]): Point[] {
  const valueOn = new Map(points.map(({ day, value }) => [day, value]));
  const foundOn = new Map(found.map(({ day, value }) => [day, value ?? 0]));
  return daysOf(period).map((day) => {
    const [value, previous] = [valueOn.get(day) ?? null, valueOn.get(addDays(day, -1)) ?? null];
    return { day, value: value === null || previous === null ? null : value - previous - (foundOn.get(day) ?? 0) };
  });
}

/** A value for each day of a period; null where it is not known. */
export function everyDay(points: readonly Point[], period: DayPeriod): Point[] {
  const valueOn = new Map(points.map(({ day, value }) => [day, value]));
  return daysOf(period).map((day) => ({ day, value: valueOn.get(day) ?? null }));
}

function daysOf({ first, days }: DayPeriod): Day[] {
  return Array.from({ length: days }, (_, at) => addDays(first, at));
}

/** The sum over several accounts, and how it compares with the period before. */
export interface GainSum {
  /** Of the accounts whose change is known; null when none is. */
  sum: number | null;
  /** How many of all accounts are in it. */
  known: number;
  of: number;
  /** Accounts of which at least 70 % of the days of both periods are known: these alone are compared. */
  compared: number;
  /** Percent by which they gained more a day than in the period before; null when that cannot be said. */
  rate: number | null;
  reason: string | null;
}

/** A change of one account in two periods. */
export interface GainPair {
  now: { gain: number | null; days: number | null; coverage: number };
  before: { gain: number | null; days: number | null; coverage: number };
}

/** Adds up what accounts gained. What is not known is in no sum, and is counted. */
export function sumGains(pairs: readonly GainPair[]): GainSum {
  const gains = pairs.flatMap(({ now }) => (now.gain === null ? [] : [now.gain]));
  const compared = pairs.flatMap(({ now, before }) => {
    const [perDay, perDayBefore] = [gainPerDay(now), gainPerDay(before)];
    return perDay === null || perDayBefore === null ? [] : [{ perDay, perDayBefore }];
  });
  const sumBefore = compared.reduce((sum, { perDayBefore }) => sum + perDayBefore, 0);
  const sumNow = compared.reduce((sum, { perDay }) => sum + perDay, 0);
  const reason = whyNoRate(gains.length, compared.length, sumBefore);
  return {
    sum: gains.length === 0 ? null : gains.reduce((sum, gain) => sum + gain, 0),
    known: gains.length,
    of: pairs.length,
    compared: compared.length,
    rate: reason === null ? (sumNow / sumBefore - 1) * 100 : null,
    reason,
  };
}

function gainPerDay({ gain, days, coverage }: GainPair['now']): number | null {
  return gain === null || !days || coverage < LEAST_COVERAGE ? null : gain / days;
}

function whyNoRate(known: number, compared: number, sumBefore: number): string | null {
  if (known === 0) return 'nothing is known';
  if (compared === 0) return `no account has ${LEAST_COVERAGE} % of the days of both periods`;
  return sumBefore <= 0 ? 'nothing was gained in the period before' : null;
}
