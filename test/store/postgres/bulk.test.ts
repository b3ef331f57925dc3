import { beforeEach, expect, test } from 'vitest';
import { savePostAnalytics, savePosts } from '../../../src/store/post.ts';
import type { Store } from '../../../src/store/open.ts';
import { makeMetrics, makePost, openTempStore, runSql, seedAccount } from '../../helper/temp-store.ts';

const DAY = '2026-11-22';
let store: Store;
let account: { id: number; platform: string };
beforeEach(async () => {
  store = await openTempStore();
  account = { id: await seedAccount(store), platform: 'tiktok' };
});

/** The transaction that wrote each row, by its key: a row that is written again has another. */
const writers = (table: string, key: string) =>
  runSql<{ key: unknown; xmin: string }>(
    store,
    `SELECT ${key} AS key, xmin::text AS xmin FROM ${table} ORDER BY ${key}`,
  );

test('known rows use up no row ids', async () => {
  const posts = ['a', 'b', 'c'].map((id) => makePost(id));
  const first = await savePosts(store.db, account, posts);
  for (let day = 0; day < 5; day++) expect(await savePosts(store.db, account, posts)).toEqual(first);
  const all = await savePosts(store.db, account, [makePost('d'), ...posts]);
  expect([...all]).toEqual([
    ['d', 4],
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ]);
});

test('a post that did not change is not written, one that did is', async () => {
  await savePosts(store.db, account, [makePost('a'), makePost('b'), makePost('c')]);
  const before = await writers('social_media_posts', 'external_post_id');
  await savePosts(store.db, account, [
    makePost('a'),
    makePost('b', {}, { caption: 'edited' }),
    makePost('c', {}, { caption: null, url: null }),
  ]);
  const after = await writers('social_media_posts', 'external_post_id');
  expect(after.filter(({ xmin }, index) => xmin !== before[index]?.xmin).map(({ key }) => key)).toEqual(['b']);
});

test("a day's numbers that did not change are not written, others are", async () => {
  const ids = await savePosts(store.db, account, [makePost('a'), makePost('b')]);
  const row = (name: string, likes: number | null) => ({
    id: ids.get(name) as number,
    metrics: makeMetrics({ likes }),
    engagement: { rate: null, basis: null },
  });
  await savePostAnalytics(store.db, DAY, 'test', [row('a', 1), row('b', 1)]);
  const before = await writers('social_media_post_analytics', 'post_id');
  await savePostAnalytics(store.db, DAY, 'test', [row('a', null), row('b', 2)]);
  const after = await writers('social_media_post_analytics', 'post_id');
  expect(after.filter(({ xmin }, index) => xmin !== before[index]?.xmin).map(({ key }) => key)).toEqual([ids.get('b')]);
});

test('more rows than one statement takes are all written', async () => {
  const posts = Array.from({ length: 10_001 }, (_, index) => makePost(String(index)));
  const ids = await savePosts(store.db, account, posts);
  expect(new Set(ids.values()).size).toBe(10_001);
  expect(await runSql(store, 'SELECT count(*) AS n FROM social_media_posts')).toEqual([{ n: 10_001 }]);
});

test('two who write the same new rows at once end up with the same rows', async () => {
  const posts = Array.from({ length: 50 }, (_, index) => makePost(String(index)));
  const [one, two] = await Promise.all([savePosts(store.db, account, posts), savePosts(store.db, account, posts)]);
  expect(two).toEqual(one);
  expect(await runSql(store, 'SELECT count(*) AS n FROM social_media_posts')).toEqual([{ n: 50 }]);
});
