import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

export interface DueFilter {
  platform?: string | undefined;
  competitorsOnly?: boolean | undefined;
  /** Leave out accounts that have a snapshot of this day. */
  withoutSnapshotOn?: string | undefined;
}

/** An account that a fetch is to take along. */
export interface DueAccount {
  id: number;
  platform: string;
  username: string;
}

/** The active accounts, those that waited longest first. */
export async function listDueAccounts(db: Kysely<Database>, filter: DueFilter = {}): Promise<DueAccount[]> {
  let query = db
    .selectFrom('social_media_accounts as a')
    .select(['a.id', 'a.platform', 'a.username'])
    .where('a.is_active', '=', 1);
  if (filter.platform !== undefined) query = query.where('a.platform', '=', filter.platform);
  if (filter.competitorsOnly) query = query.where('a.is_competitor', '=', 1);
  const day = filter.withoutSnapshotOn;
  if (day !== undefined) {
    query = query.where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('social_media_analytics_snapshots as s')
            .select('s.account_id')
            .whereRef('s.account_id', '=', 'a.id')
            .where('s.snapshot_date', '=', day),
        ),
      ),
    );
  }
  return query
    .orderBy('a.last_fetched_at', (by) => by.asc().nullsFirst())
    .orderBy('a.id')
    .execute();
}
