import { describe, expect, test } from 'vitest';
import { ProviderError, type ProviderProblem } from '../../src/core/errors.ts';
import { identifyPost, parsePostUrl } from '../../src/core/post-url.ts';
import { pinterest } from '../../src/provider/pinterest.ts';
import { readFixture } from './subject.ts';

type Bag = Record<string, unknown>;

const user = readFixture('pinterest/user-account.json') as Bag;
const first = readFixture('pinterest/pins-page1.json') as { items: Bag[] };
const last = readFixture('pinterest/pins-last.json') as { items: Bag[] };
const analytics = readFixture('pinterest/user-account-analytics.json') as { all: { daily_metrics: Bag[] } };

/** Fetches from bodies that are handed out in order, and keeps what was asked; an error is thrown in its turn. */
async function replay(bodies: unknown[], posts = 500, username = 'harborlights') {
  const left = [...bodies];
  const asked: [string, Record<string, string>][] = [];
  const answer = await pinterest.fetchAccount(username, {
    posts,
    platform: 'pinterest',
    now: new Date('2026-11-22T10:00:00Z'),
    hasToken: true,
    setting: () => undefined,
    get: async (path, query = {}) => {
      asked.push([path, query]);
      const body = left.shift();
      if (body instanceof Error) throw body;
      return body;
    },
    send: () => Promise.reject(new Error('asks with GET alone')),
    run: () => Promise.reject(new Error('runs no program')),
  });
  return { ...answer, asked };
}

const none = { views: null, shares: null, reach: null };
const all = { likes: null, comments: null, saves: null, impressions: null, ...none };

function withPin(changes: Bag): unknown {
  return { items: [{ ...first.items[0], ...changes }], bookmark: null };
}

function failure(problem: ProviderProblem): ProviderError {
  return new ProviderError('pinterest', problem, 'did not allow it (403): Not authorized.');
}

describe('what was recorded of Pinterest', () => {
  test('is read in full, without the pins of others and those saved from other pins', async () => {
    const { profile, posts, days, remarks } = await replay([user, first, last, analytics]);
    expect(profile).toEqual({
      externalId: '2783136121146311751',
      displayName: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      profilePicUrl: 'https://i.pinimg.com/140x140_RS/aa/bb/cc.jpg',
      isVerified: null,
      isBusiness: true,
      followers: 1_210,
      following: 47,
      posts: 339,
    });
    expect(posts).toEqual([
      {
        externalId: '813183201234567811',
        url: 'https://www.pinterest.com/pin/813183201234567811/',
        caption: 'Fog at dawn\n\nMorning at the pier',
        mediaType: 'video',
        thumbnailUrl: 'https://i.pinimg.com/videos/thumbnails/originals/a.jpg',
        mediaUrl: 'https://i.pinimg.com/1200x/aa/bb/cc.jpg',
        duration: 21,
        postedAt: new Date('2026-08-20T17:30:12Z'),
        metrics: { likes: 10, comments: 2, saves: 4, impressions: 211, ...none },
      },
      {
        externalId: '813183201234567812',
        url: 'https://www.pinterest.com/pin/813183201234567812/',
        caption: 'Lamps of the pier',
        mediaType: 'image',
        thumbnailUrl: 'https://i.pinimg.com/600x/aa/bb/cc.jpg',
        mediaUrl: 'https://i.pinimg.com/1200x/aa/bb/cc.jpg',
        duration: null,
        postedAt: new Date('2026-08-18T09:05:44Z'),
        metrics: all,
      },
      {
        externalId: '813183201234567810',
        url: 'https://www.pinterest.com/pin/813183201234567810/',
        caption: 'Three lamps #light',
        mediaType: 'carousel',
        thumbnailUrl: 'https://i.pinimg.com/600x/aa/bb/cc.jpg',
        mediaUrl: 'https://i.pinimg.com/1200x/aa/bb/cc.jpg',
        duration: null,
        postedAt: new Date('2026-08-17T06:00:00Z'),
        metrics: { likes: 0, comments: 0, saves: 0, impressions: 55, ...none },
      },
    ]);
    expect(days).toEqual([{ day: '2026-08-18', metrics: { impressions: 240, saves: 20, clicks: 20 } }]);
    expect(remarks).toEqual([]);
  });

  test('is read on behind a page of saved pins alone, and behind an empty one', async () => {
    const saved = first.items.map((each) => ({ ...each, is_owner: false }));
    const bodies = [user, { items: saved, bookmark: 'one' }, { items: [], bookmark: 'two' }, last, analytics];
    expect((await replay(bodies)).posts.map(({ externalId }) => externalId)).toEqual(['813183201234567810']);
  });

  test('is asked for page by page, and for the 90 days that Pinterest keeps', async () => {
    const { asked } = await replay([user, first, last, analytics]);
    const query = { page_size: '250', pin_metrics: 'true', pin_filter: 'exclude_repins' };
    expect(asked).toEqual([
      ['/user_account', {}],
      ['/pins', query],
      ['/pins', { ...query, bookmark: 'LT4xMjM0NTY3ODkwfGV4YW1wbGU=' }],
      ['/user_account/analytics', { start_date: '2026-08-25', end_date: '2026-11-22' }],
    ]);
    expect([1, 250, 251, 1_000].map((posts) => pinterest.requestCount(posts))).toEqual([3, 3, 4, 6]);
  });

  test('has days only where Pinterest calls them ready', async () => {
    const metrics = { IMPRESSION: 7, SAVE: '3', OUTBOUND_CLICK: null };
    const statuses = ['READY', 'PROCESSING', 'ESTIMATE', 'BEFORE_BUSINESS_CREATED', 'BEFORE_DATA_RETENTION_PERIOD'];
    const daily_metrics = statuses.map((data_status, index) => ({ data_status, date: `2026-08-1${index}`, metrics }));
    const bare = { data_status: 'READY', date: '2026-08-20' };
    const { days } = await replay([user, first, last, { all: { daily_metrics: [...daily_metrics, bare] } }]);
    expect(days).toEqual([
      { day: '2026-08-10', metrics: { impressions: 7, saves: 3, clicks: null } },
      { day: '2026-08-20', metrics: { impressions: null, saves: null, clicks: null } },
    ]);
  });

  test('has each day once', async () => {
    const point = (metrics: Bag) => ({ data_status: 'READY', date: '2026-08-18', metrics });
    const daily_metrics = [point({ IMPRESSION: 7, SAVE: 3 }), point({ IMPRESSION: 9 })];
    const { days } = await replay([user, first, last, { all: { daily_metrics } }]);
    expect(days).toEqual([{ day: '2026-08-18', metrics: { impressions: 9, saves: 3, clicks: null } }]);
  });

  test('is of the account that is logged in, and of no other', async () => {
    await expect(replay([{ ...user, username: 'PierLamps' }])).rejects.toMatchObject({
      problem: 'not_covered',
      message: 'was logged in as @PierLamps, and knows no other account',
      hint: 'log in as @harborlights: smstats login pinterest',
    });
    const { posts } = await replay([{ ...user, username: 'HarborLights' }, last, analytics]);
    expect(posts).toHaveLength(1);
  });

  test('counts no posts where all pins are saved ones: the count is of those too', async () => {
    const { profile, posts } = await replay([user, { items: [], bookmark: null }, analytics]);
    expect(posts).toEqual([]);
    expect(profile.posts).toBeNull();
  });

  test('is without what is not known yet: the length of a fresh video, and counts of old pins', async () => {
    const media = { media_type: 'video', cover_image_url: null, duration: null, images: null, video_url: null };
    const pin_metrics = { '90d': { impression: 12, save: 3 } };
    const { posts } = await replay([user, withPin({ media, pin_metrics, created_at: null }), analytics]);
    expect(posts[0]).toMatchObject({ mediaType: 'video', duration: null, thumbnailUrl: null, postedAt: null });
    // Those of 90 days are no counts over all time.
    expect(posts[0]?.metrics).toEqual(all);
    const odd = await replay([
      user,
      withPin({ media: { media_type: 'hologram' }, title: '', description: '' }),
      analytics,
    ]);
    expect(odd.posts[0]).toMatchObject({ mediaType: null, caption: null });
  });

  test('reads the time with and without its zone', async () => {
    for (const created_at of ['2026-08-20T17:30:12', '2026-08-20T17:30:12Z', '2026-08-20T19:30:12+02:00']) {
      const { posts } = await replay([user, withPin({ created_at }), analytics]);
      expect(posts[0]?.postedAt).toEqual(new Date('2026-08-20T17:30:12Z'));
    }
  });

  test('has ids that the URLs of its pins lead to', async () => {
    const { posts } = await replay([user, first, last, analytics]);
    for (const { externalId, url } of posts) {
      expect(parsePostUrl(url ?? '')).toMatchObject({ kind: 'post', ids: [externalId] });
      expect(identifyPost(`https://de.pinterest.com/pin/fog-at-dawn--${externalId}/`)).toBe(identifyPost(url ?? ''));
    }
  });
});

describe('daily numbers that Pinterest does not give', () => {
  test('cost the days alone, and are told', async () => {
    for (const problem of ['refused', 'malformed', 'quota', 'rate_limited', 'unavailable'] as const) {
      const { posts, days, remarks } = await replay([user, first, last, failure(problem)]);
      expect(posts).toHaveLength(3);
      expect(days).toBeUndefined();
      expect(remarks).toEqual(['left out the days: it did not allow it (403): Not authorized.']);
    }
    for (const body of [{}, { all: {} }, { all: { daily_metrics: [{ day: '2026-08-18' }] } }]) {
      const { posts, days, remarks } = await replay([user, first, last, body]);
      expect(posts).toHaveLength(3);
      expect(days).toBeUndefined();
      expect(remarks).toEqual([expect.stringContaining('left out the days: it answered in a form')]);
    }
  });

  test('are read where they are split besides', async () => {
    const split = { ...analytics, PIN_FORMAT: { daily_metrics: [] } };
    expect((await replay([user, first, last, split])).days).toHaveLength(1);
  });
});

describe('what Pinterest says is wrong', () => {
  const classify = (body: unknown, status: number, headers: Record<string, string> = {}) =>
    pinterest.classify({ receivedAt: new Date(0), status, headers: new Headers(headers), text: '', body });

  test('is a token that ended, or one that does not allow enough', () => {
    expect(classify(readFixture('pinterest/error-401.json'), 401)).toEqual({
      problem: 'refused',
      message: 'does not take the token any more (401): Authentication failed.',
      retry: false,
      hint: 'smstats login pinterest',
    });
    expect(classify(readFixture('pinterest/error-403.json'), 403)).toEqual({
      problem: 'refused',
      message: 'did not allow it (403): Not authorized to access the user account.',
      retry: false,
      hint: 'log in again and allow all that Pinterest lists: smstats login pinterest',
    });
  });

  test('is a limit, which is waited for, or a question that it does not understand', () => {
    const full = readFixture('pinterest/error-429.json');
    expect(classify(full, 429)).toEqual({
      problem: 'rate_limited',
      message: 'asks to slow down (429, back in 20 s)',
      retry: true,
      waitMs: 20_000,
    });
    expect(classify(full, 429, { 'retry-after': '3600' })?.waitMs).toBe(3_600_000);
    expect(classify({ code: 400, message: 'Invalid user accounts analytics parameters.' }, 400)).toEqual({
      problem: 'malformed',
      message: 'refused the question (400): Invalid user accounts analytics parameters.',
      retry: false,
    });
  });

  test('is left to the rules of HTTP otherwise', () => {
    for (const body of [user, first, last, analytics]) expect(classify(body, 200)).toBeUndefined();
    for (const body of [undefined, null, 'text', { code: 50 }]) expect(classify(body, 500)).toBeUndefined();
    expect(classify(undefined, 401)?.message).toBe('does not take the token any more (401)');
  });
});
