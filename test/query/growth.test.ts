import { beforeEach, describe, expect, test } from 'vitest';
import { findAccountReport } from '../../src/query/find-account-report.ts';
import { findOverview } from '../../src/query/find-overview.ts';
import { listGrowth } from '../../src/query/list-growth.ts';
import { listTrends } from '../../src/query/list-trends.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore } from '../helper/temp-store.ts';
import { seedHistory } from './history.ts';

let store: Store;
beforeEach(async () => {
  store = await openTempStore();
  await seedHistory(store);
});

describe('listGrowth', () => {
  test('answers for each active account with numbers, by platform and name', async () => {
    const rows = await listGrowth(store.db, 7);
    expect(rows.map(({ account }) => `${account.platform} ${account.username}`)).toEqual([
      'instagram nasa',
      'tiktok anna',
      'tiktok bert',
    ]);
  });

  test('starts from the day before the window where its first day is unknown', async () => {
    const [row] = await listGrowth(store.db, 7, { platform: 'tiktok', username: 'anna' });
    // The followers of 15 November are unknown, those of the 8th are not.
    expect(row?.growth.followers_count).toEqual({
      startDay: '2026-11-08',
      start: 110,
      endDay: '2026-11-22',
      end: 121,
      change: 11,
      rate: null,
      days: 14,
      window: 7,
      observed: 1,
      coverage: 100 / 14,
      reason: '1 of 14 days are known, a rate needs 70 %',
    });
    expect(row?.growth.total_views).toMatchObject({ startDay: '2026-11-15', change: 900, days: 7 });
    expect(row?.growth.total_comments).toMatchObject({ start: null, end: null, change: null });
    expect(row?.series.map(({ snapshot_date }) => snapshot_date)).toEqual(['2026-11-08', '2026-11-15', '2026-11-22']);
  });

  test('covers a young history with the days that it has', async () => {
    const [row] = await listGrowth(store.db, 90, { username: 'anna' });
    expect(row?.growth.followers_count).toMatchObject({
      startDay: '2026-11-01',
      change: 21,
      rate: null,
      days: 21,
      observed: 3,
      window: 90,
    });
    expect(row?.series).toHaveLength(4);
  });

  test('says nothing of one day, and no rate of days that nobody saw', async () => {
    const rows = await listGrowth(store.db, 7);
    const of = (name: string) => rows.find(({ account }) => account.username === name)?.growth.followers_count;
    expect(of('bert')).toMatchObject({ startDay: null, end: 50, change: null, rate: null, days: null, observed: 1 });
    expect(of('nasa')).toMatchObject({ startDay: '2026-10-01', change: 40, rate: null, days: 52 });
  });
});

describe('listTrends', () => {
  test('sets a window beside the one before it', async () => {
    const [row] = await listTrends(store.db, [7], { username: 'anna' });
    const views = row?.trends.find(({ metric }) => metric === 'total_views');
    expect(views).toMatchObject({
      days: 7,
      current: { startDay: '2026-11-15', change: 900, days: 7 },
      previous: { startDay: '2026-11-08', endDay: '2026-11-15', change: 600, days: 7 },
      perDay: 900 / 7,
    });
  });

  test('says nothing of a window that nobody saw', async () => {
    const [row] = await listTrends(store.db, [30], { username: 'anna' });
    const views = row?.trends.find(({ metric }) => metric === 'total_views');
    expect(views?.current).toMatchObject({ change: 2000, days: 21 });
    expect(views?.previous).toMatchObject({ change: null, days: null });
    const [bert] = await listTrends(store.db, [7], { username: 'bert' });
    expect(bert?.trends.every(({ perDay, current }) => perDay === null && current.change === null)).toBe(true);
  });
});

describe('findOverview', () => {
  test('shows every active account with its latest numbers and the changes of a week', async () => {
    const { accounts, window_days } = await findOverview(store.db);
    expect(window_days).toBe(7);
    expect(accounts).toMatchObject([
      { username: 'nasa', followers_count: 40, is_sample: false, followers_change: { change: 40 } },
      {
        username: 'anna',
        followers_count: 121,
        last_snapshot_date: '2026-11-22',
        followers_change: { change: 11, days: 14 },
        views_change: { change: 900, days: 7 },
        followers_series: [100, 110, null, 121],
      },
      { username: 'bert', is_sample: true, followers_change: { change: null }, followers_series: [50] },
    ]);
  });

  test('shows the best posts and the hashtags most used', async () => {
    const { top_posts, top_hashtags } = await findOverview(store.db);
    expect(top_posts.map(({ external_post_id }) => external_post_id)).toEqual(['n1', 'a1', 'a5', 'a2', 'a4']);
    expect(top_hashtags.map(({ tag, posts }) => [tag, posts])).toEqual([
      ['diy', 3],
      ['art', 2],
      ['moon', 1],
    ]);
  });

  test('of one platform leaves the others out', async () => {
    const overview = await findOverview(store.db, { platform: 'instagram' });
    expect(overview.accounts.map(({ username }) => username)).toEqual(['nasa']);
    expect(overview.top_posts.map(({ external_post_id }) => external_post_id)).toEqual(['n1']);
    expect(overview.top_hashtags.map(({ tag }) => tag)).toEqual(['diy', 'moon'].toSorted());
  });

  test('of an empty database is empty', async () => {
    const empty = await openTempStore();
    expect(await findOverview(empty.db)).toEqual({
      window_days: 7,
      accounts: [],
      top_posts_by: 'views',
      top_posts: [],
      top_hashtags: [],
    });
  });
});

describe('findAccountReport', () => {
  test('tells everything about one account', async () => {
    const report = await findAccountReport(store.db, { platform: 'tiktok', username: 'anna' });
    expect(report?.latest).toMatchObject({ followers_count: 121, total_views: 3000 });
    expect(report?.growth.map(({ days, metrics }) => [days, metrics.total_views.change])).toEqual([
      [7, 900],
      [30, 2000],
      [90, 2000],
    ]);
    expect(report?.newest_posts.map(({ external_post_id }) => external_post_id)).toEqual([
      'a2',
      'a5',
      'a4',
      'a3',
      'a1',
    ]);
    expect(report?.top_hashtags.map(({ tag }) => tag)).toEqual(['diy', 'art']);
  });

  test('knows an account before its first fetch, and none that is not tracked', async () => {
    const report = await findAccountReport(store.db, { platform: 'tiktok', username: 'newt' });
    expect(report).toMatchObject({ account: { username: 'newt' }, latest: null, series: [], top_posts: [] });
    expect(await findAccountReport(store.db, { platform: 'tiktok', username: 'nobody' })).toBeUndefined();
  });
});
