import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LockError } from '../../core/errors.ts';
import { ScheduleError } from '../../schedule/error.ts';
import type { Machine } from '../../schedule/machine.ts';

const PATIENCE_MS = 30_000;

/**
 * Does something while no other process of this user changes a schedule: a crontab is read, changed and written. The lock
 * is in the user's home, whatever a shell says of directories: there others can put nothing in its place.
 */
export async function alone<T>({ home, platform, uid }: Machine, work: () => Promise<T>): Promise<T> {
  const directory = join(home, platform === 'darwin' ? 'Library/Application Support' : '.local/state', 'smstats');
  const { takeLock } = await import('../../store/sqlite/lock.ts');
  let release: (() => void) | undefined;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const owner = lstatSync(directory).uid;
    if (owner !== uid && uid === process.getuid?.()) throw new Error(`it belongs to user ${owner}`);
    release = takeLock(join(directory, 'schedule'), 'change', PATIENCE_MS);
  } catch (cause) {
    throw new ScheduleError(`${directory} cannot hold the lock for changing schedules: ${(cause as Error).message}.`, {
      hint: 'make it a directory of your own that you can write to',
      cause,
    });
  }
  if (!release) throw new LockError('Another smstats changes a schedule right now.', 'wait for it to end');
  try {
    return await work();
  } finally {
    release();
  }
}
