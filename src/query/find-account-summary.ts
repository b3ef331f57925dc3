import type { Kysely } from 'kysely';
import { addDays, type Day } from '../core/time.ts';
import { averageRate } from '../insight/average-rate.ts';
import { growthOver, type Point } from '../insight/growth.ts';
import type { Database } from '../store/schema.ts';
import { listAccountDays } from './list-account-days.ts';

const WINDOW = 30;

/** An account in eight numbers, the newest of which are of `latest_update`. Null is unknown. */
export interface AccountSummary {
  platform: string;
  current_followers: number | null;
  growth_30d: number | null;
  /** Percent of the followers that the growth starts from. */
  growth_rate: number | null;
  /** Percent. */
  avg_engagement: number | null;
  /** Of each day, added up: whoever was reached on two days counts twice. */
  reach_30d: number | null;
  impressions_30d: number | null;
  latest_update: Day;
}

/** The summary of an account over the 30 days up to the newest day that is known; undefined when none is. */
export async function findAccountSummary(
  db: Kysely<Database>,
  account: { id: number; platform: string },
): Promise<AccountSummary | undefined> {
  const days = await listAccountDays(db, account, WINDOW);
  const snapshot = await findLatestRate(db, account.id);
  const latest = [days[0]?.date, snapshot?.date]
    .filter((day) => day !== undefined)
    .toSorted()
    .at(-1);
  if (latest === undefined) return undefined;
  const within = days.filter(({ date }) => date > addDays(latest, -WINDOW));
  const growth = growthOver(await listFollowers(db, account.id), WINDOW);
  const isRecent = snapshot !== undefined && snapshot.date > addDays(latest, -WINDOW);
  return {
    platform: account.platform,
    current_followers: growth.end,
    growth_30d: growth.change,
    growth_rate: growth.rate,
    avg_engagement: averageRate(within) ?? (isRecent ? snapshot.rate : null),
    reach_30d: sumKnown(within.map(({ reach }) => reach)),
    impressions_30d: sumKnown(within.map(({ impressions }) => impressions)),
    latest_update: latest,
  };
}

/** The followers of every day on which they are known, oldest first. What was reported of a day stands above a fetch. */
async function listFollowers(db: Kysely<Database>, accountId: number): Promise<Point[]> {
  const fetched = await db
    .selectFrom('social_media_analytics_snapshots')
    .select(['snapshot_date as day', 'followers_count as value'])
    .where('account_id', '=', accountId)
    .where('followers_count', 'is not', null)
    .execute();
  const reported = await db
    .selectFrom('social_media_daily_metrics')
    .select(['date as day', 'followers as value'])
    .where('account_id', '=', accountId)
    .where('followers', 'is not', null)
    .execute();
  const byDay = new Map([...fetched, ...reported].map((point) => [point.day, point]));
  return [...byDay.values()].toSorted((a, b) => (a.day < b.day ? -1 : 1));
}

async function findLatestRate(db: Kysely<Database>, accountId: number) {
  return db
    .selectFrom('social_media_analytics_snapshots')
    .select(['snapshot_date as date', 'engagement_rate as rate'])
    .where('account_id', '=', accountId)
    .orderBy('snapshot_date', 'desc')
    .limit(1)
    .executeTakeFirst();
}

function sumKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
