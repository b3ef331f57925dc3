import { sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import type { Store } from '../../src/store/open.ts';
import { saveHashtags } from '../../src/store/post.ts';
import { openTempStore, runSql, seedAccount, seedDay, seedPost, seedPostDay } from '../helper/temp-store.ts';

let store: Store;
let account: number;
let post: number;
const all = (text: string) => runSql(store, text);

beforeEach(async () => {
  store = await openTempStore();
  account = await seedAccount(store, 'anna', { display_name: 'Anna' });
  for (const [day, followers] of [
    ['2026-11-01', 10],
    ['2026-11-05', 15],
    ['2026-11-09', null],
  ] as const)
    await seedDay(store, account, day, { followers_count: followers, total_likes: 3, engagement_basis: 'views' });
  post = await seedPost(store, account, '7429779620297231647', {
    caption: 'Look #DIY',
    media_type: 'video',
    posted_at: '2026-10-30T10:00:00.000Z',
  });
  await saveHashtags(store.db, [{ id: post, caption: 'Look #DIY #art' }]);
  await seedPostDay(store, post, '2026-11-01', { likes_count: 5, views_count: 100 });
  await seedPostDay(store, post, '2026-11-05', { likes_count: 9, views_count: 150, comments_count: 2 });
  await seedPostDay(store, post, '2026-11-09', { likes_count: 12, views_count: 400, saves_count: 1, reach_count: 350 });
});

test('latest_account_analytics shows the latest day of active accounts', async () => {
  const paused = await seedAccount(store, 'paused', { is_active: 0 });
  await seedDay(store, paused, '2026-11-09');
  await seedAccount(store, 'new');
  expect(await all('SELECT * FROM latest_account_analytics')).toEqual([
    {
      account_id: account,
      platform: 'tiktok',
      username: 'anna',
      display_name: 'Anna',
      brand: 'anna',
      is_competitor: 0,
      followers_count: null,
      following_count: null,
      posts_count: null,
      total_likes: 3,
      total_comments: null,
      total_views: null,
      total_shares: null,
      engagement_rate: null,
      engagement_basis: 'views',
      avg_likes_per_post: null,
      avg_comments_per_post: null,
      provider_name: 'test',
      last_snapshot_date: '2026-11-09',
    },
  ]);
});

test('post_performance_trends compares the first and the latest day of each post', async () => {
  await seedPost(store, account, 'without-numbers');
  expect(await all('SELECT * FROM post_performance_trends')).toMatchObject([
    {
      external_post_id: '7429779620297231647',
      initial_likes: 5,
      current_likes: 12,
      current_views: 400,
      last_updated: '2026-11-09',
      likes_growth: 7,
      views_growth: 300,
    },
  ]);
});

test('post_performance_trends does not take an unknown number for 0', async () => {
  await runSql(store, "UPDATE social_media_post_analytics SET likes_count = NULL WHERE snapshot_date = '2026-11-01'");
  expect(await all('SELECT initial_likes, current_likes, likes_growth FROM post_performance_trends')).toEqual([
    { initial_likes: null, current_likes: 12, likes_growth: null },
  ]);
});

test('content_performance shows posts with their latest metrics under the names of the API', async () => {
  expect(await all('SELECT * FROM content_performance')).toEqual([
    {
      content_id: post,
      account_id: account,
      platform: 'tiktok',
      post_id: '7429779620297231647',
      post_type: 'video',
      caption: 'Look #DIY',
      hashtags: 'art diy',
      posted_at: '2026-10-30T10:00:00.000Z',
      likes: 12,
      comments: null,
      shares: null,
      saves: 1,
      views: 400,
      reach: 350,
      engagement_rate: null,
      created_at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/) as string,
    },
  ]);
});

test('mapped_content shows what was mapped by hand with four columns', async () => {
  const other = await seedPost(store, account, '2');
  await runSql(store, "INSERT INTO videos (id, title) VALUES ('v1', 'The Video')");
  await runSql(store, "INSERT INTO clips (id, video_id, title) VALUES ('c1', 'v1', 'The Clip')");
  await sql`INSERT INTO social_media_content_mapping (post_id, video_id, confidence_score, matched_by)
    VALUES (${post}, 'v1', 0.95, 'manual')`.execute(store.db);
  await sql`INSERT INTO social_media_content_mapping (post_id, clip_id, status)
    VALUES (${other}, 'c1', 'suggested')`.execute(store.db);
  expect(
    await all('SELECT external_post_id, content_title, views, confidence_score, matched_by FROM mapped_content'),
  ).toEqual([
    {
      external_post_id: '7429779620297231647',
      content_title: 'The Video',
      views: 400,
      confidence_score: 0.95,
      matched_by: 'manual',
    },
  ]);
  await runSql(store, "UPDATE social_media_content_mapping SET status = 'confirmed'");
  expect(await all('SELECT content_title, views FROM mapped_content ORDER BY post_id')).toEqual([
    { content_title: 'The Video', views: 400 },
    { content_title: 'The Clip', views: null },
  ]);
});

test.each([
  ['likes_count', -1],
  ['views_count', 1.5],
  ['engagement_basis', 'luck'],
  ['snapshot_date', 'some day'],
])('a %s of %s is refused also by hand', async (column, value) => {
  const update = sql`UPDATE social_media_post_analytics SET ${sql.ref(column)} = ${value}`.execute(store.db);
  await expect(update).rejects.toThrow(/constraint|datatype|cannot store|invalid input syntax/i);
});
