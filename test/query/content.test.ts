import { beforeEach, describe, expect, test } from 'vitest';
import { listContentTotals, type ContentTotalsFilter } from '../../src/query/list-content-totals.ts';
import { listContent } from '../../src/query/list-content.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore, runSql, seedAccount, seedDay, seedPost, seedPostDay } from '../helper/temp-store.ts';

let store: Store;

/**
 * v1 has clips c1 and c2, v2 has none, c3 is of no video. Posts: p1 (TikTok) shows v1, p2 (Instagram) c1, p3 (TikTok) c2 and
 * says so of v1 too, p4 is a suggestion, p5 was never measured and shows v2, p6 has unknown likes and shows c3.
 */
beforeEach(async () => {
  store = await openTempStore();
  await runSql(
    store,
    `INSERT INTO videos (id, title, hashtags, duration, published_at) VALUES
     ('v1', 'Sprinkler Blocker', '#diy', 600, '2026-01-01T00:00:00Z'), ('v2', '100% Über_Titel', NULL, NULL, NULL)`,
  );
  await runSql(
    store,
    `INSERT INTO clips (id, video_id, title, published_at) VALUES ('c1', 'v1', 'Part 1', '2026-01-03T00:00:00Z'),
     ('c2', 'v1', 'Part 2', '2026-01-02T00:00:00Z'), ('c3', NULL, 'Alone', NULL)`,
  );
  const anna = await seedAccount(store);
  const nasa = await seedAccount(store, 'nasa', { platform: 'instagram' });
  for (const account of [anna, nasa])
    for (const day of ['2026-11-01', '2026-11-22']) await seedDay(store, account, day);
  const post = async (name: string, link: string, views: number | null, likes: number | null, account = anna) => {
    const platform = account === nasa ? 'instagram' : 'tiktok';
    const posted_at = name === 'p2' ? '2026-11-20T10:00:00.000Z' : '2026-09-01T10:00:00.000Z';
    const id = await seedPost(store, account, name, { platform, posted_at });
    await runSql(
      store,
      `INSERT INTO social_media_content_mapping (post_id, video_id, clip_id, status) VALUES (${id}, ${link})`,
    );
    if (name === 'p5') return;
    await seedPostDay(store, id, '2026-11-01', { views_count: 1, likes_count: 1 });
    const basis = views === null ? null : 'views';
    await seedPostDay(store, id, '2026-11-22', {
      views_count: views,
      likes_count: likes,
      engagement_basis: basis,
      engagement_rate: views === null || likes === null ? null : (likes / views) * 100,
    });
  };
  await post('p1', `'v1', NULL, 'confirmed'`, 1000, 100);
  await post('p2', `NULL, 'c1', 'confirmed'`, 500, 10, nasa);
  await post('p3', `'v1', 'c2', 'confirmed'`, 200, 5);
  await post('p4', `'v2', NULL, 'suggested'`, 9999, 9999);
  await post('p5', `'v2', NULL, 'confirmed'`, null, null);
  await post('p6', `NULL, 'c3', 'confirmed'`, 40, null);
});

describe('listContentTotals', () => {
  const list = (filter: ContentTotalsFilter = {}) => listContentTotals(store.db, filter);
  const brief = async (filter: ContentTotalsFilter = {}) =>
    (await list(filter)).map(({ kind, id, posts, platforms, views, likes }) => [
      kind,
      id,
      posts,
      platforms,
      views,
      likes,
    ]);

  test('sums the latest known numbers; a video has the posts of its clips, each once; most views first', async () => {
    expect(await brief()).toEqual([
      ['video', 'v1', 3, 2, 1700, 115],
      ['clip', 'c1', 1, 1, 500, 10],
      ['clip', 'c2', 1, 1, 200, 5],
      ['clip', 'c3', 1, 1, 40, 1],
      ['video', 'v2', 1, 1, null, null],
    ]);
  });

  test('knows what it does not know, and names the basis of a rate', async () => {
    const [v1, , , c3, v2] = await list();
    expect(v1).toMatchObject({ comments: null, shares: null, engagement_basis: 'views', engagement_posts: 3 });
    expect(v1?.engagement_rate).toBeCloseTo((115 / 1700) * 100, 10);
    expect(c3).toMatchObject({ engagement_rate: 0, engagement_basis: 'views', is_sample: false, video_id: null });
    expect(v2).toMatchObject({ engagement_rate: null, engagement_basis: null, engagement_posts: 0 });
  });

  test('sorted by another metric, and at most so many', async () => {
    expect((await list({ sort: 'likes', limit: 2 })).map(({ id }) => id)).toEqual(['v1', 'c1']);
    expect((await list({ sort: 'posts' })).map(({ id }) => id)).toEqual(['v1', 'c1', 'c2', 'c3', 'v2']);
    expect((await list({ sort: 'shares', limit: 1 })).map(({ id }) => id)).toEqual(['v1']);
  });

  test('of one platform, one account or since a day: what has no such post is left out', async () => {
    const ofNasa = [
      ['clip', 'c1', 1, 1, 500, 10],
      ['video', 'v1', 1, 1, 500, 10],
    ];
    expect(await brief({ platform: 'instagram' })).toEqual(ofNasa);
    expect(await brief({ platform: 'instagram', username: 'nasa' })).toEqual(ofNasa);
    expect(await brief({ postedSince: '2026-11-01T00:00:00.000Z' })).toEqual(ofNasa);
    expect(await brief({ platform: 'youtube' })).toEqual([]);
  });

  test('rates of posts measured by followers are not mixed in', async () => {
    await runSql(
      store,
      `UPDATE social_media_post_analytics SET engagement_basis = 'followers' WHERE views_count = 1000`,
    );
    const [v1] = await list();
    expect(v1).toMatchObject({ engagement_basis: 'views', engagement_posts: 2 });
    expect(v1?.engagement_rate).toBeCloseTo((15 / 700) * 100, 10);
  });

  test('sample numbers are marked', async () => {
    await runSql(store, `UPDATE social_media_post_analytics SET provider_name = 'sample' WHERE views_count = 40`);
    expect((await list()).filter(({ is_sample }) => is_sample).map(({ id }) => id)).toEqual(['c3']);
  });

  test('without any content there is nothing', async () => {
    await runSql(store, 'DELETE FROM clips');
    await runSql(store, 'DELETE FROM videos');
    expect(await list()).toEqual([]);
  });
});

describe('listContent', () => {
  const ids = async (...args: Parameters<typeof listContent> extends [unknown, ...infer Rest] ? Rest : never) =>
    (await listContent(store.db, ...args)).map(({ id }) => id);

  test('the newest first, with the posts that are linked to each itself', async () => {
    const rows = await listContent(store.db);
    expect(rows.map(({ kind, id, posts, views }) => [kind, id, posts, views])).toEqual([
      ['clip', 'c1', 1, 500],
      ['clip', 'c2', 1, 200],
      ['video', 'v1', 2, 1200],
      ['clip', 'c3', 1, 40],
      ['video', 'v2', 1, null],
    ]);
    expect(rows[2]).toMatchObject({
      duration: 600,
      published_at: '2026-01-01T00:00:00' + (store.engine === 'sqlite' ? 'Z' : '.000Z'),
    });
  });

  test('one kind, at most so many', async () => {
    expect(await ids({ kind: 'video' })).toEqual(['v1', 'v2']);
    expect(await ids({ kind: 'clip', limit: 2 })).toEqual(['c1', 'c2']);
  });

  test('search finds upper and lower case in every column, and takes no sign for a pattern', async () => {
    expect(await ids({ search: 'sprinkler' })).toEqual(['v1']);
    expect(await ids({ search: '#DIY' })).toEqual(['v1']);
    expect(await ids({ search: 'C3' })).toEqual(['c3']);
    expect(await ids({ search: 'über' })).toEqual(['v2']);
    expect(await ids({ search: '0%' })).toEqual(['v2']);
    expect(await ids({ search: 'r_t' })).toEqual(['v2']);
    expect(await ids({ search: '%' })).toEqual(['v2']);
    expect(await ids({ search: '\\' })).toEqual([]);
    expect(await ids({ search: 'part', kind: 'video' })).toEqual([]);
    expect(await ids({ search: "x' OR 1=1 --" })).toEqual([]);
  });
});
