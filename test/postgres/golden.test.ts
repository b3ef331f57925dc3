import { expect, onTestFinished, test, vi } from 'vitest';
import { nameDatabase } from '../../src/core/database.ts';
import { DATASET_NAMES } from '../../src/core/dataset.ts';
import { testDatabaseUrl } from '../helper/postgres.ts';
import { makeHome, NOW, runCli, type CliResult } from '../helper/run-cli.ts';
import { makeAccount, makeVideo, sendJson, startTikwmServer, type TikwmServer } from '../helper/tikwm-server.ts';

const DAY_MS = 86_400_000;
const KEY = 'golden-7f3a9c2e51d8';

/** One command, days before now. */
type Step = [daysAgo: number, ...argv: string[]];

const FORMATS = [[], ['--json'], ['--format', 'csv'], ['--format', 'markdown']];
const QUESTIONS = [
  ['report'],
  ['report', 'account', 'tiktok', 'alpha'],
  ['report', 'account', 'tiktok', 'beta'],
  ['report', 'posts', '--limit', '100'],
  ...['likes', 'comments', 'shares', 'saves', 'engagement', 'newest'].map((sort) => [
    'report',
    'posts',
    '--sort',
    sort,
  ]),
  ['report', 'posts', '--account', 'tiktok:alpha'],
  ['report', 'growth'],
  ['report', 'growth', '--days', '3'],
  ['report', 'trends'],
  ['report', 'monthly', '--months', '24'],
  ['report', 'compare', '--days', '7'],
  ['report', 'posts', '--search', 'CLIP', '--min-views', '900', '--hashtag', 'clip'],
  ['report', 'anomalies'],
  ['report', 'anomalies', '--backtest', '--days', '60'],
  ['report', 'forecast', '--days', '7'],
  ['digest'],
  ['digest', '--monthly', '--platform', 'tiktok'],
  ['report', 'content'],
  ['content', 'list'],
  ['usage'],
  ['usage', '--days', '2'],
  ['report', 'audience'],
  ['report', 'campaigns'],
  ['report', 'hashtags', '--days', '900'],
  ['report', 'best-times', '--days', '900', '--age', '48h'],
  ['report', 'decay', '--days', '900', '--final', '7'],
  ['roi', 'list'],
  ...['campaign', 'platform', 'video'].map((by) => ['roi', 'report', '--by', by]),
  ['accounts', 'list'],
  ['fetch', '--dry-run'],
  ['providers', 'list'],
  ['login'],
  ['token', 'list'],
  ...DATASET_NAMES.map((name) => ['export', name]),
  ['prune', '--older-than', '3d', '--dry-run'],
];

/** A history with what makes answers differ: unknown numbers, a failure, a gap, a post that appears, equal values. */
const STEPS: Step[] = [
  [0, 'report'],
  [9, 'init', '--sample'],
  [9, 'report'],
  ...FORMATS.flatMap((format) => [['report', 'account'], ['usage']].map((argv): Step => [9, ...argv, ...format])),
  [9, 'accounts', 'add', 'tiktok', 'alpha'],
  [9, 'accounts', 'add', 'tiktok', 'Beta', '--competitor'],
  [9, 'accounts', 'add', 'tiktok', 'alpha'],
  [8, 'fetch', 'tiktok', 'alpha'],
  [8, 'fetch', 'tiktok', 'zoe_ünknown'],
  [8, 'fetch', 'tiktok', 'missing'],
  [7, 'fetch'],
  [6, 'fetch', '--if-due'],
  [6, 'fetch', '--if-due'],
  [4, 'fetch', 'tiktok', 'beta', '--posts', '3'],
  [2, 'fetch'],
  [0, 'fetch', '--json'],
  [0, 'record', 'daily', '--account', 'tiktok:alpha', '--followers', '1200', '--json'],
  [0, 'record', 'audience', '--account', 'tiktok:beta', '--age-18-24', '40.5', '--top-countries', 'Österreich, USA'],
  [0, 'record', 'content', '--account', 'youtube:zed', '--post', 'zed_1', '--views', '7', '--create', '--json'],
  [0, 'record', 'daily', '--account', 'tiktok:nobody', '--followers', '1'],
  [0, 'roi', '--campaign', 'spring', '--cost', '5000', '--revenue', '25000', '--conversions', '150', '--json'],
  [0, 'roi', '--campaign', 'ünder', '--account', 'tiktok:alpha', '--cost', '99.99', '--currency', 'eur'],
  [0, 'audit', '--json'],
  [0, 'accounts', 'pause', 'tiktok', 'gamma'],
  [0, 'content', 'add', 'v2', '--title', 'Zweites', '--published', '2026-01-31', '--duration', '1:30'],
  [0, 'content', 'add', 'v1', '--title', 'First'],
  [0, 'content', 'add', 'é1', '--title', 'Clip', '--clip-of', 'v1'],
  [0, 'content', 'add', 'v1', '--title', 'First', '--url', 'https://example.org/1'],
  ...QUESTIONS.flatMap((argv) => FORMATS.map((format): Step => [0, ...argv, ...format])),
  [0, 'accounts', 'resume', 'tiktok', 'gamma'],
  [0, 'alerts', 'add', 'failed-fetch'],
  [0, 'alerts', 'add', 'stale', '--account', 'tiktok:gamma', '--json'],
  [0, 'alerts', 'add', 'quota', '--threshold', '1'],
  [0, 'alerts', 'add', 'viral', '--threshold', '2', '--brand', 'alpha'],
  [0, 'alerts', 'check', '--dry-run', '--json'],
  [0, 'alerts', 'check', '--exit-code'],
  [0, 'alerts', 'check', '--exit-code', '--json'],
  [0, 'alerts', 'list', '--json'],
  [0, 'alerts', 'list', '--events'],
  [0, 'alerts', 'test', '4', '--json'],
  [0, 'alerts', 'remove', '3'],
  [0, 'content', 'list', '--search', 'ZWEI'],
  [0, 'content', 'remove', 'v1', '--yes'],
  [0, 'content', 'import', 'no-such.csv'],
  [0, 'accounts', 'remove', 'tiktok', 'alpha', '--yes'],
  [0, 'accounts', 'remove', 'tiktok', 'alpha', '--yes'],
  [0, 'report'],
  [0, 'report', 'posts', '--json'],
  [0, 'usage', '--json'],
  [0, 'content', 'add', 'golden-1', '--title', 'Golden video of alpha'],
  [0, 'map', '--limit', '5'],
  [0, 'map', '--auto', '--min-confidence', '0.3'],
  [0, 'map', '--auto', '--again', '--json'],
  [0, 'map', '--review', '--json'],
  [0, 'map', '--calibrate'],
  [0, 'map', '--list'],
  [0, 'import', 'no-such.csv'],
  [0, 'prune', '--older-than', '3d', '--yes', '--quiet'],
  [0, 'report', 'trends', '--json'],
  [0, 'backup', '-o', 'package.json'],
  [0, 'install-schedule', '--status'],
  [0, 'login', 'youtube'],
  [0, 'logout', 'youtube'],
  [0, 'token', 'revoke', 'nobody'],
];

/** The answers of a day: posts grow, one hides a number, one appears, gamma fails in between. */
function setDay(server: TikwmServer, daysAgo: number): void {
  const alpha = makeAccount(12, 1);
  for (const [index, video] of alpha.videos.entries()) {
    video['play_count'] = 1000 + (9 - daysAgo) * 37 * (index % 5);
    if (index % 4 === 0) video['digg_count'] = -1;
  }
  if (daysAgo < 3) alpha.videos.unshift(makeVideo(Math.floor(NOW.getTime() / 1000) - 2 * 86_400, 77, 1));
  const beta = { ...makeAccount(5, 2), followers: daysAgo % 2 === 0 ? 1200 - daysAgo : undefined };
  server.accounts = new Map(Object.entries({ alpha, beta, gamma: makeAccount(4, 3) }));
  server.fault = ({ query }, response) =>
    daysAgo === 7 && query['unique_id'] === 'gamma' ? sendJson(response, '<html>down</html>') : false;
}

async function play(database: string): Promise<(CliResult & { argv: string })[]> {
  const home = makeHome();
  const server = await startTikwmServer();
  onTestFinished(() => server.close());
  const env = { SMSTATS_DATABASE_URL: database, RAPIDAPI_KEY: KEY };
  const results: (CliResult & { argv: string })[] = [];
  await runCli(['config', 'set', 'providers.tiktok-scraper7.base_url', server.url], { home, env });
  await runCli(['config', 'set', 'platforms.tiktok.providers', 'tiktok-scraper7'], { home, env });
  // One after the other: which of two answers first is chance.
  await runCli(['config', 'set', 'fetch.concurrency', '1'], { home, env });
  for (const [daysAgo, ...argv] of [
    ...STEPS.slice(0, 14),
    [9, 'accounts', 'add', 'tiktok', 'gamma'] as Step,
    ...STEPS.slice(14),
  ]) {
    setDay(server, daysAgo);
    const now = new Date(NOW.getTime() - daysAgo * DAY_MS);
    const { code, stdout, stderr } = await runCli(argv, { home, env, now });
    const neutral = (text: string) =>
      text
        .replaceAll(nameDatabase(database), '<database>')
        .replaceAll(home, '<home>')
        .replaceAll(server.url, '<server>')
        // A schedule is named after the home that it is for.
        .replace(/(?<=schedule\/)[0-9a-f]{8}/g, '<id>')
        // When a row was made is the database's own clock.
        .replace(/"(created_at|updated_at|happened_at)": ?"[^"]+"/g, '"$1":"…"')
        .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (instant) => (argv[0] === 'export' ? '…' : instant));
    results.push({ argv: argv.join(' '), code, stdout: neutral(stdout), stderr: neutral(stderr) });
  }
  return results;
}

test('every command prints byte for byte the same on SQLite and on PostgreSQL', { timeout: 120_000 }, async () => {
  const url = await testDatabaseUrl();
  if (url === undefined) throw new Error('this test needs SMSTATS_TEST_DATABASE');
  // The latency of a request is a number of the report: here it is always 0.
  vi.spyOn(performance, 'now').mockReturnValue(0);
  onTestFinished(() => void vi.restoreAllMocks());
  const [onSqlite, onPostgres] = [await play(`${makeHome()}/golden.db`), await play(url)];
  expect(onSqlite.length).toBeGreaterThan(80);
  expect(onSqlite.filter(({ code }) => code === 0).length).toBeGreaterThan(75);
  for (const [index, expected] of onSqlite.entries()) {
    const found = onPostgres[index] as CliResult & { argv: string };
    if (expected.argv === 'report' && index === 0) {
      // There is no database yet, which each says in its own words.
      expect([expected.code, found.code]).toEqual([2, 2]);
      continue;
    }
    expect(found, expected.argv).toEqual(expected);
  }
});
