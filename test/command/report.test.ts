import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { makeHome, NOW, runCli } from '../helper/run-cli.ts';
import { makeVideo, sendJson, startTikwmServer, type TikwmServer } from '../helper/tikwm-server.ts';

const DAY_MS = 86_400_000;

let home: string;
let server: TikwmServer;

/** Fetches on days before the present one: their distance in days, with the followers and views of that day. */
async function fetchHistory(days: [ago: number, followers: number, views: number][]): Promise<void> {
  for (const [ago, followers, views] of days) {
    const video = { ...makeVideo(1_790_000_000, 0), play_count: views, title: 'A clip with a = sign #Clip' };
    server.accounts.set('alpha', { followers, videos: [video] });
    const now = new Date(NOW.getTime() - ago * DAY_MS);
    const { code, stderr } = await runCli(['fetch', 'tiktok', 'alpha'], {
      home,
      now,
      env: { RAPIDAPI_KEY: 'some-secret-key' },
    });
    expect(code, stderr).toBe(0);
  }
}

beforeEach(async () => {
  home = makeHome();
  server = await startTikwmServer();
  onTestFinished(() => server.close());
  await runCli(['config', 'set', 'providers.tiktok-scraper7.base_url', server.url], { home });
});

test('growth is the last value less the one so many days before, with a rate where most days were seen', async () => {
  await fetchHistory([
    [31, 14_700, 100],
    [30, 14_750, 120],
    [0, 15_250, 900],
  ]);
  const growth = async () => (await runCli(['report', 'growth', '--days', '30'], { home })).stdout;
  expect(await growth()).toMatch(/2026-10-23 +2026-11-22 +30 +3\.33 % +14,750 +15,250 +\+500 +— +\+780/);
  const database = new SqliteDatabase(join(home, 'smstats.db'));
  database.exec(`WITH RECURSIVE day (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM day WHERE n < 20)
    INSERT INTO social_media_analytics_snapshots (account_id, snapshot_date, followers_count)
    SELECT 1, date('2026-11-22', '-' || n || ' days'), 15000 FROM day`);
  database.close();
  expect(await growth()).toMatch(/2026-10-23 +2026-11-22 +30 +70\.00 % +14,750 +15,250 +\+500 +\+3\.39 % +\+780/);
  const { data } = JSON.parse((await runCli(['report', 'growth', '--json'], { home })).stdout) as {
    data: { growth: Record<string, unknown> }[];
  };
  expect(data[0]?.growth['followers_count']).toEqual({
    startDay: '2026-10-23',
    start: 14_750,
    endDay: '2026-11-22',
    end: 15_250,
    change: 500,
    rate: (500 / 14_750) * 100,
    days: 30,
    window: 30,
    observed: 21,
    coverage: 70,
    reason: null,
  });
});

test('the overview shows a week of change, a sparkline and the freshness of the numbers', async () => {
  await fetchHistory([
    [12, 1_000, 10],
    [9, 1_100, 20],
    [2, 1_400, 60],
  ]);
  const { stdout, stderr } = await runCli(['report'], { home });
  expect(stdout).toMatch(/tiktok +@alpha +1,400 +\+300 +7 +60 +\+40/);
  expect(stdout).toContain('▁▃█');
  expect(stderr).toContain('tiktok @alpha: the latest numbers are of 2026-11-20, 2 days old');
});

test('trends compare gains a day with the days before, and name the posts that rose', async () => {
  await fetchHistory([
    [14, 1_000, 100],
    [7, 1_070, 200],
    [0, 1_210, 340],
  ]);
  const { stdout } = await runCli(['report', 'trends'], { home });
  expect(stdout).toMatch(/alpha +Followers +\+140 +7 +20\.0 +10\.0/);
  expect(stdout).toMatch(/alpha +2026-11-15 +2026-11-22 +\+140 +±0 +\d{19} +A clip/);
});

test('an unknown number is an em dash for people, null in JSON and empty in CSV', async () => {
  await fetchHistory([[0, 10, 5]]);
  const database = new SqliteDatabase(join(home, 'smstats.db'));
  database.exec('UPDATE social_media_post_analytics SET views_count = NULL, saves_count = 0');
  database.close();
  expect((await runCli(['report', 'posts'], { home })).stdout).toMatch(/@alpha +2026-09-21 +— +100/);
  const { data } = JSON.parse((await runCli(['report', 'posts', '--json'], { home })).stdout) as {
    data: Record<string, unknown>[];
  };
  expect(data[0]).toMatchObject({ views_count: null, saves_count: 0 });
  expect((await runCli(['report', 'posts', '--format', 'csv'], { home })).stdout).toContain('"2026-09-21",,"100"');
});

// oxlint-disable-next-line no-control-regex -- exactly these must not come through
const DRIVES_TERMINAL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;
const HOSTILE = 'safe\u001b[31m\u001b]0;owned\u0007 \r\u202e\u009b31mevil';

test('a caption cannot drive the terminal, in any format', async () => {
  server.accounts.set('alpha', { videos: [{ ...makeVideo(1_790_000_000, 0), title: HOSTILE }] });
  await runCli(['fetch', 'tiktok', 'alpha'], { home, env: { RAPIDAPI_KEY: 'some-secret-key' } });
  const posts = ['report', 'posts', '--format'];
  for (const argv of [
    ['report'],
    ['report', 'account'],
    ...['table', 'markdown', 'csv', 'json'].map((each) => [...posts, each]),
  ]) {
    const { stdout } = await runCli(argv, { home, columns: 200, env: { NO_COLOR: '1' } });
    expect(stdout, argv.join(' ')).not.toMatch(DRIVES_TERMINAL);
    expect(stdout).toContain('safe');
  }
  const { data } = JSON.parse((await runCli([...posts, 'json'], { home })).stdout) as { data: { caption: string }[] };
  expect(data[0]?.caption).toBe(HOSTILE);
  expect((await runCli([...posts, 'csv'], { home })).stdout).toContain(HOSTILE);
});

test("a provider's complaint cannot drive the terminal, now or in a later report", async () => {
  server.fault = (_request, response) => sendJson(response, { code: -1, msg: HOSTILE });
  const env = { RAPIDAPI_KEY: 'some-secret-key', NO_COLOR: '1' };
  await runCli(['config', 'set', 'platforms.tiktok.providers', 'tiktok-scraper7'], { home });
  for (const argv of [
    ['fetch', 'tiktok', 'alpha'],
    ['fetch', '--verbose'],
    ['fetch', '--json'],
    ['report'],
    ['usage'],
    ['accounts'],
  ]) {
    const { stdout, stderr } = await runCli(argv, { home, env, columns: 200 });
    expect(stdout, argv.join(' ')).not.toMatch(DRIVES_TERMINAL);
    expect(stderr.replaceAll(/^\s+at .*$/gm, ''), argv.join(' ')).not.toMatch(DRIVES_TERMINAL);
    expect(stdout + stderr).toContain('safe');
  }
});

test('--json prints one document with its schema, command, time, data and warnings', async () => {
  await fetchHistory([[0, 10, 5]]);
  for (const argv of [
    ['report'],
    ['report', 'account'],
    ['report', 'posts'],
    ['report', 'growth'],
    ['report', 'trends'],
    ['usage'],
    ['accounts'],
    ['providers'],
    ['config'],
    ['doctor'],
    ['help', 'exit-codes'],
  ]) {
    const { stdout } = await runCli([...argv, '--json'], { home });
    expect(Object.keys(JSON.parse(stdout) as object), argv.join(' ')).toEqual([
      'schema',
      'command',
      'generated_at',
      'data',
      'warnings',
    ]);
  }
});

test('a report of nothing is no failure, and a database that is not there names the next step', async () => {
  await runCli(['init', '--yes'], { home });
  for (const report of ['overview', 'posts', 'growth', 'trends']) {
    expect(await runCli(['report', report], { home }), report).toMatchObject({ code: 0 });
  }
  const missing = await runCli(['report', '--db', join(home, 'nowhere.db')], { home });
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('smstats init');
});
