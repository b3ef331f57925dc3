import type { Kysely } from 'kysely';
import { addDays } from '../core/time.ts';
import { growthOver, type Growth } from '../insight/growth.ts';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';
import { listLatest, type LatestAccount } from './list-latest.ts';
import { listSeries, SERIES_METRICS, type SeriesMetric } from './list-series.ts';

/** What an account gained in a window, beside the window before it. */
export interface Trend {
  metric: SeriesMetric;
  days: number;
  current: Growth;
  previous: Growth;
  /** Gains per day that is really covered, so that windows of unlike length compare; null when not known. */
  perDay: number | null;
  previousPerDay: number | null;
}

export interface AccountTrends {
  account: LatestAccount;
  trends: Trend[];
}

/** Each account's gains over each window of `windows` days, and over the window of the same length before. */
export async function listTrends(
  db: Kysely<Database>,
  windows: readonly number[],
  filter: AccountFilter = {},
): Promise<AccountTrends[]> {
  const accounts = await listLatest(db, filter);
  const rowsOf = await listSeries(db, accounts, 2 * Math.max(...windows));
  return accounts.map((account) => {
    const rows = rowsOf.get(account.account_id) ?? [];
    const series = SERIES_METRICS.map((metric) => ({
      metric,
      points: rows.map((row) => ({ day: row.snapshot_date, value: row[metric] })),
    }));
    const trends = windows.flatMap((days) =>
      series.map(({ metric, points }): Trend => {
        const current = growthOver(points, days);
        const end = current.endDay === null ? '' : addDays(current.endDay, -days);
        const previous = growthOver(points.slice(0, points.findLastIndex(({ day }) => day <= end) + 1), days);
        return { metric, days, current, previous, perDay: perDay(current), previousPerDay: perDay(previous) };
      }),
    );
    return { account, trends };
  });
}

function perDay({ change, days }: Growth): number | null {
  return change === null || !days ? null : change / days;
}
