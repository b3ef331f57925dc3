import { CompiledQuery, type Kysely } from 'kysely';
import { engineOf } from './engine.ts';
import type { Database } from './schema.ts';

const SQLITE_ROWS = 100;
/** One array for each column: the number of rows hardly matters, their size in memory does. */
const POSTGRES_ROWS = 10_000;

/** A row as the values of its columns, in the order of the table's declaration. */
export type RowValues = readonly (string | number | null)[];

/**
 * What becomes of a column of a row that is there already: `newest` takes the new value, `known` keeps the old one where
 * the new one is unknown. A column without a rule stays as it was first written.
 */
export type Merge = 'newest' | 'known';

/** How rows are written to a table. */
export interface BulkTable {
  table: keyof Database;
  /** The columns in the order of the values, with their type in PostgreSQL. */
  columns: Record<string, string>;
  /** The columns that tell which row is meant. */
  key: readonly string[];
  merge?: Record<string, Merge>;
  /** The caller knows that each row differs from what is stored; JSON cannot be compared by the server. */
  areChanged?: boolean;
  /** What is given back of each row, new or not. */
  returning?: readonly string[];
}

/**
 * Builds a writer of many rows to a table: a new row is inserted, a known one merged. The statements are made once per
 * process and only their parameters change: building them through the query builder each time costs more than running them.
 */
export function createBulkWriter<Returned = never>(table: BulkTable) {
  const statements = new Map<number, string>();
  let postgresStatement: string | undefined;
  return async (db: Kysely<Database>, rows: readonly RowValues[]): Promise<Returned[]> => {
    const isSqlite = engineOf(db) === 'sqlite';
    const step = isSqlite ? SQLITE_ROWS : POSTGRES_ROWS;
    const returned: Returned[] = [];
    for (let at = 0; at < rows.length; at += step) {
      const chunk = rows.slice(at, at + step);
      let query: CompiledQuery;
      if (isSqlite) {
        let sql = statements.get(chunk.length);
        if (sql === undefined) statements.set(chunk.length, (sql = writeSqlite(table, chunk.length)));
        query = CompiledQuery.raw(sql, chunk.flat());
      } else {
        postgresStatement ??= writePostgres(table);
        query = CompiledQuery.raw(postgresStatement, transpose(chunk, Object.keys(table.columns).length));
      }
      const result = await db.executeQuery<Returned>(query as CompiledQuery<Returned>);
      returned.push(...result.rows);
    }
    return returned;
  };
}

/** `INSERT … VALUES (…), (…) ON CONFLICT …` */
function writeSqlite({ table, columns, key, merge = {}, returning = [] }: BulkTable, count: number): string {
  const names = Object.keys(columns);
  const row = `(${names.map(() => '?').join(', ')})`;
  const updates = mergeRules(table, merge, 'excluded');
  // Setting a key to itself makes RETURNING give the rows that were there already.
  if (updates.length === 0 && returning.length > 0) updates.push(`${key[0]} = excluded.${key[0]}`);
  return [
    `INSERT INTO ${table} (${names.join(', ')}) VALUES ${Array.from({ length: count }, () => row).join(', ')}`,
    `ON CONFLICT (${key.join(', ')}) ${updates.length > 0 ? `DO UPDATE SET ${updates.join(', ')}` : 'DO NOTHING'}`,
    returning.length > 0 ? `RETURNING ${returning.join(', ')}` : '',
  ].join(' ');
}

/**
 * One array a column instead of a parameter a value. Rows that would stay as they are are not written: PostgreSQL keeps a
 * dead copy of each. Nor do known rows use up row ids, which an insert that turns into an update would.
 */
function writePostgres({ table, columns, key, merge = {}, areChanged = false, returning = [] }: BulkTable): string {
  const names = Object.keys(columns);
  const list = names.join(', ');
  const arrays = Object.values(columns).map((type, index) => `$${index + 1}::${type}[]`);
  const input = `unnest(${arrays.join(', ')}) WITH ORDINALITY AS i (${list}, position)`;
  const conflict = `ON CONFLICT (${key.join(', ')})`;
  const updates = mergeRules(table, merge, 'excluded');
  const merged = Object.keys(merge);
  const differs = (source: string) =>
    `(${merged.map((name) => `${table}.${name}`).join(', ')}) IS DISTINCT FROM (${merged
      .map((name) => mergedValue(table, name, merge[name] as Merge, source))
      .join(', ')})`;
  if (returning.length === 0) {
    const action =
      updates.length > 0
        ? `DO UPDATE SET ${updates.join(', ')} ${areChanged ? '' : `WHERE ${differs('excluded')}`}`
        : 'DO NOTHING';
    return `INSERT INTO ${table} (${list}) SELECT ${list} FROM ${input} ORDER BY position ${conflict} ${action}`;
  }
  const isKnown = key.map((name) => `${table}.${name} = i.${name}`).join(' AND ');
  const given = returning.map((name) => `${table}.${name}`).join(', ');
  const changed =
    merged.length > 0
      ? `, changed AS (UPDATE ${table} SET ${mergeRules(table, merge, 'i').join(', ')} FROM input i
           WHERE ${isKnown} AND ${differs('i')})`
      : '';
  return `WITH input AS MATERIALIZED (SELECT * FROM ${input}),
    known AS (SELECT ${given} FROM ${table} JOIN input i ON ${isKnown})${changed},
    inserted AS (
      INSERT INTO ${table} (${list})
      SELECT ${list} FROM input i WHERE NOT EXISTS (SELECT FROM ${table} WHERE ${isKnown}) ORDER BY position
      ${conflict} DO UPDATE SET ${key[0]} = excluded.${key[0]}
      RETURNING ${given})
    SELECT * FROM known UNION ALL SELECT * FROM inserted`;
}

function mergeRules(table: string, merge: Record<string, Merge>, source: string): string[] {
  return Object.entries(merge).map(([name, rule]) => `${name} = ${mergedValue(table, name, rule, source)}`);
}

function mergedValue(table: string, name: string, rule: Merge, source: string): string {
  return rule === 'known' ? `coalesce(${source}.${name}, ${table}.${name})` : `${source}.${name}`;
}

function transpose(rows: readonly RowValues[], width: number): RowValues[number][][] {
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? null));
}
