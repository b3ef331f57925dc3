import { sql, type Kysely, type RawBuilder } from 'kysely';
import { engineOf } from '../engine.ts';
import type { Database } from '../schema.ts';
import { COPIED_TABLES } from './table.ts';

/** How far a table was copied. */
export interface Progress {
  /** The key of the last row that is there; null before the first. */
  lastKey: (string | number)[] | null;
  rows: number;
}

const NAME = 'copy_progress';

/** Makes the table that a broken-off copy is recognised by; it lives in the target until the copy is complete. */
export async function createProgressTable(db: Kysely<Database>, source: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`CREATE TABLE copy_progress (
      table_name text PRIMARY KEY, source text NOT NULL, last_key text NOT NULL, row_count bigint NOT NULL)`.execute(
      trx,
    );
    for (const { table } of COPIED_TABLES) {
      await sql`INSERT INTO copy_progress VALUES (${table}, ${source}, 'null', 0)`.execute(trx);
    }
  });
}

/** What is known of a copy into a database; undefined when none was begun. */
export async function findProgress(
  db: Kysely<Database>,
  table = COPIED_TABLES[0]?.table,
): Promise<(Progress & { source: string }) | undefined> {
  if (!(await hasTable(db))) return undefined;
  const { rows } = await sql<{ source: string; last_key: string; row_count: number }>`
    SELECT source, last_key, row_count FROM copy_progress WHERE table_name = ${table}`.execute(db);
  const [row] = rows;
  return row && { source: row.source, lastKey: JSON.parse(row.last_key) as Progress['lastKey'], rows: row.row_count };
}

/** @returns false when the table is not where this copy left it: another one is at work. */
export async function saveProgress(
  trx: Kysely<Database>,
  table: string,
  before: Progress,
  after: Progress,
): Promise<boolean> {
  const result = await sql`
    UPDATE copy_progress SET last_key = ${JSON.stringify(after.lastKey)}, row_count = ${after.rows}
    WHERE table_name = ${table} AND last_key = ${JSON.stringify(before.lastKey)}`.execute(trx);
  return result.numAffectedRows === 1n;
}

/** Ends a copy. */
export async function dropProgressTable(db: Kysely<Database>): Promise<void> {
  await sql`DROP TABLE copy_progress`.execute(db);
}

async function hasTable(db: Kysely<Database>): Promise<boolean> {
  const found: RawBuilder<unknown> =
    engineOf(db) === 'sqlite'
      ? sql`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ${NAME}`
      : sql`SELECT 1 WHERE to_regclass(${NAME}) IS NOT NULL`;
  return (await found.execute(db)).rows.length > 0;
}
