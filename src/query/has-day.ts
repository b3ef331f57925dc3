import type { Kysely } from 'kysely';
import type { Day } from '../core/time.ts';
import type { Database } from '../store/schema.ts';

/** True when any account has numbers of a day. */
export async function hasDay(db: Kysely<Database>, day: Day): Promise<boolean> {
  const row = await db
    .selectFrom('social_media_accounts as a')
    .select('a.id')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('social_media_analytics_snapshots as s')
          .select('s.account_id')
          .whereRef('s.account_id', '=', 'a.id')
          .where('s.snapshot_date', '=', day),
      ),
    )
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
