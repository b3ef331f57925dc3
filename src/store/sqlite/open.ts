import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { StoreError } from '../../core/errors.ts';
import { newerSchemaError } from '../migration.ts';
import type { OpenOptions, Store } from '../open.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from '../schema.ts';
import { createSqliteClaims } from './claims.ts';
import { createKysely } from './dialect.ts';
import { explainSqliteError } from './error.ts';
import { takeLock } from './lock.ts';

/** An open database file. */
export interface SqliteStore extends Store {
  path: string;
  /** For what has no place in a query builder: pragmas, integrity checks, backups. */
  connection: SqliteDatabase.Database;
}

const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens the database file, brings its schema up to date and sets it up so that what was committed survives a power cut:
 * WAL with `synchronous=FULL` (NORMAL, better-sqlite3's default from the second open on, loses the last commits).
 * @throws StoreError when the file is missing, not ours, from a newer version, damaged or not writable.
 */
export async function openSqlite(options: OpenOptions): Promise<SqliteStore> {
  const { database: path, create = false } = options;
  const isNew = !existsSync(path);
  if (isNew && !create) {
    throw new StoreError(`There is no database at ${path} yet.`, {
      ending: 'usage',
      hint: 'smstats init, or smstats init --sample to look around without a key',
    });
  }
  let connection: SqliteDatabase.Database | undefined;
  try {
    if (isNew) createPrivateFile(path);
    refuseForeignFile(path, create);
    connection = new SqliteDatabase(path, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true });
    // One transaction: another process may be making this very database.
    const version = connection.transaction(readVersion)(connection, path);
    setUp(connection, path);
    if (version < SCHEMA_VERSION) {
      const { migrate } = await import('./migrate.ts');
      migrate(connection, path, options);
    }
  } catch (error) {
    connection?.close();
    throw explainSqliteError(error, path);
  }
  return createStore(connection, path);
}

function createStore(connection: SqliteDatabase.Database, path: string): SqliteStore {
  const place = placeOf(path);
  const db = createKysely(connection, () => {
    if (placeOf(path) !== place) throw movedError(path);
  });
  return {
    engine: 'sqlite',
    db,
    name: path,
    path,
    connection,
    claims: createSqliteClaims(db, path),
    tidy: async () => {
      connection.pragma('analysis_limit = 400');
      connection.pragma('optimize');
    },
    check: async () => (await import('./check.ts')).checkSqlite(connection, path),
    close: async () => void connection.close(),
  };
}

/** Which file a path leads to. */
function placeOf(path: string): string | undefined {
  const file = statSync(path, { bigint: true, throwIfNoEntry: false });
  return file && `${file.dev} ${file.ino}`;
}

/** Whoever has the file open goes on with it when it is deleted or replaced: what they write then is lost with it. */
function movedError(path: string): StoreError {
  return new StoreError(
    `The database ${path} was deleted or replaced while it was open. Nothing more is written to it.`,
    {
      hint: 'start again, with the database that is there now',
    },
  );
}

function createPrivateFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
  } catch (cause) {
    throw new StoreError(`The database ${path} could not be created: ${(cause as Error).message}.`, {
      ending: 'usage',
      hint: 'choose another place with --db, SMSTATS_DATABASE_URL or SMSTATS_HOME',
      cause,
    });
  }
}

function refuseForeignFile(path: string, create: boolean): void {
  const file = statSync(path);
  if (!file.isFile()) {
    throw new StoreError(`${path} is not a file.`, { ending: 'usage', hint: 'give --db the path of a database file' });
  }
  // An empty file opens as a valid, empty database: that is how a truncated one would look fine.
  if (file.size === 0 && !create) {
    throw new StoreError(`${path} is empty (0 bytes): there is no database in it.`, {
      hint: 'restore it from a backup, or start anew with: smstats init',
    });
  }
}

/** The schema version of a database that is ours, or empty. */
function readVersion(connection: SqliteDatabase.Database, path: string): number {
  const id = connection.pragma('application_id', { simple: true });
  const version = connection.pragma('user_version', { simple: true }) as number;
  const isEmpty = id === 0 && version === 0 && connection.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  if (id !== APPLICATION_ID && !isEmpty) {
    throw new StoreError(`${path} is a SQLite database, but not one of smstats. It was left as it is.`, {
      ending: 'usage',
      hint: 'choose another file with --db',
    });
  }
  if (version > SCHEMA_VERSION) {
    throw newerSchemaError(path, version, SCHEMA_VERSION);
  }
  return version;
}

function setUp(connection: SqliteDatabase.Database, path: string): void {
  const mode = connection.readonly ? 'readonly' : useWal(connection, path);
  // Where WAL is impossible (some network file systems) a rollback journal with EXTRA is as durable.
  const settings = [
    `synchronous = ${mode === 'wal' ? 'FULL' : 'EXTRA'}`,
    'foreign_keys = ON',
    'trusted_schema = OFF',
    'cell_size_check = ON',
    'temp_store = MEMORY',
    'journal_size_limit = 16777216',
    ...(process.platform === 'darwin' ? ['fullfsync = ON', 'checkpoint_fullfsync = ON'] : []),
  ];
  connection.exec(settings.map((setting) => `PRAGMA ${setting};`).join(''));
}

/** Two processes that switch a new file at once do not wait for each other: SQLite fails the second, so a lock goes first. */
function useWal(connection: SqliteDatabase.Database, path: string): unknown {
  const mode = connection.pragma('journal_mode', { simple: true });
  if (mode === 'wal') return mode;
  const release = takeLock(path, 'migrate', BUSY_TIMEOUT_MS);
  try {
    return connection.pragma('journal_mode = WAL', { simple: true });
  } finally {
    release?.();
  }
}
