import { describe, expect, test } from 'vitest';
import { ProviderError, type ProviderProblem } from '../../src/core/errors.ts';
import { parsePostUrl } from '../../src/core/post-url.ts';
import { instagramStatistics } from '../../src/provider/instagram-statistics.ts';
import { classify, replay } from './instagram-replay.ts';
import { readFixture } from './subject.ts';

type Bag = Record<string, unknown>;

const community = readFixture('instagram-statistics/community.json') as { data: Bag };
const list = readFixture('instagram-statistics/posts.json') as { data: { posts: Bag[] } };
const history = readFixture('instagram-statistics/retrospective.json') as { data: { series: { current: Bag[] } } };
const none = { shares: null, saves: null, reach: null, impressions: null };

function fetchWith(change: Bag, posts: unknown = list, days: unknown = history) {
  return replay(instagramStatistics, [{ ...community, data: { ...community.data, ...change } }, posts, days]);
}

function listOf(...posts: Bag[]): unknown {
  return { ...list, data: { posts } };
}

function historyOf(...current: Bag[]): unknown {
  return { ...history, data: { series: { current, prev: [] } } };
}

const [video] = list.data.posts as [Bag];
const [day] = history.data.series.current as [Bag];

describe('what was recorded of instagram-statistics', () => {
  test('is read in full: account, posts, days and audience', async () => {
    const { asked, ...answer } = await fetchWith({});
    expect(answer.profile).toEqual({
      externalId: null,
      displayName: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      profilePicUrl: 'https://cdn.example/inst/a.jpg',
      isVerified: true,
      isBusiness: true,
      followers: 152_340,
      following: null,
      posts: null,
    });
    expect(answer.posts).toEqual([
      {
        externalId: '3968037994870453865',
        url: 'https://www.instagram.com/p/DcRTYhjgbZp/',
        caption: 'Fog at dawn',
        mediaType: 'video',
        thumbnailUrl: 'https://cdn.example/inst/p0.jpg',
        mediaUrl: null,
        duration: null,
        postedAt: new Date('2026-08-20T17:30:12Z'),
        metrics: { likes: 5_120, comments: 88, views: 48_210, ...none },
      },
      {
        externalId: '3966334537021443198',
        url: 'https://www.instagram.com/p/DcLQD8zhsx-/',
        caption: '',
        mediaType: 'image',
        thumbnailUrl: 'https://cdn.example/inst/p1.jpg',
        mediaUrl: null,
        duration: null,
        postedAt: new Date('2026-08-18T09:05:44Z'),
        metrics: { likes: 3, comments: 6, views: null, ...none },
      },
      {
        externalId: '3964495074670928531',
        url: 'https://www.instagram.com/p/DcEt0P_i-KT/',
        caption: 'Three lamps, one window',
        mediaType: 'carousel',
        thumbnailUrl: 'https://cdn.example/inst/p2.jpg',
        mediaUrl: null,
        duration: null,
        postedAt: new Date('2026-08-15T20:11:03Z'),
        metrics: { likes: 240, comments: 0, views: null, ...none },
      },
    ]);
    expect(answer.days).toEqual([
      { day: '2026-11-20', metrics: { likes: 5_120, comments: 88, video_views: 48_210 } },
      { day: '2026-11-21', metrics: { likes: 4_410, comments: 0, video_views: null } },
    ]);
    expect(answer.audience).toEqual({
      ages: { age_13_17: expect.closeTo(5, 6), age_35_44: expect.closeTo(11, 6) },
      male: expect.closeTo(47, 6),
      female: expect.closeTo(53, 6),
      countries: ['united-states', 'canada'],
      cities: ['seattle', 'portland'],
    });
    expect(answer.remarks).toEqual([]);
    const cid = 'INST:17841447120983315';
    expect(asked).toEqual([
      ['/community', { url: 'https://www.instagram.com/harbor.lights/' }],
      ['/posts', { cid, from: '22.11.2025', to: '22.11.2026', type: 'posts', sort: 'date' }],
      ['/statistics/retrospective', { cid, from: '23.10.2026', to: '21.11.2026' }],
    ]);
    expect(asked).toHaveLength(instagramStatistics.requestCount(1_000));
    expect(instagramStatistics.estimates).toBe(true);
  });

  test('names each post as its own URL does, and as other providers do', async () => {
    for (const { externalId, url } of (await fetchWith({})).posts) {
      expect(parsePostUrl(url ?? '')).toMatchObject({ kind: 'post', key: `instagram:${externalId}` });
    }
    const reel = listOf({ ...video, url: 'https://www.instagram.com/reel/DcRTYhjgbZp/?utm_source=x' });
    expect((await fetchWith({}, reel)).posts[0]).toMatchObject({
      externalId: '3968037994870453865',
      url: 'https://www.instagram.com/reel/DcRTYhjgbZp/',
    });
  });
});

describe('numbers of another day', () => {
  test('are refused, with the day they are of', async () => {
    await expect(fetchWith({ timeStatistics: '2026-05-03T11:40:02.000Z' })).rejects.toMatchObject({
      problem: 'not_covered',
      message: 'counted this account last on 2026-05-03: too long ago for a number of today',
      hint: expect.stringContaining('smstats providers list'),
      isAnswer: false,
    });
  });

  test('are refused too when the posts alone are old', async () => {
    await expect(fetchWith({ timePostsLoaded: '2026-01-30T18:09:44.536Z' })).rejects.toMatchObject({
      problem: 'not_covered',
      message: "counted this account's posts last on 2026-01-30: too long ago for a number of today",
    });
    await expect(fetchWith({ timePostsLoaded: null })).rejects.toMatchObject({ problem: 'schema' });
  });

  test('are those of more than a day ago', async () => {
    expect((await fetchWith({ timeStatistics: '2026-11-21T10:00:00.000Z' })).profile.followers).toBe(152_340);
    expect((await fetchWith({ timePostsLoaded: '2026-11-21T10:00:00.000Z' })).posts).toHaveLength(3);
    await expect(fetchWith({ timeStatistics: '2026-11-21T09:59:00.000Z' })).rejects.toThrow('2026-11-21');
    await expect(fetchWith({ timePostsLoaded: '2026-11-21T09:59:00.000Z' })).rejects.toThrow('2026-11-21');
  });

  test('cannot be told where it does not say when it counted, or has not yet', async () => {
    for (const timeStatistics of [null, undefined, '', 'soon', '22.11.2026']) {
      await expect(fetchWith({ timeStatistics })).rejects.toMatchObject({ problem: 'schema' });
    }
    await expect(fetchWith({ communityStatus: 'NEW', timeStatistics: null })).rejects.toMatchObject({
      problem: 'not_covered',
      message: 'has not counted this account yet (NEW)',
    });
  });

  test('end the days: the last one is the whole day before it counted', async () => {
    const days = historyOf(...['19.11.2026', '20.11.2026', '21.11.2026'].map((date) => ({ ...day, date })));
    const answer = await fetchWith({ timeStatistics: '2026-11-21T10:30:00.000Z' }, list, days);
    expect(answer.days?.map((each) => each.day)).toEqual(['2026-11-19', '2026-11-20']);
    expect(answer.asked[2]?.[1]).toMatchObject({ from: '22.10.2026', to: '20.11.2026' });
  });
});

describe('the history of days', () => {
  test('costs itself alone when it is not delivered', async () => {
    const lost: unknown[] = [
      null,
      {},
      { data: { series: {} } },
      historyOf({ date: '21.11.2026', deltaComments: 4, deltaViews: 4 }),
      ...(['not_covered', 'quota', 'rate_limited', 'unavailable', 'refused'] satisfies ProviderProblem[]).map(
        (problem) => new ProviderError('instagram-statistics', problem, 'is failing'),
      ),
    ];
    for (const body of lost) {
      const answer = await fetchWith({}, list, body);
      expect(answer.days).toBeUndefined();
      expect(answer.remarks?.[0]).toMatch(/^left out the days: it (?:answered in a form|is failing)/);
      expect(answer.posts).toHaveLength(3);
    }
  });

  test('has no days that are none, and no counts that are lost', async () => {
    const odd = ['', '31.02.2026', '2026-11-20', '1.11.2026', '32.10.2026'].map((date) => ({ ...day, date }));
    const answer = await fetchWith({}, list, historyOf(...odd, { ...day, deltaLikes: -20, deltaViews: null }));
    expect(answer.days).toEqual([{ day: '2026-11-20', metrics: { likes: null, comments: 88, video_views: null } }]);
  });
});

describe('the audience', () => {
  test('is left out where nothing is known of it', async () => {
    const summary = { m: 0, f: 0, avgAges: '-' };
    const unknown = { membersCountries: [], membersCities: [], membersGendersAges: { data: [], summary } };
    expect((await fetchWith(unknown)).audience).toBeUndefined();
    const { membersCountries: _c, membersCities: _i, membersGendersAges: _g, ...data } = community.data;
    const answer = await replay(instagramStatistics, [{ ...community, data }, list, history]);
    expect(answer.audience).toBeUndefined();
  });

  test('has no group of which a part is missing or impossible', async () => {
    const data = [
      { category: '0_18', m: 0.2, f: null },
      { category: '35_45', m: 1.2, f: 0.1 },
    ];
    const answer = await fetchWith({ membersGendersAges: { data, summary: { m: 1, f: 0 } } });
    expect(answer.audience).toMatchObject({ ages: {}, male: 100, female: 0 });
  });
});

describe('the audience in the other form in which it comes', () => {
  const listOf2 = (category: string, names: string[]) =>
    names.map((name, at) => ({ category, name, value: 0.5 / (at + 1) }));

  test('has its places in the names, where the categories name the list', async () => {
    const { audience } = await fetchWith({
      membersCountries: listOf2('countries', ['united-states', 'canada']),
      membersCities: listOf2('cities', ['seattle']),
    });
    expect(audience).toMatchObject({ countries: ['united-states', 'canada'], cities: ['seattle'] });
  });

  test('has none where they have no names, and the category where that is the place', async () => {
    const nameless = await fetchWith({ membersCountries: [{ category: 'countries', value: 0.4 }] });
    expect(nameless.audience?.countries).toBeNull();
    const single = await fetchWith({ membersCountries: [{ category: 'canada', name: 'Канада', value: 0.4 }] });
    expect(single.audience?.countries).toEqual(['canada']);
  });

  test('has the age groups that are ours', async () => {
    const categories = ['13_17', '18_24', '25_34', '35_44', '45_54', '55_64', '65_100', '45_100', '18_21'];
    const data = categories.map((category, at) => ({ category, m: 0, f: (at + 1) / 100 }));
    const { audience } = await fetchWith({ membersGendersAges: { data } });
    expect(Object.entries(audience?.ages ?? {}).map(([group, value]) => [group, Math.round(value ?? 0)])).toEqual([
      ['age_13_17', 1],
      ['age_18_24', 2],
      ['age_25_34', 3],
      ['age_35_44', 4],
      ['age_45_54', 5],
      ['age_55_64', 6],
      ['age_65_plus', 7],
    ]);
  });

  test('costs itself alone in a third one', async () => {
    const { posts, days, audience, remarks } = await fetchWith({ membersCountries: { canada: 0.4 } });
    expect([posts.length, days?.length, audience]).toEqual([3, 2, undefined]);
    expect(remarks).toEqual([expect.stringContaining('left out the audience: it answered in a form')]);
  });
});

describe('a post', () => {
  test('that is a video may have no views at all, other kinds are not counted', async () => {
    const zero = { ...video, views: 0 };
    const views = async (post: Bag) => (await fetchWith({}, listOf(post))).posts[0]?.metrics.views;
    expect(await views(zero)).toBe(0);
    expect(await views({ ...zero, type: 'carousel' })).toBeNull();
    expect(await views({ ...zero, type: 'story?' })).toBeNull();
    expect(await views({ ...video, views: undefined })).toBeNull();
  });

  test('without a URL that says which it is, is refused', async () => {
    for (const url of [
      '',
      'https://www.instagram.com/harbor.lights/',
      'https://www.tiktok.com/@a/video/7429779620297231647',
    ]) {
      await expect(fetchWith({}, listOf({ ...video, url }))).rejects.toMatchObject({ problem: 'schema' });
    }
  });

  test('is never taken for an account that does not exist', async () => {
    const missing = new ProviderError('instagram-statistics', 'not_covered', 'has never counted this account');
    await expect(fetchWith({}, missing)).rejects.toMatchObject({
      problem: 'not_covered',
      message: 'knows the account but none of its posts',
    });
  });

  test('is delivered as far as it was asked for', async () => {
    const answer = await replay(instagramStatistics, [community, list, history], 2);
    expect(answer.posts.map(({ externalId }) => externalId)).toEqual(['3968037994870453865', '3966334537021443198']);
  });
});

describe('what it says instead of an answer', () => {
  const say = (status: number, body: unknown) => classify(instagramStatistics, status, body);

  test('is in its envelope, whatever HTTP says', () => {
    const unknown = readFixture('instagram-statistics/error-404-not-found.json');
    // It knows whom it has counted, and not who exists.
    expect([200, 404].map((status) => say(status, unknown)?.problem)).toEqual(['not_covered', 'not_covered']);
    expect(say(200, { meta: { code: 429, message: 'Too many requests' } })).toMatchObject({
      problem: 'rate_limited',
      waitMs: 1_100,
    });
    expect(say(200, { meta: { code: 500, message: 'Oops' } })).toMatchObject({
      problem: 'unavailable',
      retry: true,
      message: 'answered with an error: Oops',
    });
    expect(say(200, { meta: { code: 400 } })).toMatchObject({ problem: 'unavailable', retry: false });
    expect(say(200, { meta: { code: 'odd' } })?.problem).toBe('unavailable');
  });

  test("or the gateway's, or left to the rules of HTTP", () => {
    expect(say(403, readFixture('rapidapi/error-403-not-subscribed.json'))?.problem).toBe('refused');
    expect(say(429, readFixture('rapidapi/error-429-monthly-quota.json'))?.problem).toBe('quota');
    expect(say(404, { message: "Endpoint '/x' does not exist" })).toBeUndefined();
    expect(say(500, { meta: { code: 500 } })).toBeUndefined();
    for (const body of [community, list, history, null, undefined, 'text', { meta: { code: 200 } }]) {
      expect(say(200, body)).toBeUndefined();
    }
  });
});
