import { describe, expect, test } from 'vitest';
import { ProviderError } from '../../src/core/errors.ts';
import { identifyPost, parsePostUrl } from '../../src/core/post-url.ts';
import type { Ask, ReadRequest } from '../../src/provider/provider.ts';
import { youtube } from '../../src/provider/youtube.ts';
import { readFixture } from './subject.ts';

type Bag = Record<string, unknown>;

const channels = readFixture('youtube/channels.json') as { items: Bag[] };
const { nextPageToken: _, ...lastUploads } = readFixture('youtube/playlistItems-page1.json') as Bag & {
  items: Bag[];
};
const videos = readFixture('youtube/videos.json') as { items: (Bag & { snippet: Bag; statistics: Bag })[] };
const OWN = { items: [{ id: 'UCq3TnV8rXw5LmZ0aYbK7dEg' }] };
const DAILY = readFixture('youtube/analytics-daily.json');
const VIEWERS = readFixture('youtube/analytics-age-gender.json');
const EMPTY = { columnHeaders: ['country', 'views'].map((name) => ({ name })) };

/** Fetches from answers that are handed out in order; an error among them is thrown. */
async function replay(answers: unknown[], options: { hasToken?: boolean; posts?: number } = {}) {
  const left = [...answers];
  const asked: ReadRequest[] = [];
  const send: Ask['send'] = async (request) => {
    asked.push(request);
    const body = left.shift();
    if (body instanceof Error) throw body;
    return { body, headers: new Headers() };
  };
  const answer = await youtube.fetchAccount('harborlights', {
    posts: options.posts ?? 100,
    platform: 'youtube',
    now: new Date('2026-08-19T06:30:00Z'),
    hasToken: options.hasToken ?? false,
    setting: () => undefined,
    get: async (path, query = {}) => (await send({ path, query })).body,
    send,
    run: () => Promise.reject(new Error('runs no program')),
  });
  expect(left).toEqual([]);
  return { ...answer, asked };
}

const refusal = (problem: 'refused' | 'malformed' | 'unavailable', message: string) =>
  new ProviderError('youtube', problem, message);

const none = { shares: null, saves: null, reach: null, impressions: null };

describe('what was recorded of the Data API', () => {
  test('is read in full: a video, one that is live, one without comments', async () => {
    const { profile, posts, asked, ...rest } = await replay([channels, lastUploads, videos]);
    expect(profile).toEqual({
      externalId: 'UCq3TnV8rXw5LmZ0aYbK7dEg',
      displayName: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      profilePicUrl: 'https://yt3.ggpht.com/a=s800',
      isVerified: null,
      isBusiness: null,
      followers: 182_000,
      following: null,
      posts: 411,
    });
    expect(posts).toEqual([
      {
        externalId: 'kT3xW9pLq0A',
        url: 'https://www.youtube.com/watch?v=kT3xW9pLq0A',
        caption: 'Fog at dawn',
        mediaType: 'video',
        thumbnailUrl: 'https://i.ytimg.com/vi/kT3xW9pLq0A/hqdefault.jpg',
        mediaUrl: null,
        duration: 21,
        postedAt: new Date('2026-08-20T17:30:12Z'),
        metrics: { likes: 5_120, comments: 88, views: 48_210, ...none },
      },
      {
        externalId: 'Zr7_bN2mVcE',
        url: 'https://www.youtube.com/watch?v=Zr7_bN2mVcE',
        caption: 'Boat parade LIVE',
        mediaType: 'video',
        thumbnailUrl: 'https://i.ytimg.com/vi/Zr7_bN2mVcE/hqdefault.jpg',
        mediaUrl: null,
        duration: null,
        postedAt: new Date('2026-08-18T09:05:44Z'),
        metrics: { likes: null, comments: 6, views: 311, ...none },
      },
      {
        externalId: 'hJ5-yQ8dXsU',
        url: 'https://www.youtube.com/watch?v=hJ5-yQ8dXsU',
        caption: 'Lighting Q&A',
        mediaType: 'video',
        thumbnailUrl: 'https://i.ytimg.com/vi/hJ5-yQ8dXsU/hqdefault.jpg',
        mediaUrl: null,
        duration: 3_724,
        postedAt: new Date('2026-08-15T20:11:03Z'),
        metrics: { likes: 770, comments: null, views: 9_122, ...none },
      },
    ]);
    expect(rest).toEqual({});
    expect(asked.map(({ path, query }) => [path, query])).toEqual([
      ['/youtube/v3/channels', { part: 'snippet,statistics,contentDetails', forHandle: '@harborlights' }],
      [
        '/youtube/v3/playlistItems',
        { part: 'contentDetails', playlistId: 'UUq3TnV8rXw5LmZ0aYbK7dEg', maxResults: '50' },
      ],
      [
        '/youtube/v3/videos',
        { part: 'snippet,contentDetails,statistics,status', id: 'kT3xW9pLq0A,Zr7_bN2mVcE,hJ5-yQ8dXsU' },
      ],
    ]);
  });

  test('has no followers where they are hidden', async () => {
    const { profile } = await replay([
      readFixture('youtube/channels-hidden-subscribers.json'),
      { ...lastUploads, items: [] },
    ]);
    expect(profile).toMatchObject({ followers: null, posts: 411 });
  });

  test('has no posts where the list of uploads is not there yet, and only there', async () => {
    const missing = new ProviderError('youtube', 'not_found', 'knows no such channel, or no uploads of it');
    expect((await replay([channels, missing])).posts).toEqual([]);
    await expect(replay([channels, { ...lastUploads, nextPageToken: 'EAAa' }, videos, missing])).rejects.toMatchObject({
      problem: 'not_found',
    });
  });

  test('is put in the order of the uploads; deleted, private and unlisted videos are passed over, a page of them too', async () => {
    const [first, second, third] = videos.items;
    const as = (privacyStatus: string, id: string) => ({ ...third, id, status: { privacyStatus } });
    const { posts, asked } = await replay([
      channels,
      { ...lastUploads, nextPageToken: 'EAAa' },
      { items: [] },
      lastUploads,
      { items: [as('private', 'a'), second, as('unlisted', 'b'), { ...first, status: { privacyStatus: 'public' } }] },
    ]);
    expect(posts.map(({ externalId }) => externalId)).toEqual(['kT3xW9pLq0A', 'Zr7_bN2mVcE']);
    expect(asked[3]?.query).toMatchObject({ pageToken: 'EAAa' });
  });

  test('may lack the views of what has not begun, and of nothing else', async () => {
    const [first] = videos.items as [(typeof videos.items)[0]];
    const { viewCount: _views, ...statistics } = first.statistics;
    const upcoming = { ...first, snippet: { ...first.snippet, liveBroadcastContent: 'upcoming' }, statistics };
    const { posts } = await replay([channels, lastUploads, { items: [upcoming] }]);
    expect(posts[0]?.metrics.views).toBeNull();
    await expect(replay([channels, lastUploads, { items: [{ ...first, statistics }] }])).rejects.toMatchObject({
      problem: 'schema',
    });
  });

  test('tells durations in days, hours, minutes and seconds', async () => {
    const [first] = videos.items as [(typeof videos.items)[0]];
    const told: [string | undefined, number | null][] = [
      ['PT21S', 21],
      ['PT1H', 3_600],
      ['PT10M0S', 600],
      ['P1DT2H3M4S', 93_784],
      ['P0D', null],
      ['PT0S', null],
      ['soon', null],
      [undefined, null],
    ];
    for (const [duration, seconds] of told) {
      const body = { items: [{ ...first, contentDetails: { duration } }] };
      const { posts } = await replay([channels, lastUploads, body]);
      expect(posts[0]?.duration, duration).toBe(seconds);
    }
  });

  test('puts title and description into the caption, so that hashtags of both are found', async () => {
    const [first] = videos.items as [(typeof videos.items)[0]];
    const snippet = { ...first.snippet, description: 'Filmed at six. #fog' };
    const { posts } = await replay([channels, lastUploads, { items: [{ ...first, snippet }] }]);
    expect(posts[0]?.caption).toBe('Fog at dawn\n\nFilmed at six. #fog');
  });

  test('has URLs that lead back to the stored ids', async () => {
    const { posts } = await replay([channels, lastUploads, videos]);
    for (const { url, externalId } of posts) {
      expect(parsePostUrl(url ?? '')).toMatchObject({ kind: 'post', platform: 'youtube', ids: [externalId] });
      expect(identifyPost(`https://youtu.be/${externalId}`)).toBe(identifyPost(url ?? ''));
      expect(identifyPost(`https://www.youtube.com/shorts/${externalId}`)).toBe(identifyPost(url ?? ''));
    }
  });
});

describe('what the owner of a channel is told', () => {
  const own = [channels, lastUploads, videos, OWN];

  test('is asked for by the calendar of California, and read by the names of the columns', async () => {
    const countries = {
      columnHeaders: [{ name: 'views' }, { name: 'country' }],
      rows: [
        [900, 'US'],
        [70, 'ZZ'],
        [30, 'DE'],
      ],
    };
    const { days, audience, remarks, asked } = await replay([...own, DAILY, VIEWERS, countries], { hasToken: true });
    expect(days).toEqual([
      { day: '2026-08-16', metrics: { video_views: 18_552, likes: 903, comments: 22, shares: 61 } },
      { day: '2026-08-17', metrics: { video_views: 15_696, likes: 711, comments: 14, shares: 38 } },
    ]);
    expect(audience).toEqual({
      ages: {
        age_13_17: 2,
        age_18_24: 53.4,
        age_25_34: 44.6,
        age_35_44: null,
        age_45_54: null,
        age_55_64: null,
        age_65_plus: null,
      },
      male: 23.8,
      female: 76.2,
      countries: ['US', 'DE'],
      cities: null,
    });
    expect(remarks).toEqual([]);
    expect(asked[3]).toEqual({ path: '/youtube/v3/channels', query: { part: 'id', mine: 'true' } });
    expect(asked.slice(4)).toHaveLength(3);
    for (const request of asked.slice(4)) {
      expect(request).toMatchObject({
        origin: 'https://youtubeanalytics.googleapis.com',
        path: '/v2/reports',
        units: 0,
      });
    }
    // Half past six in the morning, UTC, is still the evening before in California.
    expect(asked[4]?.query).toEqual({
      ids: 'channel==MINE',
      startDate: '2026-07-19',
      endDate: '2026-08-17',
      dimensions: 'day',
      metrics: 'views,likes,comments,shares',
      sort: 'day',
    });
    expect(asked[5]?.query).toMatchObject({ dimensions: 'ageGroup,gender', metrics: 'viewerPercentage' });
    expect(asked[6]?.query).toMatchObject({ dimensions: 'country', metrics: 'views', sort: '-views' });
  });

  test('is not asked for without a token, nor of a channel of somebody else', async () => {
    const { asked } = await replay([channels, lastUploads, videos]);
    expect(asked).toHaveLength(3);
    for (const body of [{ items: [{ id: 'UC0therChannel0therChann' }] }, { pageInfo: { totalResults: 0 } }]) {
      const answer = await replay([channels, lastUploads, videos, body], { hasToken: true });
      expect(answer.asked).toHaveLength(4);
      expect([answer.days, answer.audience, answer.remarks]).toEqual([undefined, undefined, undefined]);
    }
  });

  test('is nothing when there is nothing', async () => {
    const { days, audience, remarks } = await replay(
      [
        ...own,
        {
          ...(readFixture('youtube/analytics-empty.json') as Bag),
          columnHeaders: ['day', 'views', 'likes', 'comments', 'shares'].map((name) => ({ name })),
        },
        { columnHeaders: ['ageGroup', 'gender', 'viewerPercentage'].map((name) => ({ name })) },
        EMPTY,
      ],
      { hasToken: true },
    );
    expect([days, audience, remarks]).toEqual([[], undefined, []]);
  });

  test('is asked for metric by metric when one of them is refused, which costs that one alone', async () => {
    const column = (metric: string, count: number | null) => ({
      columnHeaders: [{ name: 'day' }, { name: metric }],
      rows: [['2026-08-16', count]],
    });
    const { days, remarks, asked } = await replay(
      [
        ...own,
        refusal('malformed', 'refused the request (400: The query is not supported.)'),
        column('views', 18_552),
        column('likes', -3),
        refusal('malformed', 'refused the request (400: Unknown identifier (comments).)'),
        column('shares', 0),
        VIEWERS,
        EMPTY,
      ],
      { hasToken: true },
    );
    expect(days).toEqual([{ day: '2026-08-16', metrics: { video_views: 18_552, likes: null, shares: 0 } }]);
    expect(remarks).toEqual([
      'left out comments of the days: it refused the request (400: Unknown identifier (comments).)',
    ]);
    expect(asked.slice(5, 9).map(({ query }) => query?.['metrics'])).toEqual(['views', 'likes', 'comments', 'shares']);
  });

  test('costs its own columns alone when a right is missing', async () => {
    const missing = refusal('refused', 'refused the key (403)');
    const { posts, days, audience, remarks } = await replay([...own, missing, missing, missing], { hasToken: true });
    expect(posts).toHaveLength(3);
    expect([days, audience]).toEqual([[], undefined]);
    expect(remarks).toEqual([
      'left out the days: it refused the key (403)',
      'left out age and gender: it refused the key (403)',
      'left out countries: it refused the key (403)',
    ]);
    const whole = await replay([channels, lastUploads, videos, missing], { hasToken: true });
    expect(whole.remarks).toEqual(['left out days and viewers: it refused the key (403)']);
  });

  test('costs no more when Google is failing, or when a column was renamed', async () => {
    const [row] = (DAILY as { rows: unknown[][] }).rows as [unknown[]];
    const odd = { ...(DAILY as Bag), rows: [row, ['yesterday', ...row.slice(1)]] };
    for (const [lost, why] of [
      [refusal('unavailable', 'is failing (500)'), 'it is failing (500)'],
      [{ columnHeaders: [{ name: 'day' }, { name: 'viewsNew' }], rows: [] }, 'columnHeaders[].views is missing'],
      [odd, 'rows[].day is no day'],
      [null, 'the answer is missing'],
    ] as const) {
      const { posts, days, audience, remarks } = await replay([...own, lost, VIEWERS, EMPTY], { hasToken: true });
      expect(posts).toHaveLength(3);
      expect(days).toEqual([]);
      expect(audience?.female).toBe(76.2);
      expect(remarks).toEqual([expect.stringMatching(/^left out the days: it /)]);
      expect(remarks?.[0]).toContain(why);
    }
  });

  test('is left as it is when the quota is spent on the way', async () => {
    const spent = new ProviderError('youtube', 'quota', 'says the quota is spent (403)');
    const { posts, remarks, asked } = await replay([...own, spent], { hasToken: true });
    expect(posts).toHaveLength(3);
    expect(asked).toHaveLength(5);
    expect(remarks?.[0]).toBe('left out the days: it says the quota is spent (403)');
    const before = await replay([channels, lastUploads, videos, spent], { hasToken: true });
    expect(before.remarks).toEqual(['left out days and viewers: it says the quota is spent (403)']);
  });
});

describe('what goes wrong', () => {
  const classify = (status: number, body: unknown, headers = {}) =>
    youtube.classify({ receivedAt: new Date(0), status, headers: new Headers(headers), text: '', body });
  const reason = (name: string) => ({ error: { message: 'Sorry.', errors: [{ reason: name }] } });

  test('is told by the reason that Google gives', () => {
    expect(classify(400, readFixture('youtube/error-400-bad-key.json'))).toEqual({
      problem: 'refused',
      message: 'refused the key (400)',
      retry: false,
    });
    expect(classify(403, readFixture('youtube/error-403-quotaExceeded.json'))).toMatchObject({
      problem: 'quota',
      message: "says the project's quota of the day is spent (403)",
      retry: false,
    });
    expect(classify(404, readFixture('youtube/error-404-playlistNotFound.json'))).toMatchObject({
      problem: 'not_found',
      retry: false,
    });
    expect(classify(403, reason('userRateLimitExceeded'))).toMatchObject({ problem: 'rate_limited', waitMs: 2_000 });
    expect(classify(429, reason('rateLimitExceeded'), { 'retry-after': '9' })).toMatchObject({ waitMs: 9_000 });
    expect(classify(403, reason('accessNotConfigured'))?.hint).toContain('enable');
    expect(classify(400, { error: { details: [{ reason: 'API_KEY_EXPIRED' }] } })?.problem).toBe('refused');
    expect(classify(400, reason('invalidPageToken'))).toMatchObject({
      problem: 'malformed',
      message: 'refused the request (400: Sorry.)',
      retry: false,
    });
    expect(classify(400, { error: { message: 'See <a href="/x">this</a>.' } })?.message).toContain('400: See this.');
  });

  test('is left to the rules of HTTP where there is no reason', () => {
    for (const body of [undefined, null, 'text', [], {}, { error: 'no' }, { error: { errors: [null], details: 7 } }]) {
      for (const status of [401, 403, 404, 429, 500]) expect(classify(status, body), `${status}`).toBeUndefined();
      expect(classify(400, body)?.message).toBe('refused the request (400)');
    }
    expect(classify(200, reason('quotaExceeded'))).toBeUndefined();
  });

  test('is no missing channel when the answer is of another form', async () => {
    for (const body of [null, 7, {}, { items: [] }, { items: 'none', pageInfo: { totalResults: 0 } }]) {
      await expect(replay([body])).rejects.toMatchObject({ problem: 'schema' });
    }
    await expect(replay([readFixture('youtube/channels-unknown-handle.json')])).rejects.toMatchObject({
      problem: 'not_found',
    });
  });
});

test('a key goes in one header, a token in another', () => {
  expect(youtube.headers('a-key')).toEqual({ 'x-goog-api-key': 'a-key' });
  expect(youtube.headers('ya29.invented')).toEqual({ authorization: 'Bearer ya29.invented' });
});

test('an account costs a unit, and two for each fifty of its videos', () => {
  expect([0, 1, 50, 51, 100].map((posts) => youtube.requestCount(posts))).toEqual([1, 3, 3, 5, 5]);
});
