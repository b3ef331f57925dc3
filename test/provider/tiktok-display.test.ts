import { describe, expect, test } from 'vitest';
import { identifyPost, parsePostUrl } from '../../src/core/post-url.ts';
import type { ReadRequest } from '../../src/provider/provider.ts';
import { tiktokDisplay } from '../../src/provider/tiktok-display.ts';
import { readFixture } from './subject.ts';

type Bag = Record<string, unknown>;

const info = readFixture('tiktok-display/user-info.json') as { data: { user: Bag } };
const first = readFixture('tiktok-display/video-list-page1.json') as { data: { videos: Bag[] } };
const last = readFixture('tiktok-display/video-list-last.json') as { data: { videos: Bag[] } };

/** Fetches from bodies that are handed out in order, and keeps what was asked. */
async function replay(bodies: unknown[], posts = 100, username = 'harbor.lights') {
  const left = [...bodies];
  const requests: ReadRequest[] = [];
  const send = async (request: ReadRequest) => {
    requests.push(request);
    return { body: left.shift(), headers: new Headers() };
  };
  const answer = await tiktokDisplay.fetchAccount(username, {
    posts,
    platform: 'tiktok',
    now: new Date('2026-11-22T10:00:00Z'),
    hasToken: true,
    setting: () => undefined,
    get: async (path, query = {}) => (await send({ path, query })).body,
    send,
    run: () => Promise.reject(new Error('runs no program')),
  });
  return { ...answer, requests };
}

function withUser(changes: Bag): unknown {
  return { ...info, data: { user: { ...info.data.user, ...changes } } };
}

function withVideo(changes: Bag): unknown {
  const [video] = last.data.videos;
  return { ...last, data: { ...last.data, videos: [{ ...video, ...changes }] } };
}

const none = { saves: null, reach: null, impressions: null };

describe('what was recorded of the TikTok Display API', () => {
  test('is read in full', async () => {
    const { profile, posts } = await replay([info, first, last]);
    expect(profile).toEqual({
      externalId: null,
      displayName: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      profilePicUrl: 'https://p19-sign.tiktokcdn-us.com/a.jpeg',
      isVerified: true,
      isBusiness: null,
      followers: 427_682,
      following: 212,
      posts: 318,
    });
    expect(posts).toEqual([
      {
        externalId: '7676167466413831785',
        url: 'https://www.tiktok.com/@harbor.lights/video/7676167466413831785',
        caption: 'Fog rolling in at dawn #harbor',
        mediaType: 'video',
        thumbnailUrl: 'https://p19-sign.tiktokcdn-us.com/c0.jpeg?x-expires=1787400000',
        mediaUrl: null,
        duration: 21,
        postedAt: new Date('2026-08-20T17:30:12Z'),
        metrics: { likes: 5_120, comments: 88, views: 48_210, shares: 210, ...none },
      },
      {
        externalId: '7675295295995300990',
        url: 'https://www.tiktok.com/@harbor.lights/photo/7675295295995300990',
        caption: '',
        mediaType: 'carousel',
        thumbnailUrl: 'https://p19-sign.tiktokcdn-us.com/c1.jpeg?x-expires=1787400000',
        mediaUrl: null,
        duration: null,
        postedAt: new Date('2026-08-18T09:05:44Z'),
        metrics: { likes: 240, comments: 6, views: 3_102, shares: 3, ...none },
      },
      {
        externalId: '7674353491272000147',
        url: 'https://www.tiktok.com/@harbor.lights/video/7674353491272000147',
        caption: 'Q&A: how we light a scene',
        mediaType: 'video',
        thumbnailUrl: 'https://p19-sign.tiktokcdn-us.com/c2.jpeg?x-expires=1787400000',
        mediaUrl: null,
        duration: 124,
        postedAt: new Date('2026-08-15T20:11:03Z'),
        metrics: { likes: 77, comments: 0, views: 912, shares: 0, ...none },
      },
    ]);
  });

  test('is asked for: fields in the address, the cursor as the number that it was in what is sent', async () => {
    const { requests } = await replay([info, first, last]);
    expect(requests.map(({ path, body }) => [path, body])).toEqual([
      ['/v2/user/info/', undefined],
      ['/v2/video/list/', { max_count: 20 }],
      ['/v2/video/list/', { max_count: 20, cursor: 1_787_043_944_000 }],
    ]);
    expect(requests[0]?.query?.['fields']?.split(',')).toContain('follower_count');
    expect(requests[1]?.query?.['fields']?.split(',')).toContain('view_count');
    expect([1, 20, 21, 100].map((posts) => tiktokDisplay.requestCount(posts))).toEqual([2, 2, 3, 6]);
  });

  test('ends without a cursor, whatever it says of more', async () => {
    for (const cursor of [null, undefined]) {
      const { posts } = await replay([info, { ...last, data: { ...last.data, has_more: true, cursor } }]);
      expect(posts).toHaveLength(1);
    }
  });

  test('knows a slideshow by its address too', async () => {
    const share_url = 'https://www.tiktok.com/@harbor.lights/photo/7674353491272000147?utm_campaign=tt4d_open_api';
    const { posts } = await replay([info, withVideo({ share_url, duration: undefined })]);
    expect(posts[0]).toMatchObject({ mediaType: 'carousel', duration: null });
    const plain = await replay([info, withVideo({ share_url: null, duration: null })]);
    expect(plain.posts[0]).toMatchObject({ mediaType: 'video', duration: null });
  });

  test('is of the account that is logged in, in any case of letters, and of no other', async () => {
    const { posts } = await replay([withUser({ username: 'Harbor.Lights' }), last]);
    expect(posts[0]?.url).toBe('https://www.tiktok.com/@Harbor.Lights/video/7674353491272000147');
    await expect(replay([withUser({ username: 'pier.lamps' })])).rejects.toMatchObject({
      problem: 'not_covered',
      message: 'was logged in as @pier.lamps, and knows no other account',
      hint: 'log in as @harbor.lights: smstats login tiktok-display',
    });
  });

  test('has ids that the URLs of its posts lead to', async () => {
    const { posts } = await replay([info, first, last]);
    const given = [...first.data.videos, ...last.data.videos].map((video) => String(video['share_url']));
    for (const [index, { externalId, url }] of posts.entries()) {
      expect(parsePostUrl(given[index] ?? '')).toMatchObject({ kind: 'post', ids: [externalId] });
      expect(identifyPost(url ?? '')).toBe(identifyPost(given[index] ?? ''));
    }
  });
});

describe('what TikTok says is wrong', () => {
  const classify = (body: unknown, status: number, headers: Record<string, string> = {}) =>
    tiktokDisplay.classify({ receivedAt: new Date(0), status, headers: new Headers(headers), text: '', body });
  const error = (code: unknown, message = 'said') => ({ data: {}, error: { code, message, log_id: '1' } });

  test('is a login that ended, or one that does not allow enough', () => {
    expect(classify(readFixture('tiktok-display/error-401-token-invalid.json'), 401)).toEqual({
      problem: 'refused',
      message: 'does not take the login any more (401)',
      retry: false,
      hint: 'smstats login tiktok-display',
    });
    expect(classify(readFixture('tiktok-display/error-401-scope.json'), 401)).toEqual({
      problem: 'refused',
      message:
        'was not allowed all that is asked for (401): ' +
        'The user did not authorize the scope required for completing this request.',
      retry: false,
      hint: 'log in again and allow all that TikTok lists: smstats login tiktok-display',
    });
    expect(classify(error('scope_permission_missed'), 400)?.problem).toBe('refused');
  });

  test('is a minute that is full, which is waited for', () => {
    const full = readFixture('tiktok-display/error-429.json');
    expect(classify(full, 429)).toEqual({
      problem: 'rate_limited',
      message: 'asks to slow down (429, back in 20 s)',
      retry: true,
      waitMs: 20_000,
    });
    expect(classify(full, 429, { 'retry-after': '3' })?.waitMs).toBe(3_000);
  });

  test('is a question that it does not understand, or an error that may pass', () => {
    expect(classify(error('invalid_params'), 400)).toMatchObject({ problem: 'malformed', retry: false });
    expect(classify(error('internal_error'), 500)).toMatchObject({
      problem: 'unavailable',
      message: 'answered with an error: said',
      retry: true,
    });
    for (const code of ['internal_error', 'new_error', '', undefined, null, 7]) {
      expect(classify(error(code, ''), 200)).toMatchObject({ problem: 'unavailable', retry: true });
    }
    expect(classify({ data: {} }, 200)).toMatchObject({ problem: 'unavailable', retry: true });
  });

  test('is nothing when it is ok, or when the reply is not its own', () => {
    for (const body of [info, first, last]) expect(classify(body, 200)).toBeUndefined();
    for (const body of [undefined, null, 'text']) expect(classify(body, 200)).toBeUndefined();
    for (const status of [401, 403, 429, 503]) expect(classify({ message: 'of a gateway' }, status)).toBeUndefined();
    expect(classify(error('new_error'), 503)).toBeUndefined();
  });
});
