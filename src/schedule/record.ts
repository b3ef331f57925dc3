import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWholeFile } from '../core/file.ts';
import type { SystemName } from './scheduler.ts';

/** What was installed: written beside the schedule, because each system tells it in a form of its own. */
export interface Installed {
  system: SystemName;
  expression: string;
  argv: string[];
  installed_at: string;
}

/** What became of the latest scheduled run. Kept as a file: the database may be what failed. */
export interface Heartbeat {
  started_at: string;
  /** Null while it runs, and for good when it was killed. */
  ended_at: string | null;
  exit_code: number | null;
  /** The last remark, or the error. */
  message: string | null;
  pid: number;
  node: string;
}

/** Where an installation keeps its schedule's record, heartbeat and logs. */
export function scheduleDirectory(dataDirectory: string, id: string): string {
  return join(dataDirectory, 'schedule', id);
}

export function installedPath(directory: string): string {
  return join(directory, 'installed.json');
}

export function renderInstalled(installed: Installed): string {
  return `${JSON.stringify(installed, null, 2)}\n`;
}

/** The record of what was installed, or undefined when there is none that can be read. */
export function loadInstalled(directory: string): Installed | undefined {
  const { system, expression, argv, installed_at: at } = load(installedPath(directory));
  const isCommand =
    Array.isArray(argv) && argv.length > 1 && argv.every((word) => typeof word === 'string' && !word.includes('\0'));
  if (!isSystem(system) || typeof expression !== 'string' || !isCommand || !isInstant(at)) return undefined;
  return { system, expression, argv: argv as string[], installed_at: at };
}

/** The latest heartbeat, or undefined when there is none that can be read. */
export function loadHeartbeat(directory: string): Heartbeat | undefined {
  const {
    started_at: start,
    ended_at: end = null,
    exit_code: code,
    message,
    pid,
    node,
  } = load(heartbeatPath(directory));
  if (!isInstant(start) || (end !== null && !isInstant(end)) || !Number.isInteger(pid)) return undefined;
  return {
    started_at: start,
    ended_at: end,
    exit_code: Number.isInteger(code) ? (code as number) : null,
    message: typeof message === 'string' ? message : null,
    pid: pid as number,
    node: typeof node === 'string' ? node : '',
  };
}

export function saveHeartbeat(directory: string, heartbeat: Heartbeat): void {
  writeWholeFile(heartbeatPath(directory), `${JSON.stringify(heartbeat, null, 2)}\n`, 0o600);
}

/** A run takes minutes; the number of a process that ended is given to another one some day. */
const LONGEST_RUN_MS = 6 * 3_600_000;

/** True while the process of a heartbeat without an end is still there, as far as can be told. */
export function isAlive({ ended_at: endedAt, started_at: startedAt, pid }: Heartbeat, now: Date): boolean {
  if (endedAt !== null || now.getTime() - Date.parse(startedAt) > LONGEST_RUN_MS) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function heartbeatPath(directory: string): string {
  return join(directory, 'last-run.json');
}

/** The fields of a file; none when it cannot be read or is no object. */
function load(path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isInstant(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function isSystem(value: unknown): value is SystemName {
  return value === 'crontab' || value === 'launchd' || value === 'systemd';
}
