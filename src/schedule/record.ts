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
  return load<Installed>(installedPath(directory), 'expression');
}

/** The latest heartbeat, or undefined when there is none that can be read. */
export function loadHeartbeat(directory: string): Heartbeat | undefined {
  return load<Heartbeat>(heartbeatPath(directory), 'started_at');
}

export function saveHeartbeat(directory: string, heartbeat: Heartbeat): void {
  writeWholeFile(heartbeatPath(directory), `${JSON.stringify(heartbeat, null, 2)}\n`, 0o600);
}

/** True while the process of a heartbeat without an end is still there. */
export function isAlive({ ended_at: endedAt, pid }: Heartbeat): boolean {
  if (endedAt !== null) return false;
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

function load<T>(path: string, field: keyof T): T | undefined {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as T | null;
    return typeof value?.[field] === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
