import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** The account of that row id, if there is one. */
export async function findAccountById(db: Kysely<Database>, id: number) {
  // PostgreSQL refuses to compare with what is no integer of its size.
  if (id > 2_147_483_647) return undefined;
  return db.selectFrom('social_media_accounts').selectAll().where('id', '=', id).executeTakeFirst();
}
