import type { Store } from '../../src/store/open.ts';
import { saveHashtags } from '../../src/store/post.ts';
import { seedAccount, seedDay, seedPost, seedPostDay } from '../helper/temp-store.ts';

/** The ids of a small history whose answers can be worked out on paper. */
export interface History {
  anna: number;
  bert: number;
  nasa: number;
}

/**
 * anna (TikTok): days 1, 8, 15, 22 November, four posts. bert (TikTok): one day, one post. nasa (Instagram): two days
 * with a gap, one of them without followers. zoe is paused and has numbers, newt was never fetched.
 */
export async function seedHistory(store: Store): Promise<History> {
  const anna = await seedAccount(store, 'anna', { last_fetched_at: '2026-11-22T03:00:00.000Z' });
  const bert = await seedAccount(store, 'bert', { last_fetched_at: '2026-11-21T03:00:00.000Z', is_competitor: 1 });
  const nasa = await seedAccount(store, 'nasa', { platform: 'instagram', last_fetched_at: '2026-11-22T02:00:00.000Z' });
  const zoe = await seedAccount(store, 'zoe', { is_active: 0, last_fetched_at: '2026-11-20T03:00:00.000Z' });
  await seedAccount(store, 'newt');

  const annas = [
    ['2026-11-01', 100, 1000, 10],
    ['2026-11-08', 110, 1500, 12],
    ['2026-11-15', null, 2100, 20],
    ['2026-11-22', 121, 3000, 22],
  ] as const;
  for (const [day, followers_count, total_views, total_likes] of annas)
    await seedDay(store, anna, day, { followers_count, total_views, total_likes });
  await seedDay(store, bert, '2026-11-21', { followers_count: 50, provider_name: 'sample' });
  await seedDay(store, nasa, '2026-10-01', { followers_count: 0 });
  await seedDay(store, nasa, '2026-11-22', { followers_count: 40 });
  await seedDay(store, zoe, '2026-11-20', { followers_count: 7 });

  const post = async (account: number, id: string, caption: string | null, postedAt: string | null, days: PostDays) => {
    const platform = account === nasa ? 'instagram' : 'tiktok';
    const postId = await seedPost(store, account, id, { platform, caption, posted_at: postedAt });
    await saveHashtags(store.db, [{ id: postId, caption: caption ?? '' }]);
    for (const [day, views_count, likes_count] of days)
      await seedPostDay(store, postId, day, {
        views_count,
        likes_count,
        engagement_rate: views_count && likes_count !== null ? (likes_count / views_count) * 100 : null,
        engagement_basis: views_count && likes_count !== null ? 'views' : null,
      });
  };
  await post(anna, 'a1', 'old and rising #DIY #art', '2026-10-01T10:00:00.000Z', [
    ['2026-11-01', 500, 5],
    ['2026-11-15', 900, 8],
    ['2026-11-22', 1300, 9],
  ]);
  await post(anna, 'a2', 'new one #diy', '2026-11-20T10:00:00.000Z', [['2026-11-22', 700, 7]]);
  await post(anna, 'a3', 'views are hidden #art', '2026-10-02T10:00:00.000Z', [
    ['2026-11-15', null, 3],
    ['2026-11-22', null, 4],
  ]);
  await post(anna, 'a4', 'likes were hidden', '2026-10-03T10:00:00.000Z', [
    ['2026-11-15', 100, null],
    ['2026-11-22', 150, 2],
  ]);
  await post(anna, 'a5', 'old, but seen late', '2026-10-04T10:00:00.000Z', [['2026-11-22', 850, 1]]);
  await post(bert, 'b1', null, null, [['2026-11-21', 60, 6]]);
  await post(nasa, 'n1', '#Moon #DIY', '2026-09-01T10:00:00.000Z', [
    ['2026-10-01', 10, 1],
    ['2026-11-22', 5000, 100],
  ]);
  return { anna, bert, nasa };
}

type PostDays = readonly (readonly [day: string, views: number | null, likes: number | null])[];
