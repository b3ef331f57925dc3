import { createHash } from 'node:crypto';
import { chmodSync, closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type SqliteDatabase from 'better-sqlite3';
import { StoreError } from '../core/errors.ts';
import { takeLock } from './lock.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from './schema.ts';

/** One file of `sql/sqlite/`. */
interface Migration {
  version: number;
  name: string;
  sql: string;
  sha256: string;
}

const LONGEST_MIGRATION_MS = 60_000;

/** What a migration has to know of the program that runs it. */
export interface MigrateOptions {
  path: string;
  /** Written beside each migration. */
  appVersion: string;
  /** Told about a migration of an existing database. */
  onMigrate?: (message: string) => void;
}

const DIRECTORY = new URL('../../sql/sqlite/', import.meta.url);

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
export function migrate(connection: SqliteDatabase.Database, options: MigrateOptions): void {
  const release = takeLock(options.path, 'migrate', LONGEST_MIGRATION_MS);
  if (!release) {
    throw new StoreError(`Another process has been bringing ${options.path} up to date for a minute.`, {
      ending: 'locked',
      hint: 'wait for it to end and run the command again',
    });
  }
  try {
    applyMissing(connection, options);
  } finally {
    release();
  }
}

function applyMissing(connection: SqliteDatabase.Database, options: MigrateOptions): void {
  const migrations = readMigrations();
  const before = userVersion(connection);
  if (before >= SCHEMA_VERSION) return;
  if (before > 0) {
    verifyMigrations(connection, migrations);
    const backup = backUp(connection, options.path, before);
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

/**
 * Compares the migrations recorded in the database with the files that ship.
 * @throws StoreError naming the first that differs.
 */
export function verifyMigrations(connection: SqliteDatabase.Database, migrations = readMigrations()): void {
  const applied = connection.prepare('SELECT version, name, sha256 FROM schema_migrations ORDER BY version').all();
  for (const { version, name, sha256 } of applied as Pick<Migration, 'version' | 'name' | 'sha256'>[]) {
    if (migrations.find((migration) => migration.version === version)?.sha256 === sha256) continue;
    throw new StoreError(`Migration ${name} was applied in another form than the one that ships with this program.`, {
      hint: 'install the version of smstats that made this database; do not edit the files in sql/',
    });
  }
}

function readMigrations(): Migration[] {
  return readdirSync(DIRECTORY)
    .filter((file) => /^\d{4}_\w+\.sql$/.test(file))
    .toSorted()
    .map((file) => {
      const sql = readFileSync(new URL(file, DIRECTORY), 'utf8');
      const sha256 = createHash('sha256').update(sql).digest('hex');
      return { version: Number(file.slice(0, 4)), name: file.replace(/\.sql$/, ''), sql, sha256 };
    });
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
