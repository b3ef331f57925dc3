import { createHash, randomBytes } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import { saveAudit } from './audit.ts';
import type { ApiTokenTable, Database } from './schema.ts';
import { inTransaction } from './transaction.ts';

export type TokenRow = Selectable<ApiTokenTable>;

/** What may be seen of a token that is kept. */
export type TokenEntry = Omit<TokenRow, 'token_hash'>;

export interface NewToken {
  name: string;
  scope: TokenRow['scope'];
  expiresAt: Date | null;
}

const PREFIX = 'smst_';
/** As many bits as a key of AES-256: nobody guesses that. */
const BYTES = 32;
/** Who asks all the time does not write all the time. */
const LAST_USED_EVERY_MS = 60_000;

const ENTRY = ['id', 'name', 'scope', 'created_at', 'last_used_at', 'expires_at', 'revoked_at'] as const;

/** The form in which a token is kept and looked for: SHA-256, in hexadecimal. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Makes a token, keeps its hash, and writes it to the audit.
 * @returns the token, which can be had this once; undefined when one of that name is in force.
 */
export async function createToken(
  db: Kysely<Database>,
  { name, scope, expiresAt }: NewToken,
  now: Date,
): Promise<{ token: string; entry: TokenEntry } | undefined> {
  const token = `${PREFIX}${randomBytes(BYTES).toString('base64url')}`;
  const values = {
    name,
    scope,
    token_hash: hashToken(token),
    created_at: now.toISOString(),
    expires_at: expiresAt?.toISOString() ?? null,
  };
  const entry = await inTransaction(db, async (trx) => {
    const made = await trx
      .insertInto('api_tokens')
      .values(values)
      .onConflict((clash) => clash.column('name').where('revoked_at', 'is', null).doNothing())
      .returning(ENTRY)
      .executeTakeFirst();
    if (made) await saveAudit(trx, { action: 'add', table: 'api_tokens', rowId: made.id, after: made });
    return made;
  });
  return entry && { token, entry };
}

/** Ends a token from now on, and writes it to the audit. @returns it as it is then; undefined when there is none in force. */
export async function revokeToken(db: Kysely<Database>, name: string, now: Date): Promise<TokenEntry | undefined> {
  return inTransaction(db, async (trx) => {
    const after = await trx
      .updateTable('api_tokens')
      .set({ revoked_at: now.toISOString() })
      .where('name', '=', name)
      .where('revoked_at', 'is', null)
      .returning(ENTRY)
      .executeTakeFirst();
    const before = after && { ...after, revoked_at: null };
    if (after) await saveAudit(trx, { action: 'revoke', table: 'api_tokens', rowId: after.id, before, after });
    return after;
  });
}

/** Notes that a token was used, at most once a minute. */
export async function touchToken(db: Kysely<Database>, token: TokenRow, now: Date): Promise<void> {
  const { id, last_used_at } = token;
  if (last_used_at !== null && now.getTime() - Date.parse(last_used_at) < LAST_USED_EVERY_MS) return;
  const used = { last_used_at: now.toISOString() };
  await inTransaction(db, (trx) => trx.updateTable('api_tokens').set(used).where('id', '=', id).execute());
}
