import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** Every token that was ever made, the newest last; not what it is kept as. */
export function listTokens(db: Kysely<Database>) {
  return db
    .selectFrom('api_tokens')
    .select(['id', 'name', 'scope', 'created_at', 'last_used_at', 'expires_at', 'revoked_at'])
    .orderBy('id')
    .execute();
}
