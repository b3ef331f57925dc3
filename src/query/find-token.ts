import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** The token with a hash, or with an id, if it is in force: neither revoked nor over. */
export async function findToken(db: Kysely<Database>, by: { hash: string } | { id: number }, now: Date) {
  const tokens = inForce(db, now).selectAll();
  return ('hash' in by ? tokens.where('token_hash', '=', by.hash) : tokens.where('id', '=', by.id)).executeTakeFirst();
}

/** True when somebody could show a token. */
export async function hasToken(db: Kysely<Database>, now: Date): Promise<boolean> {
  return (await inForce(db, now).select('id').limit(1).executeTakeFirst()) !== undefined;
}

function inForce(db: Kysely<Database>, now: Date) {
  return db
    .selectFrom('api_tokens')
    .where('revoked_at', 'is', null)
    .where(({ or, eb }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', now.toISOString())]));
}
