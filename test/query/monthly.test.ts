import { beforeEach, describe, expect, test } from 'vitest';
import { addDays, type Day } from '../../src/core/time.ts';
import { listFoundLater } from '../../src/query/list-found-later.ts';
import { listMonthly, type AccountMonth } from '../../src/query/list-monthly.ts';
import { listPublished } from '../../src/query/list-published.ts';
import { listTrends } from '../../src/query/list-trends.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore, seedAccount, seedDay, seedPost, seedPostDay } from '../helper/temp-store.ts';

const TODAY = '2026-11-10';

let store: Store;
let anna: number;
beforeEach(async () => {
  store = await openTempStore();
  anna = await seedAccount(store, 'anna');
});

/** Followers of every day from one to another, from a number on, so many more each day; ten times as many views. */
async function seedDays(from: Day, to: Day, start: number, step: number): Promise<void> {
  for (let [day, value] = [from, start]; day <= to; [day, value] = [addDays(day, 1), value + step]) {
    await seedDay(store, anna, day, { followers_count: value, total_views: value * 10 });
  }
}

const monthsOf = async (months: number, timezone = 'UTC'): Promise<AccountMonth[]> =>
  (await listMonthly(store.db, { today: TODAY, timezone, months }))[0]?.months ?? [];

describe('listMonthly', () => {
  test('tells what changed in each month, beside the month before and the year before', async () => {
    await seedDays('2025-09-30', '2025-10-31', 1000, 1);
    await seedDays('2026-08-31', '2026-09-30', 2000, 2);
    await seedDays('2026-10-01', TODAY, 2063, 3);
    const months = await monthsOf(3);
    expect(months.map(({ month }) => [month.name, month.isWhole])).toEqual([
      ['2026-11', false],
      ['2026-10', true],
      ['2026-09', true],
    ]);
    const [november, october, september] = months as [AccountMonth, AccountMonth, AccountMonth];
    expect(september.followers).toMatchObject({
      start: 2000,
      end: 2060,
      change: 60,
      rate: 3,
      observed: 30,
      coverage: 100,
    });
    expect(october).toMatchObject({
      followers: { start: 2060, end: 2153, change: 93, days: 31 },
      gains: { views: { change: 930, foundLater: 0, gain: 930 }, likes: { gain: null, reason: 'nothing is known' } },
      previousFollowersChange: 60,
      yearBeforeFollowersChange: 31,
      // 3 a day after 2, and after 1 a year before.
      onPrevious: { rate: 50 },
      onYearBefore: { reason: null },
    });
    expect(october.onYearBefore.rate).toBeCloseTo(200, 10);
    expect(november.followers).toMatchObject({ change: 30, window: 10, observed: 10, coverage: 100 });
    expect(november.onYearBefore).toEqual({ rate: null, reason: 'before: nothing is known' });
  });

  test('gives no rate where most days are missing, and no row where all are', async () => {
    await seedDays('2026-09-30', '2026-10-20', 1000, 1);
    const months = await monthsOf(12);
    expect(months.map(({ month }) => month.name)).toEqual(['2026-10', '2026-09']);
    expect(months[0]?.followers).toMatchObject({
      change: 20,
      rate: null,
      coverage: 2000 / 31,
      reason: '20 of 31 days are known, a rate needs 70 %',
    });
    expect(months[1]?.followers).toMatchObject({ end: 1000, change: null, reason: 'one day alone is known' });
  });

  test('takes what older posts bring when they are found for no gain', async () => {
    const day = (date: Day, total_views: number) => seedDay(store, anna, date, { total_views });
    await day('2026-10-31', 100);
    await day('2026-11-05', 5150);
    const early = await seedPost(store, anna, 'early', { posted_at: '2026-10-01T00:00:00.000Z' });
    await seedPostDay(store, early, '2026-10-31', { views_count: 100 });
    await seedPostDay(store, early, '2026-11-05', { views_count: 120 });
    const found = await seedPost(store, anna, 'found', { posted_at: '2025-01-01T00:00:00.000Z' });
    await seedPostDay(store, found, '2026-11-05', { views_count: 5000 });
    const fresh = await seedPost(store, anna, 'fresh', { posted_at: '2026-11-03T00:00:00.000Z' });
    await seedPostDay(store, fresh, '2026-11-05', { views_count: 30 });
    expect(await listFoundLater(store.db, [anna], '2026-11-01')).toEqual([
      {
        account_id: anna,
        day: '2026-11-05',
        posts: 1,
        total_views: 5000,
        total_likes: null,
        total_comments: null,
        total_shares: null,
      },
    ]);
    const [november] = await monthsOf(1);
    expect(november?.gains.views).toMatchObject({ change: 5050, foundLater: 5000, gain: 50, rate: null });
  });

  test('counts posts by the days of the time zone, with all that they have got until now', async () => {
    await seedDay(store, anna, TODAY, { followers_count: 50 });
    const post = async (id: string, postedAt: string, views: number | null) => {
      const postId = await seedPost(store, anna, id, { posted_at: postedAt });
      await seedPostDay(store, postId, TODAY, {
        views_count: views,
        likes_count: 5,
        engagement_rate: views === null ? null : 500 / views,
        engagement_basis: views === null ? null : 'views',
      });
    };
    // In Berlin summer time ends on 25 October, and its November begins at 23:00 UTC.
    await post('october', '2026-10-31T22:59:59.999Z', 100);
    await post('november', '2026-10-31T23:00:00.000Z', 300);
    await post('hidden', '2026-11-02T10:00:00.000Z', null);
    await post('undated', null as never, 1);
    const [november, october] = await monthsOf(2, 'Europe/Berlin');
    expect(november).toMatchObject({
      published: { posts: 2, views: 300, likes: 10, comments: null },
      engagement: { basis: 'views', interactions: 5, denominator: 300, posts: 1, reason: null },
    });
    expect(october?.published).toMatchObject({ posts: 1, views: 100 });
    const [inUtc] = await monthsOf(1, 'UTC');
    expect(inUtc?.published).toMatchObject({ posts: 1, views: null });
  });

  test('answers for nothing with nothing', async () => {
    expect(await listMonthly(store.db, { today: TODAY, timezone: 'UTC', months: 12 })).toEqual([]);
  });
});

describe('listPublished', () => {
  const period = (from: Day, before: Day) => ({ from: `${from}T00:00:00.000Z`, before: `${before}T00:00:00.000Z` });

  test('does not know what was published before the oldest post that is stored', async () => {
    await seedPost(store, anna, 'p', { posted_at: '2026-10-05T00:00:00.000Z' });
    const bert = await seedAccount(store, 'bert');
    const periods = [
      period('2026-09-01', '2026-10-01'),
      period('2026-10-01', '2026-11-01'),
      period('2026-11-01', '2026-12-01'),
    ];
    const published = await listPublished(store.db, [anna, bert], periods);
    expect(published.get(anna)?.map(({ posts }) => posts)).toEqual([null, 1, 0]);
    // A post without numbers has none, not 0.
    expect(published.get(anna)?.[1]).toEqual({
      posts: 1,
      views: null,
      likes: null,
      comments: null,
      shares: null,
      byBasis: [],
    });
    expect(published.has(bert)).toBe(false);
  });

  test('keeps the denominators apart', async () => {
    for (const [id, basis] of Object.entries({ a: 'views', b: 'views', c: 'reach', d: 'followers' } as const)) {
      const postId = await seedPost(store, anna, id, { posted_at: '2026-11-01T10:00:00.000Z' });
      const counts = { likes_count: 1, saves_count: 2, views_count: 10, reach_count: 5 };
      await seedPostDay(store, postId, TODAY, { ...counts, engagement_rate: 1, engagement_basis: basis });
    }
    const published = await listPublished(store.db, [anna], [period('2026-11-01', '2026-12-01')]);
    expect(published.get(anna)?.[0]?.byBasis).toEqual([
      { basis: 'followers', posts: 1, interactions: 3, denominator: null },
      { basis: 'reach', posts: 1, interactions: 3, denominator: 5 },
      { basis: 'views', posts: 2, interactions: 6, denominator: 20 },
    ]);
  });
});

test('trends look at the same days a year before', async () => {
  await seedDays('2025-11-01', '2025-11-20', 1000, 1);
  await seedDays('2026-10-25', TODAY, 2000, 2);
  const [row] = await listTrends(store.db, [7], { username: 'anna' });
  const followers = row?.trends.find(({ metric }) => metric === 'followers_count');
  expect(followers).toMatchObject({
    current: { change: 14, rate: (14 / 2018) * 100, coverage: 100 },
    previous: { change: 14 },
    yearBefore: { startDay: '2025-11-03', endDay: '2025-11-10', change: 7, coverage: 100 },
    yearBeforePerDay: 1,
    onPrevious: { rate: 0, reason: null },
    onYearBefore: { rate: 100, reason: null },
  });
});
