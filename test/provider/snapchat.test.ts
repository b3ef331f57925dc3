import { describe, expect, test } from 'vitest';
import { ProviderError, type ProviderProblem } from '../../src/core/errors.ts';
import { snapchat } from '../../src/provider/snapchat.ts';
import { readFixture } from './subject.ts';

type Bag = Record<string, unknown>;
type Found = { public_profiles: { public_profile: Bag }[] };

const search = readFixture('snapchat/search.json') as Found;
const mine = readFixture('snapchat/my-profile.json') as { public_profile: Bag };
const stats = readFixture('snapchat/stats-day.json');
const nothing = { request_status: 'SUCCESS', public_profiles: [] };

/** Fetches from bodies that are handed out in order, and keeps what was asked; an error is thrown in its turn. */
async function replay(bodies: unknown[], username = 'harborlights') {
  const left = [...bodies];
  const asked: [string, Record<string, string>][] = [];
  const answer = await snapchat.fetchAccount(username, {
    posts: 100,
    platform: 'snapchat',
    now: new Date('2026-11-22T10:00:00Z'),
    hasToken: false,
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
  expect(asked.length).toBeLessThanOrEqual(snapchat.requestCount(100));
  return { ...answer, asked, paths: asked.map(([path]) => path) };
}

function failure(problem: ProviderProblem): ProviderError {
  return new ProviderError('snapchat', problem, 'did not allow it (403): Unauthorized');
}

function withProfile(changes: Bag): unknown {
  const [, meant] = search.public_profiles;
  return { ...search, public_profiles: [{ ...meant, public_profile: { ...meant?.public_profile, ...changes } }] };
}

const SEARCH = '/public/v1/public_profiles/search';
const MINE = '/v1/public_profiles/my_profile';
const STATS = '/v1/public_profiles/6f1f5a2e-3a4b-4c5d-8e9f-0a1b2c3d4e5f/stats';

const profile = {
  externalId: '6f1f5a2e-3a4b-4c5d-8e9f-0a1b2c3d4e5f',
  displayName: 'Harbor Lights Studio',
  bio: 'Small studio by the water. New clips twice a week.',
  profilePicUrl: 'https://cf-st.sc-cdn.net/a',
  isVerified: true,
  isBusiness: false,
  followers: 120_344,
  following: null,
  posts: null,
};
const days = [
  { day: '2026-08-18', metrics: { followers: 120_101, reach: null, shares: 31, video_views: 8_120 } },
  { day: '2026-08-19', metrics: { followers: 120_344, reach: null, shares: 28, video_views: 7_911 } },
];

describe('what was recorded of Snapchat', () => {
  test('is read in full: the profile of exactly that name, its days, and no posts', async () => {
    const answer = await replay([search, stats]);
    expect(answer).toMatchObject({ profile, posts: [], days, remarks: [] });
    expect(answer.asked).toEqual([
      [SEARCH, { query: 'harborlights', limit: '100', includeStandard: 'true' }],
      [
        STATS,
        {
          assetType: 'PROFILE',
          granularity: 'DAY',
          startTime: '2026-08-25T00:00:00.000Z',
          endTime: '2026-11-22T00:00:00.000Z',
        },
      ],
    ]);
  });

  test('is read in the other form of the days that is known', async () => {
    expect((await replay([search, readFixture('snapchat/stats-day-flat.json')])).days).toEqual(days);
  });

  test('is read where the counts stand inside of their field', async () => {
    const inside = { field: { field_name: 'VIEWERS', stats: [{ dimension_breakdown: 'DEFAULT', value: '9' }] } };
    const point = { start_time: '2026-08-18T00:00:00.000Z', fields: [inside] };
    const answer = await replay([search, { assets: [{ timeseries: [point] }] }]);
    expect(answer.days).toEqual([
      { day: '2026-08-18', metrics: { followers: null, reach: 9, shares: null, video_views: null } },
    ]);
  });

  test('has the whole of a count, not the part of a breakdown', async () => {
    const parts = [
      { dimension_breakdown: 'AGE_BUCKET', value: '3' },
      { dimension_breakdown: 'DEFAULT', value: '11' },
    ];
    const fields = [
      { field: { field_name: 'VIEWS' }, stats: parts },
      { field: { field_name: 'SHARES' }, stats: parts.slice(0, 1) },
      { field: { field_name: 'SUBSCRIBERS' }, stats: [{ value: 12 }] },
      { field: { field_name: 'VIEWERS' } },
    ];
    const point = { start_time: '2026-08-18T00:00:00Z', fields };
    const answer = await replay([search, { assets: [{ timeseries: [point] }] }]);
    expect(answer.days?.[0]?.metrics).toEqual({ followers: 12, reach: null, shares: null, video_views: 11 });
  });

  test('has a day that comes twice once, with all that is known of it', async () => {
    const point = (values: Bag) => ({ start_time: '2026-08-18T00:00:00.000Z', stats: values });
    const twice = [point({ subscribers: 12, views: 30 }), point({ views: 31, shares: 2 })];
    const answer = await replay([search, { assets: [{ timeseries: twice }] }]);
    expect(answer.days).toEqual([
      { day: '2026-08-18', metrics: { followers: 12, reach: null, shares: 2, video_views: 31 } },
    ]);
  });

  test('is no days where there are none, and left out in any other form', async () => {
    for (const body of [{ assets: [] }, { assets: [{ timeseries: [] }] }, { timeseries_stats: [] }]) {
      expect((await replay([search, body])).days).toEqual([]);
    }
    const bare = { start_time: '2026-08-18T00:00:00Z' };
    for (const body of [null, [], {}, { assets: [{}] }, { assets: [{ timeseries: [bare] }] }, { stats: [] }]) {
      const answer = await replay([search, body]);
      expect(answer.profile).toEqual(profile);
      expect(answer.days).toBeUndefined();
      expect(answer.remarks).toEqual([expect.stringContaining('left out the days: it answered in a form')]);
    }
  });

  test('reads a count of subscribers that is text, a number, hidden or garbled', async () => {
    const counts: [unknown, number | null][] = [
      ['0', 0],
      [' 12 ', 12],
      [409, 409],
      ['', null],
      [null, null],
      [undefined, null],
      ['-3', null],
      [-977_433_948, null],
      ['12K', null],
      [1.5, null],
    ];
    for (const [subscriber_count, followers] of counts) {
      expect((await replay([withProfile({ subscriber_count }), stats])).profile.followers).toBe(followers);
    }
    await expect(replay([withProfile({ subscriber_count: {} }), stats])).rejects.toMatchObject({ problem: 'schema' });
  });

  test('says what a profile is where Snapchat does', async () => {
    const read = async (changes: Bag) => (await replay([withProfile(changes), stats])).profile;
    expect(await read({ profile_tier: 'TIER_PUBLIC', internal_profile_category: 'BUSINESS' })).toMatchObject({
      isVerified: false,
      isBusiness: true,
    });
    const unknown = { profile_tier: undefined, internal_profile_category: null, logo_urls: null, description: null };
    expect(await read(unknown)).toMatchObject({ isVerified: null, isBusiness: null, profilePicUrl: null, bio: null });
  });
});

describe('a profile that the search does not find', () => {
  test("may be the key's own, in any case of letters", async () => {
    const own = { public_profile: { ...mine.public_profile, snap_user_name: 'HarborLights' } };
    const answer = await replay([nothing, own, stats]);
    expect(answer).toMatchObject({ profile, posts: [], days, paths: [SEARCH, MINE, STATS] });
  });

  test('does not exist when the own one is another, or when there is none', async () => {
    for (const other of [{ public_profile: { id: 'a', snap_user_name: 'pierlamps' } }, failure('refused')]) {
      await expect(replay([nothing, other])).rejects.toMatchObject({
        problem: 'not_found',
        message: 'finds no public profile of @harborlights',
      });
    }
    await expect(replay([search], 'harborlight')).rejects.toMatchObject({ problem: 'schema' });
    await expect(replay([nothing, failure('unavailable')])).rejects.toMatchObject({ problem: 'unavailable' });
  });
});

describe('daily numbers that Snapchat does not give', () => {
  test('are the public ones for whoever is not the owner', async () => {
    for (const problem of ['refused', 'malformed'] as const) {
      const answer = await replay([search, failure(problem), stats]);
      expect(answer.paths).toEqual([SEARCH, STATS, `/public${STATS}`]);
      expect(answer.days).toEqual(days);
      expect(answer.remarks).toEqual([]);
    }
  });

  test('cost the days alone when both are refused, and are told', async () => {
    const told = { profile, posts: [], remarks: ['left out the days: it did not allow it (403): Unauthorized'] };
    const asOther = await replay([search, failure('refused'), failure('refused')]);
    expect(asOther).toMatchObject(told);
    expect(asOther.days).toBeUndefined();
    expect(await replay([nothing, mine, failure('refused')])).toMatchObject(told);
  });

  test('cost no more when Snapchat fails, and are not asked for a second time then', async () => {
    for (const problem of ['quota', 'rate_limited', 'unavailable'] as const) {
      const answer = await replay([search, failure(problem)]);
      expect(answer.paths).toEqual([SEARCH, STATS]);
      expect(answer).toMatchObject({ profile, remarks: [expect.stringMatching(/^left out the days: it /)] });
    }
  });
});

describe('what Snapchat says is wrong', () => {
  const classify = (body: unknown, status: number, headers: Record<string, string> = {}) =>
    snapchat.classify({ receivedAt: new Date(0), status, headers: new Headers(headers), text: '', body });

  test('is a key that is not allowed, with the status of an error or of a good reply', () => {
    const hint = expect.stringContaining('smstats config set credentials.snapchat_access_token') as string;
    for (const status of [401, 403, 200]) {
      expect(classify(readFixture('snapchat/error.json'), status)).toEqual({
        problem: 'refused',
        message: `did not allow it (${status}): Unauthorized`,
        retry: false,
        hint,
      });
    }
    const denied = { request_status: 'ERROR', error_code: 'AUTHORIZATION_PERMISSION_DENIED' };
    expect(classify(denied, 200)?.message).toBe('did not allow it (200): AUTHORIZATION_PERMISSION_DENIED');
  });

  test('is a limit, a question that it does not understand, or an error that may pass', () => {
    expect(classify({}, 429)).toMatchObject({ problem: 'rate_limited', retry: true, waitMs: 5_000 });
    expect(classify({}, 429, { 'retry-after': '9' })?.waitMs).toBe(9_000);
    expect(classify({ request_status: 'ERROR', debug_message: 'Bad startTime' }, 400)).toMatchObject({
      problem: 'malformed',
      message: 'refused the question (400): Bad startTime',
      retry: false,
    });
    expect(classify({ request_status: 'error', error_code: 'E5000' }, 200)).toMatchObject({
      problem: 'unavailable',
      message: 'answered with an error: E5000',
      retry: true,
    });
  });

  test('is left to the rules of HTTP otherwise', () => {
    for (const body of [search, mine, stats, undefined, null, 'text', []]) expect(classify(body, 200)).toBeUndefined();
    for (const status of [404, 500, 503]) expect(classify({ request_status: 'ERROR' }, status)).toBeUndefined();
  });
});
