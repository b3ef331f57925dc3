import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Post } from '../../src/core/account.ts';
import { POST_METRICS } from '../../src/core/metric.ts';
import { saveHashtags, savePostAnalytics, savePosts } from '../../src/store/post.ts';
import { saveSnapshot } from '../../src/store/snapshot.ts';
import { makeMetrics, makePost, openTempStore, runSql, seedAccount, seedPost } from '../helper/temp-store.ts';

const DAY = '2026-11-22';
const nothing = { rate: null, basis: null };

describe('savePosts', () => {
  test('keeps ids, captions and links as they came, in all of Unicode', async () => {
    const store = await openTempStore();
    const account = { id: await seedAccount(store), platform: 'tiktok' };
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.bigInt({ min: 0n, max: 2n ** 64n }), async (caption, id) => {
        const externalId = `${++run}${id}`;
        await savePosts(store.db, account, [makePost(externalId, {}, { caption })]);
        const row = await store.db
          .selectFrom('social_media_posts')
          .select(['external_post_id', 'caption'])
          .where('external_post_id', '=', externalId)
          .executeTakeFirstOrThrow();
        expect(row).toEqual({ external_post_id: externalId, caption: caption.toWellFormed().replaceAll('\0', '') });
      }),
      { numRuns: 100 },
    );
  });

  test('what a later answer leaves unknown stays as it was', async () => {
    const store = await openTempStore();
    const account = { id: await seedAccount(store), platform: 'tiktok' };
    const full = makePost('1', {}, { thumbnailUrl: 'https://x/t', mediaUrl: 'https://x/m' });
    const [first] = [...(await savePosts(store.db, account, [full])).values()];
    const empty: Post = {
      ...full,
      url: null,
      caption: null,
      mediaType: null,
      thumbnailUrl: null,
      mediaUrl: null,
      duration: null,
      postedAt: null,
    };
    const [second] = [...(await savePosts(store.db, account, [empty])).values()];
    expect(second).toBe(first);
    expect(await store.db.selectFrom('social_media_posts').selectAll().execute()).toMatchObject([
      {
        post_url: full.url,
        caption: full.caption,
        media_type: 'video',
        thumbnail_url: 'https://x/t',
        media_url: 'https://x/m',
        duration: 30,
        posted_at: '2026-11-01T12:00:00.000Z',
      },
    ]);
    await savePosts(store.db, account, [{ ...empty, caption: 'edited' }]);
    expect(await store.db.selectFrom('social_media_posts').select('caption').execute()).toEqual([
      { caption: 'edited' },
    ]);
  });
});

describe('savePostAnalytics', () => {
  test('on the same day the newest known values stay, and no number becomes NULL', async () => {
    const store = await openTempStore();
    const account = await seedAccount(store);
    const answer = fc.record(Object.fromEntries(POST_METRICS.map((name) => [name, fc.option(fc.maxSafeNat())])));
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 8 }), async (answers) => {
        const id = await seedPost(store, account, `p${++run}`);
        const known = makeMetrics();
        for (const values of answers) {
          const metrics = makeMetrics(values);
          await savePostAnalytics(store.db, DAY, 'test', [{ id, metrics, engagement: nothing }]);
          for (const name of POST_METRICS) known[name] = metrics[name] ?? known[name];
        }
        const rows = await store.db
          .selectFrom('social_media_post_analytics')
          .selectAll()
          .where('post_id', '=', id)
          .execute();
        expect(rows).toHaveLength(1);
        for (const name of POST_METRICS) expect(rows[0]?.[`${name}_count`]).toBe(known[name]);
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ['a negative number', { likes: -1 }],
    ['a fraction', { views: 1.5 }],
  ])('refuses %s, which no provider code lets through', async (_, metrics) => {
    const store = await openTempStore();
    const id = await seedPost(store, await seedAccount(store), '1');
    const row = { id, metrics: makeMetrics(metrics), engagement: nothing };
    await expect(savePostAnalytics(store.db, DAY, 'test', [row])).rejects.toThrow(
      /constraint|datatype|REAL|invalid input syntax/i,
    );
    expect(await runSql(store, 'SELECT * FROM social_media_post_analytics')).toEqual([]);
  });
});

describe('saveSnapshot', () => {
  test('on the same day the newest known values stay, and no number becomes NULL', async () => {
    const store = await openTempStore();
    const columns = ['followers_count', 'posts_count', 'total_likes', 'total_views', 'engagement_rate'] as const;
    const answer = fc.record(Object.fromEntries(columns.map((name) => [name, fc.option(fc.nat())])));
    const blank = {
      snapshot_date: DAY,
      followers_count: null,
      following_count: null,
      posts_count: null,
      total_likes: null,
      total_comments: null,
      total_views: null,
      total_shares: null,
      engagement_rate: null,
      engagement_basis: null,
      avg_likes_per_post: null,
      avg_comments_per_post: null,
      provider_name: 'test',
      captured_at: '2026-11-22T10:00:00.000Z',
    };
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 8 }), async (answers) => {
        const account = await seedAccount(store, `account${++run}`);
        const known: Record<string, number | null> = Object.fromEntries(columns.map((name) => [name, null]));
        for (const values of answers) {
          await saveSnapshot(store.db, { ...blank, account_id: account, ...values });
          for (const name of columns) known[name] = values[name] ?? known[name] ?? null;
        }
        const rows = await store.db
          .selectFrom('social_media_analytics_snapshots')
          .select([...columns])
          .where('account_id', '=', account)
          .execute();
        expect(rows).toEqual([known]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('saveHashtags', () => {
  test('links a post to the tags of its caption, and an edited caption to its new ones', async () => {
    const store = await openTempStore();
    const id = await seedPost(store, await seedAccount(store), '1');
    const tags = async () =>
      (
        await store.db
          .selectFrom('social_media_post_hashtags as x')
          .innerJoin('social_media_hashtags as h', 'h.id', 'x.hashtag_id')
          .select(['h.tag', 'h.written'])
          .orderBy('h.tag')
          .execute()
      ).map(({ tag, written }) => `${tag}/${written}`);
    await saveHashtags(store.db, [{ id, caption: '#Test and #diy #TEST' }]);
    expect(await tags()).toEqual(['diy/diy', 'test/Test']);
    await saveHashtags(store.db, [{ id, caption: 'now only #DIY and #new' }]);
    expect(await tags()).toEqual(['diy/diy', 'new/new']);
    await saveHashtags(store.db, [{ id, caption: 'none' }]);
    expect(await tags()).toEqual([]);
  });

  test('leaves the tags of other posts alone, and takes no posts for nothing', async () => {
    const store = await openTempStore();
    const account = await seedAccount(store);
    const [one, two] = [await seedPost(store, account, '1'), await seedPost(store, account, '2')];
    await saveHashtags(store.db, [
      { id: one, caption: '#a #b' },
      { id: two, caption: '#b #c' },
    ]);
    await saveHashtags(store.db, [{ id: one, caption: '' }]);
    await saveHashtags(store.db, []);
    const rows = await store.db.selectFrom('social_media_post_hashtags').select('post_id').execute();
    expect(rows).toEqual([{ post_id: two }, { post_id: two }]);
  });
});
