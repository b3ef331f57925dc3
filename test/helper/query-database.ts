import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';

/** Runs SQL on the database of a home, as a user with their own tool would. */
export function queryDatabase(home: string, sql: string): Record<string, unknown>[] {
  const database = new SqliteDatabase(join(home, 'smstats.db'), { readonly: true });
  try {
    return database.prepare(sql).all() as Record<string, unknown>[];
  } finally {
    database.close();
  }
}

/** Like `queryDatabase`, each row as the list of its values. */
export function queryRows(home: string, sql: string): unknown[][] {
  return queryDatabase(home, sql).map((row) => Object.values(row));
}
