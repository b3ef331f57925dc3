import { createRoute, z } from '@hono/zod-openapi';
import { findHome } from '../config/path.ts';
import { EXIT_CODES, UsageError } from '../core/errors.ts';
import { addDays, dayIn } from '../core/time.ts';
import type { Context } from '../context.ts';
import { listAccounts, type AccountListing } from '../query/list-accounts.ts';
import { listRecentFailures } from '../query/list-recent-failures.ts';
import { locateInstallation } from '../schedule/installation.ts';
import { loadHeartbeat, loadInstalled } from '../schedule/record.ts';
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
} from '../schedule/state.ts';
import { describeTimes, listNextRuns, type Times } from '../schedule/times.ts';
import { systemTimezone } from '../schedule/when.ts';
import { createBoard, repliesOf, wholeQuery } from './board-request.ts';
import { SCHEDULE } from './board-run-schema.ts';
import type { ServerParts } from './parts.ts';

const FAILURES_SHOWN = 50;
const HOUR_MS = 3_600_000;

/** What is wrong, without the paths and messages that the terminal shows. */
const SENTENCES: Record<Problem['kind'], string> = {
  absent: 'No schedule is installed.',
  gone: 'The schedule is not where it was installed any more.',
  idle: 'The schedule is there, but its system does not run it.',
  unknown: 'A schedule is there that is not on record.',
  changed: 'The schedule was changed since it was installed.',
  unreadable: 'A scheduler of this machine could not be asked.',
  twice: 'The schedule is installed twice.',
  'broken off': 'The last run did not come to its end.',
  failed: 'The last run failed.',
  silent: 'Nothing has run since the schedule was due.',
};

const route = createRoute({
  method: 'get',
  path: '/api/social-media/schedule',
  tags: ['dashboard'],
  summary: 'what is scheduled on this machine, its next and latest run, what failed',
  request: { query: z.object({ days: wholeQuery(1, 365, 7) }) },
  responses: repliesOf('Failures are those of the last `days` days, 50 at most.', SCHEDULE),
});

/** The schedule of the machine that the server runs on. */
export function boardScheduleRoutes({ context }: ServerParts) {
  return createBoard().openapi(route, async (c) => {
    const { days } = c.req.valid('query');
    const { db } = await context.openStore();
    const { timezone } = await context.config();
    const now = context.now();
    const { times, zone, ...schedule } = await lookAtSchedule(context);
    const accounts = await listAccounts(db);
    const hours = overdueAfter(times, now, zone);
    const since = addDays(dayIn(timezone, now), 1 - days);
    const failures = await listRecentFailures(db, since, FAILURES_SHOWN);
    const data = {
      ...schedule,
      last_success_at: latestOf(accounts),
      overdue_hours: Math.round(hours),
      accounts: accounts
        .filter((account) => account.is_active)
        .map((account) => ({
          platform: account.platform,
          username: account.username,
          last_success_at: account.last_fetched_at,
          last_error: account.last_error === null ? null : context.redact(account.last_error),
          is_overdue: lastTurn(account) < now.getTime() - hours * HOUR_MS,
        })),
      failures: failures.map((failure) => ({
        ...failure,
        error_message: failure.error_message === null ? null : context.redact(failure.error_message),
      })),
    };
    return c.json({ success: true as const, data }, 200);
  });
}

/** Asks the machine's schedulers. Nothing is tried out: that takes a process and seconds, and is for the terminal. */
async function lookAtSchedule(context: Context) {
  const zone = systemTimezone();
  const nothing = {
    times: undefined,
    zone,
    is_installed: false,
    system: null,
    expression: null,
    words: null,
    timezone: zone,
    next_run: null,
    last_run: null,
  };
  try {
    const installation = locateInstallation(context, findHome(context.env).dataDirectory);
    const record = loadInstalled(installation.directory);
    const times = record && readTimes(record);
    const now = context.now();
    const { places, problems } = await findPlaces(installation, record, times);
    const heartbeat = loadHeartbeat(installation.directory);
    const run = heartbeat ? describeRun(heartbeat, now) : null;
    const last_run = run && toRun(run);
    if (places.length === 0) return { ...nothing, last_run, problems: sentencesOf(problems) };
    if (run) problems.push(...findRunProblems(run));
    if (record && times) problems.push(...findSilence(record, times, heartbeat, now, zone));
    return {
      ...nothing,
      times,
      is_installed: true,
      system: record?.system ?? null,
      ...(times && describe(times, now, zone)),
      last_run,
      problems: sentencesOf(problems),
    };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // The place of this database cannot stand in a schedule, so there is none.
    return { ...nothing, problems: [error.message] };
  }
}

function describe(times: Times, now: Date, zone: string) {
  const [next] = listNextRuns(times, now, zone, 1);
  return { expression: times.expression, words: describeTimes(times), next_run: next?.toISOString() ?? null };
}

function toRun({ started_at, ended_at, state, exit_code }: LastRun) {
  const meaning = Object.values(EXIT_CODES).find(({ code }) => code === exit_code)?.meaning ?? null;
  return { started_at, ended_at, state, exit_code, meaning };
}

function sentencesOf(problems: readonly Problem[]): string[] {
  return [...new Set(problems.map(({ kind }) => SENTENCES[kind]))];
}

function latestOf(accounts: readonly AccountListing[]): string | null {
  const instants = accounts.flatMap(({ last_fetched_at: at }) => (at === null ? [] : [at]));
  return instants.toSorted().at(-1) ?? null;
}
