import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** An active account and when its numbers were last stored. */
export interface LastSuccess {
  platform: string;
  username: string;
  created_at: string;
  /** Null when that never happened. */
  last_success_at: string | null;
}

/** The active accounts, those that waited longest first. */
export async function listLastSuccesses(db: Kysely<Database>): Promise<LastSuccess[]> {
  return db
    .selectFrom('social_media_accounts')
    .select(['platform', 'username', 'created_at', 'last_fetched_at as last_success_at'])
    .where('is_active', '=', 1)
    .orderBy('last_fetched_at', (by) => by.asc().nullsFirst())
    .orderBy('id')
    .execute();
}
