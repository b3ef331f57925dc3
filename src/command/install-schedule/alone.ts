import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { LockError } from '../../core/errors.ts';

const PATIENCE_MS = 30_000;

/** Does something while no other process of this user changes a schedule: a crontab is read, changed and written. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  const { takeLock } = await import('../../store/sqlite/lock.ts');
  const release = takeLock(join(tmpdir(), `smstats-${userInfo().uid}`), 'schedule', PATIENCE_MS);
  if (!release) throw new LockError('Another smstats changes a schedule right now.', 'wait for it to end');
  try {
    return await work();
  } finally {
    release();
  }
}
