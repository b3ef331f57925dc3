import type { Kysely, Selectable, Updateable } from 'kysely';
import type { LockedRow } from './locked-row.ts';
import type { DailyMetricTable, Database } from './schema.ts';

export type DailyMetricRow = Selectable<DailyMetricTable>;

/** Locks what is reported for an account on a day, and makes the row when there is none. */
export async function lockDailyMetric(
  trx: Kysely<Database>,
  key: Pick<DailyMetricRow, 'account_id' | 'platform' | 'date'>,
): Promise<LockedRow<DailyMetricRow>> {
  const inserted = await trx
    .insertInto('social_media_daily_metrics')
    .values(key)
    .onConflict((conflict) => conflict.columns(['account_id', 'date']).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (inserted) return { row: inserted, isNew: true };
  // An update that changes nothing locks the row in both databases.
  const row = await trx
    .updateTable('social_media_daily_metrics')
    .set({ platform: key.platform })
    .where('account_id', '=', key.account_id)
    .where('date', '=', key.date)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { row, isNew: false };
}

/** Writes the values that are given. @returns the whole row. */
export async function updateDailyMetric(
  trx: Kysely<Database>,
  id: number,
  values: Updateable<DailyMetricTable>,
): Promise<DailyMetricRow> {
  return trx
    .updateTable('social_media_daily_metrics')
    .set(values)
    .where('metric_id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
