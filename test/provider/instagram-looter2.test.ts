import { describe, expect, test } from 'vitest';
import { parsePostUrl } from '../../src/core/post-url.ts';
import { instagramLooter2 } from '../../src/provider/instagram-looter2.ts';
import { classify, readWhole, replay } from './instagram-replay.ts';
import { readFixture } from './subject.ts';

type Bag = Record<string, unknown>;

const profile2 = readFixture('instagram-looter2/profile2.json') as Bag;
const empty = readFixture('instagram-looter2/user-feeds-empty.json');
const last = readWhole('instagram-looter2/user-feeds-last.json');
const web = readFixture('instagram-looter2/user-feeds-web.json') as {
  data: { user: { edge_owner_to_timeline_media: { page_info: Bag; edges: { node: Bag }[] } } };
};
const feed = readWhole('instagram-looter2/user-feeds.json') as Bag & { items: Bag[] };
const item = feed.items[1] as Bag;
const node = web.data.user.edge_owner_to_timeline_media.edges[1]?.node as Bag;
const none = { saves: null, reach: null, impressions: null };

function feedOf(...items: Bag[]): unknown {
  return { items, more_available: false, status: 'ok' };
}

function webFeedOf(nodes: Bag[], page_info: Bag = { has_next_page: false, end_cursor: null }): unknown {
  return {
    data: { user: { edge_owner_to_timeline_media: { page_info, edges: nodes.map((each) => ({ node: each })) } } },
  };
}

async function readOne(body: unknown) {
  const { posts } = await replay(instagramLooter2, [profile2, body]);
  expect(posts).toHaveLength(1);
  return posts[0];
}

describe('what was recorded of instagram-looter2', () => {
  test('is read in full: pinned carousel, reel, picture with hidden likes, and the repeated one once', async () => {
    const { profile, posts, asked } = await replay(instagramLooter2, [profile2, feed, last]);
    expect(profile).toEqual({
      externalId: '48213907715',
      displayName: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      profilePicUrl: 'https://scontent.cdninstagram.com/v/t51.2885-19/a.jpg',
      isVerified: true,
      isBusiness: true,
      followers: 152_340,
      following: 611,
      posts: 842,
    });
    expect(posts).toEqual([
      {
        externalId: '3910715255797663310',
        url: 'https://www.instagram.com/p/DZFps4nhUZO/',
        caption: 'Start here: the studio in ten frames',
        mediaType: 'carousel',
        thumbnailUrl: 'https://scontent.cdninstagram.com/v/t51.82787-15/DZFps4nhUZO_n.jpg',
        mediaUrl: 'https://scontent.cdninstagram.com/v/t51.82787-15/DZFps4nhUZO_n.jpg',
        duration: null,
        postedAt: new Date('2026-06-02T15:20:09Z'),
        metrics: { likes: 12_044, comments: 230, views: null, shares: 340, ...none },
      },
      {
        externalId: '3968037994870453865',
        url: 'https://www.instagram.com/reel/DcRTYhjgbZp/',
        caption: 'Fog at dawn',
        mediaType: 'video',
        thumbnailUrl: 'https://scontent.cdninstagram.com/v/t51.82787-15/DcRTYhjgbZp_n.jpg',
        mediaUrl: 'https://scontent.cdninstagram.com/o1/v/t16/DcRTYhjgbZp.mp4',
        duration: 21,
        postedAt: new Date('2026-08-20T17:30:12Z'),
        metrics: { likes: 5_120, comments: 88, views: 61_877, shares: 210, ...none },
      },
      {
        externalId: '3966334537021443198',
        url: 'https://www.instagram.com/p/DcLQD8zhsx-/',
        caption: '',
        mediaType: 'image',
        thumbnailUrl: 'https://scontent.cdninstagram.com/v/t51.82787-15/DcLQD8zhsx-_n.jpg',
        mediaUrl: 'https://scontent.cdninstagram.com/v/t51.82787-15/DcLQD8zhsx-_n.jpg',
        duration: null,
        postedAt: new Date('2026-08-18T09:05:44Z'),
        metrics: { likes: null, comments: 6, views: null, shares: null, ...none },
      },
      {
        externalId: '3964495074670928531',
        url: 'https://www.instagram.com/p/DcEt0P_i-KT/',
        caption: 'Three lamps, one window',
        mediaType: 'carousel',
        thumbnailUrl: 'https://scontent.cdninstagram.com/v/t51.82787-15/DcEt0P_i-KT_n.jpg',
        mediaUrl: 'https://scontent.cdninstagram.com/v/t51.82787-15/DcEt0P_i-KT_n.jpg',
        duration: null,
        postedAt: new Date('2026-08-15T20:11:03Z'),
        metrics: { likes: 240, comments: 0, views: null, shares: null, ...none },
      },
    ]);
    expect(asked).toEqual([
      ['/profile2', { username: 'harbor.lights' }],
      ['/user-feeds', { id: '48213907715', count: '30' }],
      ['/user-feeds', { id: '48213907715', count: '30', max_id: '3964495074670928531_48213907715' }],
    ]);
  });

  test('is the same in the form of the web pages, but for shares', async () => {
    const webProfile = readFixture('instagram-looter2/profile.json');
    const { profile, posts } = await replay(instagramLooter2, [webProfile, web, webFeedOf([])]);
    const app = await replay(instagramLooter2, [profile2, feed, last]);
    expect(profile).toEqual({
      ...app.profile,
      profilePicUrl: 'https://scontent.cdninstagram.com/v/t51.2885-19/a_s320.jpg',
    });
    const outline = (each: (typeof posts)[0]) => {
      const { thumbnailUrl: _t, mediaUrl: _m, metrics, ...rest } = each;
      return { ...rest, metrics: { ...metrics, shares: null } };
    };
    expect(posts.map(outline)).toEqual(app.posts.map(outline));
    expect(posts[1]).toMatchObject({
      thumbnailUrl: 'https://scontent.cdninstagram.com/v/t51.75761-15/DcRTYhjgbZp_s640.jpg',
      mediaUrl: 'https://scontent.cdninstagram.com/o1/v/t16/DcRTYhjgbZp.mp4',
    });
  });

  test('names each post as its own URL does', async () => {
    for (const bodies of [
      [profile2, feed, last],
      [profile2, web, webFeedOf([])],
    ]) {
      const { posts } = await replay(instagramLooter2, bodies);
      expect(posts).toHaveLength(4);
      for (const { externalId, url } of posts) {
        const found = parsePostUrl(url ?? '');
        expect(found).toMatchObject({ kind: 'post', platform: 'instagram', key: `instagram:${externalId}` });
        expect(found).toHaveProperty('ids', expect.arrayContaining([externalId]));
      }
    }
  });
});

describe('paging', () => {
  test('goes on with the cursor of the form that came, even when the form changes', async () => {
    const more = webFeedOf([node], { has_next_page: true, end_cursor: 'QVFC+/=' });
    const { asked } = await replay(instagramLooter2, [profile2, more, feed, empty]);
    expect(asked.slice(2).map(([, query]) => query)).toEqual([
      { id: '48213907715', count: '30', end_cursor: 'QVFC+/=' },
      { id: '48213907715', count: '30', max_id: '3964495074670928531_48213907715' },
    ]);
  });

  test('ends where it says so, or gives no cursor', async () => {
    for (const ending of [
      { more_available: false },
      { next_max_id: null },
      { next_max_id: undefined },
      { next_max_id: '' },
    ]) {
      expect((await replay(instagramLooter2, [profile2, { ...feed, ...ending }])).asked).toHaveLength(2);
    }
    for (const info of [
      { has_next_page: false, end_cursor: 'x' },
      { has_next_page: true, end_cursor: null },
    ]) {
      expect((await replay(instagramLooter2, [profile2, webFeedOf([node], info)])).asked).toHaveLength(2);
    }
  });

  test('goes on behind a page of which nothing is its own', async () => {
    const others = { ...feed, items: feed.items.map((each) => ({ ...each, user: { pk: '5512' } })), next_max_id: 'n' };
    const { posts, asked } = await replay(instagramLooter2, [profile2, others, last]);
    expect(asked).toHaveLength(3);
    expect(posts.map(({ externalId }) => externalId)).toEqual(['3964495074670928531']);
  });

  test('costs at most one request for each twelve posts, and one for the profile', () => {
    expect([1, 12, 13, 100].map((posts) => instagramLooter2.requestCount(posts))).toEqual([2, 2, 3, 10]);
  });
});

describe('counts', () => {
  test('that an owner hides are unknown, whatever is sent', async () => {
    const hidden = { like_and_view_counts_disabled: true, like_count: 3, play_count: 2, ig_play_count: 2 };
    expect((await readOne(feedOf({ ...item, ...hidden })))?.metrics).toMatchObject({
      likes: null,
      views: null,
      comments: 88,
    });
    const webHidden = { ...node, like_and_view_counts_disabled: true };
    expect((await readOne(webFeedOf([webHidden])))?.metrics).toMatchObject({ likes: null, views: null, comments: 88 });
    expect((await readOne(webFeedOf([{ ...node, edge_media_preview_like: { count: -1 } }])))?.metrics.likes).toBeNull();
  });

  test('of hidden posts may be missing without having been renamed', async () => {
    const { like_count: _l, play_count: _p, ig_play_count: _i, ...rest } = item;
    const post = await readOne(feedOf({ ...rest, like_and_view_counts_disabled: true }));
    expect(post?.metrics).toMatchObject({ likes: null, comments: 88, views: null });
  });

  test('of plays are taken from the other name where the first is missing, and never from old views', async () => {
    const { play_count: _, ...rest } = item;
    expect((await readOne(feedOf({ ...rest, ig_play_count: 7, view_count: 5 })))?.metrics.views).toBe(7);
    const { video_play_count: _v, ...old } = node;
    expect((await readOne(webFeedOf([old])))?.metrics.views).toBeNull();
  });

  test('of a video that is no reel may be missing', async () => {
    const { play_count: _p, ig_play_count: _i, ...rest } = item;
    const post = await readOne(feedOf({ ...rest, product_type: 'feed' }));
    expect(post).toMatchObject({ url: 'https://www.instagram.com/p/DcRTYhjgbZp/', metrics: { views: null } });
  });

  test('are read under the other names of the web pages', async () => {
    const { edge_media_preview_like: likes, edge_media_to_comment: comments, ...rest } = node;
    const renamed = {
      ...rest,
      edge_liked_by: likes,
      edge_media_to_parent_comment: comments,
      __typename: 'XDTGraphVideo',
    };
    expect(await readOne(webFeedOf([renamed]))).toMatchObject({
      mediaType: 'video',
      metrics: { likes: 5_120, comments: 88, views: 61_877 },
    });
  });

  test('are refused when a page of the web has none under any name', async () => {
    for (const field of ['edge_media_preview_like', 'edge_media_to_comment']) {
      const { [field]: _, ...rest } = node;
      await expect(readOne(webFeedOf([rest]))).rejects.toMatchObject({
        problem: 'schema',
        message: expect.stringContaining(`edges[].node.${field}.count`),
      });
    }
  });
});

describe('odd answers', () => {
  test('a caption that is not sent is unknown, and an empty one is none', async () => {
    const { caption: _, ...rest } = item;
    expect((await readOne(feedOf(rest)))?.caption).toBeNull();
    expect((await readOne(feedOf({ ...item, caption: null })))?.caption).toBe('');
    const { edge_media_to_caption: _c, ...webRest } = node;
    expect((await readOne(webFeedOf([webRest])))?.caption).toBeNull();
    expect((await readOne(webFeedOf([{ ...node, edge_media_to_caption: { edges: [] } }])))?.caption).toBe('');
  });

  test('posts of which the account is a co-author only are left out in both forms', async () => {
    const foreign = { ...item, pk: '3968037994870453866', user: { pk: 5512 } };
    expect((await readOne(feedOf(item, foreign)))?.externalId).toBe('3968037994870453865');
    const webForeign = { ...node, id: '3968037994870453866', owner: { id: '5512' } };
    expect((await readOne(webFeedOf([webForeign, node])))?.externalId).toBe('3968037994870453865');
  });

  test('what is no list of posts at all is refused', async () => {
    for (const body of [null, undefined, 'items', 7, [], {}, { items: {} }, { data: null }, { data: { user: {} } }]) {
      await expect(replay(instagramLooter2, [profile2, body])).rejects.toMatchObject({ problem: 'schema' });
    }
  });

  test('a profile without a number or a handle is refused', async () => {
    for (const change of [{ id: '' }, { id: 'abc' }, { id: -1 }, { id: null }, { username: '' }]) {
      await expect(replay(instagramLooter2, [{ ...profile2, ...change }])).rejects.toMatchObject({ problem: 'schema' });
    }
  });
});

describe('what it says instead of an answer', () => {
  const say = (status: number, body: unknown) => classify(instagramLooter2, status, body);

  test('is about the account', () => {
    expect(say(404, readFixture('instagram-looter2/error-404-not-found.json'))?.problem).toBe('not_found');
    expect(say(200, readFixture('instagram-looter2/error-200-status-false.json'))?.problem).toBe('not_found');
    for (const message of ['User does not exist', 'Account was not found', 'user not found']) {
      expect(say(200, { status: 'fail', message })?.problem, message).toBe('not_found');
    }
    expect(say(200, { status: false, message: 'Private account' })?.problem).toBe('private');
  });

  test('or an error that may pass, or the address that is wrong', () => {
    expect(say(200, { status: false, errorMessage: 'Timeout' })).toMatchObject({
      problem: 'unavailable',
      retry: true,
      message: 'answered with an error: Timeout',
    });
    expect(say(200, { status: false })?.message).toBe('answered with an error: no reason given');
    expect(say(404, { message: "Endpoint '/user-feeds' does not exist" })).toBeUndefined();
    expect(say(404, undefined)).toBeUndefined();
  });

  test("or the gateway's word, which is read as for every API behind it", () => {
    const problems = [
      [401, 'error-401-invalid-key', 'refused'],
      [403, 'error-403-not-subscribed', 'refused'],
      [429, 'error-429-monthly-quota', 'quota'],
      [429, 'error-429-per-second', 'rate_limited'],
    ] as const;
    for (const [status, name, problem] of problems) {
      expect(say(status, readFixture(`rapidapi/${name}.json`))?.problem).toBe(problem);
    }
  });

  test('is nothing where there is an answer', () => {
    for (const body of [profile2, feed, web, empty, [], {}, null, 'text']) expect(say(200, body)).toBeUndefined();
  });
});
