import { expect, test } from 'vitest';
import { createMultiRowWriter } from '../../src/store/multi-row.ts';
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

test('a statement is compiled once for each number of rows', async () => {
  const { db } = await openTempStore();
  const compiled: number[] = [];
  const write = createMultiRowWriter<{ tag: string }>((kysely, count) => {
    compiled.push(count);
    return kysely
      .insertInto('social_media_hashtags')
      .values(Array.from({ length: count }, () => ({ tag: '', written: '' })))
      .returning('tag')
      .compile();
  });
  const rows = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => [`tag${from + index}`, `Tag${from + index}`] as const);
  await write(db, rows(0, 3));
  await write(db, rows(10, 3));
  const returned = await write(db, rows(1000, 203));
  await write(db, rows(2000, 100));
  expect(compiled).toEqual([3, 100]);
  expect(returned).toHaveLength(203);
});
