import type { Kysely } from 'kysely';
import { addDays, daysBetween } from '../core/time.ts';
import { episodesOf, findAnomalies, REFERENCE_DAYS, type Anomaly, type Episode } from '../insight/anomaly.ts';
import type { Stand } from '../insight/stale.ts';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';
import { eachToldSeries, TOLD_METRICS, type ToldMetric } from './each-told-series.ts';
import { listLatest, type LatestAccount } from './list-latest.ts';

/** What was found in one counter of an account. */
export interface SeriesAnomalies {
  metric: ToldMetric;
  /** The window, cut where the history begins. Null when nothing is known. */
  from: string | null;
  to: string | null;
  days: number;
  /** Days of the window that could be compared with enough days before them. */
  judgedDays: number;
  staleDays: number;
  stale: Stand | null;
  anomalies: Anomaly[];
  episodes: Episode[];
  /** Flagged days and episodes / judged days x 365; null where less than 70 % of the window could be judged. */
  daysPerYear: number | null;
  episodesPerYear: number | null;
}

export interface AccountAnomalies {
  account: LatestAccount;
  series: SeriesAnomalies[];
}

/** So much before the window tells since when a counter stands. */
const LEAST_HISTORY = 400;
/** Rates are of windows judged so far. */
const LEAST_COVERAGE = 0.7;

/** The anomalies of the last `days` days of each account's followers, views and likes. */
export async function listAnomalies(
  db: Kysely<Database>,
  days: number,
  filter: AccountFilter = {},
): Promise<AccountAnomalies[]> {
  const accounts = await listLatest(db, filter);
  const found = new Map<number, AccountAnomalies>();
  const history = Math.max(LEAST_HISTORY, days + 2 * REFERENCE_DAYS);
  for await (const { account, points, addedPosts } of eachToldSeries(db, accounts, history)) {
    const start = addDays(account.last_snapshot_date, 1 - days);
    const series = TOLD_METRICS.map((metric): SeriesAnomalies => {
      const kind = metric === 'followers_count' ? 'level' : 'total';
      const { anomalies, judgedDays, staleDays, stale } = findAnomalies(points[metric], kind, start, addedPosts);
      const first = points[metric].find(({ value }) => value !== null)?.day;
      const from = first !== undefined && first > start ? first : start;
      const length = first === undefined ? 0 : daysBetween(from, account.last_snapshot_date) + 1;
      const isCovered = length > 0 && judgedDays / length >= LEAST_COVERAGE;
      const perYear = (count: number) => (isCovered ? (count / judgedDays) * 365 : null);
      const episodes = episodesOf(anomalies);
      return {
        metric,
        from: first === undefined ? null : from,
        to: first === undefined ? null : account.last_snapshot_date,
        days: length,
        judgedDays,
        staleDays,
        stale,
        anomalies,
        episodes,
        daysPerYear: perYear(anomalies.length),
        episodesPerYear: perYear(episodes.length),
      };
    });
    found.set(account.account_id, { account, series });
  }
  return accounts.flatMap(({ account_id }) => found.get(account_id) ?? []);
}
