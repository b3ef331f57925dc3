import { sql, type Kysely } from 'kysely';
import { LAST_CALLED_ID } from '../core/account-id.ts';
import type { Handle } from '../core/platform.ts';
import { nextAccountId, type AccountRow } from './account.ts';
import { engineOf } from './engine.ts';
import type { Database } from './schema.ts';

/** An account that nothing is fetched of. */
export interface RecordedAccount extends Handle {
  /** What somebody already calls it by; `beside` where it is called by the id of another of its brand. */
  id?: number | 'beside';
  brand: string;
}

/**
 * Adds an account to keep what is recorded of it: not active, so that no fetch asks for it, and its display name says so.
 * @returns nothing when its id or its name is taken.
 */
export async function addRecordedAccount(
  trx: Kysely<Database>,
  account: RecordedAccount,
): Promise<(AccountRow & { brand: string | null; display_name: string | null }) | undefined> {
  const { id: called, ...named } = account;
  const id = called === 'beside' ? await findIdBeside(trx) : (called ?? nextAccountId(trx));
  const added = await trx
    .insertInto('social_media_accounts')
    .values({
      ...named,
      ...(id !== undefined && { id }),
      is_active: 0,
      display_name: `${account.username} (recorded only)`,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning(['id', 'platform', 'username', 'is_active', 'is_competitor', 'brand', 'display_name'])
    .executeTakeFirst();
  // PostgreSQL would hand out this one once more.
  if (added && typeof called === 'number' && engineOf(trx) === 'postgres') {
    await sql`
      SELECT setval(pg_get_serial_sequence('social_media_accounts', 'id'), max(id)) FROM social_media_accounts
      WHERE id <= ${LAST_CALLED_ID} HAVING max(id) > (SELECT coalesce(pg_sequence_last_value(
        pg_get_serial_sequence('social_media_accounts', 'id')::regclass), 0))`.execute(trx);
  }
  return added;
}

/** The next id that no client calls an account by. Nobody else takes it before the transaction ends. */
async function findIdBeside(trx: Kysely<Database>): Promise<number> {
  if (engineOf(trx) === 'postgres')
    await sql`LOCK TABLE social_media_accounts IN SHARE ROW EXCLUSIVE MODE`.execute(trx);
  const { highest } = await trx
    .selectFrom('social_media_accounts')
    .select(({ fn }) => fn.max('id').as('highest'))
    .where('id', '>', LAST_CALLED_ID)
    .executeTakeFirstOrThrow();
  return Number(highest ?? LAST_CALLED_ID) + 1;
}
