import { SmstatsError } from '../../core/errors.ts';
import { formatAgo } from '../../core/time.ts';
import type { Context } from '../../context.ts';
import { listLastSuccesses } from '../../query/list-last-successes.ts';
import { listSystems, loadScheduler } from '../../schedule/index.ts';
import { isAlive, loadHeartbeat, loadInstalled, type Heartbeat, type Installed } from '../../schedule/record.ts';
import { logPath } from '../../schedule/run.ts';
import type { SystemName, Task } from '../../schedule/scheduler.ts';
import { describeTimes, listNextRuns, parseCron, type Times } from '../../schedule/times.ts';
import { findInstallation, type Installation } from './installation.ts';
import { findObstacle } from './prove.ts';
import { formatLocal, formatRun, systemTimezone } from './when.ts';

/** Hours after which an account without new numbers is overdue, when the schedule runs daily. */
const OVERDUE_HOURS = 26;
/** Hours that a run may be late. */
const GRACE_HOURS = 2;
const HOUR_MS = 3_600_000;

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
  accounts: { platform: string; username: string; last_success_at: string | null; is_overdue: boolean }[];
  /** Which accounts have had no success for too long, in words. */
  overdue: string | null;
  problems: string[];
}

/** Looks at the schedule, its latest run and what it brought. Sends and changes nothing. */
export async function askSchedule(context: Context): Promise<ScheduleStatus> {
  const installation = await findInstallation(context);
  const { id, directory } = installation;
  const record = loadInstalled(directory);
  const times = record && readTimes(record);
  const now = context.now();
  const timezone = systemTimezone();
  const problems: string[] = [];
  const places = await findPlaces(installation, record, times, problems);
  const isInstalled = places.length > 0;
  if (record && isInstalled) {
    const obstacle = await findObstacle(context, installation.machine, record.argv);
    if (obstacle) problems.push(obstacle.message);
  }
  const heartbeat = loadHeartbeat(directory);
  const lastRun = heartbeat ? describeRun(heartbeat) : null;
  if (isInstalled && lastRun) problems.push(...findRunProblems(lastRun));
  const accounts = await listAccounts(context, times, now);
  const late = accounts.filter((each) => each.is_overdue);
  const overdue = late.length === 0 ? null : describeOverdue(late, limitOf(times, now), now);
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
    problems,
  };
}

/** Prints the status. @returns 0 when a schedule is installed and all is well. */
export async function printStatus(context: Context): Promise<number> {
  const status = await askSchedule(context);
  const now = context.now();
  const local = (instant: string) => formatLocal(new Date(instant), status.timezone);
  const ago = (instant: string) => `${local(instant)}, ${formatAgo(new Date(instant), now)}`;
  const { last_run: run } = status;
  const problems = [...status.problems, ...(status.overdue === null ? [] : [status.overdue])];
  const facts: [string, string][] = [
    ['installed', status.place ?? 'nowhere'],
    ...(status.words === null
      ? []
      : ([['when', `${status.words} (${status.expression}), ${status.timezone}`]] satisfies [string, string][])),
    ['next run', status.next_run === null ? '—' : formatRun(new Date(status.next_run), now, status.timezone)],
    ['last start', run ? ago(run.started_at) : '—'],
    ['last end', run?.ended_at ? ago(run.ended_at) : run ? run.state : '—'],
    ['last exit', run?.exit_code == null ? '—' : `${run.exit_code}${run.message === null ? '' : `: ${run.message}`}`],
    ['command', status.command?.join(' ') ?? '—'],
    ['log', status.log],
    ...problems.map((problem, i): [string, string] => [i === 0 ? 'problems' : '', problem]),
    ...(problems.length === 0 ? ([['problems', 'none']] satisfies [string, string][]) : []),
  ];
  await context.print({
    command: 'install-schedule --status',
    data: status,
    sections: [
      {
        isFacts: true,
        columns: [
          { key: 'name', label: '', kind: 'text' },
          { key: 'value', label: '', kind: 'text' },
        ],
        rows: facts.map(([name, value]) => ({ name, value })),
      },
      {
        title: 'Last success',
        columns: [
          { key: 'platform', label: 'Platform', kind: 'text' },
          { key: 'username', label: 'Account', kind: 'text' },
          { key: 'last_success_at', label: 'Last success', kind: 'instant' },
          { key: 'remark', label: 'Remark', kind: 'text' },
        ],
        rows: status.accounts.map((account) => ({ ...account, remark: account.is_overdue ? 'overdue' : '' })),
        empty: 'no active account; add one: smstats accounts add tiktok <username>',
      },
    ],
  });
  if (!status.installed) context.say('next: smstats install-schedule');
  return status.installed && problems.length === 0 ? 0 : 1;
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
      if (record?.system !== system) continue;
      problems.push((error as Error).message);
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

function describeRun(heartbeat: Heartbeat): NonNullable<ScheduleStatus['last_run']> {
  const { pid: _, ...known } = heartbeat;
  const state = heartbeat.ended_at === null ? (isAlive(heartbeat) ? 'running' : 'broken off') : 'ended';
  return { ...known, state };
}

function findRunProblems(run: NonNullable<ScheduleStatus['last_run']>): string[] {
  if (run.state === 'broken off') return [`the run that started at ${run.started_at} did not come to its end`];
  if (!run.exit_code) return [];
  return [`the last run ended with ${run.exit_code}${run.message === null ? '' : `: ${run.message}`}`];
}

async function listAccounts(
  context: Context,
  times: Times | undefined,
  now: Date,
): Promise<ScheduleStatus['accounts']> {
  const { db } = await context.openStore();
  const earliest = now.getTime() - limitOf(times, now) * HOUR_MS;
  return (await listLastSuccesses(db)).map(({ created_at: createdAt, ...account }) => ({
    ...account,
    // A new account has had no turn yet.
    is_overdue: Date.parse(account.last_success_at ?? createdAt) < earliest,
  }));
}

/** Hours without success that are too many: more than a day, or than the pauses of a schedule that runs less often. */
function limitOf(times: Times | undefined, now: Date): number {
  if (!times) return OVERDUE_HOURS;
  const runs = listNextRuns(times, now, systemTimezone(), 8).map((run) => run.getTime());
  const pauses = runs.slice(1).map((run, i) => (run - (runs[i] as number)) / HOUR_MS);
  return Math.max(OVERDUE_HOURS, Math.max(...pauses) + GRACE_HOURS);
}

function describeOverdue(overdue: ScheduleStatus['accounts'], hours: number, now: Date): string {
  const names = overdue.map(
    ({ platform, username, last_success_at: at }) =>
      `${platform} @${username} (${at === null ? 'never' : formatAgo(new Date(at), now)})`,
  );
  return `not fetched for more than ${Math.round(hours)} hours: ${names.join(', ')}`;
}
