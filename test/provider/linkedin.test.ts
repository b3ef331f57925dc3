import { describe, expect, test } from 'vitest';
import { ProviderError, type ProviderProblem } from '../../src/core/errors.ts';
import { parsePostUrl } from '../../src/core/post-url.ts';
import { linkedin } from '../../src/provider/linkedin.ts';
import type { ReadRequest } from '../../src/provider/provider.ts';
import { readFixture } from './subject.ts';

type Bag = Record<string, unknown>;
type List = Bag & { elements: Bag[] };

const organizations = readFixture('linkedin/organizations.json') as List;
const posts = readFixture('linkedin/posts.json') as List;
const posts2 = readFixture('linkedin/posts-page2.json') as List;
const shares = readFixture('linkedin/share-statistics-shares.json') as List;
const ugcPosts = readFixture('linkedin/share-statistics-ugc-posts.json') as List;
const daily = readFixture('linkedin/share-statistics-daily.json') as List;
const followers = readFixture('linkedin/follower-statistics.json') as List;

/** What each request is answered; an error is thrown. */
const REPLIES = {
  organizations: organizations as unknown,
  size: readFixture('linkedin/network-size.json'),
  posts: posts as unknown,
  posts2: posts2 as unknown,
  shares: shares as unknown,
  ugcPosts: ugcPosts as unknown,
  daily: daily as unknown,
  followers: followers as unknown,
};

function nameOf({ path, query, rawQuery = '' }: ReadRequest): keyof typeof REPLIES {
  if (path === '/organizations') return 'organizations';
  if (path.startsWith('/networkSizes/')) return 'size';
  if (path === '/posts') return query?.['start'] === '0' ? 'posts' : 'posts2';
  if (path === '/organizationalEntityFollowerStatistics') return 'followers';
  const [kind] = rawQuery.split('=');
  return kind === 'timeIntervals' ? 'daily' : (kind as 'shares' | 'ugcPosts');
}

async function replay(changes: Partial<typeof REPLIES> = {}, wanted = 100) {
  const replies = { ...REPLIES, ...changes };
  const requests: ReadRequest[] = [];
  const send = async (request: ReadRequest) => {
    requests.push(request);
    const body = replies[nameOf(request)];
    if (body instanceof Error) throw body;
    return { body, headers: new Headers() };
  };
  const answer = await linkedin.fetchAccount('harbor-lights-studio', {
    posts: wanted,
    platform: 'linkedin',
    now: new Date('2026-11-22T10:00:00Z'),
    hasToken: true,
    setting: () => undefined,
    get: async (path, query = {}) => (await send({ path, query })).body,
    send,
    run: () => Promise.reject(new Error('runs no program')),
  });
  return { ...answer, requests };
}

const failure = (problem: ProviderProblem, message: string) => new ProviderError('linkedin', problem, message);
const denied = failure('refused', 'does not let this token read that (403)');
const retired = failure('schema', 'refused the form of the request (400: Query parameters are not allowed: [shares])');

const none = { likes: null, comments: null, views: null, shares: null, saves: null, reach: null, impressions: null };

describe('what was recorded of LinkedIn', () => {
  test('is read in full', async () => {
    const answer = await replay();
    expect(answer.profile).toEqual({
      externalId: '71234567',
      displayName: 'Harbor Lights Studio',
      bio: null,
      profilePicUrl: null,
      isVerified: null,
      isBusiness: null,
      followers: 8_123,
      following: null,
      posts: null,
    });
    expect(answer.posts).toEqual([
      {
        externalId: 'urn:li:share:7496257291419648077',
        url: 'https://www.linkedin.com/feed/update/urn:li:share:7496257291419648077/',
        caption: 'Fog at dawn, five minutes of stillness',
        mediaType: 'video',
        thumbnailUrl: null,
        mediaUrl: null,
        duration: null,
        postedAt: new Date('2026-08-20T17:30:12Z'),
        metrics: { ...none, likes: 211, comments: 9, shares: 12, reach: 9_011, impressions: 20_111 },
      },
      {
        externalId: 'urn:li:ugcPost:7495405562494976088',
        url: 'https://www.linkedin.com/feed/update/urn:li:ugcPost:7495405562494976088/',
        caption: 'We are hiring',
        mediaType: 'text',
        thumbnailUrl: null,
        mediaUrl: null,
        duration: null,
        postedAt: new Date('2026-08-18T09:05:44Z'),
        metrics: { ...none, comments: 1, shares: 0, reach: 402, impressions: 620 },
      },
      {
        externalId: 'urn:li:share:7490000000000000002',
        url: 'https://www.linkedin.com/feed/update/urn:li:share:7490000000000000002/',
        caption: 'What North Pier (Ltd) built | #1 of #harbor *ten*',
        mediaType: 'text',
        thumbnailUrl: null,
        mediaUrl: null,
        duration: null,
        postedAt: new Date('2026-08-03T10:46:40.911Z'),
        metrics: none,
      },
    ]);
    expect(answer.days).toEqual([
      {
        day: '2026-08-18',
        metrics: {
          reach: 9_011,
          impressions: 20_111,
          shares: 12,
          comments: 9,
          likes: 211,
          clicks: 311,
          mentions: 0,
        },
      },
      {
        day: '2026-08-19',
        metrics: {
          reach: 8_120,
          impressions: 17_004,
          shares: 2,
          comments: 0,
          likes: null,
          clicks: 250,
          mentions: 4,
        },
      },
    ]);
    expect(answer.audience).toEqual({
      ages: {},
      male: null,
      female: null,
      countries: ['urn:li:geo:103644278', 'urn:li:geo:101282230'],
      cities: ['urn:li:geo:90000091'],
    });
    expect(answer.remarks).toEqual([]);
  });

  test('is found again by the URL of a post, in any form of it', async () => {
    for (const { externalId, url } of (await replay()).posts) {
      const [, kind, number] = /^urn:li:(\w+):(\d+)$/.exec(externalId) ?? [];
      const forms = [
        url ?? '',
        externalId,
        `https://www.linkedin.com/feed/update/${encodeURIComponent(externalId)}?utm_source=share`,
        `https://www.linkedin.com/posts/harbor-lights-studio_fog-at-dawn-${kind?.toLowerCase()}-${number}-AbCd`,
      ];
      for (const form of forms) {
        const found = parsePostUrl(form);
        expect(found, form).toMatchObject({ kind: 'post', platform: 'linkedin' });
        expect(found?.kind === 'post' && found.ids[0]).toBe(externalId);
      }
    }
  });

  test('is no more than a page without posts, followers by country and days that are known', async () => {
    const empty = { elements: [], paging: { links: [] } };
    const { posts: found, days, audience } = await replay({ posts: empty, daily: empty, followers: empty });
    expect([found, days, audience]).toEqual([[], [], undefined]);
    const unknown = { elements: [{ followerCountsByGeo: [{ geo: 'urn:li:geo:1', followerCounts: {} }] }] };
    expect((await replay({ followers: unknown })).audience).toBeUndefined();
  });
});

describe('a post of LinkedIn', () => {
  const first = async (changes: Bag) =>
    (await replay({ posts: { elements: [{ ...posts.elements[0], ...changes }], paging: {} } })).posts[0];

  test('is left out when it is not out, of somebody else, or only shows what somebody else posted', async () => {
    expect(await first({ lifecycleState: 'DRAFT' })).toBeUndefined();
    expect(await first({ author: 'urn:li:organization:7654321' })).toBeUndefined();
    expect(await first({ reshareContext: { parent: 'urn:li:share:1' }, commentary: ' \n' })).toBeUndefined();
    expect(await first({ reshareContext: { parent: 'urn:li:share:1' }, commentary: 'So true' })).toBeDefined();
  });

  test('is of the kind of what is attached, or unknown', async () => {
    const kind = async (content: unknown) => (await first({ content }))?.mediaType;
    expect(await kind({ media: { id: 'urn:li:image:C5' } })).toBe('image');
    expect(await kind({ media: { id: 'urn:li:video:C5' } })).toBe('video');
    expect(await kind({ media: { id: 'urn:li:document:C5' } })).toBe('carousel');
    expect(await kind({ multiImage: { images: [] } })).toBe('carousel');
    expect(await kind({ article: { source: 'https://example.org' } })).toBe('link');
    expect(await kind({ poll: {} })).toBe('text');
    expect(await kind({})).toBe('text');
    expect(await kind({ celebration: {} })).toBeNull();
    expect(await kind({ media: null })).toBeNull();
  });

  test('has its text without the marks of its format', async () => {
    const caption = async (commentary: unknown) => (await first({ commentary }))?.caption;
    expect(await caption(String.raw`{hashtag|\#|fog} {hashtag|#|dawn} #sea C\# a\_b \\o/ \ n`)).toBe(
      String.raw`#fog #dawn #sea C# a_b \o/ \ n`,
    );
    expect(await caption('@[Mira Solano](urn:li:person:aB-c) and @[nobody] (me)')).toBe(
      'Mira Solano and @[nobody] (me)',
    );
    expect(await caption(String.raw`\@[Name\](urn:li:person:x)`)).toBe('@[Name](urn:li:person:x)');
    expect(await caption(null)).toBeNull();
    expect(await caption('')).toBe('');
  });
});

describe('asking LinkedIn', () => {
  test('takes its syntax for lists and times as it is, with URNs escaped inside', async () => {
    const { requests } = await replay();
    expect(requests.map(({ rawQuery }) => rawQuery).filter(Boolean)).toEqual([
      'shares=List(urn%3Ali%3Ashare%3A7496257291419648077,urn%3Ali%3Ashare%3A7490000000000000002)',
      'ugcPosts=List(urn%3Ali%3AugcPost%3A7495405562494976088)',
      'timeIntervals=(timeRange:(start:1792713600000,end:1795305600000),timeGranularityType:DAY)',
    ]);
    expect(requests[1]?.path).toBe('/networkSizes/urn%3Ali%3Aorganization%3A71234567');
    expect(requests[2]?.headers).toEqual({ 'x-restli-method': 'FINDER' });
    expect(linkedin.headers('key')).toEqual({
      authorization: 'Bearer key',
      'linkedin-version': expect.stringMatching(/^20\d\d(?:0[1-9]|1[0-2])$/),
      'x-restli-protocol-version': '2.0.0',
    });
  });

  test('asks for the numbers of twenty posts at once', async () => {
    const many = Array.from({ length: 41 }, (_, index) => ({
      ...posts.elements[0],
      id: `urn:li:share:${8_000 + index}`,
    }));
    const page = { elements: many, paging: { links: [] } };
    const { requests } = await replay({ posts: page });
    const lists = requests.filter(({ rawQuery }) => rawQuery?.startsWith('shares='));
    expect(lists.map(({ rawQuery }) => rawQuery?.split(',').length)).toEqual([20, 20, 1]);
  });

  test('is said beforehand, for the worst mix of the two kinds', () => {
    expect([0, 1, 2, 21, 22, 100, 101].map((count) => linkedin.requestCount(count))).toEqual([4, 6, 7, 7, 8, 11, 12]);
  });
});

describe('what LinkedIn refuses', () => {
  test('costs no more than itself, with a remark for each', async () => {
    for (const error of [denied, retired]) {
      const answer = await replay({ size: error, shares: error, ugcPosts: error, daily: error, followers: error });
      expect(answer.profile).toMatchObject({ displayName: 'Harbor Lights Studio', followers: null });
      expect(answer.posts.map(({ metrics }) => metrics)).toEqual([none, none, none]);
      expect([answer.days, answer.audience]).toEqual([[], undefined]);
      expect(answer.remarks).toEqual([
        `left out the followers: it ${error.message}`,
        `left out numbers of posts: it ${error.message}`,
        `left out the days: it ${error.message}`,
        `left out where followers are: it ${error.message}`,
      ]);
    }
    const one = await replay({ shares: denied });
    expect(one.posts[1]?.metrics.impressions).toBe(620);
    expect(one.days).toHaveLength(2);
    expect(one.remarks).toHaveLength(1);
  });

  test('is the account when it is its posts', async () => {
    await expect(replay({ posts: denied })).rejects.toMatchObject({
      problem: 'not_covered',
      message: 'knows the page, but does not let this token read that (403)',
      hint: expect.stringContaining('r_organization_social'),
    });
    await expect(replay({ posts: retired })).rejects.toBe(retired);
  });

  test('costs as little when it is no refusal but a failure', async () => {
    for (const error of [failure('refused', 'refused the token (401)'), failure('unavailable', 'is failing (503)')]) {
      await expect(replay({ posts: error })).rejects.toBe(error);
      const answer = await replay({ size: error, shares: error, ugcPosts: error, daily: error, followers: error });
      expect(answer.posts).toHaveLength(3);
      expect(answer.remarks).toHaveLength(4);
    }
    const bug = new TypeError('a bug');
    for (const part of ['size', 'posts', 'shares', 'daily', 'followers'] as const) {
      await expect(replay({ [part]: bug })).rejects.toBe(bug);
    }
  });

  test('ends what is asked besides when the quota is spent, or it is to be asked less', async () => {
    const failures = [
      failure('quota', "says the day's quota is spent (429)"),
      failure('rate_limited', 'asks to slow down (429, back in 5 s)'),
    ];
    for (const error of failures) {
      await expect(replay({ posts: error })).rejects.toBe(error);
      const { requests, posts: found, remarks } = await replay({ shares: error });
      expect(requests.map(nameOf)).toEqual(['organizations', 'size', 'posts', 'posts2', 'shares']);
      expect(found).toHaveLength(3);
      expect(remarks).toEqual([
        `left out numbers of posts: it ${error.message}`,
        'was not asked for the days, where followers are after that',
      ]);
    }
  });

  test('is told apart from what was renamed', async () => {
    const { remarks: size } = await replay({ size: { secondDegreeSize: 1 } });
    expect(size).toEqual([expect.stringMatching(/^left out the followers: .* firstDegreeSize is missing$/)]);
    for (const part of ['shares', 'ugcPosts', 'daily'] as const) {
      const { elements } = REPLIES[part] as List;
      const renamed = elements.map((each) => ({ ...each, totalShareStatistics: { reactionCount: 1 } }));
      const { remarks } = await replay({ [part]: { elements: renamed } });
      expect(remarks, part).toEqual([expect.stringContaining('elements[].totalShareStatistics.likeCount')]);
    }
  });
});

describe('what LinkedIn complains about', () => {
  const classify = (body: unknown, status: number, headers: Record<string, string> = {}) =>
    linkedin.classify({
      receivedAt: new Date('2026-11-22T22:30:00Z'),
      status,
      headers: new Headers(headers),
      text: '',
      body,
    });

  test('is the token, and what to do about it', () => {
    expect(classify(readFixture('linkedin/error-401.json'), 401)).toMatchObject({
      problem: 'refused',
      message: 'refused the token (401)',
      hint: expect.stringContaining('60 days'),
    });
    expect(classify(readFixture('linkedin/error-401-expired.json'), 401)?.message).toBe(
      'says the token has expired (401)',
    );
    expect(classify({ code: 'REVOKED_ACCESS_TOKEN' }, 401)?.message).toBe('says the token has been revoked (401)');
    expect(classify(readFixture('linkedin/error-403.json'), 403)).toMatchObject({
      problem: 'refused',
      retry: false,
      hint: expect.stringContaining('rw_organization_admin'),
    });
  });

  test('is the quota of a day until midnight UTC, or to be asked less', () => {
    expect(classify(readFixture('linkedin/error-429.json'), 429)).toMatchObject({
      problem: 'quota',
      retry: false,
      waitMs: 90 * 60_000,
    });
    expect(classify({ message: 'Too many requests' }, 429)).toMatchObject({
      problem: 'rate_limited',
      retry: true,
      waitMs: 5_000,
    });
    expect(classify({}, 429, { 'retry-after': '7' })?.waitMs).toBe(7_000);
  });

  test('is the form of a request, or the version of all', () => {
    expect(classify(readFixture('linkedin/error-400.json'), 400)).toMatchObject({
      problem: 'schema',
      message: 'refused the form of the request (400: Query parameters are not allowed: [shares])',
    });
    expect(classify({ code: 'MISSING_FIELD' }, 400)?.message).toContain('MISSING_FIELD');
    expect(classify(readFixture('linkedin/error-426.json'), 426)).toMatchObject({
      problem: 'schema',
      hint: 'update smstats',
    });
  });

  test('is nothing of its own otherwise', () => {
    for (const status of [200, 400, 401, 403, 404, 500]) {
      for (const body of [undefined, null, 'text', [], {}]) expect(classify(body, status)).toBeUndefined();
    }
    expect(classify(organizations, 200)).toBeUndefined();
  });
});
