import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { queryDatabase } from '../helper/query-database.ts';
import { makeHome, runCli, type CliResult } from '../helper/run-cli.ts';
import { makeAccount, sendJson, startTikwmServer, type TikwmServer } from '../helper/tikwm-server.ts';

let home: string;
let server: TikwmServer;

beforeEach(async () => {
  home = makeHome();
  server = await startTikwmServer({ alpha: makeAccount(5, 1), beta: makeAccount(5, 2) });
  onTestFinished(() => server.close());
  await runCli(['config', 'set', 'providers.tiktok-scraper7.base_url', server.url], { home });
  await runCli(['config', 'set', 'platforms.tiktok.providers', 'tiktok-scraper7'], { home });
  await runCli(['accounts', 'add', 'tiktok', 'alpha'], { home });
});

/** What a schedule runs, at an instant. */
function trigger(now: Date, timezone = 'UTC'): Promise<CliResult> {
  const env = { RAPIDAPI_KEY: 'key', SMSTATS_TIMEZONE: timezone };
  return runCli(['fetch', '--if-due', '--scheduled', 'default'], { home, env, now });
}

async function triggerHourly(from: string, count: number, minute = 17): Promise<CliResult[]> {
  const results = [];
  for (let hour = 0; hour < count; hour++) {
    results.push(await trigger(new Date(Date.parse(`${from}T00:00:00Z`) + hour * 3_600_000 + minute * 60_000)));
  }
  return results;
}

/** How often an account was asked for. */
const asked = (name = 'alpha') =>
  server.requests.filter(({ path, query }) => path === '/user/info' && query['unique_id'] === name).length;

const query = (sql: string) => queryDatabase(home, sql);

const schedule = (name: string) => readFileSync(join(home, 'schedule/default', name), 'utf8');

test('24 triggers of a day fetch once', async () => {
  const results = await triggerHourly('2026-11-22', 24);
  expect(results.map(({ code }) => code)).toEqual(Array(24).fill(0));
  expect(results.every(({ stdout, stderr }) => stdout === '' && stderr === '')).toBe(true);
  expect(asked()).toBe(1);
  expect(query('SELECT status, date FROM analytics_fetch_jobs')).toEqual([{ status: 'completed', date: '2026-11-22' }]);
  expect(schedule('fetch.log').match(/started$/gm)).toHaveLength(24);
  expect(schedule('fetch.log').match(/every account has its numbers of today$/gm)).toHaveLength(23);
  expect(JSON.parse(schedule('last-run.json'))).toMatchObject({ exit_code: 0, started_at: '2026-11-22T23:17:00.000Z' });
});

test('what fails three times and then works is asked for four times', async () => {
  server.fault = (_, response) => asked() <= 3 && sendJson(response, { message: 'refused' }, 403);
  const results = await triggerHourly('2026-11-22', 24);
  expect(asked()).toBe(4);
  expect(results.filter(({ code }) => code !== 0)).toHaveLength(3);
  expect(query('SELECT status FROM analytics_fetch_jobs ORDER BY id').map(({ status }) => status)).toEqual([
    'failed',
    'failed',
    'failed',
    'completed',
  ]);
  expect(query('SELECT count(*) AS days FROM social_media_analytics_snapshots')).toEqual([{ days: 1 }]);
});

test('what never works is asked for seven times a day, over the day, and afresh the next day', async () => {
  server.fault = (_, response) => sendJson(response, { message: 'refused' }, 403);
  await triggerHourly('2026-11-22', 24);
  const tries = () =>
    query('SELECT started_at FROM analytics_fetch_jobs ORDER BY id').map(({ started_at: at }) =>
      String(at).slice(8, 16),
    );
  expect(tries()).toEqual(['22T00:17', '22T01:17', '22T02:17', '22T03:17', '22T05:17', '22T09:17', '22T17:17']);
  await triggerHourly('2026-11-23', 2);
  expect(tries().slice(7)).toEqual(['23T00:17', '23T01:17']);
  expect(schedule('fetch.log')).toContain(
    'tiktok @alpha failed 4 times today and is asked again after 2026-11-22T05:12Z; at once: smstats fetch tiktok alpha',
  );
  expect(schedule('fetch.log')).toContain('failed 7 times today and is asked again tomorrow;');
});

test('one that waits does not hold up the others, and by name it is asked at once', async () => {
  await runCli(['accounts', 'add', 'tiktok', 'beta'], { home });
  server.fault = (request, response) =>
    request.query['unique_id'] === 'alpha' && sendJson(response, { message: 'refused' }, 403);
  const codes = (await triggerHourly('2026-11-22', 5)).map(({ code }) => code);
  expect(asked('beta')).toBe(1);
  // Some were stored; then alpha alone failed; then it waited.
  expect(codes).toEqual([3, 4, 4, 4, 0]);
  server.fault = undefined;
  const now = new Date('2026-11-22T04:30:00Z');
  const byHand = await runCli(['fetch', 'tiktok', 'alpha'], { home, env: { RAPIDAPI_KEY: 'key' }, now });
  expect(byHand.code).toBe(0);
});

test('a failure is told to the scheduler once, with the reason and without the key', async () => {
  server.fault = (_, response) => sendJson(response, { message: 'Invalid API key canary-key' }, 401);
  const env = { RAPIDAPI_KEY: 'canary-key', SMSTATS_TIMEZONE: 'UTC' };
  const failed = await runCli(['fetch', '--if-due', '--scheduled', 'default'], { home, env });
  expect(failed.code).toBe(4);
  expect(failed.stdout).toBe('');
  expect(failed.stderr).toContain('tiktok-scraper7 refused');
  for (const text of [failed.stderr, schedule('fetch.log'), schedule('last-run.json')]) {
    expect(text).not.toContain('canary-key');
  }
  expect(JSON.parse(schedule('last-run.json'))).toMatchObject({ exit_code: 4 });
  expect(statSync(join(home, 'schedule/default/fetch.log')).mode & 0o777).toBe(0o600);
});

describe('each day of the zone has its numbers once, also when the clock changes', () => {
  test.each([
    ['Europe/Berlin', '2026-03-29', 23],
    ['Europe/Berlin', '2026-10-25', 25],
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-01', 25],
    // At midnight: the day has no first hour, or the last one twice.
    ['Africa/Cairo', '2026-04-24', 23],
    ['Africa/Cairo', '2026-10-29', 25],
    // By half an hour.
    ['Australia/Lord_Howe', '2026-10-04', 23],
    ['Australia/Lord_Howe', '2026-04-05', 25],
  ])('%s, %s', async (timezone, day, hours) => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone });
    const first = Date.parse(`${day}T00:17:00Z`) - 40 * 3_600_000;
    const runs = Array.from({ length: 100 }, (_, hour) => new Date(first + hour * 3_600_000));
    expect(runs.filter((run) => format.format(run) === day)).toHaveLength(hours);
    for (const run of runs) expect((await trigger(run, timezone)).code).toBe(0);
    const days = [...new Set(runs.map((run) => format.format(run)))];
    expect(asked()).toBe(days.length);
    expect(query('SELECT snapshot_date FROM social_media_analytics_snapshots ORDER BY 1')).toEqual(
      days.map((each) => ({ snapshot_date: each })),
    );
  });
});

test('a name that is no schedule is refused, and makes no directory', async () => {
  const { code, stderr } = await runCli(['fetch', '--if-due', '--scheduled', '../../x'], { home });
  expect(code).toBe(2);
  expect(stderr).toContain('is no name of a schedule');
  expect(existsSync(join(home, 'schedule'))).toBe(false);
});

test('--home leads to the same place as SMSTATS_HOME', async () => {
  const { stdout } = await runCli(['--home', home, 'accounts', 'list'], { home: makeHome() });
  expect(stdout).toContain('alpha');
  expect(await runCli(['--home', '', 'accounts', 'list'], { home })).toMatchObject({ code: 2 });
});
