import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { findAccountById } from './find-account-by-id.ts';

/**
 * The account that an id and a platform name: the one of that id if it is on the platform, else the one of the same
 * brand there. Of several, the one that is called alike, then the oldest.
 */
export async function findNamedAccount(db: Kysely<Database>, id: number, platform: string) {
  const own = await findAccountById(db, id);
  if (!own || own.platform === platform) return own;
  const accounts = await db
    .selectFrom('social_media_accounts')
    .selectAll()
    .where('brand', '=', own.brand ?? own.username)
    .where('platform', '=', platform)
    .orderBy('id')
    .execute();
  return accounts.find(({ username }) => username === own.username) ?? accounts[0];
}
