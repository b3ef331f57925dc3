import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { LockError, StoreError, UsageError } from '../../core/errors.ts';
import { temporaryPath } from '../../core/file.ts';
import { COPIED_TABLES } from '../copy/table.ts';
import { newerSchemaError } from '../migration.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from '../schema.ts';
import { explainSqliteError } from './error.ts';
import { takeLock } from './lock.ts';

/** A file that was checked. */
export interface CheckedFile {
  path: string;
  bytes: number;
  schema: number;
  rows: Record<string, number>;
}

/**
 * Writes the whole database to another file, as it is at one moment, while others go on reading and writing. It gets its
 * name when it is complete, on disk and checked: every page, every reference, and the rows of every table.
 */
export function backUpSqlite(connection: SqliteDatabase.Database, target: string): CheckedFile {
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const temporary = temporaryPath(target);
  try {
    const [versionBefore, before] = [dataVersion(connection), countRows(connection)];
    vacuumInto(connection, temporary);
    const after = countRows(connection);
    const wasQuiet = versionBefore === dataVersion(connection);
    const checked = checkFile(temporary, target);
    for (const [table, rows] of Object.entries(checked.rows)) {
      const [low, high] = [
        Math.min(before[table] ?? 0, after[table] ?? 0),
        Math.max(before[table] ?? 0, after[table] ?? 0),
      ];
      // What is written meanwhile may be in it or not.
      if (rows < low || rows > high || (wasQuiet && rows !== low)) {
        throw new StoreError(`The backup has ${rows} rows of ${table}, and the database ${high}.`, {
          hint: 'smstats doctor looks at the database',
        });
      }
    }
    sync(temporary);
    renameSync(temporary, target);
    sync(dirname(target));
    return { ...checked, path: target };
  } catch (error) {
    throw explainTarget(error, target);
  } finally {
    removeAll(temporary);
  }
}

/**
 * Puts a backup in place of a database file. The backup stays, and what it replaces is kept beside it.
 * @param now names what is kept.
 * @returns the new file, and where the old one is.
 * @throws LockError when somebody has the database open; StoreError when the backup is damaged, foreign or too new.
 */
export function restoreSqlite(backup: string, path: string, now: Date): CheckedFile & { kept: string | undefined } {
  const temporary = (mkdirSync(dirname(path), { recursive: true, mode: 0o700 }), temporaryPath(path));
  let source: SqliteDatabase.Database | undefined;
  try {
    source = openChecked(backup, backup);
    vacuumInto(source, temporary);
    source.close();
    source = undefined;
    const checked = checkFile(temporary, backup);
    const kept = existsSync(path) ? `${path}.replaced-${now.toISOString().replaceAll(/[:.]/g, '')}` : undefined;
    writeDown(temporary, { backup, kept, rows: checked.rows, now });
    sync(temporary);
    if (kept === undefined) renameSync(temporary, path);
    else replace(temporary, path, kept);
    sync(dirname(path));
    return { ...checked, path, kept };
  } catch (error) {
    throw explainTarget(error, source ? backup : path);
  } finally {
    source?.close();
    removeAll(temporary);
  }
}

/** Looks at a file that is to be restored, without changing it. */
export function checkBackup(path: string): CheckedFile {
  try {
    return checkFile(path, path);
  } catch (error) {
    throw explainSqliteError(error, path);
  }
}

function vacuumInto(connection: SqliteDatabase.Database, target: string): void {
  // VACUUM INTO accepts an empty file and keeps its mode; a file of its own making would be readable by everyone.
  closeSync(openSync(target, 'wx', 0o600));
  chmodSync(target, 0o600);
  connection.prepare('VACUUM INTO ?').run(target);
}

/** @param name what to call it in messages. */
function checkFile(path: string, name: string): CheckedFile {
  const file = openChecked(path, name);
  try {
    const integrity = file.pragma('integrity_check', { simple: true });
    if (integrity !== 'ok') throw new StoreError(`${name} is damaged: ${String(integrity)}`);
    const orphans = file.pragma('foreign_key_check') as unknown[];
    if (orphans.length > 0) throw new StoreError(`${name} has ${orphans.length} rows that belong to nothing.`);
    const schema = file.pragma('user_version', { simple: true }) as number;
    return { path, bytes: statSync(path).size, schema, rows: countRows(file) };
  } finally {
    file.close();
  }
}

function openChecked(path: string, name: string): SqliteDatabase.Database {
  if (!existsSync(path) || !statSync(path).isFile())
    throw new UsageError(`There is no file ${name}.`, 'smstats restore <file>');
  const file = new SqliteDatabase(path, { readonly: true, fileMustExist: true });
  try {
    file.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;');
    const id = file.pragma('application_id', { simple: true });
    const version = file.pragma('user_version', { simple: true }) as number;
    if (id !== APPLICATION_ID || version === 0) {
      throw new StoreError(`${name} is no database of smstats.`, { ending: 'usage' });
    }
    if (version > SCHEMA_VERSION) throw newerSchemaError(name, version, SCHEMA_VERSION);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** A schema that is older may lack tables. */
function countRows(connection: SqliteDatabase.Database): Record<string, number> {
  const there = new Set(connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all());
  const tables = COPIED_TABLES.map(({ table }) => table).filter((table) => there.has(table));
  return Object.fromEntries(
    tables.map((table) => [table, connection.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number]),
  );
}

/** Changes when another connection has written. */
function dataVersion(connection: SqliteDatabase.Database): unknown {
  return connection.pragma('data_version', { simple: true });
}

/**
 * Leaves in the audit of the restored database that it was, where its schema has one already: the file appears with it, or
 * not at all.
 */
function writeDown(
  path: string,
  { backup, kept, rows, now }: { backup: string; kept: string | undefined; rows: Record<string, number>; now: Date },
): void {
  if (rows['audit_log'] === undefined) return;
  const file = new SqliteDatabase(path, { fileMustExist: true });
  try {
    const after = {
      file: backup,
      rows: Object.values(rows).reduce((sum, count) => sum + count, 0),
      kept: kept ?? null,
    };
    file
      .prepare(
        `INSERT INTO audit_log (actor, action, table_name, row_id, happened_at, after_json)
         VALUES ('cli', 'restore', 'all', ?, ?, ?)`,
      )
      .run(basename(backup), now.toISOString(), JSON.stringify(after));
  } finally {
    file.close();
  }
}

/** Nobody may have the file open: they would go on writing to the one that was replaced. */
function replace(temporary: string, path: string, kept: string): void {
  const release = takeLock(path, 'run');
  if (!release) throw new LockError('A fetch is under way.', 'wait for it to end and run the command again');
  try {
    takeOut(path);
    if (existsSync(kept)) throw new StoreError(`${kept} is there already.`, { hint: 'run the command again' });
    // With a second name for the old file there is a database under the path at every moment.
    try {
      linkSync(path, kept);
    } catch {
      renameSync(path, kept);
    }
    for (const rest of ['-wal', '-shm']) if (existsSync(path + rest)) renameSync(path + rest, kept + rest);
    renameSync(temporary, path);
  } finally {
    release();
  }
}

/** Brings what is in the WAL into the file and ends WAL mode, which SQLite refuses while anybody else has it open. */
function takeOut(path: string): void {
  let old: SqliteDatabase.Database | undefined;
  try {
    old = new SqliteDatabase(path, { timeout: 1000, fileMustExist: true });
    old.pragma('journal_mode = DELETE');
  } catch (error) {
    const { code } = error as { code?: string };
    if (code?.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED') {
      throw new LockError(`Another program has ${path} open.`, 'close it and run the command again');
    }
    // What is damaged is kept as it is: its WAL goes with it.
  } finally {
    old?.close();
  }
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function removeAll(path: string): void {
  for (const rest of ['', '-journal', '-wal', '-shm']) rmSync(path + rest, { force: true });
}

function explainTarget(error: unknown, path: string): unknown {
  const { code } = error as { code?: string };
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') {
    return new StoreError(`There is no room left for ${path}. Nothing of it was kept.`, {
      hint: 'free some space, or choose another place',
      cause: error,
    });
  }
  return explainSqliteError(error, path);
}
