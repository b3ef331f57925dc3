import { accessSync, constants, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { SmstatsError, StoreError } from '../../core/errors.ts';

/** Below this, in bytes, a disk counts as full. */
const SMALLEST_FREE = 64 * 1024;

/** Turns what SQLite says into what a person can act on. Anything else comes back as it is. */
export function explainSqliteError(error: unknown, path: string): unknown {
  if (error instanceof SmstatsError || !(error instanceof Error)) return error;
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') return error;
  const fail = (message: string, hint: string, ending: 'failed' | 'locked' | 'usage' = 'failed') =>
    new StoreError(message, { ending, hint, cause: error });

  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED') {
    return fail(
      `The database ${path} is locked by another program.`,
      'wait for the other run, or close the program that has it open',
      'locked',
    );
  }
  // Where even the index of the WAL finds no room, SQLite calls it an I/O error.
  const isFull = code.startsWith('SQLITE_IOERR') && (freeBytes(path) ?? SMALLEST_FREE) < SMALLEST_FREE;
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || isFull) {
    return fail(
      `The disk with ${path} is full (${freeSpace(path)}). Nothing was half written: the last saved account is intact.`,
      'free some space and run the command again',
    );
  }
  if (code === 'SQLITE_NOTADB') {
    return fail(`${path} is not a SQLite database. It was left as it is.`, 'choose another file with --db', 'usage');
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return fail(`The database ${path} is damaged: ${error.message}.`, 'keep a copy of it and restore a backup');
  }
  // A database in WAL mode cannot even be read where nothing can be written beside it.
  const isLockedIn = code.startsWith('SQLITE_CANTOPEN') && !isWritable(dirname(path));
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS' || isLockedIn) {
    return fail(`The database ${path} is read-only.`, `make the file and its directory writable: ${dirname(path)}`);
  }
  if (code.startsWith('SQLITE_CANTOPEN') || code === 'EACCES' || code === 'EPERM') {
    return fail(
      `The database ${path} cannot be opened: ${error.message}.`,
      'check who owns the file and its directory',
      'usage',
    );
  }
  if (code.startsWith('SQLITE_IOERR')) {
    return fail(
      `Reading or writing ${path} failed: ${error.message} (${code}).`,
      'check the disk, then run: smstats doctor',
    );
  }
  return error;
}

function freeSpace(path: string): string {
  const free = freeBytes(path);
  return free === undefined ? 'free space unknown' : `${free.toLocaleString('en-US')} bytes free`;
}

function freeBytes(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** False only for a directory that is there. */
function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
