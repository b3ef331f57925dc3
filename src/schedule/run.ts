import { appendFileSync, chmodSync, mkdirSync, renameSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, loadHeartbeat, saveHeartbeat, type Heartbeat } from './record.ts';

/** What a scheduled run is told by the process. */
interface Surroundings {
  /** Where log and heartbeat go. */
  directory: string;
  now(): Date;
  /** What a scheduler mails or keeps: written to only when the run failed. */
  complain(text: string): unknown;
}

const LARGEST_LOG = 1024 * 1024;
const LOGS_KEPT = 4;
/** Lines that are repeated to the scheduler after a failure. */
const LINES_REPEATED = 100;

/** The log of the runs, newest last. */
export function logPath(directory: string): string {
  return join(directory, 'fetch.log');
}

/**
 * Runs what a schedule started: every remark goes to the log with its time, the start and the end to the heartbeat, and
 * nothing to the scheduler unless it failed.
 * @param run does the work, with a place for its remarks. @returns its exit code.
 */
export async function runScheduled(
  surroundings: Surroundings,
  run: (remark: (text: string) => void) => Promise<number>,
): Promise<number> {
  const { directory, now, complain } = surroundings;
  const lines: string[] = [];
  const log = openLog(directory, now, complain);
  const remark = (text: string) => {
    for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
      lines.push(line);
      log(line);
    }
    if (lines.length > LINES_REPEATED) lines.splice(0, lines.length - LINES_REPEATED);
  };
  const started = now();
  const heartbeat: Heartbeat = {
    started_at: started.toISOString(),
    ended_at: null,
    exit_code: null,
    message: null,
    pid: process.pid,
    node: process.version,
  };
  // One that finds another at work leaves the word to it.
  const other = loadHeartbeat(directory);
  const isSecond = other !== undefined && other.pid !== process.pid && isAlive(other, started);
  // A full disk is no reason not to try: the run will say so itself.
  const save = (state: Heartbeat) => {
    if (isSecond) return;
    try {
      saveHeartbeat(directory, state);
    } catch (error) {
      complain(`the heartbeat could not be written: ${(error as Error).message}\n`);
    }
  };
  save(heartbeat);
  log('started');
  const code = await run(remark);
  const seconds = Math.round((now().getTime() - started.getTime()) / 1000);
  log(`ended with ${code} after ${seconds} s`);
  // The line before the hint says what it was.
  const message = lines.findLast((line) => !line.startsWith('  → ')) ?? null;
  save({ ...heartbeat, ended_at: now().toISOString(), exit_code: code, message });
  if (code !== 0) complain(`${lines.join('\n')}\n`);
  return code;
}

function openLog(directory: string, now: () => Date, complain: (text: string) => unknown): (line: string) => void {
  const path = logPath(directory);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    rotate(path);
    // launchd appends to this one and never ends it.
    const launchd = join(directory, 'launchd.log');
    if (sizeOf(launchd) > LARGEST_LOG) truncateSync(launchd);
  } catch (error) {
    complain(`the log could not be opened: ${(error as Error).message}\n`);
  }
  let isBroken = false;
  return (line) => {
    if (isBroken) return;
    try {
      appendFileSync(path, `${now().toISOString()} ${line}\n`, { mode: 0o600 });
    } catch (error) {
      isBroken = true;
      complain(`the log could not be written: ${(error as Error).message}\n`);
    }
  };
}

/** Makes room: `fetch.log` becomes `fetch.log.1`, and so on, the oldest goes. */
function rotate(path: string): void {
  if (sizeOf(path) <= LARGEST_LOG) {
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) chmodSync(path, 0o600);
    return;
  }
  const names = [path, ...Array.from({ length: LOGS_KEPT }, (_, i) => `${path}.${i + 1}`)];
  for (let i = names.length - 1; i > 0; i--) {
    if (sizeOf(names[i - 1] as string) >= 0) renameSync(names[i - 1] as string, names[i] as string);
  }
}

/** Bytes, or -1 when there is no such file. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? -1;
}
