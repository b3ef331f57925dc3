import { CompiledQuery, type Kysely } from 'kysely';
import type { Database } from './schema.ts';

const ROWS_PER_STATEMENT = 100;

/** A row as the values of its columns, in the order of the statement. */
export type RowValues = readonly (string | number | null)[];

/**
 * Builds a writer for many rows of one shape. The statement for each number of rows is compiled once per process and
 * only its parameters change: building it through the query builder each time costs more than running it.
 * @param compile the statement for `count` rows; its parameters must be the rows' values in order.
 */
export function createMultiRowWriter<Returned = never>(
  compile: (db: Kysely<Database>, count: number) => CompiledQuery,
) {
  const compiled = new Map<number, string>();
  return async (db: Kysely<Database>, rows: readonly RowValues[]): Promise<Returned[]> => {
    const returned: Returned[] = [];
    for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT) {
      const chunk = rows.slice(at, at + ROWS_PER_STATEMENT);
      let sql = compiled.get(chunk.length);
      if (sql === undefined) compiled.set(chunk.length, (sql = compile(db, chunk.length).sql));
      const parameters: RowValues[number][] = [];
      for (const row of chunk) parameters.push(...row);
      const result = await db.executeQuery<Returned>(CompiledQuery.raw(sql, parameters));
      returned.push(...result.rows);
    }
    return returned;
  };
}
