import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';

/**
 * Two that reach for a free lock at the same moment each hold a part of it for an instant. One of them steps back at once,
 * and the other has it as soon as that one has let go.
 */
const STEP_BACK_MS = 100;

/** Gives a held lock back. */
export type Release = () => void;

/**
 * Takes a lock that the kernel frees when the process ends, however it ends: an exclusive transaction on a small file
 * of its own beside the database. No time-out has to guess whether a holder is dead, and a suspended laptop keeps it.
 * @param waitMs how long to wait for another process to give it back; by default not at all.
 * @returns undefined when another process holds it.
 */
export function takeLock(databasePath: string, name: string, waitMs = 0): Release | undefined {
  const path = join(`${databasePath}.locks`, `${name}.lock`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const file = new SqliteDatabase(path, { timeout: Math.max(waitMs, STEP_BACK_MS) });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
  return () => {
    file.exec('ROLLBACK');
    file.close();
  };
}
