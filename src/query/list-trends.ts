import type { Kysely } from 'kysely';
import { addDays } from '../core/time.ts';
import { compareGains, growthWithin, type CoveredGrowth, type GainChange } from '../insight/coverage.ts';
import type { Point } from '../insight/growth.ts';
import { yearBefore } from '../insight/month.ts';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';
import { listLatest, type LatestAccount } from './list-latest.ts';
import { listSeries, SERIES_METRICS, type SeriesMetric, type SeriesRow } from './list-series.ts';

/** What an account gained in a window, beside the window before it and the one a year before. */
export interface Trend {
  metric: SeriesMetric;
  days: number;
  current: CoveredGrowth;
  previous: CoveredGrowth;
  /** Up to the same calendar day a year before. */
  yearBefore: CoveredGrowth;
  /** Gains per day that is really covered, so that windows of unlike length compare; null when not known. */
  perDay: number | null;
  previousPerDay: number | null;
  yearBeforePerDay: number | null;
  /** By how much more is gained a day than in the window before, and a year before. */
  onPrevious: GainChange;
  onYearBefore: GainChange;
}

export interface AccountTrends {
  account: LatestAccount;
  trends: Trend[];
}

/** Each account's gains over each window of `windows` days, the window of the same length before, and the year before. */
export async function listTrends(
  db: Kysely<Database>,
  windows: readonly number[],
  filter: AccountFilter = {},
): Promise<AccountTrends[]> {
  const accounts = await listLatest(db, filter);
  const longest = Math.max(...windows);
  const rowsOf = await listSeries(db, accounts, 2 * longest);
  const lastYearOf = await listSeries(db, accounts, longest, { lastDayOf: yearBefore });
  return accounts.map((account) => {
    const rows = rowsOf.get(account.account_id) ?? [];
    const lastYear = lastYearOf.get(account.account_id) ?? [];
    const series = SERIES_METRICS.map((metric) => ({
      metric,
      points: pointsOf(rows, metric),
      lastYear: pointsOf(lastYear, metric),
    }));
    const trends = windows.flatMap((days) => series.map((each) => trendOf(each, days)));
    return { account, trends };
  });
}

/** A number day by day, now and a year before. */
interface MetricSeries {
  metric: SeriesMetric;
  points: readonly Point[];
  lastYear: readonly Point[];
}

function trendOf({ metric, points, ...series }: MetricSeries, days: number): Trend {
  const current = growthWithin(points, days);
  const end = current.endDay === null ? '' : addDays(current.endDay, -days);
  const previous = growthWithin(points.slice(0, points.findLastIndex(({ day }) => day <= end) + 1), days);
  const lastYear = growthWithin(series.lastYear, days);
  return {
    metric,
    days,
    current,
    previous,
    yearBefore: lastYear,
    perDay: perDay(current),
    previousPerDay: perDay(previous),
    yearBeforePerDay: perDay(lastYear),
    onPrevious: compareGains(current, previous),
    onYearBefore: compareGains(current, lastYear),
  };
}

function pointsOf(rows: readonly SeriesRow[], metric: SeriesMetric): Point[] {
  return rows.map((row) => ({ day: row.snapshot_date, value: row[metric] }));
}

function perDay({ change, days }: CoveredGrowth): number | null {
  return change === null || !days ? null : change / days;
}
