import type { Kysely } from 'kysely';
import { growthWithin, type CoveredGrowth } from '../insight/coverage.ts';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';
import { listLatest, type LatestAccount } from './list-latest.ts';
import { listSeries, SERIES_METRICS, type SeriesMetric, type SeriesRow } from './list-series.ts';

/** What is told of a change over a window. */
export type CoveredChange = Pick<CoveredGrowth, 'startDay' | 'endDay' | 'change'>;

/** How an account's numbers changed over a window. */
export interface AccountGrowth {
  account: LatestAccount;
  growth: Record<SeriesMetric, CoveredGrowth>;
  /** The days of the window, oldest first. */
  series: SeriesRow[];
}

/** The growth of each account over `days`. */
export async function listGrowth(
  db: Kysely<Database>,
  days: number,
  filter: AccountFilter = {},
): Promise<AccountGrowth[]> {
  const accounts = await listLatest(db, filter);
  const series = await listSeries(db, accounts, days);
  return accounts.map((account) => {
    const rows = series.get(account.account_id) ?? [];
    return { account, growth: growthOfRows(rows, days), series: rows };
  });
}

/** The growth of every account-level metric over a window of a series. */
export function growthOfRows(rows: readonly SeriesRow[], days: number): Record<SeriesMetric, CoveredGrowth> {
  const growth = SERIES_METRICS.map((metric) => [metric, growthOfMetric(rows, metric, days)]);
  return Object.fromEntries(growth) as Record<SeriesMetric, CoveredGrowth>;
}

/** The growth of one of them. */
export function growthOfMetric(rows: readonly SeriesRow[], metric: SeriesMetric, days: number): CoveredGrowth {
  return growthWithin(
    rows.map((row) => ({ day: row.snapshot_date, value: row[metric] })),
    days,
  );
}
