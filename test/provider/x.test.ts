import { describe, expect, test } from 'vitest';
import { parsePostUrl } from '../../src/core/post-url.ts';
import type { ReadRequest } from '../../src/provider/provider.ts';
import { x } from '../../src/provider/x.ts';
import { readFixture } from './subject.ts';

/** Fetches from bodies that are handed out in order, and keeps what was asked. */
async function replay(bodies: unknown[], posts = 100, username = 'harborlights') {
  const left = [...bodies];
  const requests: ReadRequest[] = [];
  const answer = await x.fetchAccount(username, {
    posts,
    platform: 'twitter',
    now: new Date('2026-11-22T10:00:00Z'),
    hasToken: false,
    setting: () => undefined,
    get: () => Promise.reject(new Error('asks with units')),
    send: async (request) => {
      requests.push(request);
      return { body: left.shift(), headers: new Headers() };
    },
    run: () => Promise.reject(new Error('runs no program')),
  });
  return { ...answer, requests };
}

function classify(body: unknown, status = 200, headers: Record<string, string> = {}) {
  const receivedAt = new Date('2026-08-21T08:00:00Z');
  return x.classify({ receivedAt, status, headers: new Headers(headers), text: '', body });
}

type Bag = Record<string, unknown>;
const user = readFixture('x/user.json') as { data: Bag & { public_metrics: Bag } };
const first = readFixture('x/posts.json');
const second = readFixture('x/posts-page2.json') as { data: Bag[] };
const newNaming = readFixture('x/posts-new-naming.json') as { data: Bag[]; includes: { media: Bag[] } };
const empty = readFixture('x/posts-empty.json');

describe('what was recorded of X', () => {
  test('is read in full, in the names that it had', async () => {
    const { profile, posts } = await replay([user, first, second]);
    expect(profile).toEqual({
      externalId: '1489237465019283746',
      displayName: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      profilePicUrl: 'https://pbs.twimg.com/profile_images/1600000000000000001/aBcDeFgH_400x400.jpg',
      isVerified: true,
      isBusiness: null,
      followers: 20_481,
      following: 311,
      posts: 4_120,
    });
    expect(posts.map(({ externalId }) => externalId)).toEqual([
      '2090491601875895394',
      '2088900214873153792',
      '1500000000000000001',
      '1499999999999999999',
    ]);
    expect(posts[1]).toEqual({
      externalId: '2088900214873153792',
      url: 'https://x.com/harborlights/status/2088900214873153792',
      caption: 'Salt & light, shot on film <3 https://example.org/film #harbor',
      mediaType: 'carousel',
      thumbnailUrl: 'https://pbs.twimg.com/media/aBcDeFgHiJ.jpg',
      mediaUrl: 'https://pbs.twimg.com/media/aBcDeFgHiJ.jpg',
      duration: null,
      postedAt: new Date('2026-08-16T08:06:32Z'),
      metrics: { likes: 57, comments: 0, views: 1_804, shares: 5, saves: 3, reach: null, impressions: null },
    });
  });

  test('is read in the names that it gets', async () => {
    const { tweet_count, ...counts } = user.data.public_metrics;
    const renamed = { data: { ...user.data, public_metrics: { ...counts, post_count: tweet_count } } };
    const { profile, posts } = await replay([renamed, newNaming]);
    expect(profile.posts).toBe(4_120);
    expect(posts).toEqual([
      {
        externalId: '2090491601875895394',
        url: 'https://x.com/harborlights/status/2090491601875895394',
        caption: 'Fog at dawn https://t.co/aaaaaaaaaa',
        mediaType: 'video',
        thumbnailUrl: 'https://pbs.twimg.com/ext_tw_video_thumb/1.jpg',
        mediaUrl: null,
        duration: 21,
        postedAt: new Date('2026-08-20T17:30:12Z'),
        metrics: { likes: 311, comments: 9, views: 20_911, shares: 23, saves: 14, reach: null, impressions: null },
      },
    ]);
    const [long] = (
      await replay([user, { ...newNaming, data: [{ ...second.data[2], note_post: { text: 'All of it.' } }] }])
    ).posts;
    expect(long?.caption).toBe('All of it.');
  });

  test('is an empty list when an account has posted nothing of its own', async () => {
    expect((await replay([user, empty])).posts).toEqual([]);
  });
});

describe('a post of X', () => {
  const one = async (changes: Bag, media: Bag[] = []) => {
    const data = [{ ...second.data[3], attachments: undefined, ...changes }];
    return (await replay([user, { data, includes: { media }, meta: {} }], 5)).posts[0];
  };

  test('is found again by its URL, in any form of it', async () => {
    const { posts } = await replay([user, first, second]);
    for (const { externalId, url } of posts) {
      expect(parsePostUrl(url ?? '')).toMatchObject({ kind: 'post', platform: 'twitter', username: 'harborlights' });
      for (const form of [url ?? '', `https://twitter.com/i/web/status/${externalId}?s=20`]) {
        expect(parsePostUrl(form)).toMatchObject({ ids: [externalId] });
      }
    }
  });

  test('is left out when it is a repost or a reply, in either naming; a quote is not', async () => {
    for (const key of ['referenced_tweets', 'referenced_posts']) {
      for (const type of ['retweeted', 'reposted', 'replied_to']) {
        expect(await one({ [key]: [{ type: 'quoted' }, { type }] }), `${key} ${type}`).toBeUndefined();
      }
      expect(await one({ [key]: [{ type: 'quoted' }] })).toBeDefined();
    }
  });

  test('has unknown views, not none, when it is older than the views', async () => {
    const metrics = { ...(second.data[3]?.['public_metrics'] as Bag), impression_count: 0 };
    const views = async (created_at: string, public_metrics: Bag = metrics) =>
      (await one({ created_at, public_metrics }))?.metrics.views;
    expect(await views('2022-12-14T23:59:59.000Z')).toBeNull();
    expect(await views('2022-12-15T00:00:00.000Z')).toBe(0);
    expect(await views('2022-12-14T23:59:59.000Z', { ...metrics, impression_count: 12 })).toBe(12);
  });

  test('has unknown shares when reposts or quotes are', async () => {
    const metrics = second.data[3]?.['public_metrics'] as Bag;
    expect((await one({ public_metrics: { ...metrics, quote_count: null } }))?.metrics.shares).toBeNull();
    expect((await one({ public_metrics: { ...metrics, retweet_count: -1 } }))?.metrics.shares).toBeNull();
    expect((await one({ public_metrics: { ...metrics, retweet_count: 4, quote_count: 3 } }))?.metrics.shares).toBe(7);
  });

  test('is of the kind of what is attached, or unknown when that is not shown', async () => {
    const file = (type: string, media_key = '1') => ({ media_key, type });
    const kind = async (keys: string[], media: Bag[]) =>
      (await one({ attachments: { media_keys: keys } }, media))?.mediaType;
    expect(await kind(['1'], [file('photo')])).toBe('image');
    expect(await kind(['1'], [file('animated_gif')])).toBe('video');
    expect(await kind(['1', '2'], [file('video'), file('photo', '2')])).toBe('carousel');
    expect(await kind(['1', '2'], [file('photo')])).toBeNull();
    expect(await kind(['1'], [file('hologram')])).toBeNull();
    expect(await kind([], [])).toBe('text');
    const quoting = { urls: [{ url: 'https://t.co/e', expanded_url: 'https://x.com/northpier/status/1' }] };
    expect((await one({ entities: quoting }))?.mediaType).toBe('text');
  });

  test('keeps a link that leads nowhere known, and every $ in one that does', async () => {
    const text = 'See https://t.co/e and https://t.co/f &amp;amp;';
    const urls = [{ url: 'https://t.co/e', expanded_url: 'https://example.org/?$&=$1' }, { url: 'https://t.co/f' }];
    expect((await one({ text, entities: { urls } }))?.caption).toBe(
      'See https://example.org/?$&=$1 and https://t.co/f &amp;',
    );
  });
});

describe('asking X', () => {
  test('sets aside what can be billed, and counts what was', async () => {
    const { requests } = await replay([user, first, second], 120);
    expect(requests.map(({ path, units }) => [path, units])).toEqual([
      ['/2/users/by/username/harborlights', 2],
      ['/2/users/1489237465019283746/tweets', 100],
      ['/2/users/1489237465019283746/tweets', 100],
    ]);
    expect(requests[0]?.unitsOf).toBeUndefined();
    expect([first, second, empty, {}, null].map((body) => requests[1]?.unitsOf?.(body))).toEqual([2, 4, 0, 0, 0]);
    expect(x.quota).toMatchObject({ unit: 'posts', period: 'month', zone: 'UTC' });
  });

  test('never pays for more posts than are wanted, with five as the least that can be asked for', async () => {
    const sizes = async (posts: number) =>
      (await replay([user, first, second], posts)).requests.slice(1).map(({ query }) => query?.['max_results']);
    expect(await sizes(1)).toEqual(['5']);
    expect(await sizes(3)).toEqual(['5', '5']);
    expect(await sizes(30)).toEqual(['30', '29']);
    expect(await sizes(300)).toEqual(['100', '100']);
  });

  test('is said beforehand', () => {
    expect([1, 100, 101, 1_000].map((posts) => x.requestCount(posts))).toEqual([2, 2, 3, 11]);
  });

  test('is not done for a handle that X cannot have', async () => {
    for (const username of ['harbor.lights', 'a_name_of_16_char', '..', 'häfen']) {
      await expect(replay([], 1, username)).rejects.toMatchObject({ problem: 'not_found' });
    }
  });

  test('ends when an account is protected, before its posts are asked for', async () => {
    const body = { data: { ...user.data, protected: true } };
    await expect(replay([body])).rejects.toMatchObject({ problem: 'private' });
  });
});

describe('what X complains about', () => {
  test('is an answer about the account in a reply that HTTP calls fine', () => {
    expect(classify(readFixture('x/error-200-not-found.json'))).toMatchObject({ problem: 'not_found', retry: false });
    expect(classify(readFixture('x/error-200-not-authorized.json'))).toMatchObject({ problem: 'private' });
    const type = 'https://api.twitter.com/2/problems/resource-not-found';
    const detail = 'User has been suspended: [harborlights].';
    expect(classify({ errors: [{ type, detail }] })).toMatchObject({
      problem: 'not_found',
      message: 'says the account is suspended',
    });
    expect(classify({ errors: [{ detail: 'Over capacity.' }] })).toMatchObject({ problem: 'unavailable', retry: true });
    for (const body of [undefined, null, 'text', 7, [], {}, user, first, second, empty, { errors: [] }]) {
      expect(classify(body)).toBeUndefined();
    }
  });

  test('is a limit that ends with its window', () => {
    const reset = { 'x-rate-limit-reset': '1787300100' };
    expect(classify(readFixture('x/error-429.json'), 429, reset)).toEqual({
      problem: 'rate_limited',
      message: 'asks to slow down (429, back in 900 s)',
      retry: true,
      waitMs: 900_000,
    });
    const date = { date: 'Fri, 21 Aug 2026 08:14:30 GMT' };
    expect(classify(readFixture('x/error-429-legacy.json'), 429, { ...reset, ...date })?.waitMs).toBe(30_000);
    expect(classify({}, 429, { ...reset, 'retry-after': '3' })?.waitMs).toBe(3_000);
    for (const value of ['', 'soon', '1787200000', '9999999999']) {
      expect(classify({}, 429, { 'x-rate-limit-reset': value })?.waitMs).toBe(5_000);
    }
  });

  test('is a cap, spent credits, an app without rights, or a request that X no longer knows', () => {
    expect(classify(readFixture('x/error-429-usage-capped.json'), 429)).toMatchObject({
      problem: 'quota',
      retry: false,
      hint: expect.stringContaining('console.x.com'),
    });
    expect(classify(readFixture('x/error-402.json'), 402)).toMatchObject({ problem: 'quota', retry: false });
    expect(classify(readFixture('x/error-403-client-forbidden.json'), 403)).toMatchObject({ problem: 'refused' });
    const type = 'https://api.x.com/2/problems/invalid-request';
    const detail = 'The query parameter [tweet.fields] is not one of [id,post.fields].';
    expect(classify({ type, detail }, 400)).toMatchObject({
      problem: 'schema',
      message: `refused the form of the request (400: ${detail})`,
    });
    expect(classify({}, 400)).toBeUndefined();
    expect(classify(readFixture('x/error-401.json'), 401)).toBeUndefined();
    expect(classify({}, 503)).toBeUndefined();
  });
});
