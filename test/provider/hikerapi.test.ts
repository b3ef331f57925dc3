import { describe, expect, test } from 'vitest';
import { parsePostUrl } from '../../src/core/post-url.ts';
import { hikerapi } from '../../src/provider/hikerapi.ts';
import { instagramLooter2 } from '../../src/provider/instagram-looter2.ts';
import { classify, replay } from './instagram-replay.ts';
import { readFixture } from './subject.ts';

type Bag = Record<string, unknown>;

const user = readFixture('hikerapi/user-by-username.json') as Bag;
const first = readFixture('hikerapi/user-medias-chunk.json') as [Bag[], string];
const last = readFixture('hikerapi/user-medias-chunk-last.json');
const [reel, picture] = first[0] as [Bag, Bag];
const none = { shares: null, saves: null, reach: null, impressions: null };

async function readOne(change: Bag, from = reel) {
  const { posts } = await replay(hikerapi, [user, [[{ ...from, ...change }], null]]);
  return posts[0];
}

describe('what was recorded of hikerapi', () => {
  test('is read in full: reel, picture, carousel, and the repeated one once', async () => {
    const { profile, posts, asked } = await replay(hikerapi, [user, first, last]);
    expect(profile).toEqual({
      externalId: '48213907715',
      displayName: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      profilePicUrl: 'https://scontent.cdninstagram.com/v/a.jpg',
      isVerified: true,
      isBusiness: true,
      followers: 152_340,
      following: 611,
      posts: 842,
    });
    expect(posts).toEqual([
      {
        externalId: '3968037994870453865',
        url: 'https://www.instagram.com/reel/DcRTYhjgbZp/',
        caption: 'Fog at dawn',
        mediaType: 'video',
        thumbnailUrl: 'https://scontent.cdninstagram.com/v/DcRTYhjgbZp.jpg',
        mediaUrl: 'https://scontent.cdninstagram.com/v/DcRTYhjgbZp.mp4',
        duration: 21,
        postedAt: new Date('2026-08-20T17:30:12Z'),
        metrics: { likes: 5_120, comments: 88, views: 61_877, ...none },
      },
      {
        externalId: '3966334537021443198',
        url: 'https://www.instagram.com/p/DcLQD8zhsx-/',
        caption: '',
        mediaType: 'image',
        thumbnailUrl: 'https://scontent.cdninstagram.com/v/DcLQD8zhsx-.jpg',
        mediaUrl: 'https://scontent.cdninstagram.com/v/DcLQD8zhsx-.jpg',
        duration: null,
        postedAt: new Date('2026-08-18T09:05:44Z'),
        metrics: { likes: null, comments: 6, views: null, ...none },
      },
      {
        externalId: '3964495074670928531',
        url: 'https://www.instagram.com/p/DcEt0P_i-KT/',
        caption: 'Three lamps, one window',
        mediaType: 'carousel',
        thumbnailUrl: 'https://scontent.cdninstagram.com/v/DcEt0P_i-KT.jpg',
        mediaUrl: 'https://scontent.cdninstagram.com/v/DcEt0P_i-KT.jpg',
        duration: null,
        postedAt: new Date('2026-08-15T20:11:03Z'),
        metrics: { likes: 240, comments: 0, views: null, ...none },
      },
    ]);
    expect(asked).toEqual([
      ['/v1/user/by/username', { username: 'harbor.lights' }],
      ['/v1/user/medias/chunk', { user_id: '48213907715' }],
      [
        '/v1/user/medias/chunk',
        { user_id: '48213907715', end_cursor: 'QVFCaDlfMm1xR3hLd0ZfWm5vN0t5Q0V4YW1wbGVDdXJzb3I=' },
      ],
    ]);
  });

  test('names account and posts as their URLs do, and as another provider does', async () => {
    const { profile, posts } = await replay(hikerapi, [user, first, last]);
    for (const { externalId, url } of posts) {
      expect(parsePostUrl(url ?? '')).toMatchObject({ kind: 'post', key: `instagram:${externalId}` });
    }
    const profile2 = readFixture('instagram-looter2/profile2.json');
    const web = readFixture('instagram-looter2/user-feeds-web.json');
    const other = await replay(instagramLooter2, [profile2, web, { items: [], more_available: false }]);
    expect(profile.externalId).toBe(other.profile.externalId);
    const names = new Map(other.posts.map(({ externalId, url }) => [externalId, url]));
    for (const { externalId, url } of posts) expect(names.get(externalId)).toBe(url);
  });
});

describe('paging', () => {
  test('ends at an empty cursor, at none, and where there is only the list', async () => {
    for (const body of [[first[0], ''], [first[0], null], [first[0]]]) {
      expect((await replay(hikerapi, [user, body])).asked).toHaveLength(2);
    }
  });

  test('takes a cursor that is a number, and what may follow it', async () => {
    const { asked } = await replay(hikerapi, [user, [first[0], 77, { more: true }], last]);
    expect(asked[2]?.[1]).toEqual({ user_id: '48213907715', end_cursor: '77' });
  });

  test('goes on behind a page of which nothing is its own', async () => {
    const others = first[0].map((each) => ({ ...each, user: { pk: '5512' } }));
    const { posts } = await replay(hikerapi, [user, [others, 'next'], last]);
    expect(posts.map(({ externalId }) => externalId)).toEqual(['3964495074670928531']);
  });

  test('costs at most one request for each twelve posts, and one for the user', () => {
    expect([1, 12, 13, 100].map((posts) => hikerapi.requestCount(posts))).toEqual([2, 2, 3, 10]);
  });

  test('is refused where it is no pair of posts and cursor', async () => {
    for (const body of [null, {}, [], 'posts', [{}, ''], { response: { items: [] } }]) {
      await expect(replay(hikerapi, [user, body])).rejects.toMatchObject({ problem: 'schema' });
    }
  });
});

describe('a post', () => {
  test('of a video that is liked has plays, so 0 is unknown; without likes it is none', async () => {
    expect((await readOne({ play_count: 0, like_count: 9 }))?.metrics.views).toBeNull();
    expect((await readOne({ play_count: 0, like_count: 0 }))?.metrics.views).toBe(0);
    expect((await readOne({ play_count: undefined, view_count: 400 }))?.metrics.views).toBeNull();
  });

  test('that hides its counts has none, where it says so', async () => {
    const post = await readOne({ like_and_view_counts_disabled: true, like_count: 3, play_count: 4 });
    expect(post?.metrics).toMatchObject({ likes: null, views: null, comments: 88 });
  });

  test('with three likes may as well hide them, unless it says that it does not', async () => {
    const likes = async (change: Bag) => (await readOne(change))?.metrics.likes;
    expect(await likes({ like_count: 3 })).toBeNull();
    expect(await likes({ like_count: '3' })).toBeNull();
    expect(await likes({ like_count: 3, like_and_view_counts_disabled: false })).toBe(3);
    for (const like_count of [0, 1, 2, 4]) expect(await likes({ like_count })).toBe(like_count);
    expect((await readOne({ like_count: 3, play_count: 0 }))?.metrics.views).toBeNull();
  });

  test('has its time from the text where the number is missing, and no length of 0', async () => {
    const post = await readOne({ taken_at_ts: null, video_duration: 0 });
    expect(post).toMatchObject({ postedAt: new Date('2026-08-20T17:30:12Z'), duration: null });
    expect((await readOne({ taken_at_ts: null, taken_at: 'yesterday' }))?.postedAt).toBeNull();
  });

  test('of a carousel without a picture of its own has that of its first part', async () => {
    const parts = [{ thumbnail_url: 'https://cdn.example/1.jpg' }, { thumbnail_url: 'https://cdn.example/2.jpg' }];
    const post = await readOne({ thumbnail_url: null, resources: parts, media_type: 8 }, picture);
    expect(post).toMatchObject({ mediaType: 'carousel', thumbnailUrl: 'https://cdn.example/1.jpg' });
  });

  test('of a kind that is not known is kept', async () => {
    expect(await readOne({ media_type: 11 })).toMatchObject({
      mediaType: null,
      metrics: { likes: 5_120, views: null },
    });
  });
});

describe('what it says instead of an answer', () => {
  const say = (status: number, body: unknown) => classify(hikerapi, status, body);

  test('is about the account', () => {
    expect(say(404, readFixture('hikerapi/error-404.json'))?.problem).toBe('not_found');
    expect(say(403, readFixture('hikerapi/error-403-private.json'))?.problem).toBe('private');
  });

  test('about the balance, or the pace', () => {
    expect(say(402, { detail: 'Payment required' })).toMatchObject({ problem: 'quota', retry: false });
    expect(say(429, { detail: 'Too many requests' })).toMatchObject({ problem: 'rate_limited', waitMs: 2_000 });
  });

  test('or left to the rules of HTTP: a bad token, an unknown address, a wrong parameter, a failure', () => {
    expect(say(401, { detail: 'Unauthorized' })).toBeUndefined();
    expect(say(403, { detail: 'Forbidden' })).toBeUndefined();
    expect(say(404, { detail: 'Not Found' })).toBeUndefined();
    expect(say(422, { detail: [{ loc: ['query', 'user_id'], msg: 'field required' }] })).toBeUndefined();
    expect(say(500, { detail: 'ClientError' })).toBeUndefined();
    for (const body of [user, first, null, undefined, 'text']) expect(say(200, body)).toBeUndefined();
  });
});
