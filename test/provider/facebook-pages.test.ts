import { describe, expect, test } from 'vitest';
import { parsePostUrl } from '../../src/core/post-url.ts';
import { facebookPages } from '../../src/provider/facebook-pages.ts';
import { type GraphReply, replay } from './meta-replay.ts';
import { readFixture } from './subject.ts';

type Bag = Record<string, unknown>;

const read = (name: string) => readFixture(`facebook-pages/${name}.json`);
const page = read('page') as Bag;
const list = read('published_posts') as { data: [Bag, Bag]; paging: unknown };
const [video, photo] = list.data;
const pageInsights = read('page_insights') as { data: Bag[] };
const badMetric = { status: 400, body: read('error-400-100-invalid-metric') };
const forbidden = { status: 400, body: { error: { message: '(#10) needs pages_read_user_content', code: 10 } } };

const PAGE = '/v25.0/104821937465012';
const POSTS = `${PAGE}/published_posts`;
const BOTH = 'post_media_view,post_total_media_view_unique';
const none = { saves: null, impressions: null };

const whoAmI: GraphReply = { path: '/v25.0/me', body: page };
const lists = (data: unknown[]): GraphReply => ({ path: POSTS, query: { limit: '100' }, body: { data } });
const ofPost = (id: string, reply: Omit<GraphReply, 'path'>): GraphReply => ({
  path: `/v25.0/104821937465012_${id}/insights`,
  ...reply,
});
const ofPage = (reply: Omit<GraphReply, 'path'>): GraphReply => ({ path: `${PAGE}/insights`, ...reply });
const nothing = { body: { data: [] } };

describe('what was recorded of a Page', () => {
  test('is read in full: a video that was shared, and a photo that nobody shared', async () => {
    const answer = await replay(facebookPages, 'harborlights', [
      whoAmI,
      { path: POSTS, query: { limit: '100' }, body: list },
      { path: POSTS, query: { after: 'QVFIUa' }, body: { data: [] } },
      ofPost('2948301928374650', { query: { metric: BOTH, period: 'lifetime' }, body: read('post_insights') }),
      ofPost('2948301928374111', { query: { metric: BOTH, period: 'lifetime' }, body: { data: [] } }),
      ofPage({ query: { period: 'day', since: '1787036400', until: '1787295600' }, body: pageInsights }),
    ]);
    expect(answer).toEqual({
      profile: {
        externalId: '104821937465012',
        displayName: 'Harbor Lights Studio',
        bio: 'Small studio by the water. New clips twice a week.',
        profilePicUrl: 'https://scontent.xx.fbcdn.net/v/a.jpg',
        isVerified: true,
        isBusiness: null,
        followers: 21_344,
        following: null,
        posts: null,
      },
      posts: [
        {
          externalId: '104821937465012_2948301928374650',
          url: 'https://www.facebook.com/104821937465012/posts/2948301928374650',
          caption: 'Fog at dawn',
          mediaType: 'video',
          thumbnailUrl: 'https://scontent.xx.fbcdn.net/v/p.jpg',
          mediaUrl: null,
          duration: null,
          postedAt: new Date('2026-08-20T17:30:12Z'),
          metrics: { likes: 211, comments: 9, views: null, shares: 12, reach: 1_820, ...none },
        },
        {
          externalId: '104821937465012_2948301928374111',
          url: 'https://www.facebook.com/104821937465012/posts/2948301928374111',
          caption: null,
          mediaType: 'image',
          thumbnailUrl: 'https://scontent.xx.fbcdn.net/v/q.jpg',
          mediaUrl: null,
          duration: null,
          postedAt: new Date('2026-08-18T09:05:44Z'),
          metrics: { likes: 40, comments: 0, views: null, shares: null, reach: null, ...none },
        },
      ],
      days: [
        {
          day: '2026-08-18',
          metrics: { followers: 21_320, impressions: 5_012, reach: 3_011, profile_visits: null, clicks: null },
        },
        {
          day: '2026-08-19',
          metrics: { followers: 21_344, impressions: 4_871, reach: 2_950, profile_visits: null, clicks: null },
        },
      ],
      audience: undefined,
      remarks: [],
    });
    for (const { externalId, url } of answer.posts) {
      expect(parsePostUrl(url ?? '')).toMatchObject({
        platform: 'facebook',
        ids: expect.arrayContaining([externalId]),
      });
    }
  });

  test('has its audience by the newest counts of places', async () => {
    const series = (name: string, values: unknown[]) => ({ name, values: values.map((value) => ({ value })) });
    const insights = [
      series('page_follows_country', [{ NO: 1 }, { NO: 7, SE: 12, DK: 'many' }]),
      series('page_follows_city', [{ 'Bergen, Norway': 5 }]),
    ];
    const { audience } = await replay(facebookPages, 'harborlights', [
      whoAmI,
      lists([]),
      ofPage({ body: { data: insights } }),
    ]);
    expect(audience).toEqual({
      ages: {},
      male: null,
      female: null,
      countries: ['SE', 'NO'],
      cities: ['Bergen, Norway'],
    });
  });

  test('answers to its handle with and without dots, and to its number', async () => {
    for (const name of ['harbor.lights', 'harborlights', '104821937465012']) {
      const { profile } = await replay(facebookPages, name, [whoAmI, lists([]), ofPage(nothing)]);
      expect(profile.followers, name).toBe(21_344);
    }
    const { username: _, ...unnamed } = page;
    await expect(replay(facebookPages, 'harborlights', [{ path: '/v25.0/me', body: unnamed }])).rejects.toMatchObject({
      problem: 'not_covered',
      hint: expect.stringContaining('fetch facebook 104821937465012'),
    });
  });

  test('is verified, not verified, or does not say', async () => {
    for (const [status, isVerified] of [
      ['blue_verified', true],
      ['gray_verified', true],
      ['not_verified', false],
      [undefined, null],
    ]) {
      const body = { ...page, verification_status: status };
      const replies = [{ path: '/v25.0/me', body }, lists([]), ofPage(nothing)];
      expect((await replay(facebookPages, 'harborlights', replies)).profile.isVerified).toBe(isVerified);
    }
  });

  test('holds albums, links and plain text too', async () => {
    const types = ['album', 'share', 'event', undefined];
    const posts = types.map((media_type, index) => ({
      ...photo,
      id: `104821937465012_${index}`,
      attachments: media_type && { data: [{ media_type }] },
    }));
    const questions = posts.map(({ id }) => ({ path: `/v25.0/${id}/insights`, ...nothing }));
    const answer = await replay(facebookPages, 'harborlights', [whoAmI, lists(posts), ...questions, ofPage(nothing)]);
    expect(answer.posts.map(({ mediaType }) => mediaType)).toEqual(['carousel', 'link', null, 'text']);
  });
});

describe('what a token may not do', () => {
  test('is told when it is of a person and not of a Page', async () => {
    const body = { error: { message: '(#100) Tried accessing nonexisting field (followers_count)', code: 100 } };
    await expect(
      replay(facebookPages, 'harborlights', [{ path: '/v25.0/me', status: 400, body }]),
    ).rejects.toMatchObject({ problem: 'refused', hint: expect.stringContaining('/me/accounts') });
  });

  test('costs reactions and comments where it may not read those', async () => {
    const plain = { path: POSTS, query: { fields: FIELDS }, body: { data: [{ ...video, reactions: undefined }] } };
    const { posts, remarks } = await replay(facebookPages, 'harborlights', [
      whoAmI,
      { path: POSTS, ...forbidden },
      plain,
      ofPost('2948301928374650', { body: read('post_insights') }),
      ofPage(nothing),
    ]);
    expect(posts[0]?.metrics).toMatchObject({ likes: null, shares: 12, reach: 1_820 });
    expect(remarks).toEqual(['refused reactions and comments of posts (code 10)']);
  });

  test('costs a retired metric its own column alone', async () => {
    const names = [
      'page_follows',
      'page_media_view',
      'page_total_media_view_unique',
      'page_views_total',
      'page_total_actions',
      'page_follows_country',
      'page_follows_city',
    ];
    const single = names.map((metric): GraphReply => {
      const body = { data: pageInsights.data.filter(({ name }) => name === metric) };
      return ofPage({ query: { metric }, ...(metric === 'page_media_view' ? badMetric : { body }) });
    });
    const { posts, days, remarks } = await replay(facebookPages, 'harborlights', [
      whoAmI,
      lists([video, photo]),
      ofPost('2948301928374650', { query: { metric: BOTH }, ...badMetric }),
      ofPost('2948301928374650', { query: { metric: 'post_media_view' }, ...badMetric }),
      ofPost('2948301928374650', { query: { metric: 'post_total_media_view_unique' }, body: read('post_insights') }),
      ofPost('2948301928374111', { query: { metric: 'post_total_media_view_unique' }, body: { data: [] } }),
      ofPage({ query: { metric: names.join(',') }, status: 400, body: read('error-400-3001-no-metric') }),
      ...single,
    ]);
    expect(posts.map(({ metrics }) => [metrics.views, metrics.reach])).toEqual([
      [null, 1_820],
      [null, null],
    ]);
    expect(days?.map(({ metrics }) => [metrics.followers, metrics.impressions, metrics.reach])).toEqual([
      [21_320, null, 3_011],
      [21_344, null, 2_950],
    ]);
    expect(remarks).toEqual([
      'refused metrics of posts: post_media_view (code 100)',
      'refused metrics of the Page: page_media_view (code 100)',
    ]);
  });

  const FIELDS = 'id,from{id},message,created_time,permalink_url,full_picture,shares,attachments{media_type}';
});

test('insights that fail cost no more than themselves, and all that is left when the quota is spent', async () => {
  const failing = { status: 501, body: {} };
  const one = await replay(facebookPages, 'harborlights', [
    whoAmI,
    lists([video, photo]),
    ofPost('2948301928374650', failing),
    ofPost('2948301928374111', { body: read('post_insights') }),
    ofPage(failing),
  ]);
  expect(one.posts.map(({ metrics }) => [metrics.likes, metrics.reach])).toEqual([
    [211, null],
    [40, 1_820],
  ]);
  expect([one.days, one.audience]).toEqual([[], undefined]);
  expect(one.remarks).toEqual([
    'left out insights of posts: it is failing (501)',
    'left out insights of the Page: it is failing (501)',
  ]);
  const spent = { status: 400, body: read('error-400-32-page-limit') };
  const { posts, remarks } = await replay(facebookPages, 'harborlights', [
    whoAmI,
    lists([video, photo]),
    ofPost('2948301928374650', spent),
  ]);
  expect(posts.map(({ metrics }) => metrics.likes)).toEqual([211, 40]);
  expect(remarks).toEqual([
    expect.stringMatching(/^left out insights of posts: it says the quota of calls is spent/),
    'was not asked for insights of the Page after that',
  ]);
});

test('posts are asked for over pages that hold only those of others', async () => {
  const listed = (after: string, data: unknown[]): GraphReply => ({
    path: POSTS,
    body: { data, paging: { next: 'https://…', cursors: { after } } },
  });
  const foreign = { ...video, id: '104821937465012_29', from: { id: '104821937465099' } };
  const pages = [listed('a', [foreign]), listed('b', []), listed('c', [foreign]), listed('d', [photo])];
  const { posts, remarks } = await replay(
    facebookPages,
    'harborlights',
    [whoAmI, ...pages, ofPost('2948301928374111', nothing), ofPage(nothing)],
    { posts: 1 },
  );
  expect(posts).toHaveLength(1);
  expect(remarks).toEqual([]);
});

test('what Meta counts as a view is a play of a video, and a display of anything else', async () => {
  const counts: [string, number | null, number | null][] = [
    ['video', 120, null],
    ['photo', null, 120],
    ['album', null, 120],
    ['share', null, 120],
    ['event', null, null],
  ];
  const views = { body: { data: [{ name: 'post_media_view', values: [{ value: 120 }] }] } };
  for (const [media_type, plays, displays] of counts) {
    const { posts } = await replay(facebookPages, 'harborlights', [
      whoAmI,
      lists([{ ...photo, attachments: { data: [{ media_type }] } }]),
      ofPost('2948301928374111', views),
      ofPage(nothing),
    ]);
    expect(posts[0]?.metrics, media_type).toMatchObject({ views: plays, impressions: displays });
  }
});

test('zeros of days that ended less than 48 hours ago are unknown', async () => {
  const values = ['19', '20', '21'].map((day) => ({ value: 0, end_time: `2026-08-${day}T07:00:00+0000` }));
  const { days } = await replay(facebookPages, 'harborlights', [
    whoAmI,
    lists([]),
    ofPage({ body: { data: [{ name: 'page_media_view', values }] } }),
  ]);
  expect(days?.map(({ day, metrics }) => [day, metrics.impressions])).toEqual([['2026-08-18', 0]]);
});

test('what it costs is said beforehand, about', () => {
  // The Page, a page of posts, a spare one and one asked anew, the posts and two metrics, the days and seven metrics.
  expect(facebookPages.requestCount(1)).toBe(1 + 3 + (1 + 2) + (1 + 7));
  expect(facebookPages.requestCount(101)).toBe(1 + 4 + (101 + 2) + (1 + 7));
});
