import { statSync } from 'node:fs';
import type SqliteDatabase from 'better-sqlite3';
import { StoreError } from '../../core/errors.ts';
import { readMigrations, verifyMigrations } from '../migration.ts';
import { listApplied } from './migrate.ts';

/**
 * Looks at everything that can be wrong with a database file: its schema, its pages, rows that belong to nothing.
 * @returns what was found in order, in words.
 * @throws StoreError naming what is not.
 */
export function checkSqlite(connection: SqliteDatabase.Database, path: string): string {
  verifyMigrations(listApplied(connection), readMigrations('sqlite'));
  const integrity = connection.pragma('integrity_check', { simple: true });
  if (integrity !== 'ok')
    throw new StoreError(`${path} is damaged: ${String(integrity)}`, { hint: 'restore a backup' });
  const orphans = connection.pragma('foreign_key_check') as unknown[];
  if (orphans.length > 0) throw new StoreError(`${path} has ${orphans.length} rows that belong to nothing`);
  const version = connection.pragma('user_version', { simple: true });
  return `${path}, schema ${version}, ${Math.ceil(statSync(path).size / 1024).toLocaleString('en-US')} kB, integrity ok`;
}
