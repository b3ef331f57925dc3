import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { beforeEach, expect, test } from 'vitest';
import { makeHome, runCli } from '../helper/run-cli.ts';

let home: string;
beforeEach(async () => {
  home = makeHome();
  await runCli(['init', '--sample', '--yes'], { home });
});

const SPRINKLER = '7429779620297231647';

async function postsOf(...flags: string[]): Promise<Record<string, unknown>[]> {
  const { stdout, stderr, code } = await runCli(['report', 'posts', '--json', '--limit', '100', ...flags], { home });
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout) as { data: Record<string, unknown>[] }).data;
}

test.each([
  [['--search', 'SPRINKLER b'], 1],
  [['--hashtag', '#DIYhome', '--min-likes', '3868'], 1],
  [['--hashtag', 'diyhome', '--min-views', '23289', '--min-engagement', '16.66%'], 1],
  [['--min-likes', '3869'], 0],
  [['--min-saves', '0'], 0],
  [['--media-type', 'video'], 36],
  [['--media-type', 'image'], 0],
  [['--brand', 'ISAIAH_dupree', '--basis', 'views'], 36],
  [['--basis', 'reach'], 0],
  [['--since', '2024-10-25', '--until', '2024-10-25'], 1],
  [['--since', '2024-10-26', '--until', '2024-10-26'], 0],
])('report posts %j shows %d', async (flags, count) => {
  expect(await postsOf(...flags)).toHaveLength(count);
});

test('days are those of the configured time zone', async () => {
  // Published at 18:19 UTC: the next day in Tokyo.
  const ids = async (...flags: string[]) => (await postsOf(...flags)).map((post) => post['external_post_id']);
  const next = ['--since', '2024-10-26', '--until', '2024-10-26'];
  expect(await ids(...next, '--timezone', 'Asia/Tokyo')).toEqual([SPRINKLER]);
  expect(await ids(...next, '--timezone', 'UTC')).toEqual([]);
});

test.each([
  [['--since', '2026-02-30'], '--since must be a day such as 2026-01-31, not "2026-02-30".'],
  [['--since', '2026-02-02', '--until', '2026-02-01'], '--until 2026-02-01 is before --since 2026-02-02.'],
  [['--min-views', '1.5'], '--min-views must be a whole number, not "1.5".'],
  [['--min-engagement', 'high'], '--min-engagement must be a percentage such as 2.5, not "high".'],
  [['--hashtag', 'two words'], '--hashtag must be one hashtag such as DIY, not "two words".'],
  [['--hashtag', '2026'], '--hashtag must be one hashtag such as DIY, not "2026".'],
  [['--search', ''], '--search needs some text.'],
  [['--media-type', 'gif'], 'gif'],
])('report posts %j is refused', async (flags, message) => {
  const { code, stderr } = await runCli(['report', 'posts', ...flags], { home });
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('rates of unlike denominators are not ranked in silence', async () => {
  const database = new SqliteDatabase(join(home, 'smstats.db'));
  database.exec("UPDATE social_media_post_analytics SET engagement_basis = 'reach' WHERE post_id = 1");
  database.close();
  const note = 'these rates are of reach and views, which do not compare: choose one with --basis reach';
  const stderr = async (...flags: string[]) => (await runCli(['report', 'posts', ...flags], { home })).stderr;
  expect(await stderr('--sort', 'engagement')).toContain(note);
  expect(await stderr('--min-engagement', '1')).toContain(note);
  expect(await stderr('--sort', 'engagement', '--basis', 'views')).not.toContain('do not compare');
  expect(await stderr('--sort', 'views')).not.toContain('do not compare');
});

test.each(['monthly', 'compare', 'growth', 'trends'])('report %s names reporting period and lifetime', async (name) => {
  const { stdout } = await runCli(['report', name, '--json'], { home });
  expect(stdout).toContain('reporting period');
  if (name !== 'trends') expect(stdout).toContain('lifetime of the posts published in the');
});

test('report compare sets published rates beside one’s own of the same denominator', async () => {
  const { stdout } = await runCli(['report', 'compare', '--days', '1000'], { home });
  expect(stdout).toMatch(/12\.72 % +views +4\.14 % +views +average +3\.07 +Rival IQ TikTok report 2023/);
  expect(stdout).toContain('it is of followers, yours is of views');
  expect(stdout).toContain('only 1 to compare of views, 3 are needed');
});

test('report monthly has a row a month and account, and says what the posts of a month have got', async () => {
  const { stdout } = await runCli(['report', 'monthly', '--months', '26', '--format', 'csv'], { home });
  expect(stdout.split('\r\n')[0]).toContain('"followers_start","followers_end","followers_change","followers_rate"');
  const { data } = JSON.parse((await runCli(['report', 'monthly', '--months', '26', '--json'], { home })).stdout) as {
    data: { accounts: { months: { month: { name: string }; published: { posts: number; views: number } }[] }[] };
  };
  const october = data.accounts[0]?.months.find(({ month }) => month.name === '2024-10');
  expect(october?.published).toMatchObject({ posts: 1, views: 23_289 });
});

test('growth and trends say which views came with posts that were only found', async () => {
  const database = new SqliteDatabase(join(home, 'smstats.db'));
  database.exec(`
    INSERT INTO social_media_analytics_snapshots (account_id, snapshot_date, followers_count, total_views)
      VALUES (1, '2026-11-20', 1, 100);
    INSERT INTO social_media_posts (id, account_id, platform, external_post_id, posted_at)
      VALUES (900, 1, 'tiktok', 'late', '2024-01-01T00:00:00.000Z');
    DELETE FROM social_media_post_analytics;
    INSERT INTO social_media_post_analytics (snapshot_date, post_id, views_count) VALUES ('2026-11-22', 900, 5000)`);
  database.close();
  for (const name of ['growth', 'trends']) {
    const { stderr } = await runCli(['report', name], { home });
    expect(stderr, name).toMatch(/5000 of the \d+ views came with 1 older posts that were only found: no gain/);
  }
});
