import { describe, expect, test } from 'vitest';
import { parsePostUrl } from '../../src/core/post-url.ts';
import { threads } from '../../src/provider/threads.ts';
import { type GraphReply, replay } from './meta-replay.ts';
import { readFixture } from './subject.ts';

type Bag = Record<string, unknown>;

const read = (name: string) => readFixture(`threads/${name}.json`);
const me = read('me') as Bag;
const list = read('threads') as { data: [Bag, Bag, Bag]; paging: unknown };
const [plain, video] = list.data;
const insights = read('media_insights') as { data: { name: string }[] };
const empty = { body: { data: [] } };
const badMetric = { status: 400, body: readFixture('instagram-graph/error-400-100-invalid-metric.json') };
const forbidden = { status: 400, body: readFixture('instagram-graph/error-400-10-permission.json') };

const INSIGHTS = '/v1.0/me/threads_insights';
const POST_METRICS = 'views,likes,replies,reposts,quotes,shares';
const none = { saves: null, reach: null, impressions: null };

const whoAmI: GraphReply = { path: '/v1.0/me', body: me };
const followers: GraphReply = { path: INSIGHTS, query: { metric: 'followers_count' }, body: read('threads_insights') };
const lists = (data: unknown[]): GraphReply => ({ path: '/v1.0/me/threads', query: { limit: '100' }, body: { data } });
const ofPost = (id: string, reply: Omit<GraphReply, 'path'>): GraphReply => ({
  path: `/v1.0/${id}/insights`,
  ...reply,
});
const days = ['1787036400', '1787122800', '1787209200'].map((since): GraphReply => ({
  path: INSIGHTS,
  query: { metric: 'views,likes,replies,reposts,quotes', since },
  ...empty,
}));
const audience = ['age', 'gender', 'country', 'city'].map((breakdown): GraphReply => ({
  path: INSIGHTS,
  query: { metric: 'follower_demographics', breakdown },
  ...empty,
}));

/** A demographic as Threads sends it. */
function counted(key: string, counts: Record<string, number>): Pick<GraphReply, 'body'> {
  const results = Object.entries(counts).map(([name, value]) => ({ dimension_values: [name], value }));
  const total_value = { breakdowns: [{ dimension_keys: [key], results }] };
  return { body: { data: [{ name: 'follower_demographics', total_value }] } };
}

describe('what was recorded of an own account', () => {
  test('is read in full: text and video, but not what was only passed on', async () => {
    const answer = await replay(threads, 'harbor.lights', [
      whoAmI,
      followers,
      { path: '/v1.0/me/threads', query: { limit: '100' }, body: list },
      ofPost('18051234567890101', { query: { metric: POST_METRICS }, body: insights }),
      ofPost('18051234567890102', { query: { metric: POST_METRICS }, body: read('media_insights-repost_facade') }),
      { ...(days[0] as GraphReply), body: read('threads_insights') },
      ...days.slice(1),
      { ...(audience[0] as GraphReply), ...counted('age', { '18-24': 30, '65+': 10 }) },
      { ...(audience[1] as GraphReply), ...counted('gender', { M: 9, F: 27, U: 4 }) },
      { ...(audience[2] as GraphReply), body: read('follower_demographics-country') },
      { ...(audience[3] as GraphReply), ...counted('city', { 'Bergen, Vestland': 3, 'Oslo, Oslo': 8 }) },
    ]);
    expect(answer).toEqual({
      profile: {
        externalId: '26110234567890123',
        displayName: 'Harbor Lights Studio',
        bio: 'Small studio by the water. New clips twice a week.',
        profilePicUrl: 'https://scontent-ord5-2.cdninstagram.com/v/a.jpg',
        isVerified: true,
        isBusiness: null,
        followers: 4_120,
        following: null,
        posts: null,
      },
      posts: [
        {
          externalId: '3700390746889521250',
          url: 'https://www.threads.com/@harbor.lights/post/DNabcdefghi',
          caption: 'Fog at dawn',
          mediaType: 'text',
          thumbnailUrl: null,
          mediaUrl: null,
          duration: null,
          postedAt: new Date('2026-08-20T17:30:12Z'),
          // Reposts, quotes and shares: 12 + 2 + 4.
          metrics: { likes: 311, comments: 9, views: 8_120, shares: 18, ...none },
        },
        {
          externalId: '3702964232390875819',
          url: 'https://www.threads.com/@harbor.lights/post/DNjklmnopqr',
          caption: null,
          mediaType: 'video',
          thumbnailUrl: 'https://scontent.cdninstagram.com/v/t.jpg',
          mediaUrl: 'https://scontent.cdninstagram.com/o1/v.mp4',
          duration: null,
          postedAt: new Date('2026-08-18T09:05:44Z'),
          metrics: { likes: null, comments: null, views: null, shares: null, ...none },
        },
      ],
      // The series names the 18th too, by an end_time of 07:00 on the 19th; 22 reposts and 4 quotes.
      days: [{ day: '2026-08-18', metrics: { profile_visits: 911, likes: 512, comments: 31, shares: 26 } }],
      audience: {
        ages: { age_18_24: 75, age_65_plus: 25 },
        male: 25,
        female: 75,
        countries: ['US', 'CA'],
        cities: ['Oslo, Oslo', 'Bergen, Vestland'],
      },
      remarks: [],
    });
    for (const { externalId, url } of answer.posts) {
      expect(parsePostUrl(url ?? '')).toMatchObject({ platform: 'threads', key: `threads:${externalId}` });
    }
  });

  test('goes on after a page that has a next one, or that is full', async () => {
    const paging = { cursors: { after: 'QVFIUafter' } };
    const second = { path: '/v1.0/me/threads', query: { after: 'QVFIUafter' }, body: { data: [video] } };
    const full = Array.from({ length: 100 }, () => plain);
    for (const first of [
      { data: [plain], paging: { ...paging, next: 'https://graph.threads.com/v1.0/…' } },
      { data: full, paging },
    ]) {
      const { posts } = await replay(threads, 'harbor.lights', [
        whoAmI,
        followers,
        { path: '/v1.0/me/threads', body: first },
        second,
        ofPost('18051234567890101', empty),
        ofPost('18051234567890102', empty),
        ...days,
        ...audience,
      ]);
      expect(posts).toHaveLength(2);
    }
  });

  test('asks on until it has the posts that are wanted, over pages of what was only passed on', async () => {
    const [, , facade] = list.data;
    const page = (after: string, data: unknown[]): GraphReply => ({
      path: '/v1.0/me/threads',
      body: { data, paging: { next: 'https://…', cursors: { after } } },
    });
    const pages = [page('a', [facade]), page('b', [facade, plain]), page('c', [facade]), page('d', [facade, video])];
    const rest = [ofPost('18051234567890101', empty), ofPost('18051234567890102', empty), ...days, ...audience];
    const { posts, remarks } = await replay(threads, 'harbor.lights', [whoAmI, followers, ...pages, ...rest], {
      posts: 2,
    });
    expect(posts).toHaveLength(2);
    expect(remarks).toEqual([]);
    const endless = Array.from({ length: 11 }, (_, at) => page(`p${at}`, [facade]));
    const cut = await replay(threads, 'harbor.lights', [whoAmI, followers, ...endless, ...days, ...audience]);
    expect(cut.remarks).toEqual([expect.stringContaining('older ones are left out')]);
  });

  test('has no zeros for days that ended less than 48 hours ago', async () => {
    const zero = { body: { data: [{ name: 'likes', total_value: { value: 0 } }] } };
    const zeros = days.map((each) => ({ ...each, ...zero }));
    const { days: found } = await replay(threads, 'harbor.lights', [
      whoAmI,
      followers,
      lists([]),
      ...zeros,
      ...audience,
    ]);
    expect(found).toEqual([
      { day: '2026-08-18', metrics: { profile_visits: null, likes: 0, comments: null, shares: null } },
    ]);
  });
});

describe('a refused metric', () => {
  test('costs its own column alone: without quotes there is no sum of shares', async () => {
    const single = POST_METRICS.split(',').map((metric): GraphReply => {
      const body = { data: insights.data.filter(({ name }) => name === metric) };
      return ofPost('18051234567890101', { query: { metric }, ...(metric === 'quotes' ? badMetric : { body }) });
    });
    const { posts, remarks } = await replay(threads, 'harbor.lights', [
      whoAmI,
      followers,
      lists([plain]),
      ofPost('18051234567890101', { query: { metric: POST_METRICS }, ...badMetric }),
      ...single,
      ...days,
      ...audience,
    ]);
    expect(posts[0]?.metrics).toEqual({ likes: 311, comments: 9, views: 8_120, shares: null, ...none });
    expect(remarks).toEqual(['refused metrics of posts: quotes (code 100)']);
  });

  test('leaves the followers unknown, and the account as it is', async () => {
    const { profile, remarks } = await replay(threads, 'harbor.lights', [
      whoAmI,
      { ...followers, ...badMetric },
      lists([]),
      ...days,
      ...audience.map((each) => ({ ...each, ...badMetric })),
    ]);
    expect(profile.followers).toBeNull();
    expect(remarks).toEqual([
      'refused metrics of the account: followers_count (code 100)',
      'refused metrics of the audience by age: follower_demographics (code 100)',
      'refused metrics of the audience by gender: follower_demographics (code 100)',
      'refused metrics of the audience by country: follower_demographics (code 100)',
      'refused metrics of the audience by city: follower_demographics (code 100)',
    ]);
  });
});

test('insights that fail cost no more than themselves, and all that is left when the quota is spent', async () => {
  const failing = { status: 501, body: {} };
  const spent = { status: 400, body: readFixture('instagram-graph/error-400-80002-buc-limit.json') };
  const { profile, posts, remarks } = await replay(threads, 'harbor.lights', [
    whoAmI,
    { ...followers, ...failing },
    lists([plain, video]),
    ofPost('18051234567890101', { body: insights }),
    ofPost('18051234567890102', spent),
  ]);
  expect(profile).toMatchObject({ displayName: 'Harbor Lights Studio', followers: null });
  expect(posts.map(({ metrics }) => metrics.likes)).toEqual([311, null]);
  expect(remarks).toEqual([
    'left out insights of the account: it is failing (501)',
    expect.stringMatching(/^left out insights of posts: it says the quota of calls is spent/),
    expect.stringMatching(/^was not asked for insights of days, insights of the audience by age, .* after that$/),
  ]);
});

describe('an account of others', () => {
  const lookup = { path: '/v1.0/profile_lookup', query: { username: 'north.pier' } };

  test('is looked up where the app may: its followers, and its posts without metrics', async () => {
    const theirs = { ...plain, username: 'north.pier' };
    const answer = await replay(threads, 'north.pier', [
      whoAmI,
      { ...lookup, body: read('profile_lookup') },
      { path: '/v1.0/profile_posts', query: { username: 'north.pier', limit: '100' }, body: { data: [theirs, video] } },
    ]);
    expect(answer.profile).toEqual({
      externalId: null,
      displayName: 'North Pier',
      bio: 'Boats',
      profilePicUrl: 'https://scontent-ord5-2.cdninstagram.com/v/b.jpg',
      isVerified: false,
      isBusiness: null,
      followers: 3_120,
      following: null,
      posts: null,
    });
    expect(answer.posts.map(({ externalId, metrics }) => [externalId, metrics])).toEqual([
      ['3700390746889521250', { likes: null, comments: null, views: null, shares: null, ...none }],
    ]);
    expect(answer.remarks).toEqual(["left out the metrics of others' posts: it shows insights to their owner only"]);
  });

  test('has nothing to be said of when it has no posts', async () => {
    const { remarks } = await replay(threads, 'north.pier', [
      whoAmI,
      { ...lookup, body: read('profile_lookup') },
      { path: '/v1.0/profile_posts', body: { data: [] } },
    ]);
    expect(remarks).toEqual([]);
  });

  test('is not covered where the app may not', async () => {
    await expect(replay(threads, 'north.pier', [whoAmI, { ...lookup, ...forbidden }])).rejects.toMatchObject({
      problem: 'not_covered',
      hint: expect.stringContaining('smstats fetch threads harbor.lights'),
    });
    const looked = { ...lookup, body: read('profile_lookup') };
    const posts = { path: '/v1.0/profile_posts', ...forbidden };
    await expect(replay(threads, 'north.pier', [whoAmI, looked, posts])).rejects.toMatchObject({
      problem: 'not_covered',
    });
    const expired = { status: 400, body: read('error-400-190') };
    await expect(replay(threads, 'north.pier', [whoAmI, { ...lookup, ...expired }])).rejects.toMatchObject({
      problem: 'refused',
    });
  });
});

test('what it costs is said beforehand, about', () => {
  // Who it is and who follows, a page and a spare one, the posts and six metrics, three days and five metrics, four breakdowns.
  expect(threads.requestCount(1)).toBe(2 + 2 + (1 + 6) + (3 + 5) + 4);
  expect(threads.requestCount(200)).toBe(2 + 3 + (200 + 6) + (3 + 5) + 4);
});
