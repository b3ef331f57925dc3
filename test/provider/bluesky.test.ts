import { describe, expect, test } from 'vitest';
import type { AccountAnswer } from '../../src/core/account.ts';
import { identifyPost, parsePostUrl } from '../../src/core/post-url.ts';
import { bluesky } from '../../src/provider/bluesky.ts';
import { readFixture } from './subject.ts';

const did = 'did:plc:h4rb0rl1ghtsx2y3z4a5b6c7';
const profile = readFixture('bluesky/getProfile.json') as Record<string, unknown>;
const minimal = readFixture('bluesky/getProfile-minimal.json');
const page1 = readFixture('bluesky/getAuthorFeed-page1.json') as { feed: Item[] };
const last = readFixture('bluesky/getAuthorFeed-last.json') as { feed: Item[] };
const short = readFixture('bluesky/getAuthorFeed-short-page-with-cursor.json');
type Item = { post: Record<string, unknown> & { record: Record<string, unknown> } };

/** Fetches from bodies that are handed out in order; says what was asked for. */
async function replay(bodies: unknown[], posts = 100): Promise<AccountAnswer & { asked: Record<string, string>[] }> {
  const asked: Record<string, string>[] = [];
  const get = async (path: string, query: Record<string, string> = {}) => {
    asked.push({ path, ...query });
    if (asked.length > bodies.length) throw new Error(`nothing left for ${path}`);
    return bodies[asked.length - 1];
  };
  const answer = await bluesky.fetchAccount('harborlights.bsky.social', {
    posts,
    platform: 'bluesky',
    now: new Date('2026-11-22T10:00:00Z'),
    hasToken: false,
    setting: () => undefined,
    get,
    send: () => Promise.reject(new Error('asks with get alone')),
    run: () => Promise.reject(new Error('runs no program')),
  });
  return { ...answer, asked };
}

/** The only item of the last page with other values. */
function itemWith(post: Record<string, unknown>, record: Record<string, unknown> = {}): Item {
  const [item] = last.feed as [Item];
  return { post: { ...item.post, ...post, record: { ...item.post.record, ...record } } };
}

async function postWith(post: Record<string, unknown>, record: Record<string, unknown> = {}) {
  const { posts } = await replay([profile, { feed: [itemWith(post, record)] }]);
  return posts[0];
}

const uriOf = (key: string) => `at://${did}/app.bsky.feed.post/${key}`;
const none = { views: null, reach: null, impressions: null };

describe('what was recorded of bluesky', () => {
  test('is read in full, past a page that is empty, without what was reposted', async () => {
    const answer = await replay([profile, page1, short, last]);
    expect(answer.profile).toEqual({
      externalId: did,
      displayName: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      profilePicUrl: `https://cdn.bsky.app/img/avatar/plain/${did}/bafkreiexampleavatar@jpeg`,
      isVerified: true,
      isBusiness: null,
      followers: 9_120,
      following: 311,
      posts: 1_204,
    });
    expect(answer.posts).toEqual([
      {
        externalId: uriOf('3mtjrjohgc222'),
        url: 'https://bsky.app/profile/harborlights.bsky.social/post/3mtjrjohgc222',
        caption: 'Fog at dawn',
        mediaType: 'video',
        thumbnailUrl: 'https://video.bsky.app/watch/x/thumbnail.jpg',
        mediaUrl: 'https://video.bsky.app/watch/x/playlist.m3u8',
        duration: null,
        postedAt: new Date('2026-08-20T17:30:12Z'),
        metrics: { likes: 311, comments: 9, shares: 23, saves: 1, ...none },
      },
      {
        externalId: uriOf('3msrzclbpo225'),
        url: 'https://bsky.app/profile/harborlights.bsky.social/post/3msrzclbpo225',
        caption: 'Three lamps, one window',
        mediaType: 'image',
        thumbnailUrl: 'https://cdn.bsky.app/img/feed_thumbnail/plain/x@jpeg',
        mediaUrl: 'https://cdn.bsky.app/img/feed_fullsize/plain/x@jpeg',
        duration: null,
        postedAt: new Date('2026-08-11T06:45:30Z'),
        metrics: { likes: 44, comments: 0, shares: 2, saves: 1, ...none },
      },
      {
        externalId: uriOf('3msiizbbg2226'),
        url: 'https://bsky.app/profile/harborlights.bsky.social/post/3msiizbbg2226',
        caption: 'Old lens, new film',
        mediaType: 'text',
        thumbnailUrl: null,
        mediaUrl: null,
        duration: null,
        postedAt: new Date('2026-08-07T12:00:00Z'),
        metrics: { likes: 12, comments: 1, shares: 0, saves: 1, ...none },
      },
    ]);
    expect(answer.remarks).toBeUndefined();
    const feed = { path: '/xrpc/app.bsky.feed.getAuthorFeed', actor: did, limit: '100' };
    const rest = { filter: 'posts_with_replies', includePins: 'false' };
    expect(answer.asked).toEqual([
      { path: '/xrpc/app.bsky.actor.getProfile', actor: 'harborlights.bsky.social' },
      { ...feed, ...rest },
      { ...feed, ...rest, cursor: '2026-08-11T06:45:30.000Z' },
      { ...feed, ...rest, cursor: '2026-08-07T12:00:00.000Z' },
    ]);
  });

  test('is read where an account has told nothing of itself and posted nothing', async () => {
    const { profile: empty, posts } = await replay([minimal, { feed: [] }]);
    expect(empty).toEqual({
      externalId: 'did:plc:q1w2e3r4t5y6u7i8o9p0a1s2',
      displayName: null,
      bio: null,
      profilePicUrl: null,
      isVerified: null,
      isBusiness: null,
      followers: 0,
      following: 0,
      posts: 0,
    });
    expect(posts).toEqual([]);
  });

  test('keeps an old pinned post in its place', async () => {
    const { posts } = await replay([profile, readFixture('bluesky/getAuthorFeed-with-pin.json'), last]);
    expect(posts.map(({ externalId }) => externalId)).toEqual(
      ['3mncvgfjj4227', '3mtjrjohgc222', '3msiizbbg2226'].map(uriOf),
    );
  });
});

describe('whose posts', () => {
  const root = (uri: string) => ({ uri, cid: 'bafyreiexample' });
  const other = 'at://did:plc:n0rthp13rn0rthp13rn0rth1/app.bsky.feed.post/3mt5i6p2sy224';

  test('threads of one’s own are, replies to others and under others are not', async () => {
    const own = uriOf('3msiizbbg2226');
    const feed = [
      itemWith({ uri: uriOf('thread') }, { reply: { root: root(own), parent: root(own) } }),
      itemWith({ uri: uriOf('reply') }, { reply: { root: root(other), parent: root(other) } }),
      itemWith({ uri: uriOf('below') }, { reply: { root: root(other), parent: root(own) } }),
      itemWith({ uri: uriOf('answer') }, { reply: { root: root(own), parent: root(other) } }),
    ];
    const { posts } = await replay([profile, { feed }]);
    expect(posts.map(({ externalId }) => externalId)).toEqual([uriOf('thread')]);
  });

  test('a page of reposts alone does not end the paging', async () => {
    const reposts = { feed: [page1.feed[1]], cursor: 'one' };
    const { posts } = await replay([profile, reposts, { ...reposts, cursor: 'two' }, last]);
    expect(posts).toHaveLength(1);
  });

  test('an account that only reposts and replies is one without posts, and the count that says otherwise is left out', async () => {
    const answer = await replay([profile, { feed: [page1.feed[1]] }]);
    expect(answer.posts).toEqual([]);
    expect(answer.profile).toMatchObject({ posts: null, followers: 9_120 });
    expect(answer.remarks).toEqual(['lists only reposts and replies to others, and counts 1204 posts with them']);
  });

  test('an empty feed says nothing of the count', async () => {
    const answer = await replay([profile, { feed: [] }]);
    expect(answer.profile.posts).toBe(1_204);
    expect(answer.remarks).toBeUndefined();
  });
});

describe('a post', () => {
  const embed = (type: string, more: Record<string, unknown> = {}) => ({
    $type: `app.bsky.embed.${type}#view`,
    ...more,
  });
  const image = { thumb: 'https://cdn.bsky.app/t.jpeg', fullsize: 'https://cdn.bsky.app/f.jpeg', alt: '' };

  test.each([
    ['none', undefined, 'text', null],
    ['one image', embed('images', { images: [image] }), 'image', image.thumb],
    ['two images', embed('images', { images: [image, image] }), 'carousel', image.thumb],
    ['a link', embed('external', { external: { uri: 'https://a.example', thumb: image.thumb } }), 'link', image.thumb],
    ['a quote', embed('record', { record: {} }), 'text', null],
    [
      'a quote with an image',
      embed('recordWithMedia', { media: embed('images', { images: [image] }) }),
      'image',
      image.thumb,
    ],
    ['something new', embed('hologram'), null, null],
  ])('with %s', async (_, given, mediaType, thumbnailUrl) => {
    expect(await postWith({ embed: given })).toMatchObject({ mediaType, thumbnailUrl, duration: null });
  });

  test('is of the earlier of the two times, since an author’s program may set any', async () => {
    const indexedAt = '2026-08-07T12:00:01.000Z';
    const at = async (createdAt: unknown) => (await postWith({ indexedAt }, { createdAt }))?.postedAt?.toISOString();
    expect(await at('2026-08-07T12:00:00.000Z')).toBe('2026-08-07T12:00:00.000Z');
    expect(await at('2031-01-01T00:00:00.000Z')).toBe(indexedAt);
    expect(await at('2026-08-07T14:00:00+02:00')).toBe('2026-08-07T12:00:00.000Z');
    expect(await at('yesterday')).toBe(indexedAt);
    // Of which clock it is, nobody knows.
    expect(await at('2026-08-07T08:00:00.000')).toBe(indexedAt);
    expect(await at('2026-08-07')).toBe(indexedAt);
    expect((await postWith({ indexedAt: null }, { createdAt: null }))?.postedAt).toBeNull();
  });

  test('whose shares are half known has unknown shares', async () => {
    expect((await postWith({ quoteCount: null }))?.metrics.shares).toBeNull();
    expect((await postWith({ repostCount: -1 }))?.metrics.shares).toBeNull();
    expect((await postWith({ repostCount: 3, quoteCount: 4 }))?.metrics.shares).toBe(7);
    expect((await postWith({ bookmarkCount: undefined }))?.metrics.saves).toBeNull();
  });

  test('is found by every URL of it', async () => {
    const { posts } = await replay([profile, last]);
    const [{ externalId, url }] = posts as [(typeof posts)[0]];
    const byDid = parsePostUrl(`https://bsky.app/profile/${did}/post/3msiizbbg2226`);
    expect(byDid).toMatchObject({ platform: 'bluesky', ids: expect.arrayContaining([externalId]) });
    expect(identifyPost(url ?? '')).toBe(identifyPost(externalId));
    expect(parsePostUrl(url ?? '')).toMatchObject({ username: 'harborlights.bsky.social' });
  });

  test('of an account whose handle is broken is linked by its did', async () => {
    const { posts } = await replay([{ ...profile, handle: 'handle.invalid' }, last]);
    expect(posts[0]?.url).toBe(`https://bsky.app/profile/${did}/post/3msiizbbg2226`);
  });
});

test('verified is who Bluesky says is, or who may verify others', async () => {
  const isVerified = async (verification: unknown) =>
    (await replay([{ ...profile, verification }, { feed: [] }])).profile.isVerified;
  expect(await isVerified({ verifiedStatus: 'none', trustedVerifierStatus: 'valid' })).toBe(true);
  expect(await isVerified({ verifiedStatus: 'invalid', trustedVerifierStatus: 'none' })).toBe(false);
  expect(await isVerified(undefined)).toBeNull();
});

describe('what bluesky says besides', () => {
  const receivedAt = new Date('2026-11-22T10:00:00Z');
  const classify = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    bluesky.classify({ receivedAt, status, headers: new Headers(headers), text: '', body });

  test('is an answer about the account', () => {
    const fixtures = ['profile-not-found', 'takedown', 'deactivated'];
    const found = fixtures.map((name) => classify(400, readFixture(`bluesky/error-400-${name}.json`)));
    expect(found.map((failure) => failure?.problem)).toEqual(['not_found', 'not_found', 'not_found']);
    expect(found.map((failure) => failure?.message)).toEqual([
      'knows no account of that name',
      'says the account was suspended',
      'says that its owner deactivated the account',
    ]);
    const malformed = { error: 'InvalidRequest', message: 'Error: actor must be a valid did or a handle' };
    expect(classify(400, malformed)?.problem).toBe('not_found');
    expect(classify(400, { error: 'InvalidRequest', message: 'Could not find repo' })).toBeUndefined();
    expect(classify(400, { error: 'toString' })).toBeUndefined();
    expect(classify(200, readFixture('bluesky/error-400-takedown.json'))).toBeUndefined();
  });

  test('is to slow down, until its window ends', () => {
    const body = readFixture('bluesky/error-429.json');
    expect(classify(429, body)).toMatchObject({ problem: 'rate_limited', retry: true, waitMs: 2_000 });
    const window = { 'ratelimit-limit': '3000', 'ratelimit-remaining': '0', 'ratelimit-reset': '1795341630' };
    expect(classify(429, body, window)).toMatchObject({
      waitMs: 30_000,
      message: 'asks to slow down (429, back in 30 s)',
    });
    expect(classify(429, body, { ...window, 'retry-after': '7' })?.waitMs).toBe(7_000);
  });

  test('is nothing when the reply is fine', () => {
    for (const body of [undefined, null, 'text', [], profile]) expect(classify(200, body)).toBeUndefined();
  });

  test('is how much is left of five minutes', () => {
    const read = (headers: Record<string, string>) =>
      bluesky.readQuota?.(new Headers(headers), new Date('2026-08-21T08:00:00Z'));
    const recorded = readFixture('bluesky/response-headers.json') as Record<string, string>;
    const at = { ...recorded, 'ratelimit-reset': String(Date.parse('2026-08-21T08:04:00Z') / 1000) };
    expect(read(at)).toEqual({ limit: 3_000, remaining: 2_997, resetsInSeconds: 240 });
    for (const broken of [
      { 'ratelimit-remaining': '3001' },
      { 'ratelimit-remaining': 'many' },
      { 'ratelimit-reset': '1' },
      { 'ratelimit-reset': '9999999999' },
    ]) {
      expect(read({ ...at, ...broken })).toBeUndefined();
    }
    expect(read({})).toBeUndefined();
  });
});

test('what an account costs is known beforehand', () => {
  expect([0, 1, 100, 101, 250].map((posts) => bluesky.requestCount(posts))).toEqual([1, 2, 2, 3, 4]);
});
