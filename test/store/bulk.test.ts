import { expect, test, vi } from 'vitest';
import { createBulkWriter } from '../../src/store/bulk.ts';
import { savePosts } from '../../src/store/post.ts';
import { makePost, openTempStore, seedAccount } from '../helper/temp-store.ts';

test.each([0, 1, 2, 99, 100, 101, 250])('%i rows are written, each as itself', async (count) => {
  const store = await openTempStore();
  const id = await seedAccount(store);
  const posts = Array.from({ length: count }, (_, index) =>
    makePost(`74297796202972${index}`, {}, { caption: `caption ${index}`, duration: index }),
  );
  const ids = await savePosts(store.db, { id, platform: 'tiktok' }, posts);
  expect([...ids.keys()]).toEqual(posts.map((post) => post.externalId));
  const rows = await store.db
    .selectFrom('social_media_posts')
    .select(['id', 'external_post_id', 'caption', 'duration'])
    .orderBy('duration')
    .execute();
  expect(rows).toEqual(
    posts.map(({ externalId, caption, duration }) => ({
      id: ids.get(externalId),
      external_post_id: externalId,
      caption,
      duration,
    })),
  );
});

const tags = {
  table: 'social_media_hashtags',
  columns: { tag: 'text', written: 'text' },
  key: ['tag'],
  returning: ['tag', 'written'],
} as const;

test('the rows of any number of writes share a few statements', async () => {
  const { db, engine } = await openTempStore();
  const execute = vi.spyOn(db, 'executeQuery');
  const write = createBulkWriter<{ tag: string }>(tags);
  const rows = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => [`tag${from + index}`, `Tag${from + index}`]);
  await write(db, rows(0, 3));
  await write(db, rows(10, 3));
  const returned = await write(db, rows(1000, 203));
  await write(db, rows(2000, 100));
  const statements = new Set(execute.mock.calls.map(([query]) => (query as { sql: string }).sql));
  expect(statements.size).toBe(engine === 'sqlite' ? 2 : 1);
  expect(returned.map(({ tag }) => tag).toSorted()).toEqual(
    rows(1000, 203)
      .map(([tag]) => tag)
      .toSorted(),
  );
});

test('a known row is merged by the rule of each column, and given back like a new one', async () => {
  const store = await openTempStore();
  const account = await seedAccount(store);
  const write = createBulkWriter<{ external_post_id: string; id: number }>({
    table: 'social_media_posts',
    columns: {
      account_id: 'integer',
      platform: 'text',
      external_post_id: 'text',
      caption: 'text',
      post_url: 'text',
      media_url: 'text',
    },
    key: ['platform', 'external_post_id'],
    merge: { caption: 'known', post_url: 'newest' },
    returning: ['external_post_id', 'id'],
  });
  const [first] = await write(store.db, [[account, 'tiktok', 'a', 'caption', 'url', 'media']]);
  const returned = await write(store.db, [
    [account, 'tiktok', 'b', null, null, null],
    [account, 'tiktok', 'a', null, null, null],
  ]);
  expect(returned.map((row) => row.external_post_id).toSorted()).toEqual(['a', 'b']);
  expect(returned.find((row) => row.external_post_id === 'a')).toEqual(first);
  await write(store.db, [[account, 'tiktok', 'b', 'new', 'newer', 'newest']]);
  const stored = await store.db
    .selectFrom('social_media_posts')
    .select(['external_post_id', 'caption', 'post_url', 'media_url'])
    .orderBy('external_post_id')
    .execute();
  expect(stored).toEqual([
    { external_post_id: 'a', caption: 'caption', post_url: null, media_url: 'media' },
    { external_post_id: 'b', caption: 'new', post_url: 'newer', media_url: null },
  ]);
});

test('a known row without a rule stays as it is, and is given back', async () => {
  const { db } = await openTempStore();
  const write = createBulkWriter<{ tag: string; written: string }>(tags);
  await write(db, [['diy', 'DIY']]);
  const returned = await write(db, [
    ['art', 'Art'],
    ['diy', 'Diy'],
  ]);
  expect(returned.toSorted((one, other) => one.tag.localeCompare(other.tag))).toEqual([
    { tag: 'art', written: 'Art' },
    { tag: 'diy', written: 'DIY' },
  ]);
});
