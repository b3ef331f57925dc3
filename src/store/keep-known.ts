import { sql, type RawBuilder } from 'kysely';
import type { Database } from './schema.ts';

/** What an upsert sets of a row that is there already: the new value of each column, or the old one where the new is unknown. */
export function keepKnown(table: keyof Database, columns: readonly string[]): Record<string, RawBuilder<unknown>> {
  const updates = columns.map((column) => [
    column,
    sql`coalesce(excluded.${sql.ref(column)}, ${sql.ref(`${table}.${column}`)})`,
  ]);
  return Object.fromEntries(updates) as Record<string, RawBuilder<unknown>>;
}
