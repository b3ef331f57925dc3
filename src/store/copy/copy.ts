import { createHash } from 'node:crypto';
import { CompiledQuery, sql, type Kysely } from 'kysely';
import { LockError, StoreError } from '../../core/errors.ts';
import { createBulkWriter, type RowValues } from '../bulk.ts';
import { explainErrorOf, type Store } from '../open.ts';
import type { Database } from '../schema.ts';
import { createProgressTable, dropProgressTable, findProgress, saveProgress, type Progress } from './progress.ts';
import { COPIED_TABLES, type CopiedTable } from './table.ts';
import { listColumns, renumber, withoutTriggers, type Column } from './shape.ts';

const ROWS_PER_BATCH = 5000;

/** A table that is the same in both databases. */
export interface CopiedRows {
  table: string;
  rows: number;
  /** Over the rows in the order of their key, the same on every kind of database. */
  sha256: string;
}

export interface CopyOptions {
  /** Told of what is done of a table, batch by batch. */
  onProgress?: (event: { table: string; phase: 'copy' | 'verify'; rows: number }) => void;
  /** Aborted: end after the batch in hand. The next call goes on from there. */
  stop?: AbortSignal;
}

/**
 * Copies every row of a database into an empty one, as it is, and then reads both to compare them. What is read is one
 * state of the source, whatever is written to it meanwhile. A copy that was broken off goes on where it stopped.
 * @returns undefined when it was stopped.
 * @throws StoreError when the target holds other rows, or a table differs in the end; LockError when another copy runs.
 */
export async function copyDatabase(
  from: Store,
  to: Store,
  options: CopyOptions = {},
): Promise<CopiedRows[] | undefined> {
  await on(to, () => prepareTarget(from, to));
  return on(from, () =>
    from.db.connection().execute(async (source) => {
      const begin = from.engine === 'sqlite' ? 'begin' : 'begin isolation level repeatable read read only';
      await source.executeQuery(CompiledQuery.raw(begin));
      try {
        for (const table of COPIED_TABLES) {
          if (!(await copyTable(source, from, to, table, options))) return undefined;
        }
        const copied: CopiedRows[] = [];
        for (const table of COPIED_TABLES) copied.push(await verifyTable(source, from, to, table, options));
        await on(to, async () => {
          await renumber(to);
          await dropProgressTable(to.db);
        });
        return copied;
      } finally {
        await source.executeQuery(CompiledQuery.raw('rollback')).catch(() => {});
      }
    }),
  );
}

async function prepareTarget(from: Store, to: Store): Promise<void> {
  const progress = await findProgress(to.db);
  if (progress === undefined) {
    for (const { table } of COPIED_TABLES) {
      const { rows } = await sql`SELECT 1 FROM ${sql.table(table)} LIMIT 1`.execute(to.db);
      if (rows.length === 0) continue;
      throw new StoreError(`${to.name} already holds rows (in ${table}). It was left as it is.`, {
        ending: 'usage',
        hint: 'copy into a new file or an empty database',
      });
    }
    await createProgressTable(to.db, from.name);
    return;
  }
  if (progress.source !== from.name) {
    throw new StoreError(`${to.name} holds a part of ${progress.source}: that copy was broken off.`, {
      ending: 'usage',
      hint: 'go on with that one, or copy into a new file or an empty database',
    });
  }
}

/** @returns false when it was stopped. */
async function copyTable(
  source: Kysely<Database>,
  from: Store,
  to: Store,
  table: CopiedTable,
  { onProgress, stop }: CopyOptions,
): Promise<boolean> {
  const columns = await on(to, () => listColumns(to, table.table));
  const names = columns.map(({ name }) => name);
  const write = createBulkWriter({
    table: table.table as keyof Database,
    columns: Object.fromEntries(columns.map(({ name, type }) => [name, type])),
    key: table.key,
  });
  let progress: Progress = (await on(to, () => findProgress(to.db, table.table))) ?? { lastKey: null, rows: 0 };
  for (;;) {
    if (stop?.aborted) return false;
    const rows = await on(from, () => readBatch(source, table, columns, progress.lastKey));
    const last = rows.at(-1);
    if (last === undefined) return true;
    const next = {
      lastKey: table.key.map((name) => last[names.indexOf(name)] as string | number),
      rows: progress.rows + rows.length,
    };
    const before = progress;
    await on(to, () =>
      to.db.transaction().execute(async (trx) => {
        const isOurs = await saveProgress(trx, table.table, before, next);
        if (!isOurs) throw new LockError(`Another copy into ${to.name} is under way.`, 'wait for it to end');
        await withoutTriggers(trx, table.table, async () => void (await write(trx, rows)));
      }),
    );
    progress = next;
    onProgress?.({ table: table.table, phase: 'copy', rows: progress.rows });
    if (rows.length < ROWS_PER_BATCH) return true;
  }
}

/** The next rows after a key, as the values of their columns. */
async function readBatch(
  db: Kysely<Database>,
  { table, key }: CopiedTable,
  columns: readonly Column[],
  after: Progress['lastKey'],
): Promise<RowValues[]> {
  const keys = sql.join(key.map((name) => sql.ref(name)));
  const condition = after === null ? sql`` : sql`WHERE (${keys}) > (${sql.join(after)})`;
  const { rows } = await sql<Record<string, string | number | null>>`
    SELECT ${sql.join(columns.map(({ name }) => sql.ref(name)))} FROM ${sql.table(table)} ${condition}
    ORDER BY ${keys} LIMIT ${sql.lit(ROWS_PER_BATCH)}`.execute(db);
  return rows.map((row) => columns.map((column) => canonical(row[column.name] ?? null, column)));
}

/** An instant that a person wrote by hand may lack its milliseconds; on a server all have them. */
function canonical(value: string | number | null, { isInstant }: Column): string | number | null {
  if (!isInstant || typeof value !== 'string') return value;
  const time = Date.parse(value);
  return Number.isNaN(time) ? value : new Date(time).toISOString();
}

async function verifyTable(
  source: Kysely<Database>,
  from: Store,
  to: Store,
  table: CopiedTable,
  { onProgress }: CopyOptions,
): Promise<CopiedRows> {
  const columns = await on(to, () => listColumns(to, table.table));
  const tell = (rows: number) => onProgress?.({ table: table.table, phase: 'verify', rows });
  const theirs = await on(from, () => digest(source, table, columns, tell));
  const ours = await on(to, () => digest(to.db, table, columns, tell));
  if (theirs.rows === ours.rows && theirs.sha256 === ours.sha256) return { table: table.table, ...ours };
  throw new StoreError(
    `${table.table} is not the same: ${theirs.rows} rows in ${from.name}, ${ours.rows} in ${to.name}, or other values.`,
    { hint: 'the source was changed between two parts of the copy, or the target was: copy into an empty database' },
  );
}

async function digest(
  db: Kysely<Database>,
  table: CopiedTable,
  columns: readonly Column[],
  tell: (rows: number) => void,
): Promise<{ rows: number; sha256: string }> {
  const hash = createHash('sha256');
  const positions = table.key.map((name) => columns.findIndex((column) => column.name === name));
  let after: Progress['lastKey'] = null;
  let count = 0;
  for (;;) {
    const rows: RowValues[] = await readBatch(db, table, columns, after);
    for (const row of rows) hash.update(`${JSON.stringify(row)}\n`);
    count += rows.length;
    tell(count);
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_PER_BATCH) return { rows: count, sha256: hash.digest('hex') };
    after = positions.map((position) => last[position] as string | number);
  }
}

/** Lets an error name the database that it came from. */
async function on<Result>(store: Store, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw await explainErrorOf(store, error);
  }
}
