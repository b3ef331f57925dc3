import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** Which accounts are watched: one's own, or the one that is named. */
export interface WatchFilter {
  accountId: number | null;
  platform: string | null;
  brand: string | null;
}

/** An account that is watched; it may have no numbers yet. */
export interface WatchedAccount {
  account_id: number;
  platform: string;
  username: string;
  created_at: string;
  last_snapshot_date: string | null;
  /** Who told its latest numbers. */
  provider_name: string | null;
}

/** The active accounts that are one's own, or the named one if it is active, with the day of their latest numbers. */
export async function listWatched(db: Kysely<Database>, filter: WatchFilter): Promise<WatchedAccount[]> {
  let query = db
    .selectFrom('social_media_accounts as a')
    .leftJoin('social_media_analytics_snapshots as s', (join) =>
      join.onRef('s.account_id', '=', 'a.id').on('s.snapshot_date', '=', (eb) =>
        eb
          .selectFrom('social_media_analytics_snapshots as x')
          .select(({ fn }) => fn.max('x.snapshot_date').as('day'))
          .whereRef('x.account_id', '=', 'a.id'),
      ),
    )
    .select(['a.id as account_id', 'a.platform', 'a.username', 'a.created_at'])
    .select(['s.snapshot_date as last_snapshot_date', 's.provider_name'])
    .where('a.is_active', '=', 1);
  query =
    filter.accountId === null ? query.where('a.is_competitor', '=', 0) : query.where('a.id', '=', filter.accountId);
  if (filter.platform !== null) query = query.where('a.platform', '=', filter.platform);
  if (filter.brand !== null) query = query.where('a.brand', '=', filter.brand);
  return query.orderBy('a.platform').orderBy('a.username').execute();
}
