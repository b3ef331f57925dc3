import { dayIn, formatAgo } from '../../core/time.ts';
import { SmstatsError } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import { listAccounts, type AccountListing } from '../../query/list-accounts.ts';
import { ScheduleError } from '../../schedule/error.ts';
import { listSystems, loadScheduler } from '../../schedule/index.ts';
import { isAlive, loadHeartbeat, loadInstalled, type Heartbeat, type Installed } from '../../schedule/record.ts';
import { logPath } from '../../schedule/run.ts';
import type { SystemName, Task } from '../../schedule/scheduler.ts';
import { describeTimes, findLatestRun, listNextRuns, parseCron, type Times } from '../../schedule/times.ts';
import { findInstallation, type Installation } from './installation.ts';
import { prove } from './prove.ts';
import { formatLocal, systemTimezone } from './when.ts';

/** Hours after which an account without new numbers is overdue, when the schedule runs daily. */
const OVERDUE_HOURS = 26;
/** Hours that a run may be late. */
const GRACE_HOURS = 2;
const HOUR_MS = 3_600_000;
/** A clock may have been set a little between two runs. */
const EARLY_MS = 5 * 60_000;
/** Enough to see every weekday of a schedule that runs each hour, and a month of one that runs daily. */
const RUNS_LOOKED_AT = 250;

/** How fresh an account is. */
interface AccountStatus {
  platform: string;
  username: string;
  last_success_at: string | null;
  /** Why the latest fetch failed; null when it did not. */
  last_error: string | null;
  is_overdue: boolean;
}

/** What is known of a schedule; `problems` is empty when all is well. */
export interface ScheduleStatus {
  id: string;
  installed: boolean;
  system: SystemName | null;
  place: string | null;
  expression: string | null;
  words: string | null;
  timezone: string;
  next_run: string | null;
  command: string[] | null;
  last_run: (Omit<Heartbeat, 'pid'> & { state: 'running' | 'ended' | 'broken off' }) | null;
  log: string;
  accounts: AccountStatus[];
  /** Which accounts have had no success for too long, in words. */
  overdue: string | null;
  problems: string[];
}

/** Looks at the schedule, its latest run and what it brought. Sends and changes nothing. */
export async function askSchedule(context: Context): Promise<ScheduleStatus> {
  const installation = findInstallation(context);
  const { id, directory, machine } = installation;
  const record = loadInstalled(directory);
  const times = record && readTimes(record);
  const now = context.now();
  const problems: string[] = [];
  const places = await findPlaces(installation, record, times, problems);
  const isInstalled = places.length > 0;
  let timezone = systemTimezone();
  if (record && isInstalled) {
    // What is wrong with the database or the configuration is what a status is asked for.
    const { obstacle, found } = await prove(context, machine, record.argv).catch((error: unknown) => ({
      obstacle: error as Error,
      found: undefined,
    }));
    if (obstacle) problems.push(obstacle.message);
    timezone = found?.system_timezone ?? timezone;
  }
  const heartbeat = loadHeartbeat(directory);
  const lastRun = heartbeat ? describeRun(heartbeat, now) : null;
  if (isInstalled && lastRun) problems.push(...findRunProblems(lastRun));
  if (isInstalled && record && times) problems.push(...findSilence(record, times, heartbeat, now, timezone));
  const { accounts, overdue } = await askAccounts(context, times, timezone, isInstalled, problems);
  return {
    id,
    installed: isInstalled,
    system: isInstalled ? (record?.system ?? null) : null,
    place: places.join(' and ') || null,
    expression: (isInstalled && times?.expression) || null,
    words: isInstalled && times ? describeTimes(times) : null,
    timezone,
    next_run: isInstalled && times ? (listNextRuns(times, now, timezone, 1)[0]?.toISOString() ?? null) : null,
    command: isInstalled ? (record?.argv ?? null) : null,
    last_run: lastRun,
    log: logPath(directory),
    accounts,
    overdue,
    problems: [...new Set(problems)],
  };
}

/** Where it is installed; what is wrong with that goes to `problems`. */
async function findPlaces(
  { machine, id, directory }: Installation,
  record: Installed | undefined,
  times: Times | undefined,
  problems: string[],
): Promise<string[]> {
  const places: string[] = [];
  for (const system of listSystems(machine.platform)) {
    try {
      const found = await (await loadScheduler(system)).look(machine, id, directory);
      if (found.place === undefined) {
        if (record?.system === system)
          problems.push(`the schedule is no longer in ${system}: smstats install-schedule`);
        continue;
      }
      places.push(found.place);
      if (found.problem !== undefined) problems.push(`${found.place}: ${found.problem}`);
      if (!record || !times) {
        problems.push(`what stands in ${found.place} is not on record here: smstats install-schedule`);
      } else if (record.system === system) {
        const task: Task = { id, argv: record.argv, times, directory };
        const isChanged = found.planInstall(task).change !== 'unchanged';
        // A job that is not loaded would be changed by installing it again, too.
        if (isChanged && (system === 'crontab' || found.problem === undefined)) {
          problems.push(`${found.place} was changed since it was installed: smstats install-schedule`);
        }
      }
    } catch (error) {
      const isAbsent = error instanceof ScheduleError && error.isAbsent;
      if (record?.system === system || !isAbsent) problems.push((error as Error).message);
    }
  }
  if (places.length === 0 && problems.length === 0) problems.push('no schedule is installed');
  if (places.length > 1) problems.push(`it is installed twice: smstats install-schedule --uninstall, then once more`);
  return places;
}

function readTimes({ expression }: Installed): Times | undefined {
  try {
    return parseCron(expression);
  } catch (error) {
    if (error instanceof SmstatsError) return undefined;
    throw error;
  }
}

function describeRun(heartbeat: Heartbeat, now: Date): NonNullable<ScheduleStatus['last_run']> {
  const { pid: _, ...known } = heartbeat;
  const state = heartbeat.ended_at === null ? (isAlive(heartbeat, now) ? 'running' : 'broken off') : 'ended';
  return { ...known, state };
}

function findRunProblems(run: NonNullable<ScheduleStatus['last_run']>): string[] {
  if (run.state === 'broken off') return [`the run that started at ${run.started_at} did not come to its end`];
  if (!run.exit_code) return [];
  return [`the last run ended with ${run.exit_code}${run.message === null ? '' : `: ${run.message}`}`];
}

/** A run that was due since the installation and has left no trace. */
function findSilence(
  record: Installed,
  times: Times,
  heartbeat: Heartbeat | undefined,
  now: Date,
  timezone: string,
): string[] {
  const due = findLatestRun(times, new Date(now.getTime() - GRACE_HOURS * HOUR_MS), timezone);
  if (!due || due.getTime() < Date.parse(record.installed_at)) return [];
  if (heartbeat && Date.parse(heartbeat.started_at) >= due.getTime() - EARLY_MS) return [];
  return [`nothing has run since the schedule was due at ${formatLocal(due, timezone)}`];
}

async function askAccounts(
  context: Context,
  times: Times | undefined,
  timezone: string,
  isInstalled: boolean,
  problems: string[],
): Promise<Pick<ScheduleStatus, 'accounts' | 'overdue'>> {
  const now = context.now();
  const hours = limitOf(times, now, timezone);
  const earliest = now.getTime() - hours * HOUR_MS;
  try {
    const active = (await listAccounts((await context.openStore()).db)).filter((account) => account.is_active);
    const accounts = active.map((account) => ({
      platform: account.platform,
      username: account.username,
      last_success_at: account.last_fetched_at,
      last_error: account.last_error,
      is_overdue: lastTurn(account) < earliest,
    }));
    const failed = accounts.filter((account) => account.last_error !== null);
    if (isInstalled && accounts.length === 0) problems.push('there is no active account to fetch');
    if (isInstalled) {
      problems.push(
        ...failed.map(
          ({ platform, username, last_error: why }) => `${platform} @${username} failed the last time: ${why}`,
        ),
      );
    }
    const late = accounts.filter((account) => account.is_overdue);
    return { accounts, overdue: late.length === 0 ? null : describeOverdue(late, hours, now) };
  } catch (error) {
    if (!(error instanceof SmstatsError)) throw error;
    problems.push(error.message);
    return { accounts: [], overdue: null };
  }
}

/** When an account last had numbers stored, was added or was taken up again. */
function lastTurn({ created_at: created, updated_at: updated, last_fetched_at: fetched }: AccountListing): number {
  return Math.max(Date.parse(fetched ?? created), Date.parse(updated));
}

/** Hours without success that are too many: more than a day, or than the longest pause of a schedule that runs less often. */
function limitOf(times: Times | undefined, now: Date, timezone: string): number {
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

function describeOverdue(overdue: readonly AccountStatus[], hours: number, now: Date): string {
  const names = overdue.map(
    ({ platform, username, last_success_at: at }) =>
      `${platform} @${username} (${at === null ? 'never' : formatAgo(new Date(at), now)})`,
  );
  return `not fetched for more than ${Math.round(hours)} hours: ${names.join(', ')}`;
}
