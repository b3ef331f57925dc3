import type { Kysely } from 'kysely';
import type { Handle } from '../core/platform.ts';
import type { Database } from '../store/schema.ts';

/** The account of that name, if it is tracked. */
export async function findAccount(db: Kysely<Database>, { platform, username }: Handle) {
  return db
    .selectFrom('social_media_accounts')
    .selectAll()
    .where('platform', '=', platform)
    .where('username', '=', username)
    .executeTakeFirst();
}
