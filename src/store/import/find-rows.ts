import { sql, type Kysely } from 'kysely';
import { engineOf } from '../engine.ts';
import type { Database } from '../schema.ts';

export type Value = string | number | null;

/** What rows are looked up by. */
export interface Lookup {
  table: string;
  /** The columns of the key, with their type in PostgreSQL. */
  key: readonly { name: string; type: string; /** What stands for unknown in the index. */ unknown?: string }[];
  /** What is given of each row that is there. */
  columns: readonly string[];
}

/** The rows of a table that have one of many keys, by the place of the key in the list. One statement, through the key's index. */
export async function findRows(
  db: Kysely<Database>,
  { table, key, columns }: Lookup,
  keys: readonly (readonly Value[])[],
): Promise<Map<number, Record<string, Value>>> {
  const found = new Map<number, Record<string, Value>>();
  if (keys.length === 0) return found;
  const isSqlite = engineOf(db) === 'sqlite';
  const list = isSqlite
    ? sql`json_each(${JSON.stringify(keys)}) AS k`
    : sql`unnest(${sql.join(key.map(({ type }, at) => sql`${keys.map((each) => each[at] ?? null)}::${sql.raw(type)}[]`))})
        WITH ORDINALITY AS k (${sql.join(key.map((_, at) => sql.ref(`k${at}`)))}, position)`;
  const conditions = key.map(({ name, unknown }, at) => {
    const wanted = isSqlite ? sql`k.value ->> ${sql.lit(at)}` : sql`k.${sql.ref(`k${at}`)}`;
    return unknown === undefined
      ? sql`t.${sql.ref(name)} = ${wanted}`
      : sql`coalesce(t.${sql.ref(name)}, ${sql.raw(unknown)}) = coalesce(${wanted}, ${sql.raw(unknown)})`;
  });
  const place = isSqlite ? sql`k.key` : sql`k.position - 1`;
  const { rows } = await sql<Record<string, Value> & { place_in_list: number }>`
    SELECT ${place} AS place_in_list, ${sql.join(columns.map((name) => sql`t.${sql.ref(name)}`))}
    FROM ${list} CROSS JOIN ${sql.table(table)} AS t WHERE ${sql.join(conditions, sql` AND `)}`.execute(db);
  for (const row of rows) found.set(row.place_in_list, row);
  return found;
}
