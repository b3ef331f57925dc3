import { describe, expect, test } from 'vitest';
import { ProviderError } from '../../src/core/errors.ts';
import type { Provider } from '../../src/provider/provider.ts';
import { tiktokApi23 } from '../../src/provider/tiktok-api23.ts';
import { tiktokScraper7 } from '../../src/provider/tiktok-scraper7.ts';
import { tiktokVideoFeatureSummary } from '../../src/provider/tiktok-video-feature-summary.ts';
import { readFixture } from './subject.ts';

/** Fetches from bodies that are handed out in order, whatever is asked. */
function replay(provider: Provider, bodies: unknown[], posts = 100) {
  const left = [...bodies];
  const send = async () => ({ body: left.shift(), headers: new Headers() });
  return provider.fetchAccount('harbor.lights', {
    posts,
    platform: provider.platforms[0],
    now: new Date('2026-11-22T10:00:00Z'),
    hasToken: false,
    setting: () => undefined,
    get: async () => (await send()).body,
    send,
    run: () => Promise.reject(new Error('runs no program')),
  });
}

const none = { reach: null, impressions: null };

describe('what was recorded of tiktok-scraper7', () => {
  test('is read in full: pinned video, slideshow, plain video, and the repeated one once', async () => {
    const { profile, posts } = await replay(tiktokScraper7, [
      readFixture('tiktok-scraper7/user-info.json'),
      readFixture('tiktok-scraper7/user-posts-page1.json'),
      readFixture('tiktok-scraper7/user-posts-page2-last-with-duplicate.json'),
    ]);
    expect(profile).toEqual({
      externalId: '6784512390456123397',
      displayName: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      profilePicUrl: expect.stringMatching(/^https:.*1080:1080/),
      isVerified: true,
      isBusiness: null,
      followers: 427_700,
      following: 212,
      posts: 318,
    });
    expect(posts.map(({ externalId }) => externalId)).toEqual([
      '7646818224011788053',
      '7676167466413831785',
      '7675295295995300990',
      '7674353491272000147',
      '7672661561920396091',
      '7671258267254905314',
    ]);
    expect(posts[0]).toEqual({
      externalId: '7646818224011788053',
      url: 'https://www.tiktok.com/@harbor.lights/video/7646818224011788053',
      caption: 'Start here: a tour of the studio #studio',
      mediaType: 'video',
      thumbnailUrl: expect.stringContaining('7646818224011788053~tplv'),
      mediaUrl: expect.stringContaining('/play/7646818224011788053/'),
      duration: 58,
      postedAt: new Date('2026-06-02T15:20:09Z'),
      metrics: { likes: 301_442, comments: 4_120, views: 2_450_113, shares: 18_877, saves: 25_410, ...none },
    });
    expect(posts[2]).toMatchObject({
      url: 'https://www.tiktok.com/@harbor.lights/photo/7675295295995300990',
      caption: '',
      mediaType: 'carousel',
      duration: null,
      metrics: { likes: 240, comments: 6, views: 3_102, shares: 3, saves: 11, ...none },
    });
    expect(posts[3]?.metrics).toEqual({ likes: 77, comments: 0, views: 912, shares: 0, saves: 4, ...none });
  });

  test('is read also where a count of likes overflowed 32 bits, which nothing here is taken from', async () => {
    const { profile, posts } = await replay(tiktokScraper7, [
      readFixture('tiktok-scraper7/user-info-heart-overflow.json'),
      readFixture('tiktok-scraper7/user-posts-empty.json'),
    ]);
    expect(profile).toMatchObject({ followers: 155_600_000, following: 212, posts: 2_874 });
    expect(posts).toEqual([]);
  });
});

test('what was recorded of tiktok-video-feature-summary is read like its sister', async () => {
  const { profile, posts } = await replay(
    tiktokVideoFeatureSummary,
    [
      readFixture('tiktok-video-feature-summary/user-info.json'),
      readFixture('tiktok-video-feature-summary/user-posts.json'),
    ],
    2,
  );
  expect(profile).toMatchObject({ externalId: '6784512390456123397', followers: 427_700 });
  expect(posts.map(({ mediaType, metrics }) => [mediaType, metrics.views])).toEqual([
    ['video', 48_210],
    ['carousel', 3_102],
  ]);
});

describe('what was recorded of tiktok-api23', () => {
  const info = readFixture('tiktok-api23/user-info.json') as { userInfo: Record<string, unknown> };
  const page = readFixture('tiktok-api23/user-posts-page1.json') as {
    data: Record<string, unknown> & { itemList: Item[] };
  };
  type Item = Record<string, unknown>;
  const last = { ...page, data: { ...page.data, hasMore: false } };

  test('is read with the exact counts of statsV2, not the rounded ones', async () => {
    const { profile, posts } = await replay(tiktokApi23, [info, last]);
    expect(profile).toMatchObject({
      externalId: '6784512390456123397',
      followers: 427_682,
      following: 212,
      posts: 318,
    });
    expect(posts).toHaveLength(4);
    expect(posts[0]).toMatchObject({
      externalId: '7646818224011788053',
      mediaType: 'video',
      duration: 58,
      postedAt: new Date('2026-06-02T15:20:09Z'),
      metrics: { likes: 301_442, comments: 4_120, views: 2_450_113, shares: 18_877, saves: 25_410, ...none },
    });
    expect(posts[2]).toMatchObject({ mediaType: 'carousel', duration: null });
    expect(posts[2]?.url).toContain('/photo/7675295295995300990');
  });

  test('is read with the counts of stats where statsV2 is missing', async () => {
    const { statsV2: _, ...userInfo } = info.userInfo;
    const itemList = page.data.itemList.map(({ statsV2: _v2, createTime, ...item }) => ({
      ...item,
      createTime: String(createTime),
    }));
    const { profile, posts } = await replay(tiktokApi23, [
      { ...info, userInfo },
      { ...last, data: { ...last.data, itemList } },
    ]);
    expect(profile.followers).toBe(427_700);
    expect(posts[0]?.metrics).toMatchObject({ likes: 301_400, views: 2_450_100 });
    expect(posts[0]?.postedAt).toEqual(new Date('2026-06-02T15:20:09Z'));
    expect(posts[3]?.metrics).toEqual({ likes: 77, comments: 0, views: 912, shares: 0, saves: 4, ...none });
  });

  test('is read without its wrapper too, and a cursor of -1 or none is the end', async () => {
    for (const cursor of ['-1', -1, null, undefined]) {
      const { posts } = await replay(tiktokApi23, [info, { ...page.data, cursor, hasMore: true }]);
      expect(posts).toHaveLength(4);
    }
  });

  test('is an empty list when an account has none or shows none', async () => {
    const { posts } = await replay(tiktokApi23, [info, readFixture('tiktok-api23/user-posts-private-or-empty.json')]);
    expect(posts).toEqual([]);
  });

  test('is refused when it is no list of posts at all', async () => {
    for (const body of [null, 'data', 7, [], {}, { data: [] }, readFixture('tiktok-api23/user-posts-null-data.json')]) {
      await expect(replay(tiktokApi23, [info, body])).rejects.toThrow(ProviderError);
      await expect(replay(tiktokApi23, [info, body])).rejects.toMatchObject({ problem: 'schema' });
    }
  });

  test('names statuses of its own: no such user, private, anything else, and no data', () => {
    const classify = (body: unknown, status = 200) =>
      tiktokApi23.classify({ receivedAt: new Date(0), status, headers: new Headers(), text: '', body });
    expect([10202, 10221, '10221'].map((statusCode) => classify({ statusCode })?.problem)).toEqual(
      Array(3).fill('not_found'),
    );
    expect([10216, 10222].map((statusCode) => classify({ statusCode })?.problem)).toEqual(['private', 'private']);
    expect(classify({ statusCode: 10204 })).toMatchObject({ problem: 'unavailable', retry: true });
    expect(classify({ statusCode: 'odd' })).toMatchObject({ problem: 'unavailable', retry: true });
    expect(classify(readFixture('tiktok-api23/user-posts-null-data.json'))).toMatchObject({
      problem: 'unavailable',
      retry: true,
    });
    for (const body of [undefined, null, 'text', {}, { statusCode: 0 }, info, page])
      expect(classify(body)).toBeUndefined();
    expect(classify({ statusCode: 10221 }, 500)).toBeUndefined();
  });
});

describe('what the TikWM backend says besides', () => {
  const classify = (body: unknown, status = 200) =>
    tiktokScraper7.classify({ receivedAt: new Date(0), status, headers: new Headers(), text: '', body });

  test('is a limit a second, a limit a day, or an error that may pass', () => {
    expect(classify(readFixture('tiktok-scraper7/error-200-free-api-limit-second.json'))).toMatchObject({
      problem: 'rate_limited',
      retry: true,
      waitMs: 1_100,
    });
    expect(classify(readFixture('tiktok-scraper7/error-200-free-api-limit-day.json'))).toMatchObject({
      problem: 'quota',
      retry: false,
      message: 'says the day\'s quota is spent ("Free Api Limit: 10000 request/ 1 day.")',
    });
    expect(classify({ code: -1, msg: 'Internal fault' })).toMatchObject({ problem: 'unavailable', retry: true });
    expect(classify({ code: '7' })?.message).toBe('answered with an error: code 7');
  });

  test('is no verdict about the account unless it is about the account', () => {
    for (const msg of ['Invalid signature', 'invalid request', 'Url parsing is failed! Please check url.']) {
      expect(classify({ code: -1, msg })?.problem, msg).toBe('unavailable');
    }
    for (const msg of ['unique_id is invalid', 'user_id is invalid', 'userinfo is failed', 'User does not exist']) {
      expect(classify({ code: -1, msg })?.problem, msg).toBe('not_found');
    }
  });

  test('is nothing when the code is 0, absent, or the reply not fine', () => {
    for (const body of [undefined, null, 'text', [], {}, { code: 0 }, { code: 0, msg: 'unique_id is invalid' }]) {
      expect(classify(body)).toBeUndefined();
    }
    expect(classify({ code: -1, msg: 'unique_id is invalid' }, 500)).toBeUndefined();
  });
});
