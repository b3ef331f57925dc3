import { describe, expect, test } from 'vitest';
import { parsePostUrl } from '../../src/core/post-url.ts';
import { instagramGraph } from '../../src/provider/instagram-graph.ts';
import { type GraphReply, replay } from './meta-replay.ts';
import { readFixture } from './subject.ts';

type Bag = Record<string, unknown>;

const read = (name: string) => readFixture(`instagram-graph/${name}.json`);
const me = read('me') as Bag;
const media = read('media') as { data: [Bag, Bag, Bag] };
const [reel, photo, album] = media.data;
const found = read('business_discovery') as { business_discovery: Bag & { media: Bag & { data: [Bag, Bag, Bag] } } };
const empty = read('follower_demographics-empty');
const badMetric = { status: 400, body: read('error-400-100-invalid-metric') };
const forbidden = { status: 400, body: read('error-400-10-permission') };

const OWN = '/v25.0/17841405123456789';
const settings = { instagram_business_id: '17841405123456789' };
const POST_QUESTION = { metric: 'views,reach,saved,shares,likes' };
const none = { impressions: null };

const whoAmI: GraphReply = { path: OWN, body: me };
const lists = (data: unknown[]): GraphReply => ({ path: `${OWN}/media`, query: { limit: '50' }, body: { data } });
const ofPost = (id: string, reply: Omit<GraphReply, 'path'>): GraphReply => ({
  path: `/v25.0/${id}/insights`,
  query: POST_QUESTION,
  ...reply,
});
const audience = ['age,gender', 'country', 'city'].map((breakdown): GraphReply => ({
  path: `${OWN}/insights`,
  query: { breakdown },
  body: empty,
}));
const days = ['1787036400', '1787122800', '1787209200'].map((since): GraphReply => ({
  path: `${OWN}/insights`,
  query: { since, period: 'day' },
  body: empty,
}));

describe('what was recorded of an own account', () => {
  test('is read in full: reel, photo from before the account was a business one, album', async () => {
    const answer = await replay(
      instagramGraph,
      'my.brand',
      [
        whoAmI,
        { path: `${OWN}/media`, query: { limit: '50' }, body: media },
        { path: `${OWN}/media`, query: { after: 'QVFIUafter' }, body: { data: [] } },
        ofPost('18059123456789010', { body: read('media_insights-reel') }),
        ofPost('18059123456789011', { status: 400, body: read('error-400-100-media-before-conversion') }),
        ofPost('18059123456789012', { body: read('media_insights-feed') }),
        { ...(audience[0] as GraphReply), body: read('follower_demographics-age_gender') },
        { ...(audience[1] as GraphReply), body: read('follower_demographics-country') },
        audience[2] as GraphReply,
        days[0] as GraphReply,
        {
          path: `${OWN}/insights`,
          query: {
            metric: 'reach,views,likes,comments,shares,saves,profile_links_taps',
            metric_type: 'total_value',
            since: '1787122800',
            until: '1787209200',
          },
          body: read('account_insights-total_value'),
        },
        days[2] as GraphReply,
      ],
      { settings },
    );
    expect(answer.profile).toEqual({
      externalId: null,
      displayName: 'My Brand',
      bio: 'Own account',
      profilePicUrl: 'https://scontent.cdninstagram.com/v/b.jpg',
      isVerified: null,
      isBusiness: null,
      followers: 10_432,
      following: 210,
      posts: 96,
    });
    expect(answer.posts).toEqual([
      {
        externalId: '3968037994870453865',
        url: 'https://www.instagram.com/reel/DcRTYhjgbZp/',
        caption: 'Fog at dawn',
        mediaType: 'video',
        thumbnailUrl: 'https://scontent.cdninstagram.com/v/0_t.jpg',
        mediaUrl: null,
        duration: null,
        postedAt: new Date('2026-08-20T17:30:12Z'),
        metrics: { likes: 5_120, comments: 88, views: 61_877, shares: 210, saves: 402, reach: 50_211, ...none },
      },
      {
        externalId: '3966334537021109866',
        url: 'https://www.instagram.com/p/DcLQD8zgbZq/',
        caption: null,
        mediaType: 'image',
        thumbnailUrl: null,
        mediaUrl: 'https://scontent.cdninstagram.com/v/1.jpg',
        duration: null,
        postedAt: new Date('2026-08-18T09:05:44Z'),
        metrics: { likes: null, comments: 6, views: null, shares: null, saves: null, reach: null, ...none },
      },
      {
        // What Meta counts as a view of an album is that it was shown.
        externalId: '3964495074670261867',
        url: 'https://www.instagram.com/p/DcEt0P_gbZr/',
        caption: 'Three lamps, one window',
        mediaType: 'carousel',
        thumbnailUrl: null,
        mediaUrl: 'https://scontent.cdninstagram.com/v/2.jpg',
        duration: null,
        postedAt: new Date('2026-08-15T20:11:03Z'),
        metrics: { likes: 240, comments: 0, views: null, shares: 3, saves: 11, reach: 7_711, impressions: 9_120 },
      },
    ]);
    expect(answer.days).toEqual([
      {
        day: '2026-08-19',
        metrics: { reach: null, impressions: 20_111, likes: 1_011, comments: 77, shares: 120, saves: 132, clicks: 18 },
      },
    ]);
    expect(answer.audience).toEqual({
      ages: { age_18_24: 57.87, age_25_34: 42.13 },
      male: 26.68,
      female: 73.32,
      countries: ['US', 'CA', 'GB'],
      cities: null,
    });
    expect(answer.remarks).toEqual(['had no insights of 1 of the FEED posts (code 100)']);
    for (const { externalId, url } of answer.posts) {
      expect(parsePostUrl(url ?? '')).toMatchObject({ platform: 'instagram', key: `instagram:${externalId}` });
    }
  });

  test('is found among the accounts behind the Pages of the token, however its name is written', async () => {
    const pages = [{ id: '1' }, { instagram_business_account: { ...me, id: '2', username: 'else' } }];
    const own = { instagram_business_account: { ...me, username: 'My.Brand' } };
    const { profile, remarks } = await replay(instagramGraph, 'my.brand', [
      { path: '/v25.0/me/accounts', query: { limit: '100' }, body: { data: [...pages, own] } },
      lists([]),
      ...audience,
      ...days,
    ]);
    expect(profile).toMatchObject({ externalId: null, followers: 10_432 });
    expect(remarks).toEqual([]);
    const nobody = { path: '/v25.0/me/accounts', body: { data: [{ id: '1' }] } };
    await expect(replay(instagramGraph, 'my.brand', [nobody])).rejects.toMatchObject({
      problem: 'refused',
      hint: expect.stringContaining('credentials.instagram_business_id'),
    });
  });

  test('shows its owner the likes that others may not see', async () => {
    const { posts } = await replay(
      instagramGraph,
      'my.brand',
      [
        whoAmI,
        lists([photo]),
        ofPost('18059123456789011', { body: { data: [{ name: 'likes', values: [{ value: 41 }] }] } }),
        ...audience,
        ...days,
      ],
      { settings },
    );
    expect(posts[0]?.metrics).toMatchObject({ likes: 41, views: null });
  });

  test('has views where Meta counts plays, and impressions where it counts displays', async () => {
    const kinds: [string | undefined, number | null, number | null][] = [
      ['VIDEO', 120, null],
      ['IMAGE', null, 120],
      ['CAROUSEL_ALBUM', null, 120],
      [undefined, null, null],
    ];
    for (const [media_type, views, impressions] of kinds) {
      const { posts } = await replay(
        instagramGraph,
        'my.brand',
        [
          whoAmI,
          lists([{ ...photo, media_type }]),
          ofPost('18059123456789011', { body: { data: [{ name: 'views', values: [{ value: 120 }] }] } }),
          ...audience,
          ...days,
        ],
        { settings },
      );
      expect(posts[0]?.metrics, media_type).toMatchObject({ views, impressions });
    }
  });

  test('is read past pages on which nothing is its own, and says when it stopped before the end', async () => {
    const foreign = { ...photo, username: 'somebody.else' };
    const listed = (after: string | undefined, data: unknown[], next: string): GraphReply => ({
      path: `${OWN}/media`,
      query: after === undefined ? {} : { after },
      body: { data, paging: { next: 'https://…', cursors: { after: next } } },
    });
    const three = [listed(undefined, [foreign], 'a'), listed('a', [], 'b'), listed('b', [foreign], 'c')];
    const readFrom = async (pages: GraphReply[], posts: number) =>
      replay(instagramGraph, 'my.brand', pages, { settings, posts });
    const past = await readFrom(
      [whoAmI, ...three, listed('c', [photo], 'd'), ofPost('18059123456789011', { body: { data: [] } }), ...rest],
      1,
    );
    expect(past.posts).toHaveLength(1);
    expect(past.remarks).toEqual([]);
    const endless = Array.from({ length: 11 }, (_, at) => listed(at === 0 ? undefined : `p${at}`, [], `p${at + 1}`));
    const cut = await readFrom([whoAmI, ...endless, ...rest], 1);
    expect(cut.posts).toEqual([]);
    expect(cut.remarks).toEqual([expect.stringContaining('stopped listing posts after 10 pages without any')]);
  });

  test('has no zeros for days that Meta may not have worked out: those that ended less than 48 hours ago', async () => {
    const zeros = { body: { data: ['reach', 'views'].map((name) => ({ name, total_value: { value: 0 } })) } };
    const some = { body: { data: [{ name: 'reach', total_value: { value: 7 } }, ...zeros.body.data.slice(1)] } };
    const { days: found_ } = await replay(
      instagramGraph,
      'my.brand',
      [
        whoAmI,
        lists([]),
        ...audience,
        { ...(days[0] as GraphReply), ...zeros },
        { ...(days[1] as GraphReply), ...some },
        { ...(days[2] as GraphReply), ...zeros },
      ],
      { settings },
    );
    const unknown = { likes: null, comments: null, shares: null, saves: null, clicks: null };
    expect(found_).toEqual([
      { day: '2026-08-18', metrics: { reach: 0, impressions: 0, ...unknown } },
      { day: '2026-08-19', metrics: { reach: 7, impressions: null, ...unknown } },
    ]);
  });

  const rest = [...audience, ...days];
});

describe('a refused metric', () => {
  test('costs its own column alone, and is not asked for again', async () => {
    const single = (metric: string, reply: Omit<GraphReply, 'path'>): GraphReply => ({
      path: '/v25.0/18059123456789011/insights',
      query: { metric },
      ...reply,
    });
    const value = (name: string, count: number) => ({ body: { data: [{ name, values: [{ value: count }] }] } });
    const { posts, remarks } = await replay(
      instagramGraph,
      'my.brand',
      [
        whoAmI,
        lists([photo, album]),
        ofPost('18059123456789011', badMetric),
        single('views', badMetric),
        single('reach', value('reach', 50)),
        single('saved', value('saved', 2)),
        single('shares', value('shares', 1)),
        single('likes', value('likes', 9)),
        {
          path: '/v25.0/18059123456789012/insights',
          query: { metric: 'reach,saved,shares,likes' },
          body: read('media_insights-feed'),
        },
        ...audience,
        ...days,
      ],
      { settings },
    );
    expect(posts[0]?.metrics).toMatchObject({ likes: 9, views: null, reach: 50, saves: 2, shares: 1 });
    expect(posts[1]?.metrics).toMatchObject({ likes: 240, reach: 7_711 });
    expect(remarks).toEqual(['refused metrics of FEED posts: views (code 100)']);
  });

  test('of one kind of post says nothing about the other kinds', async () => {
    const { posts } = await replay(
      instagramGraph,
      'my.brand',
      [
        whoAmI,
        lists([photo, reel]),
        ofPost('18059123456789011', badMetric),
        ...['views', 'reach', 'saved', 'shares', 'likes'].map((metric) => ({
          path: '/v25.0/18059123456789011/insights',
          query: { metric },
          ...badMetric,
        })),
        ofPost('18059123456789010', { body: read('media_insights-reel') }),
        ...audience,
        ...days,
      ],
      { settings },
    );
    expect(posts.map(({ metrics }) => metrics.views)).toEqual([null, 61_877]);
  });

  test('is not even looked for when the token lacks the right to all of them', async () => {
    const {
      posts,
      days: none_,
      audience: who,
      remarks,
    } = await replay(
      instagramGraph,
      'my.brand',
      [
        whoAmI,
        lists([photo, album]),
        ofPost('18059123456789011', forbidden),
        ...audience.map((each) => ({ ...each, ...forbidden })),
        { ...(days[0] as GraphReply), ...forbidden },
      ],
      { settings },
    );
    expect(posts.map(({ metrics }) => metrics.comments)).toEqual([6, 0]);
    expect([none_, who]).toEqual([[], undefined]);
    expect(remarks).toEqual([
      'may not read the insights of FEED posts (code 10)',
      'may not read the insights of days (code 10)',
      'refused metrics of the audience by age,gender: follower_demographics (code 10)',
      'refused metrics of the audience by country: follower_demographics (code 10)',
      'refused metrics of the audience by city: follower_demographics (code 10)',
    ]);
  });

  test('is another thing than a post that too few saw: the next one is asked for', async () => {
    const few = { error: { message: '(#10) Not enough viewers for the media to show insights', code: 10 } };
    const { posts, remarks } = await replay(
      instagramGraph,
      'my.brand',
      [
        whoAmI,
        lists([photo, album]),
        ofPost('18059123456789011', { status: 400, body: few }),
        ofPost('18059123456789012', { body: read('media_insights-feed') }),
        ...audience,
        ...days,
      ],
      { settings },
    );
    expect(posts[1]?.metrics.impressions).toBe(9_120);
    expect(remarks).toEqual(['had no insights of 1 of the FEED posts (code 10)']);
  });
});

describe('a source that fails', () => {
  const failing = { status: 501, body: { message: 'not today' } };

  test('costs no more than the insights that it does not give', async () => {
    const answer = await replay(
      instagramGraph,
      'my.brand',
      [
        whoAmI,
        lists([photo, album]),
        ofPost('18059123456789011', failing),
        ofPost('18059123456789012', { body: read('media_insights-feed') }),
        { ...(audience[0] as GraphReply), body: { data: 'renamed' } },
        { ...(audience[1] as GraphReply), body: read('follower_demographics-country') },
        { ...(audience[2] as GraphReply), status: 400, body: read('error-400-190-token-expired') },
        { ...(days[0] as GraphReply), ...failing },
        { ...(days[1] as GraphReply), body: read('account_insights-total_value') },
        days[2] as GraphReply,
      ],
      { settings },
    );
    expect(answer.profile.followers).toBe(10_432);
    expect(answer.posts.map(({ metrics }) => [metrics.comments, metrics.reach])).toEqual([
      [6, null],
      [0, 7_711],
    ]);
    expect(answer.audience?.countries).toEqual(['US', 'CA', 'GB']);
    expect(answer.days).toHaveLength(1);
    expect(answer.remarks).toEqual([
      'left out insights of FEED posts: it is failing (501)',
      expect.stringMatching(/^left out insights of the audience by age,gender: it answered in a form .*data/),
      'left out insights of the audience by city: it says the token has expired (400, code 190)',
      'left out insights of days: it is failing (501)',
    ]);
  });

  test('is asked for nothing more when its quota is spent, and what is known by then is kept', async () => {
    const answer = await replay(
      instagramGraph,
      'my.brand',
      [
        whoAmI,
        lists([reel, photo, album]),
        ofPost('18059123456789010', { body: read('media_insights-reel') }),
        ofPost('18059123456789011', { status: 400, body: read('error-400-80002-buc-limit') }),
      ],
      { settings },
    );
    expect(answer.posts.map(({ metrics }) => [metrics.likes, metrics.comments, metrics.reach])).toEqual([
      [5_120, 88, 50_211],
      [null, 6, null],
      [240, 0, null],
    ]);
    expect([answer.days, answer.audience]).toEqual([[], undefined]);
    expect(answer.remarks).toEqual([
      expect.stringMatching(/^left out insights of FEED posts: it says the quota of calls is spent/),
      'was not asked for insights of the audience by age,gender, insights of the audience by country, insights of the audience by city, insights of days after that',
    ]);
  });
});

describe('what was recorded of an account of others', () => {
  const discover = (change: Omit<GraphReply, 'path'>): GraphReply => ({ path: OWN, ...change });
  const fields =
    'business_discovery.username(harbor.lights){id,username,name,biography,profile_picture_url,followers_count,follows_count,media_count,' +
    'media.limit(50){id,caption,media_type,media_product_type,permalink,timestamp,like_count,comments_count,media_url,thumbnail_url,username,view_count}}';
  const lastPage = {
    business_discovery: {
      ...found.business_discovery,
      media: { data: [found.business_discovery.media.data[2]], paging: { cursors: { before: 'x' } } },
    },
  };

  test('is read in full, without what only its owner sees, page by page', async () => {
    const answer = await replay(
      instagramGraph,
      'harbor.lights',
      [
        whoAmI,
        discover({ query: { fields }, body: found }),
        discover({
          query: { fields: fields.replace('limit(50)', 'limit(50).after(QVFIUjRExampleAfter)') },
          body: lastPage,
        }),
      ],
      { settings },
    );
    expect(answer.profile).toEqual({
      externalId: null,
      displayName: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      profilePicUrl: 'https://scontent.cdninstagram.com/v/a.jpg',
      isVerified: null,
      isBusiness: null,
      followers: 152_340,
      following: 611,
      posts: 842,
    });
    expect(answer.posts.map(({ externalId, metrics }) => [externalId, metrics])).toEqual([
      ['3968037994870453865', { likes: 5_120, comments: 88, views: 61_877, ...owners }],
      ['3966334537021109866', { likes: null, comments: 6, views: null, ...owners }],
      ['3964495074670261867', { likes: 240, comments: 0, views: null, ...owners }],
    ]);
    expect(answer).toMatchObject({ remarks: [] });
    expect(answer.days).toBeUndefined();
  });

  test('is read without views where those are refused', async () => {
    const { posts, remarks } = await replay(
      instagramGraph,
      'harbor.lights',
      [whoAmI, discover({ query: { fields }, ...badMetric }), discover({ body: lastPage })],
      { settings },
    );
    expect(posts).toHaveLength(1);
    expect(remarks).toEqual(["refused the views of others' posts"]);
  });

  test('may be a personal one where Meta says that there is none: others are asked', async () => {
    const unknown = discover({ status: 400, body: read('error-400-110-user-not-found') });
    await expect(replay(instagramGraph, 'nosuchuser', [whoAmI, unknown], { settings })).rejects.toMatchObject({
      problem: 'not_covered',
      hint: expect.stringMatching(/instagram-looter2.*instagram-statistics.*hikerapi/),
    });
  });

  const owners = { shares: null, saves: null, reach: null, impressions: null };
});

test('what it costs is said beforehand, about', () => {
  // Who it is, a page and a spare one, the posts, what may have to be asked anew, three days, three breakdowns.
  expect(instagramGraph.requestCount(1)).toBe(1 + 2 + 1 + 15 + (3 + 7) + 3);
  expect(instagramGraph.requestCount(100)).toBe(1 + 3 + 100 + 15 + (3 + 7) + 3);
});

test('a post whose address is none is no post that could be stored', async () => {
  const replies = [whoAmI, lists([{ ...photo, permalink: 'https://www.instagram.com/my.brand/' }])];
  await expect(replay(instagramGraph, 'my.brand', replies, { settings })).rejects.toMatchObject({ problem: 'schema' });
});
