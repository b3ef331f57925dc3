import type { Kysely } from 'kysely';
import { saveAudit } from '../store/audit.ts';
import type { LockedRow } from '../store/locked-row.ts';
import type { Database } from '../store/schema.ts';
import type { Recorder } from './who.ts';

/** What became of a record. */
export interface Recorded<Row = Record<string, unknown>> {
  table: string;
  before: Row | undefined;
  after: Row;
  /** False when the same was there already: then nothing was written, and nothing stands in the audit. */
  isChanged: boolean;
}

/** Writes what differs from a locked row, and who changed what. What is not among the values stays. */
export async function saveKnown<Row extends object, Values extends object>(
  trx: Kysely<Database>,
  table: string,
  { row, isNew }: LockedRow<Row>,
  rowId: number,
  values: Values,
  update: (trx: Kysely<Database>, id: number, values: Values) => Promise<Row>,
  who: Recorder,
): Promise<Recorded<Row>> {
  const stored = row as Record<string, unknown>;
  const isChanged = isNew || Object.entries(values).some(([column, value]) => stored[column] !== value);
  const before = isNew ? undefined : row;
  if (!isChanged) return { table, before, after: row, isChanged };
  const after = await update(trx, rowId, values);
  await saveAudit(trx, { action: 'record', table, rowId, before, after }, who.actor);
  return { table, before, after, isChanged };
}
