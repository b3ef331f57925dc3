import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** The provider that the latest snapshot of an account came from. */
export async function findLatestProvider(db: Kysely<Database>, accountId: number): Promise<string | null> {
  const row = await db
    .selectFrom('social_media_analytics_snapshots')
    .select('provider_name')
    .where('account_id', '=', accountId)
    .orderBy('snapshot_date', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.provider_name ?? null;
}
