import { sql, type Kysely } from 'kysely';
import { engineOf } from '../engine.ts';
import type { Store } from '../open.ts';
import type { Database } from '../schema.ts';
import { COPIED_TABLES } from './table.ts';

/** A column of a table, in the order in which the table was made. */
export interface Column {
  name: string;
  /** As its own database calls it. */
  type: string;
  isInstant: boolean;
}

/** The columns of a table. */
export async function listColumns({ db }: Pick<Store, 'db'>, table: string): Promise<Column[]> {
  const query =
    engineOf(db) === 'sqlite'
      ? sql<{ name: string; type: string }>`SELECT name, type FROM pragma_table_info(${table}) ORDER BY cid`
      : sql<{ name: string; type: string }>`
          SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
          WHERE attrelid = to_regclass(${table}) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;
  const { rows } = await query.execute(db);
  return rows.map(({ name, type }) => ({ name, type, isInstant: type === 'timestamp with time zone' }));
}

/**
 * Lets rows be written as they are: the triggers that complete what is written by hand do not run. Both databases undo
 * this with the transaction, however it ends.
 */
export async function withoutTriggers(trx: Kysely<Database>, table: string, work: () => Promise<void>): Promise<void> {
  if (engineOf(trx) === 'postgres') {
    await sql`ALTER TABLE ${sql.table(table)} DISABLE TRIGGER USER`.execute(trx);
    await work();
    await sql`ALTER TABLE ${sql.table(table)} ENABLE TRIGGER USER`.execute(trx);
    return;
  }
  const { rows: triggers } = await sql<{ name: string; sql: string }>`
    SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ${table} ORDER BY rowid`.execute(trx);
  for (const { name } of triggers) await sql`DROP TRIGGER ${sql.table(name)}`.execute(trx);
  await work();
  for (const trigger of triggers) await sql.raw(trigger.sql).execute(trx);
}

/** Makes the next row ids follow those that were copied, and statistics fit what is there now. */
export async function renumber({ db, engine, tidy }: Store): Promise<void> {
  if (engine === 'postgres') {
    for (const { table, key, isNumbered } of COPIED_TABLES) {
      if (!isNumbered) continue;
      const id = sql.ref(key[0] as string);
      await sql`
        SELECT setval(pg_get_serial_sequence(${table}, ${key[0]}), max(${id})) FROM ${sql.table(table)}
        HAVING max(${id}) IS NOT NULL`.execute(db);
    }
    for (const { table } of COPIED_TABLES) await sql`ANALYZE ${sql.table(table)}`.execute(db);
  }
  await tidy();
}
