import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LockError } from '../core/errors.ts';

/** Longer than a request for a token may take; what is older was left behind. */
const STALE_MS = 90_000;
const BREAKER_STALE_MS = 10_000;
const PATIENCE_MS = 120_000;
const PAUSE_MS = 50;

/**
 * Works alone among all processes that use the same file as a lock. A lock whose process died is taken over at once.
 * @throws LockError when another process works on it for two minutes.
 */
export async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const mark = `${hostname()} ${process.pid} ${Math.random().toString(36).slice(2)}`;
  const deadline = performance.now() + PATIENCE_MS;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  while (!create(path, mark)) {
    removeStale(path);
    if (performance.now() > deadline) throw new LockError(`${path} is held by another process.`, `rm ${path}`);
    await delay(PAUSE_MS + Math.random() * PAUSE_MS);
  }
  try {
    return await work();
  } finally {
    // Taken over by now, it is somebody else's.
    if (read(path) === mark) rmSync(path, { force: true });
  }
}

/** Only one process at a time may remove: or a second one would remove what the first has just made anew. */
function removeStale(path: string): void {
  if (!isStale(path, STALE_MS)) return;
  const breaker = `${path}.break`;
  if (isStale(breaker, BREAKER_STALE_MS)) rmSync(breaker, { force: true });
  if (!create(breaker, `${hostname()} ${process.pid}`)) return;
  try {
    if (isStale(path, STALE_MS)) rmSync(path, { force: true });
  } finally {
    rmSync(breaker, { force: true });
  }
}

function create(path: string, mark: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    try {
      writeFileSync(file, mark);
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(path: string, ageMs: number): boolean {
  const [host, pid] = (read(path) ?? '').split(' ');
  if (host === hostname() && pid && !isAlive(Number(pid))) return true;
  try {
    return Date.now() - statSync(path).mtimeMs > ageMs;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
