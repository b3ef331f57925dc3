import { formatAgo } from '../../core/time.ts';
import { SmstatsError } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import { listAccounts } from '../../query/list-accounts.ts';
import { loadHeartbeat, loadInstalled } from '../../schedule/record.ts';
import { logPath } from '../../schedule/run.ts';
import type { SystemName } from '../../schedule/scheduler.ts';
import {
  describeRun,
  findPlaces,
  findRunProblems,
  findSilence,
  lastTurn,
  overdueAfter,
  readTimes,
  type LastRun,
  type Problem,
} from '../../schedule/state.ts';
import { describeTimes, listNextRuns, type Times } from '../../schedule/times.ts';
import { systemTimezone } from '../../schedule/when.ts';
import { findInstallation } from './installation.ts';
import { prove } from './prove.ts';

const HOUR_MS = 3_600_000;

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
  last_run: LastRun | null;
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
  const { places, problems: placeProblems } = await findPlaces(installation, record, times);
  const problems = textsOf(placeProblems);
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
  if (isInstalled && lastRun) problems.push(...textsOf(findRunProblems(lastRun)));
  if (isInstalled && record && times) {
    problems.push(...textsOf(findSilence(record, times, heartbeat, now, timezone)));
  }
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

async function askAccounts(
  context: Context,
  times: Times | undefined,
  timezone: string,
  isInstalled: boolean,
  problems: string[],
): Promise<Pick<ScheduleStatus, 'accounts' | 'overdue'>> {
  const now = context.now();
  const hours = overdueAfter(times, now, timezone);
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

function textsOf(problems: readonly Problem[]): string[] {
  return problems.map(({ text }) => text);
}

function describeOverdue(overdue: readonly AccountStatus[], hours: number, now: Date): string {
  const names = overdue.map(
    ({ platform, username, last_success_at: at }) =>
      `${platform} @${username} (${at === null ? 'never' : formatAgo(new Date(at), now)})`,
  );
  return `not fetched for more than ${Math.round(hours)} hours: ${names.join(', ')}`;
}
