import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seededRandom } from '../../src/insight/random.ts';
import { openStore } from '../../src/store/open.ts';
import { saveHashtags } from '../../src/store/post.ts';
import { addDays } from '../../src/core/time.ts';
import { seedAccount } from '../helper/temp-store.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';

const FIRST_DAY = '2026-02-01';

/** 160 posts, one a day by turns at 09:30 and 18:30 UTC, those in the evening with twice the views and #night. */
async function seedEvenings(home: string, factor: number): Promise<void> {
  const store = await openStore({ database: join(home, 'smstats.db'), create: true, appVersion: '0.0.0-test' });
  const anna = await seedAccount(store, 'anna');
  const days = Array.from({ length: 200 }, (_, index) => addDays(FIRST_DAY, index));
  const fetched = days.map((day) => ({ account_id: anna, snapshot_date: day, captured_at: `${day}T03:00:00.000Z` }));
  await store.db.insertInto('social_media_analytics_snapshots').values(fetched).execute();
  const posts = days.slice(0, 160).map((day, index) => ({
    account_id: anna,
    platform: 'tiktok',
    external_post_id: `p${index}`,
    posted_at: `${day}T${index % 2 === 0 ? '09' : '18'}:30:00.000Z`,
    media_type: 'video' as const,
  }));
  const ids = await store.db.insertInto('social_media_posts').values(posts).returning('id').execute();
  const captions = ids.map(({ id }, index) => ({ id, caption: index % 2 === 0 ? '#day' : '#night' }));
  await saveHashtags(store.db, captions);
  const random = seededRandom(7);
  const rows = ids.flatMap(({ id }, index) => {
    const final = 1000 * (0.5 + random()) * (index % 2 === 0 ? 1 : factor);
    return Array.from({ length: 30 }, (_, at) => at + 1).map((age) => ({
      post_id: id,
      snapshot_date: addDays(days[index] as string, age),
      views_count: Math.round((final * age) / (age + 2)),
    }));
  });
  for (let start = 0; start < rows.length; start += 1000)
    await store.db
      .insertInto('social_media_post_analytics')
      .values(rows.slice(start, start + 1000))
      .execute();
  await store.close();
}

test('best times say how much better, of how many posts, on the clock of the time zone', async () => {
  const home = makeHome();
  await seedEvenings(home, 2);
  const { stdout } = await runCli(['report', 'best-times', '--timezone', 'Asia/Tokyo'], { home });
  // 18:30 UTC is half past three in the morning in Tokyo.
  expect(stdout).toMatch(/@anna +140 +evidence +0\.0010 +any day 03-06 +[12]\.\d\d +1\.\d\d +\d\.\d\d +70/);
  expect(stdout).toMatch(/^any day 18-21 +70 .* 0\.0010 +worse$/m);
  expect(stdout).toMatch(/^Mon +· +[▅▆▇] 10 +· +· +· +· +[▁▂▃] 10 +·$/m);
  const { data } = JSON.parse((await runCli(['report', 'best-times', '--json'], { home })).stdout) as {
    data: { window: object; accounts: { cells: unknown[]; seed: number; permutations: number }[] };
  };
  expect(data.window).toEqual({ from: '2025-11-22', to: '2026-11-22', time_zone: 'UTC' });
  expect(data.accounts[0]?.cells).toHaveLength(56);
  expect(data.accounts[0]).toMatchObject({ permutations: 999, verdict: 'evidence' });
});

test('no evidence is said plainly, with times to try', async () => {
  const home = makeHome();
  await seedEvenings(home, 1);
  const { stdout } = await runCli(['report', 'best-times'], { home });
  expect(stdout).toMatch(/@anna +140 +no evidence +0\.\d+ +— +— +— +— +— +\w{3} \d\d-\d\d/);
  expect(stdout).toContain('no evidence that it is more than chance');
  const hashtags = await runCli(['report', 'hashtags'], { home });
  expect(hashtags.stdout).toContain('No evidence for any of 2 hashtags (false-discovery rate 5 %)');
});

test('hashtags have a lift with its interval, and are no cause', async () => {
  const home = makeHome();
  await seedEvenings(home, 2);
  const { stdout, stderr } = await runCli(['report', 'hashtags', '--age', '48h'], { home });
  expect(stdout).toContain('compared at 48 hours');
  expect(stdout).toMatch(/#night +80 +[\d,]+ +— +70 +70 +\+\d+\.\d\d % +\+\d+\.\d\d % +\+\d+\.\d\d % +0\.00 +more/);
  expect(stderr).toContain('association, not a cause');
});

test('decay is a curve with the number of its posts', async () => {
  const home = makeHome();
  await seedEvenings(home, 1);
  const { stdout } = await runCli(['report', 'decay', '--final', '14'], { home });
  expect(stdout).toContain('what they have at 14 days');
  expect(stdout).toMatch(/@anna +video +views +7 +███████░ +8\d % .* 160 +160/);
  expect(stdout).toMatch(/@anna +video +views +14 +████████ 100 %/);
});

test('flags that mean nothing are refused', async () => {
  const home = makeHome();
  expect(await runCli(['report', 'best-times', '--age', '3d'], { home })).toMatchObject({ code: 2 });
  expect(await runCli(['report', 'decay', '--final', '0'], { home })).toMatchObject({ code: 2 });
});
