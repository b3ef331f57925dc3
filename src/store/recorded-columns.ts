import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** The columns of a row that a person recorded. */
export function readRecordedColumns(json: string | null): Set<string> {
  return new Set(json === null ? [] : (JSON.parse(json) as string[]));
}

/** Notes in a row which of its columns a person recorded: no provider writes over those. */
export async function saveRecordedColumns(
  db: Kysely<Database>,
  table: 'social_media_daily_metrics' | 'audience_demographics',
  row: { account_id: number; date: string; recorded_columns: string | null },
  columns: readonly string[],
): Promise<void> {
  const all = new Set([...readRecordedColumns(row.recorded_columns), ...columns]);
  const recorded = JSON.stringify([...all].toSorted());
  if (recorded === row.recorded_columns || columns.length === 0) return;
  await db
    .updateTable(table)
    .set({ recorded_columns: recorded })
    .where('account_id', '=', row.account_id)
    .where('date', '=', row.date)
    .execute();
}
