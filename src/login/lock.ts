import { closeSync, mkdirSync, openSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError, LockError, SmstatsError } from '../core/errors.ts';

/** Far longer than what is done under a lock can take: whoever holds it for so long hangs, or cannot be looked for. */
const LONGEST_MS = 15 * 60_000;
const PATIENCE_MS = 120_000;
const PAUSE_MS = 50;
/** Where the system does not say. */
const UNKNOWN = '-';

/** Who made a lock: enough to tell that process from another with its number, and a number from the same one elsewhere. */
interface Holder {
  host: string;
  pid: string;
  /** When the process started, in the kernel's count. */
  start: string;
  /** Numbers of processes mean something within one namespace alone: containers may share a host's name and a directory. */
  namespace: string;
  /** When the lock was made, on the clock that nobody sets. */
  madeMs: string;
}

/**
 * Works alone among all processes that use the same file as a lock. A lock whose process died is taken over at once, one
 * whose process is alive, or of a machine or container that cannot be looked into, after 15 minutes.
 * @throws LockError when another process works on it for two minutes; ConfigError when the lock cannot be made.
 */
export async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const mark = `${describeHolder()} ${Math.random().toString(36).slice(2)}`;
  const deadline = performance.now() + PATIENCE_MS;
  while (!take(path, mark)) {
    if (performance.now() > deadline) throw new LockError(`${path} is held by another process.`, `rm ${path}`);
    await delay(PAUSE_MS + Math.random() * PAUSE_MS);
  }
  try {
    return await work();
  } finally {
    // Taken over by now, it is somebody else's.
    if (read(path) === mark) tryRemove(path);
  }
}

/** This process as it stands in its locks. */
export function describeHolder(madeMs = uptimeMs()): string {
  const { host, pid, start, namespace } = self();
  return [host, pid, start, namespace, Math.round(madeMs)].join(' ');
}

/** @returns false when somebody else has it. What was left behind is removed for the next attempt. */
function take(path: string, mark: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (create(path, mark)) return true;
    removeStale(path);
    return false;
  } catch (cause) {
    if (cause instanceof SmstatsError) throw cause;
    throw new ConfigError(`${path} could not be made: ${(cause as Error).message}.`, {
      hint: `look whether ${dirname(path)} is writable and its disk has room`,
      cause,
    });
  }
}

/** Only one process at a time may remove: or a second one would remove what the first has just made anew. */
function removeStale(path: string): void {
  if (!isStale(path)) return;
  const breaker = `${path}.break`;
  if (isStale(breaker)) rmSync(breaker, { force: true });
  if (!create(breaker, describeHolder())) return;
  try {
    if (isStale(path)) rmSync(path, { force: true });
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

function isStale(path: string): boolean {
  const holder = parseHolder(read(path) ?? '');
  const own = self();
  if (holder && holder.host === own.host && holder.namespace === own.namespace) {
    if (!isRunning(holder)) return true;
    const age = uptimeMs() - Number(holder.madeMs);
    // From before the machine was started anew: the number is another process's by now.
    return age < 0 || age > LONGEST_MS;
  }
  try {
    return Date.now() - statSync(path).mtimeMs > LONGEST_MS;
  } catch {
    return false;
  }
}

function parseHolder(mark: string): Holder | undefined {
  const [host, pid, start, namespace, madeMs] = mark.split(' ');
  if (!host || !pid || !start || !namespace || !madeMs || !Number.isFinite(Number(madeMs))) return undefined;
  return { host, pid, start, namespace, madeMs };
}

function self(): Omit<Holder, 'madeMs'> {
  const pid = String(process.pid);
  return { host: hostname() || UNKNOWN, pid, start: startOf(pid) ?? UNKNOWN, namespace: findNamespace() };
}

function isRunning({ pid, start }: Holder): boolean {
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = startOf(pid);
  return started === undefined || start === UNKNOWN || started === start;
}

/** When a process started, from `/proc`; undefined where there is none. */
function startOf(pid: string): string | undefined {
  const line = read(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses, and may hold anything. The start is the 22nd.
  return line?.slice(line.lastIndexOf(')') + 2).split(' ')[19];
}

function findNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return UNKNOWN;
  }
}

/** A clock that all processes of a machine share and that nobody sets; it does not count while the machine sleeps. */
function uptimeMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

function tryRemove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What was worked out matters more. The lock ends with this process.
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
