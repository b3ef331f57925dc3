import type { Kysely } from 'kysely';
import { groupBy } from '../core/group.ts';
import type { Day } from '../core/time.ts';
import type { Database } from '../store/schema.ts';

/** The account's counters day by day from one day to another, both included, by account id. Days without numbers are left out. */
export async function listPeriodSeries(
  db: Kysely<Database>,
  accountIds: readonly number[],
  { from, to }: { from: Day; to: Day },
) {
  const rows =
    accountIds.length === 0
      ? []
      : await db
          .selectFrom('social_media_analytics_snapshots as s')
          .select(['s.account_id', 's.snapshot_date', 's.followers_count', 's.total_views', 's.total_likes'])
          .where('s.account_id', 'in', accountIds)
          .where('s.snapshot_date', '>=', from)
          .where('s.snapshot_date', '<=', to)
          .orderBy('s.account_id')
          .orderBy('s.snapshot_date')
          .execute();
  return groupBy(rows, ({ account_id }) => account_id);
}
