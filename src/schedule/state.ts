import { SmstatsError } from '../core/errors.ts';
import { dayIn } from '../core/time.ts';
import { ScheduleError } from './error.ts';
import { listSystems, loadScheduler } from './index.ts';
import type { Installation } from './installation.ts';
import { isAlive, type Heartbeat, type Installed } from './record.ts';
import type { Task } from './scheduler.ts';
import { findLatestRun, listNextRuns, parseCron, type Times } from './times.ts';
import { formatLocal } from './when.ts';

/** Hours after which an account without new numbers is overdue, when the schedule runs daily. */
const OVERDUE_HOURS = 26;
/** Hours that a run may be late. */
const GRACE_HOURS = 2;
const HOUR_MS = 3_600_000;
/** A clock may have been set a little between two runs. */
const EARLY_MS = 5 * 60_000;
/** Enough to see every weekday of a schedule that runs each hour, and a month of one that runs daily. */
const RUNS_LOOKED_AT = 250;

/** What is wrong with a schedule, in a word for those who may not see paths, and in full. */
export interface Problem {
  kind:
    'absent' | 'gone' | 'idle' | 'unknown' | 'changed' | 'unreadable' | 'twice' | 'broken off' | 'failed' | 'silent';
  text: string;
}

/** A scheduled run, and whether it came to its end. */
export type LastRun = Omit<Heartbeat, 'pid'> & { state: 'running' | 'ended' | 'broken off' };

/** The times of what was installed; undefined when they cannot be read. */
export function readTimes({ expression }: Installed): Times | undefined {
  try {
    return parseCron(expression);
  } catch (error) {
    if (error instanceof SmstatsError) return undefined;
    throw error;
  }
}

/** Where a schedule is installed, and what is wrong with that. Asks each system of the machine, and changes nothing. */
export async function findPlaces(
  { machine, id, directory }: Installation,
  record: Installed | undefined,
  times: Times | undefined,
): Promise<{ places: string[]; problems: Problem[] }> {
  const places: string[] = [];
  const problems: Problem[] = [];
  const tell = (kind: Problem['kind'], text: string) => void problems.push({ kind, text });
  for (const system of listSystems(machine.platform)) {
    try {
      const found = await (await loadScheduler(system)).look(machine, id, directory);
      if (found.place === undefined) {
        if (record?.system === system) tell('gone', `the schedule is no longer in ${system}: smstats install-schedule`);
        continue;
      }
      places.push(found.place);
      if (found.problem !== undefined) tell('idle', `${found.place}: ${found.problem}`);
      if (!record || !times) {
        tell('unknown', `what stands in ${found.place} is not on record here: smstats install-schedule`);
      } else if (record.system === system) {
        const task: Task = { id, argv: record.argv, times, directory };
        const isChanged = found.planInstall(task).change !== 'unchanged';
        // A job that is not loaded would be changed by installing it again, too.
        if (isChanged && (system === 'crontab' || found.problem === undefined)) {
          tell('changed', `${found.place} was changed since it was installed: smstats install-schedule`);
        }
      }
    } catch (error) {
      const isAbsent = error instanceof ScheduleError && error.isAbsent;
      if (record?.system === system || !isAbsent) tell('unreadable', (error as Error).message);
    }
  }
  if (places.length === 0 && problems.length === 0) tell('absent', 'no schedule is installed');
  if (places.length > 1) {
    tell('twice', `it is installed twice: smstats install-schedule --uninstall, then once more`);
  }
  return { places, problems };
}

export function describeRun({ pid, ...known }: Heartbeat, now: Date): LastRun {
  const state = known.ended_at === null ? (isAlive({ pid, ...known }, now) ? 'running' : 'broken off') : 'ended';
  return { ...known, state };
}

export function findRunProblems(run: LastRun): Problem[] {
  if (run.state === 'broken off') {
    return [{ kind: 'broken off', text: `the run that started at ${run.started_at} did not come to its end` }];
  }
  if (!run.exit_code) return [];
  const text = `the last run ended with ${run.exit_code}${run.message === null ? '' : `: ${run.message}`}`;
  return [{ kind: 'failed', text }];
}

/** A run that was due since the installation and has left no trace. */
export function findSilence(
  record: Installed,
  times: Times,
  heartbeat: Heartbeat | undefined,
  now: Date,
  timezone: string,
): Problem[] {
  const due = findLatestRun(times, new Date(now.getTime() - GRACE_HOURS * HOUR_MS), timezone);
  if (!due || due.getTime() < Date.parse(record.installed_at)) return [];
  if (heartbeat && Date.parse(heartbeat.started_at) >= due.getTime() - EARLY_MS) return [];
  const text = `nothing has run since the schedule was due at ${formatLocal(due, timezone)}`;
  return [{ kind: 'silent', text }];
}

/** Hours without success that are too many: more than a day, or than the longest pause of a schedule that runs less often. */
export function overdueAfter(times: Times | undefined, now: Date, timezone: string): number {
  if (!times) return OVERDUE_HOURS;
  // The first run of a day that goes well is the one that counts.
  const byDay = new Map<string, number>();
  for (const run of listNextRuns(times, now, timezone, RUNS_LOOKED_AT)) {
    const day = dayIn(timezone, run);
    if (!byDay.has(day)) byDay.set(day, run.getTime());
  }
  // Of today there may be only the later ones left.
  const firsts = [...byDay.values()].slice(1);
  const pauses = firsts.slice(1).map((run, i) => (run - (firsts[i] as number)) / HOUR_MS);
  return Math.max(OVERDUE_HOURS, ...pauses.map((pause) => pause + GRACE_HOURS));
}

/** When an account last had numbers stored, was added or was taken up again: an instant in milliseconds. */
export function lastTurn(account: { created_at: string; updated_at: string; last_fetched_at: string | null }): number {
  return Math.max(Date.parse(account.last_fetched_at ?? account.created_at), Date.parse(account.updated_at));
}
