import { chmodSync, closeSync, existsSync, openSync, rmSync } from 'node:fs';
import type SqliteDatabase from 'better-sqlite3';
import { StoreError } from '../../core/errors.ts';
import { readMigrations, verifyMigrations, type AppliedMigration, type MigrateOptions } from '../migration.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from '../schema.ts';
import { takeLock } from './lock.ts';

const LONGEST_MIGRATION_MS = 60_000;

const HISTORY = `CREATE TABLE IF NOT EXISTS schema_migrations (
  version     INTEGER PRIMARY KEY,
  name        TEXT NOT NULL,
  sha256      TEXT NOT NULL,
  applied_at  TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  app_version TEXT NOT NULL
) STRICT`;

/**
 * Applies what is missing of `sql/sqlite/`, one transaction a file. An existing database is backed up beside itself
 * first. Of two processes that do this at once, one waits, and then finds it done.
 * @throws StoreError when an applied file is no longer the one that was applied.
 */
export function migrate(connection: SqliteDatabase.Database, path: string, options: MigrateOptions): void {
  const release = takeLock(path, 'migrate', LONGEST_MIGRATION_MS);
  if (!release) {
    throw new StoreError(`Another process has been bringing ${path} up to date for a minute.`, {
      ending: 'locked',
      hint: 'wait for it to end and run the command again',
    });
  }
  try {
    applyMissing(connection, path, options);
  } finally {
    release();
  }
}

function applyMissing(connection: SqliteDatabase.Database, path: string, options: MigrateOptions): void {
  const migrations = readMigrations('sqlite');
  const before = userVersion(connection);
  if (before >= SCHEMA_VERSION) return;
  if (before > 0) {
    verifyMigrations(listApplied(connection), migrations);
    const backup = backUp(connection, path, before);
    options.onMigrate?.(`bringing the database from schema ${before} up to date; the old one is kept as ${backup}`);
  }
  for (const migration of migrations) {
    const apply = connection.transaction(() => {
      if (userVersion(connection) >= migration.version) return;
      connection.exec(HISTORY);
      connection.exec(migration.sql);
      connection
        .prepare('INSERT INTO schema_migrations (version, name, sha256, app_version) VALUES (?, ?, ?, ?)')
        .run(migration.version, migration.name, migration.sha256, options.appVersion);
      connection.pragma(`application_id = ${APPLICATION_ID}`);
      connection.pragma(`user_version = ${migration.version}`);
    });
    apply.immediate();
  }
}

/** The migrations that the database says it has. */
export function listApplied(connection: SqliteDatabase.Database): AppliedMigration[] {
  return connection
    .prepare('SELECT version, name, sha256 FROM schema_migrations ORDER BY version')
    .all() as AppliedMigration[];
}

function userVersion(connection: SqliteDatabase.Database): number {
  return connection.pragma('user_version', { simple: true }) as number;
}

function backUp(connection: SqliteDatabase.Database, path: string, version: number): string {
  let target = `${path}.schema-${version}.bak`;
  for (let n = 2; existsSync(target); n++) target = `${path}.schema-${version}.${n}.bak`;
  // VACUUM INTO accepts an empty file and keeps its mode; a file of its own making would be readable by everyone.
  closeSync(openSync(target, 'wx', 0o600));
  chmodSync(target, 0o600);
  try {
    connection.prepare('VACUUM INTO ?').run(target);
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  }
  return target;
}
