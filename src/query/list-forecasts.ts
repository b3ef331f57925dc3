import type { Kysely } from 'kysely';
import {
  forecastSeries,
  MOST_ORIGINS,
  MOST_TRAINING,
  ORIGIN_STEP,
  type Forecast,
  type NoForecast,
} from '../insight/forecast.ts';
import { milestonesOf, type Milestone } from '../insight/milestone.ts';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';
import { eachToldSeries } from './each-told-series.ts';
import { listLatest, type LatestAccount } from './list-latest.ts';

/** What is forecast: followers as a level, views by their daily gains. */
export const FORECAST_METRICS = ['followers_count', 'total_views'] as const;

/** What is to come of a counter, or why nobody can tell. */
export interface SeriesForecast {
  metric: (typeof FORECAST_METRICS)[number];
  forecast: Forecast | null;
  reason: NoForecast | null;
  /** Of followers alone. */
  milestones: Milestone[];
}

export interface AccountForecast {
  account: LatestAccount;
  series: SeriesForecast[];
}

/** Followers and views of each account `horizon` days ahead. */
export async function listForecasts(
  db: Kysely<Database>,
  horizon: number,
  filter: AccountFilter = {},
): Promise<AccountForecast[]> {
  const accounts = await listLatest(db, filter);
  const found = new Map<number, AccountForecast>();
  // One more, because a change needs the day before it.
  const history = MOST_TRAINING + MOST_ORIGINS * ORIGIN_STEP + horizon + 1;
  for await (const { account, points, addedPosts } of eachToldSeries(db, accounts, history)) {
    const series = FORECAST_METRICS.flatMap((metric): SeriesForecast[] => {
      if (points[metric].every(({ value }) => value === null)) return [];
      const isLevel = metric === 'followers_count';
      const oddDays = isLevel ? new Set<string>() : new Set(addedPosts.keys());
      const outcome = forecastSeries(points[metric], isLevel ? 'level' : 'flow', horizon, oddDays);
      if ('kind' in outcome) return [{ metric, forecast: null, reason: outcome, milestones: [] }];
      const milestones = isLevel ? milestonesOf(outcome.value, outcome.days) : [];
      return [{ metric, forecast: outcome, reason: null, milestones }];
    });
    found.set(account.account_id, { account, series });
  }
  return accounts.flatMap(({ account_id }) => found.get(account_id) ?? []);
}
