import { expect, test } from 'vitest';
import { findDaySeries } from '../../src/query/find-day-series.ts';
import { findMapping } from '../../src/query/find-mapping.ts';
import { listAccountCards } from '../../src/query/list-account-cards.ts';
import { listGrowth } from '../../src/query/list-growth.ts';
import { listRecentFailures } from '../../src/query/list-recent-failures.ts';
import { listUnmappedPosts } from '../../src/query/list-unmapped-posts.ts';
import { savePersonVerdict, saveRuleVerdicts } from '../../src/store/mapping.ts';
import { addDays } from '../../src/core/time.ts';
import { openTempStore, runSql, seedAccount, seedDay, seedPost } from '../helper/temp-store.ts';

const NOW = new Date('2026-11-22T10:00:00Z');

test('a card has the growth of the report, and a value a day with gaps left open', async () => {
  const store = await openTempStore();
  const anna = await seedAccount(store, 'anna', { brand: 'anna' });
  await seedAccount(store, 'empty');
  // Older than the window: what the growth starts from, for the first day of the window has no numbers.
  await seedDay(store, anna, '2026-10-01', { followers_count: 900, total_views: 5000 });
  await seedDay(store, anna, '2026-11-20', { followers_count: 1000, total_views: null });
  await seedDay(store, anna, '2026-11-22', { followers_count: 1090, total_views: 9000 });

  const cards = await listAccountCards(store.db, 30);

  expect(cards.map(({ account }) => account.username)).toEqual(['anna', 'empty']);
  const [card, empty] = cards;
  expect(card?.followers).toHaveLength(30);
  expect(card?.followers.slice(-4)).toEqual([null, 1000, null, 1090]);
  const [reported] = await listGrowth(store.db, 30);
  expect(card?.followersChange).toEqual(reported?.growth.followers_count);
  expect(card?.viewsChange).toEqual(reported?.growth.total_views);
  expect(card?.followersChange.change).toBe(190);
  expect(empty).toMatchObject({ latest: null, followers: [], failing: null, followersChange: { change: null } });
});

test('each account has its own last day, however many last days there are', async () => {
  const store = await openTempStore();
  for (let i = 0; i < 120; i++) {
    const id = await seedAccount(store, `user${String(i).padStart(3, '0')}`, { is_active: i % 2 });
    const last = addDays('2026-11-22', -i);
    await seedDay(store, id, addDays(last, -1), { followers_count: i });
    await seedDay(store, id, last, { followers_count: i + 5 });
  }

  const cards = await listAccountCards(store.db, 30);

  expect(cards).toHaveLength(120);
  expect(cards.map(({ followers }) => followers.slice(-2))).toEqual(Array.from({ length: 120 }, (_, i) => [i, i + 5]));
  expect(cards.every(({ followersChange }) => followersChange.change === 5)).toBe(true);
});

test('a series has a row a day, gains only between neighbours, and the days before', async () => {
  const store = await openTempStore();
  const anna = await seedAccount(store, 'anna');
  for (const [day, followers] of [
    ['2026-11-15', 100],
    ['2026-11-16', 110],
    ['2026-11-18', 115],
    ['2026-11-19', 130],
    ['2026-11-20', 128],
    ['2026-11-22', 160],
  ] as const) {
    await seedDay(store, anna, day, { followers_count: followers, total_views: followers * 10, engagement_rate: 4.5 });
  }

  const series = await findDaySeries(store.db, anna, 4);

  expect(series?.now).toMatchObject({ from: '2026-11-19', to: '2026-11-22' });
  expect(series?.now.rows.map(({ followers_count, followers_gain }) => [followers_count, followers_gain])).toEqual([
    [130, 15],
    [128, -2],
    [null, null],
    [160, null],
  ]);
  expect(series?.now.rows[2]).toMatchObject({ date: '2026-11-21', engagement_rate: null, provider_name: null });
  expect(series?.before.rows.map(({ date }) => date)).toEqual(['2026-11-15', '2026-11-16', '2026-11-17', '2026-11-18']);
  expect(series?.before.rows[0]?.followers_gain).toBeNull();
  expect(series?.now.growth.followers_count).toMatchObject({ start: 115, end: 160, change: 45 });
  expect(series?.before.growth.followers_count).toMatchObject({ start: 100, end: 115, change: 15 });
  expect(series?.compared.followers_count.rate).toBeCloseTo((45 / 4 / (15 / 3) - 1) * 100);
});

test('an account without numbers has no series', async () => {
  const store = await openTempStore();
  expect(await findDaySeries(store.db, await seedAccount(store), 30)).toBeUndefined();
});

test('unmapped posts without a suggestion stand alone; a mapping is found by its post', async () => {
  const store = await openTempStore();
  const anna = await seedAccount(store);
  await runSql(store, "INSERT INTO videos (id, title) VALUES ('v1', 'Sprinkler')");
  const [suggested, bare, decided] = [
    await seedPost(store, anna, '1'),
    await seedPost(store, anna, '2'),
    await seedPost(store, anna, '3'),
  ];
  const verdict = { content: { kind: 'video', id: 'v1' }, confidence: 0.8, matchedBy: 'hashtag' } as const;
  await saveRuleVerdicts(store.db, [{ ...verdict, postId: suggested, status: 'suggested' }], NOW);
  await savePersonVerdict(store.db, { ...verdict, postId: decided, status: 'rejected' }, NOW, true, 'api');

  expect((await listUnmappedPosts(store.db, { isBare: true })).map(({ id }) => id)).toEqual([bare]);
  expect((await listUnmappedPosts(store.db)).map(({ id }) => id)).toEqual([bare, suggested]);
  expect(await findMapping(store.db, suggested)).toMatchObject({ video_id: 'v1', status: 'suggested' });
  expect(await findMapping(store.db, bare)).toMatchObject({ post_id: bare, video_id: null, status: null });
  expect(await findMapping(store.db, 999_999_999_999)).toBeUndefined();
  expect(await runSql(store, 'SELECT actor, action FROM audit_log')).toEqual([{ actor: 'api', action: 'reject' }]);
});

test('failures are those since a day, the newest first', async () => {
  const store = await openTempStore();
  const anna = await seedAccount(store);
  for (const [date, status] of [
    ['2026-11-10', 'failed'],
    ['2026-11-20', 'failed'],
    ['2026-11-21', 'completed'],
    ['2026-11-22', 'failed'],
  ]) {
    await runSql(
      store,
      `INSERT INTO analytics_fetch_jobs (account_id, status, date, completed_at, error_message)
       VALUES (${anna}, '${status}', '${date}', '${date}T03:00:00.000Z', 'no')`,
    );
  }

  const failures = await listRecentFailures(store.db, '2026-11-16', 50);

  expect(failures.map(({ date }) => date)).toEqual(['2026-11-22', '2026-11-20']);
  expect(failures[0]).toMatchObject({ platform: 'tiktok', username: 'anna', error_message: 'no' });
  expect(await listRecentFailures(store.db, '2026-11-16', 1)).toHaveLength(1);
});
