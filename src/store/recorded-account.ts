import { sql, type Kysely } from 'kysely';
import type { Handle } from '../core/platform.ts';
import type { AccountRow } from './account.ts';
import { engineOf } from './engine.ts';
import type { Database } from './schema.ts';

/** An account that nothing is fetched of. */
export interface RecordedAccount extends Handle {
  /** Its row id, where somebody already calls it that. */
  id?: number;
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
  const added = await trx
    .insertInto('social_media_accounts')
    .values({ ...account, is_active: 0, display_name: `${account.username} (recorded only)` })
    .onConflict((conflict) => conflict.doNothing())
    .returning(['id', 'platform', 'username', 'is_active', 'is_competitor', 'brand', 'display_name'])
    .executeTakeFirst();
  // SQLite counts on from the highest id by itself; PostgreSQL would hand out this one once more.
  if (added && account.id !== undefined && engineOf(trx) === 'postgres') {
    await sql`
      SELECT setval(pg_get_serial_sequence('social_media_accounts', 'id'), max(id)) FROM social_media_accounts
      HAVING max(id) > (SELECT coalesce(pg_sequence_last_value(
        pg_get_serial_sequence('social_media_accounts', 'id')::regclass), 0))`.execute(trx);
  }
  return added;
}
