import { beforeEach, describe, expect, test } from 'vitest';
import { addDays } from '../../src/core/time.ts';
import { listAgedPosts } from '../../src/query/list-aged-posts.ts';
import { listBestTimes } from '../../src/query/list-best-times.ts';
import { listDecay } from '../../src/query/list-decay.ts';
import { listHashtagLift } from '../../src/query/list-hashtag-lift.ts';
import type { Store } from '../../src/store/open.ts';
import { saveHashtags } from '../../src/store/post.ts';
import { openTempStore, seedAccount, seedDay, seedPost, seedPostDay } from '../helper/temp-store.ts';

const FIRST_DAY = '2026-01-01';
const SINCE = '2025-01-01T00:00:00.000Z';
const AGE = 168;

let store: Store;
let anna: number;
beforeEach(async () => {
  store = await openTempStore();
  anna = await seedAccount(store, 'anna');
});

/** A day on which the account was fetched at 03:00 UTC. */
async function seedFetch(day: string, account = anna): Promise<void> {
  await seedDay(store, account, day, { captured_at: `${day}T03:00:00.000Z` });
}

/** A post with its views by day. */
async function seedViews(id: string, postedAt: string, days: Record<string, number | null>): Promise<void> {
  const postId = await seedPost(store, anna, id, { posted_at: postedAt, media_type: 'video' });
  for (const [day, views_count] of Object.entries(days))
    await seedPostDay(store, postId, day, { views_count, likes_count: null });
}

describe('listAgedPosts', () => {
  const ask = async (...ages: number[]) => (await listAgedPosts(store.db, { ages, postedSince: SINCE }))[0]?.posts;

  test('interpolates between the instants of the fetches, not between days', async () => {
    for (const day of ['2026-01-02', '2026-01-03', '2026-01-04']) await seedFetch(day);
    await seedViews('a', '2026-01-01T12:00:00.000Z', { '2026-01-02': 100, '2026-01-03': 300, '2026-01-04': 500 });
    // 15, 39 and 63 hours after it was published.
    expect(await ask(24, 48, AGE)).toMatchObject([{ views: [175, 375, null], likes: [null, null, null] }]);
  });

  test('reads across a missed day and an unknown number, but not across a longer gap', async () => {
    for (const day of ['2026-01-02', '2026-01-03', '2026-01-04', '2026-01-07']) await seedFetch(day);
    await seedViews('a', '2026-01-01T12:00:00.000Z', { '2026-01-02': 100, '2026-01-03': null, '2026-01-04': 580 });
    await seedViews('b', '2026-01-01T12:00:00.000Z', { '2026-01-02': 100, '2026-01-07': 900 });
    await seedViews('c', '2026-01-01T12:00:00.000Z', { '2026-01-02': null, '2026-01-03': null, '2026-01-04': null });
    expect((await ask(48))?.map(({ views }) => views)).toEqual([[430], [null], [null]]);
  });

  test('asks for posts of the window alone, of active accounts, and of those without any number too', async () => {
    await seedFetch('2026-01-04');
    await seedFetch('2026-01-04', await seedAccount(store, 'zoe', { is_active: 0 }));
    await seedViews('old', '2024-12-31T12:00:00.000Z', {});
    await seedViews('new', '2026-01-03T12:00:00.000Z', { '2026-01-04': 5 });
    await seedPost(store, anna, 'undated');
    const answer = await listAgedPosts(store.db, { ages: [48], postedSince: SINCE });
    expect(answer.map(({ account }) => account.username)).toEqual(['anna']);
    expect(answer[0]?.posts).toMatchObject([{ views: [null] }]);
    expect(await listAgedPosts(store.db, { ages: [48], postedSince: SINCE, platform: 'x' })).toEqual([]);
  });
});

/**
 * A post a day for 100 days at 19:30 UTC, followed for 30 days: its views at 7 days are about 800; three times that on
 * Mondays, and with #Best, which #best2 goes along with. The first of them are the baseline.
 */
async function seedSeason(): Promise<void> {
  const days = Array.from({ length: 140 }, (_, index) => addDays(FIRST_DAY, index));
  const fetched = days.map((day) => ({ account_id: anna, snapshot_date: day, captured_at: `${day}T03:00:00.000Z` }));
  await store.db.insertInto('social_media_analytics_snapshots').values(fetched).execute();
  const captionOf = (index: number) => (index % 10 === 0 ? '#Best #best2' : '#other');
  const posts = days.slice(0, 100).map((day, index) => ({
    account_id: anna,
    platform: 'tiktok',
    external_post_id: `p${index}`,
    posted_at: `${day}T19:30:00.000Z`,
    media_type: 'video' as const,
  }));
  const ids = await store.db.insertInto('social_media_posts').values(posts).returning('id').execute();
  await saveHashtags(
    store.db,
    ids.map(({ id }, index) => ({ id, caption: captionOf(index) })),
  );
  const rows = ids.flatMap(({ id }, index) => {
    const day = days[index] as string;
    const final =
      (1000 + ((index * 37) % 100)) * (index % 10 === 0 ? 3 : 1) * (new Date(day).getUTCDay() === 1 ? 3 : 1);
    return [1, 2, 7, 8, 27, 28, 29, 30].map((age) => ({
      post_id: id,
      snapshot_date: addDays(day, age),
      views_count: Math.round((final * age) / (age + 2)),
      reach_count: 10,
    }));
  });
  await store.db.insertInto('social_media_post_analytics').values(rows).execute();
}

describe('on posts of a hundred days', () => {
  beforeEach(seedSeason);

  test('best times are those of the clock that is asked for', async () => {
    const [berlin] = await listBestTimes(store.db, { age: AGE, postedSince: SINCE, timezone: 'Europe/Berlin' });
    expect(berlin?.strata).toEqual([{ media_type: 'video', metric: 'views', posts: 100, covered: 100, scored: 80 }]);
    expect(berlin?.times).toMatchObject({ n: 80, verdict: 'evidence' });
    expect(berlin?.times.slots[0]).toMatchObject({ weekday: 0 });
    const hours = new Set(berlin?.times.cells.filter(({ n }) => n > 0).map(({ from_hour }) => from_hour));
    // 19:30 UTC is 20:30 in Berlin, and 21:30 from 29 March on.
    expect([...hours].toSorted()).toEqual([18, 21]);
    const [tokyo] = await listBestTimes(store.db, { age: AGE, postedSince: SINCE, timezone: 'Asia/Tokyo' });
    expect(tokyo?.times.slots[0]).toMatchObject({ weekday: 1 });
  });

  test('a hashtag has its uses, its reach, and its lift at equal age', async () => {
    const { accounts, hashtags } = await listHashtagLift(store.db, { age: AGE, postedSince: SINCE });
    expect(accounts).toMatchObject([{ account: { username: 'anna' }, strata: [{ scored: 80 }] }]);
    expect(hashtags).toMatchObject([
      { tags: ['other'], posts: 90, with: 72, without: 8, verdict: 'less', reach: 900, reach_posts: 90 },
      { tags: ['Best', 'best2'], posts: 10, views_posts: 10, with: 8, without: 72, verdict: 'more' },
    ]);
    expect(hashtags[1]?.lift).toBeGreaterThan(100);
    expect(hashtags[1]?.q).toBeLessThanOrEqual(0.1);
  });

  test('decay is what share was there at an age', async () => {
    const [curve] = await listDecay(store.db, 28, { postedSince: SINCE });
    expect(curve).toMatchObject({ media_type: 'video', metric: 'views', posts: 100, followed: 100 });
    expect(curve?.curve.map(({ age, n }) => [age, n])).toEqual([
      [1, 100],
      [2, 0],
      [3, 0],
      [7, 100],
      [14, 0],
      [28, 100],
    ]);
    // Fetched 7.5 hours after the post's time of day: 16.5 of 24 hours on the way from 7/9 to 8/10, and from 28/30 to 29/31.
    const between = (from: number, to: number) => from + ((to - from) * 16.5) / 24;
    expect(curve?.curve[3]?.median).toBeCloseTo((between(7 / 9, 0.8) / between(28 / 30, 29 / 31)) * 100, 0);
  });

  test('numbers that nobody told are no numbers: nothing is compared', async () => {
    await store.db.updateTable('social_media_post_analytics').set({ views_count: null }).execute();
    const [times] = await listBestTimes(store.db, { age: AGE, postedSince: SINCE, timezone: 'UTC' });
    expect(times?.strata).toMatchObject([{ posts: 100, covered: 0, scored: 0 }]);
    expect(times?.times).toMatchObject({ n: 0, p: null, verdict: 'too few posts' });
    const { hashtags } = await listHashtagLift(store.db, { age: AGE, postedSince: SINCE });
    expect(hashtags.every(({ lift, verdict }) => lift === null && verdict === 'too few posts')).toBe(true);
    expect(await listDecay(store.db, 28, { postedSince: SINCE })).toMatchObject([{ followed: 0 }]);
  });

  test('likes are compared where no views are told', async () => {
    await store.db
      .updateTable('social_media_post_analytics')
      .set((eb) => ({ likes_count: eb.ref('views_count'), views_count: null }))
      .execute();
    const [times] = await listBestTimes(store.db, { age: AGE, postedSince: SINCE, timezone: 'UTC' });
    expect(times?.strata).toMatchObject([{ metric: 'likes', scored: 80 }]);
    expect(times?.times.verdict).toBe('evidence');
  });
});

test('a database without numbers has no answers', async () => {
  expect(await listBestTimes(store.db, { age: AGE, postedSince: SINCE, timezone: 'UTC' })).toEqual([]);
  expect(await listHashtagLift(store.db, { age: AGE, postedSince: SINCE })).toEqual({ accounts: [], hashtags: [] });
  expect(await listDecay(store.db, 28, { postedSince: SINCE })).toEqual([]);
});
