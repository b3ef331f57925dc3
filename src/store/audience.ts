import type { Kysely, Selectable, Updateable } from 'kysely';
import type { LockedRow } from './locked-row.ts';
import type { AudienceTable, Database } from './schema.ts';

export type AudienceRow = Selectable<AudienceTable>;

/** Locks an account's audience on a day, and makes the row when there is none. */
export async function lockAudience(
  trx: Kysely<Database>,
  key: Pick<AudienceRow, 'account_id' | 'platform' | 'date'>,
): Promise<LockedRow<AudienceRow>> {
  const inserted = await trx
    .insertInto('audience_demographics')
    .values(key)
    .onConflict((conflict) => conflict.columns(['account_id', 'date']).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (inserted) return { row: inserted, isNew: true };
  const row = await trx
    .updateTable('audience_demographics')
    .set({ platform: key.platform })
    .where('account_id', '=', key.account_id)
    .where('date', '=', key.date)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { row, isNew: false };
}

/** Writes the values that are given. @returns the whole row. */
export async function updateAudience(
  trx: Kysely<Database>,
  id: number,
  values: Updateable<AudienceTable>,
): Promise<AudienceRow> {
  return trx
    .updateTable('audience_demographics')
    .set(values)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
