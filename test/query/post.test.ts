import { beforeEach, describe, expect, test } from 'vitest';
import { countStoredPosts } from '../../src/query/count-stored-posts.ts';
import { findAccountTotals } from '../../src/query/find-account-totals.ts';
import { listHashtags } from '../../src/query/list-hashtags.ts';
import { listBestPosts, listPosts, POST_SORTS, type PostPage, type PostSort } from '../../src/query/list-posts.ts';
import { listRisingPosts } from '../../src/query/list-rising-posts.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore } from '../helper/temp-store.ts';
import { seedHistory, type History } from './history.ts';

let store: Store;
let ids: History;
beforeEach(async () => {
  store = await openTempStore();
  ids = await seedHistory(store);
});

describe('listBestPosts', () => {
  const best = async (filter: PostPage) => {
    const { by, posts } = await listBestPosts(store.db, filter);
    return [by, posts.map((post) => post.external_post_id)];
  };

  test('are those with the most views, be there some whose views nobody tells', async () => {
    expect(await best({ limit: 2 })).toEqual(['views', ['n1', 'a1']]);
    expect(await best({ limit: 2, offset: 5 })).toEqual(['views', ['b1', 'a3']]);
    expect(await best({ username: 'nobody' })).toEqual(['views', []]);
  });

  test('are those with the most likes where no views are told, on each page', async () => {
    await store.db.updateTable('social_media_post_analytics').set({ views_count: null }).execute();
    expect(await best({ limit: 3 })).toEqual(['likes', ['n1', 'a1', 'a2']]);
    expect(await best({ limit: 3, offset: 3 })).toEqual(['likes', ['b1', 'a3', 'a4']]);
  });
});

describe('listPosts', () => {
  const idsOf = async (filter: PostPage) => (await listPosts(store.db, filter)).map((post) => post.external_post_id);
  test.each<[PostSort, string[]]>([
    ['views', ['n1', 'a1', 'a5', 'a2', 'a4', 'b1', 'a3']],
    ['likes', ['n1', 'a1', 'a2', 'b1', 'a3', 'a4', 'a5']],
    ['engagement', ['b1', 'n1', 'a4', 'a2', 'a1', 'a5', 'a3']],
    ['newest', ['a2', 'a5', 'a4', 'a3', 'a1', 'n1', 'b1']],
  ])('by %s, the highest first and the unknown last', async (sort, expected) => {
    expect(await idsOf({ sort })).toEqual(expected);
  });

  test('by anything else than a known column is not possible', () => {
    expect(Object.keys(POST_SORTS)).toEqual(
      'views likes comments shares saves reach impressions engagement newest'.split(' '),
    );
  });

  test('by a metric that no post has keeps the order in which they were stored', async () => {
    expect(await idsOf({ sort: 'shares' })).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'n1']);
  });

  test('in pages that leave none out and show none twice', async () => {
    const pages = [
      await idsOf({ limit: 3 }),
      await idsOf({ limit: 3, offset: 3 }),
      await idsOf({ limit: 3, offset: 6 }),
    ];
    expect(pages.flat()).toEqual(['n1', 'a1', 'a5', 'a2', 'a4', 'b1', 'a3']);
    expect(await idsOf({ offset: 100 })).toEqual([]);
  });

  test('of one account, of one platform, or since a day', async () => {
    expect(await idsOf({ platform: 'tiktok', username: 'bert' })).toEqual(['b1']);
    expect(await idsOf({ platform: 'instagram' })).toEqual(['n1']);
    expect(await idsOf({ postedSince: '2026-10-03' })).toEqual(['a5', 'a2', 'a4']);
    expect(await idsOf({ username: "x' OR 1=1 --" })).toEqual([]);
  });

  test('with the numbers of their latest day', async () => {
    const [post] = await listPosts(store.db, { username: 'anna', limit: 1 });
    expect(post).toMatchObject({
      platform: 'tiktok',
      username: 'anna',
      external_post_id: 'a1',
      snapshot_date: '2026-11-22',
      views_count: 1300,
      likes_count: 9,
      comments_count: null,
      engagement_basis: 'views',
    });
  });
});

describe('listRisingPosts', () => {
  test('counts a new post from 0, an old one from its number then, and leaves out what is not known', async () => {
    const posts = await listRisingPosts(store.db, 7, 10, { username: 'anna' });
    // a3 shows no views; a5 was published before the window and was not seen at its start.
    expect(posts).toMatchObject([
      { external_post_id: 'a2', views_gained: 700, likes_gained: 7, is_older: false },
      { external_post_id: 'a1', views_gained: 400, likes_gained: 1, is_older: true },
      { external_post_id: 'a4', views_gained: 50, likes_gained: null, is_older: true },
    ]);
    expect(posts.every(({ start_date, end_date }) => start_date === '2026-11-15' && end_date === '2026-11-22')).toBe(
      true,
    );
  });

  test('starts at the nearest day before the window, else at the first', async () => {
    const posts = await listRisingPosts(store.db, 30, 10);
    expect(
      posts.map(({ external_post_id, start_date, views_gained }) => [external_post_id, start_date, views_gained]),
    ).toEqual([
      ['n1', '2026-10-01', 4990],
      ['a1', '2026-11-01', 800],
      ['a2', '2026-11-01', 700],
    ]);
    expect(await listRisingPosts(store.db, 30, 1)).toHaveLength(1);
  });

  test('needs two days', async () => {
    expect(await listRisingPosts(store.db, 7, 10, { username: 'bert' })).toEqual([]);
  });
});

describe('listHashtags', () => {
  test('most used first, with the latest views of the posts that carry them', async () => {
    expect(await listHashtags(store.db, 10)).toEqual([
      { tag: 'diy', written: 'DIY', posts: 3, views: 7000 },
      { tag: 'art', written: 'art', posts: 2, views: 1300 },
      { tag: 'moon', written: 'Moon', posts: 1, views: 5000 },
    ]);
    expect(await listHashtags(store.db, 1)).toHaveLength(1);
  });

  test('of one account', async () => {
    expect(await listHashtags(store.db, 10, { platform: 'tiktok', username: 'anna' })).toEqual([
      { tag: 'diy', written: 'DIY', posts: 2, views: 2000 },
      { tag: 'art', written: 'art', posts: 2, views: 1300 },
    ]);
  });
});

test('findAccountTotals adds up the latest known numbers, and knows what it does not know', async () => {
  expect(await findAccountTotals(store.db, ids.anna)).toEqual({
    posts: 5,
    likes: 9 + 7 + 4 + 2 + 1,
    comments: null,
    views: 1300 + 700 + 150 + 850,
    shares: null,
    averageLikes: 23 / 5,
    averageComments: null,
    byBasis: [{ basis: 'views', posts: 4, interactions: 9 + 7 + 2 + 1, denominator: 3000 }],
  });
  expect(await findAccountTotals(store.db, 999)).toMatchObject({ posts: 0, likes: null, views: null, byBasis: [] });
});

test('countStoredPosts counts those of that account', async () => {
  expect(await countStoredPosts(store.db, ids.anna)).toBe(5);
  expect(await countStoredPosts(store.db, ids.bert)).toBe(1);
  expect(await countStoredPosts(store.db, 999)).toBe(0);
});
