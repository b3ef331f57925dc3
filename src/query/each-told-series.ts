import type { Kysely } from 'kysely';
import { addDays, daysBetween, type Day } from '../core/time.ts';
import { giveTurn } from '../core/turn.ts';
import type { ToldPoint } from '../insight/daily-change.ts';
import type { Database } from '../store/schema.ts';
import type { LatestAccount } from './list-latest.ts';
import { groupByLastDay } from './list-series.ts';

/** The counters that are watched and forecast. */
export const TOLD_METRICS = ['followers_count', 'total_views', 'total_likes'] as const;
export type ToldMetric = (typeof TOLD_METRICS)[number];

/** An account's counters, day by day. */
export interface ToldSeries {
  account: LatestAccount;
  points: Record<ToldMetric, ToldPoint[]>;
  /** Posts by the day on which they were first fetched, where they were published days before: totals jump by them. */
  addedPosts: Map<Day, number>;
}

/** Rows of snapshots that are in memory at a time, about. */
const ROWS = 2_000;
/** A post that is fetched so many days after it was published is not new. */
const NEW_DAYS = 2;

/** The counters of the last `days` days of each account, counted back from its own last day, and who told them. */
export async function* eachToldSeries(
  db: Kysely<Database>,
  accounts: readonly LatestAccount[],
  days: number,
): AsyncGenerator<ToldSeries> {
  const byId = new Map(accounts.map((account) => [account.account_id, account]));
  const size = Math.max(1, Math.floor(ROWS / days));
  for (const [lastDay, group] of groupByLastDay(accounts)) {
    for (let start = 0; start < group.length; start += size) {
      const ids = group.slice(start, start + size);
      const from = addDays(lastDay, -days);
      const series = new Map(
        ids.map((id): [number, ToldSeries] => [
          id,
          {
            account: byId.get(id) as LatestAccount,
            points: { followers_count: [], total_views: [], total_likes: [] },
            addedPosts: new Map(),
          },
        ]),
      );
      for (const row of await listRows(db, ids, from)) {
        const { account_id, snapshot_date: day, provider_name: provider } = row;
        const { points } = series.get(account_id) as ToldSeries;
        for (const metric of TOLD_METRICS) points[metric].push({ day, value: row[metric], provider });
      }
      for (const { account_id, first_date, posted_at } of await listFirstDays(db, ids, from)) {
        if (daysBetween(posted_at.slice(0, 10), first_date) <= NEW_DAYS) continue;
        const { addedPosts } = series.get(account_id) as ToldSeries;
        addedPosts.set(first_date, (addedPosts.get(first_date) ?? 0) + 1);
      }
      for (const each of series.values()) {
        yield each;
        // What is made of a series takes tens of milliseconds.
        await giveTurn();
      }
    }
  }
}

function listRows(db: Kysely<Database>, ids: readonly number[], from: Day) {
  return db
    .selectFrom('social_media_analytics_snapshots')
    .select(['account_id', 'snapshot_date', 'provider_name', ...TOLD_METRICS])
    .where('account_id', 'in', ids)
    .where('snapshot_date', '>=', from)
    .orderBy('account_id')
    .orderBy('snapshot_date')
    .execute();
}

async function listFirstDays(db: Kysely<Database>, ids: readonly number[], from: Day) {
  return db
    .selectFrom('social_media_posts as p')
    .crossJoin('social_media_post_range as r')
    .select(['p.account_id', 'r.first_date', 'p.posted_at'])
    .whereRef('r.post_id', '=', 'p.id')
    .where('p.account_id', 'in', ids)
    .where('p.posted_at', 'is not', null)
    .where('r.first_date', '>', from)
    .$narrowType<{ posted_at: string }>()
    .execute();
}
