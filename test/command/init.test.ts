import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { queryRows } from '../helper/query-database.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';

test('the sample has its 36 posts and their sums', async () => {
  const home = makeHome();
  expect(await runCli(['init', '--sample'], { home })).toMatchObject({ code: 0 });
  expect(
    queryRows(
      home,
      'SELECT count(*), sum(views_count), sum(likes_count), sum(comments_count), sum(shares_count) FROM social_media_post_analytics',
    ),
  ).toEqual([[36, 32_092, 4_043, 31, 7]]);
  expect(
    queryRows(
      home,
      'SELECT total_views, total_likes, total_comments, total_shares, posts_count FROM social_media_analytics_snapshots',
    ),
  ).toEqual([[32_092, 4_043, 31, 7, 36]]);
  expect(
    queryRows(
      home,
      `SELECT post_id, views, likes, comments, caption FROM content_performance ORDER BY views DESC LIMIT 1`,
    ),
  ).toEqual([
    [
      '7429779620297231647',
      23_289,
      3_868,
      11,
      '💧 DIY Sprinkler Blocker #DIYhome #WaterproofingHacks #SprinklerSolutions',
    ],
  ]);
  expect(
    queryRows(
      home,
      `SELECT count(*) FROM social_media_posts WHERE external_post_id IN ('7574994077389786382', '7573011990407433486')`,
    ),
  ).toEqual([[2]]);
});

test('the hashtags of the sample come most used first, as they were written', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const { stdout } = await runCli(['report', '--json'], { home });
  const { data } = JSON.parse(stdout) as { data: { top_hashtags: { written: string; tag: string }[] } };
  expect(data.top_hashtags.map(({ written }) => written)).toEqual([
    'test',
    'greenscreen',
    'CourseCreation',
    'AutomationTools',
    'WorkSmarter',
    'DIYhome',
    'WaterproofingHacks',
    'SprinklerSolutions',
  ]);
  expect(data.top_hashtags.every(({ tag }) => tag === tag.toLowerCase())).toBe(true);
});

test('a second fetch of the sample on the same day leaves every count as it is', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const tables = [
    'social_media_accounts',
    'social_media_analytics_snapshots',
    'social_media_posts',
    'social_media_post_analytics',
  ];
  const counts = () =>
    [...tables, 'social_media_hashtags', 'social_media_post_hashtags'].map((table) =>
      queryRows(home, `SELECT count(*) FROM ${table}`),
    );
  const before = counts();
  const metrics = queryRows(home, 'SELECT * FROM social_media_post_analytics');
  expect(await runCli(['fetch', 'tiktok', 'isaiah_dupree'], { home })).toMatchObject({ code: 0 });
  expect(await runCli(['fetch'], { home })).toMatchObject({ code: 0 });
  expect(counts()).toEqual(before);
  expect(queryRows(home, 'SELECT * FROM social_media_post_analytics')).toEqual(metrics);
});

test('the sample is marked wherever it shows', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  for (const report of [['report'], ['report', 'account'], ['report', 'posts'], ['report', 'growth']]) {
    const { stdout, stderr } = await runCli(report, { home });
    expect(stdout, report.join(' ')).toContain('isaiah_dupree (sample)');
    expect(stderr, report.join(' ')).toContain('these are sample numbers, not real ones');
  }
  const { stdout } = await runCli(['report', 'posts', '--format', 'csv'], { home });
  expect(stdout).toContain('"isaiah_dupree (sample)"');
});

test('config and database are readable by their owner alone', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home: join(home, 'new') });
  expect(statSync(join(home, 'new')).mode & 0o777).toBe(0o700);
  for (const file of ['config.toml', 'smstats.db'])
    expect(statSync(join(home, 'new', file)).mode & 0o777, file).toBe(0o600);
});

test('without a terminal a missing answer is exit 2 and nothing is made', async () => {
  const home = join(makeHome(), 'new');
  const { code, stderr } = await runCli(['init'], { home });
  expect(code).toBe(2);
  expect(stderr).toContain('smstats init --yes --account tiktok:<username>');
  expect(existsSync(home)).toBe(false);
});

test('accounts by flag are tracked, and the next step names the missing key', async () => {
  const home = makeHome();
  const { code, stderr } = await runCli(
    ['init', '--yes', '--account', 'tiktok:@One', '--account', 'https://www.tiktok.com/@two'],
    { home },
  );
  expect(code).toBe(0);
  expect(stderr).toContain('smstats config set credentials.rapidapi_key');
  expect(queryRows(home, 'SELECT platform, username FROM social_media_accounts ORDER BY id')).toEqual([
    ['tiktok', 'one'],
    ['tiktok', 'two'],
  ]);
});

test('a second init keeps what is there', async () => {
  const home = makeHome();
  await runCli(['init', '--yes', '--account', 'tiktok:one'], { home });
  await runCli(['config', 'set', 'fetch.posts', '7'], { home });
  const before = readFileSync(join(home, 'config.toml'), 'utf8');
  expect(await runCli(['init', '--yes', '--account', 'tiktok:one'], { home })).toMatchObject({ code: 0 });
  expect(readFileSync(join(home, 'config.toml'), 'utf8')).toBe(before);
  expect(queryRows(home, 'SELECT count(*) FROM social_media_accounts')).toEqual([[1]]);
});

test('the time zone of an existing file stays, and is added where there is none', async () => {
  const home = makeHome();
  writeFileSync(join(home, 'config.toml'), 'timezone = "Asia/Tokyo" # mine\n', { mode: 0o600 });
  await runCli(['init', '--yes'], { home, env: { SMSTATS_TIMEZONE: 'Europe/Berlin' } });
  expect(readFileSync(join(home, 'config.toml'), 'utf8')).toBe('timezone = "Asia/Tokyo" # mine\n');
  writeFileSync(join(home, 'config.toml'), '[fetch]\nposts = 5\n', { mode: 0o600 });
  await runCli(['init', '--yes'], { home, env: { SMSTATS_TIMEZONE: 'Europe/Berlin' } });
  expect(readFileSync(join(home, 'config.toml'), 'utf8')).toBe('timezone = "Europe/Berlin"\n[fetch]\nposts = 5\n');
});
