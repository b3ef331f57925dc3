import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** An account and how fresh what we know of it is. */
export interface AccountListing {
  id: number;
  platform: string;
  username: string;
  display_name: string | null;
  brand: string | null;
  is_active: boolean;
  is_competitor: boolean;
  created_at: string;
  updated_at: string;
  last_fetched_at: string | null;
  last_snapshot_date: string | null;
  /** How many days are stored. */
  days: number;
  posts: number;
  /** Why the last fetch failed; null when it did not. */
  last_error: string | null;
}

/** Every tracked account, by platform and name. */
export async function listAccounts(db: Kysely<Database>): Promise<AccountListing[]> {
  const rows = await db
    .selectFrom('social_media_accounts as a')
    .select([
      'a.id',
      'a.platform',
      'a.username',
      'a.display_name',
      'a.brand',
      'a.is_active',
      'a.is_competitor',
      'a.created_at',
      'a.updated_at',
      'a.last_fetched_at',
    ])
    .select((eb) => [
      eb
        .selectFrom('social_media_analytics_snapshots as s')
        .select((s) => s.fn.max('s.snapshot_date').as('day'))
        .whereRef('s.account_id', '=', 'a.id')
        .as('last_snapshot_date'),
      eb
        .selectFrom('social_media_analytics_snapshots as s')
        .select((s) => s.fn.countAll<number>().as('days'))
        .whereRef('s.account_id', '=', 'a.id')
        .as('days'),
      eb
        .selectFrom('social_media_posts as p')
        .select((p) => p.fn.countAll<number>().as('posts'))
        .whereRef('p.account_id', '=', 'a.id')
        .as('posts'),
      eb
        .selectFrom('analytics_fetch_jobs as j')
        .select('j.error_message')
        .where('j.status', '=', 'failed')
        .where((j) =>
          j(
            'j.id',
            '=',
            j
              .selectFrom('analytics_fetch_jobs as k')
              .select((k) => k.fn.max('k.id').as('id'))
              .whereRef('k.account_id', '=', 'a.id'),
          ),
        )
        .as('last_error'),
    ])
    .orderBy('a.platform')
    .orderBy('a.username')
    .execute();
  return rows.map((row) => ({
    ...row,
    is_active: Boolean(row.is_active),
    is_competitor: Boolean(row.is_competitor),
    days: Number(row.days ?? 0),
    posts: Number(row.posts ?? 0),
  }));
}
