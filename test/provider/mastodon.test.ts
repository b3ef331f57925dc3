import { describe, expect, test } from 'vitest';
import type { AccountAnswer } from '../../src/core/account.ts';
import { identifyPost, parsePostUrl } from '../../src/core/post-url.ts';
import { mastodon } from '../../src/provider/mastodon.ts';
import type { ReadRequest } from '../../src/provider/provider.ts';
import { readFixture } from './subject.ts';

type Bag = Record<string, unknown>;

const lookup = readFixture('mastodon/accounts_lookup.json') as Bag;
const page1 = readFixture('mastodon/accounts_statuses-page1.json') as [Bag, Bag];
const headers1 = readFixture('mastodon/accounts_statuses-page1.headers.json') as Record<string, string>;
const empty = readFixture('mastodon/accounts_statuses-empty.json');

interface Given {
  body: unknown;
  headers?: Record<string, string>;
}

/** Fetches from answers that are handed out in order; says what was asked for. */
async function replay(given: Given[], { username = 'harborlights@mastodon.example', posts = 100 } = {}) {
  const asked: ReadRequest[] = [];
  const answer: AccountAnswer = await mastodon.fetchAccount(username, {
    posts,
    platform: 'mastodon',
    now: new Date('2026-11-22T10:00:00Z'),
    hasToken: false,
    setting: () => undefined,
    get: () => Promise.reject(new Error('asks the instance alone')),
    send: async (request) => {
      const next = given[asked.length];
      asked.push(request);
      if (!next) throw new Error(`nothing left for ${request.path}`);
      return { body: next.body, headers: new Headers(next.headers) };
    },
    run: () => Promise.reject(new Error('runs no program')),
  });
  return { ...answer, asked };
}

async function postWith(changes: Bag) {
  const { posts } = await replay([{ body: lookup }, { body: [{ ...page1[0], ...changes }] }]);
  return posts[0];
}

const none = { views: null, saves: null, reach: null, impressions: null };

describe('what was recorded of mastodon', () => {
  test('is read in full from the account’s own instance, without what was boosted', async () => {
    const answer = await replay([{ body: lookup }, { body: page1, headers: headers1 }, { body: empty }]);
    expect(answer.profile).toEqual({
      externalId: 'mastodon.example/109300000000123456',
      displayName: 'Harbor Lights Studio',
      bio: 'Small studio by the water.\nNew clips twice a week.',
      profilePicUrl: 'https://files.mastodon.example/a.png',
      isVerified: null,
      isBusiness: null,
      followers: 5_120,
      following: 211,
      posts: 2_011,
    });
    expect(answer.posts).toEqual([
      {
        externalId: 'mastodon.example/117129020178432001',
        url: 'https://mastodon.example/@harborlights/117129020178432001',
        caption: 'Fog at dawn #fog',
        mediaType: 'video',
        thumbnailUrl: 'https://files.mastodon.example/m/small.png',
        mediaUrl: 'https://files.mastodon.example/m/orig.mp4',
        duration: 21,
        postedAt: new Date('2026-08-20T17:30:12Z'),
        metrics: { likes: 31, comments: 4, shares: 9, ...none },
      },
    ]);
    expect(answer.remarks).toBeUndefined();
    const origin = 'https://mastodon.example';
    const path = '/api/v1/accounts/109300000000123456/statuses';
    const query = { limit: '40', exclude_reblogs: 'true', exclude_replies: 'true' };
    expect(answer.asked).toEqual([
      { origin, path: '/api/v1/accounts/lookup', query: { acct: 'harborlights' } },
      { origin, path, query },
      { origin, path, query: { ...query, max_id: '117115711913984008' } },
    ]);
  });

  test('has no posts to show where all are boosts, replies or for followers, and the count says otherwise', async () => {
    const answer = await replay([{ body: lookup }, { body: empty }]);
    expect(answer.posts).toEqual([]);
    expect(answer.profile).toMatchObject({ posts: null, followers: 5_120 });
    expect(answer.remarks).toEqual([
      'shows no own posts, and counts 2011 with boosts, replies and those for followers',
    ]);
    const quiet = await replay([{ body: { ...lookup, statuses_count: 0 } }, { body: empty }]);
    expect(quiet.profile.posts).toBe(0);
    expect(quiet.remarks).toBeUndefined();
  });
});

describe('the next page', () => {
  const after = async (link: string | undefined) => {
    const { asked } = await replay([
      { body: lookup },
      { body: [page1[0]], ...(link !== undefined && { headers: { link } }) },
      { body: empty },
    ]);
    return asked[2]?.query?.['max_id'];
  };

  test.each([
    [
      '<https://mastodon.example/api?limit=2&max_id=12>; rel="next", <https://mastodon.example/api?min_id=9>; rel="prev"',
      '12',
    ],
    ['<https://mastodon.example/api?min_id=9>; rel="prev", <https://mastodon.example/api?max_id=12>; rel="next"', '12'],
    ['<https://elsewhere.example/steal?max_id=12>; rel="next"', '12'],
    ['<https://mastodon.example/api?max_id=12>; title="x"; rel=next', '12'],
  ])('is behind the id in %s, at the same instance', async (link, id) => {
    expect(await after(link)).toBe(id);
  });

  test.each([
    undefined,
    '',
    '<https://mastodon.example/api?min_id=9>; rel="prev"',
    '<https://mastodon.example/api?limit=2>; rel="next"',
    '<nonsense>; rel="next"',
    'max_id=12; rel="next"',
  ])('is none in %s, however full this one is', async (link) => {
    expect(await after(link)).toBeUndefined();
  });

  test('comes also behind one that holds nothing of one’s own', async () => {
    const link = (id: number) => ({ link: `<https://mastodon.example/api?max_id=${id}>; rel="next"` });
    const { posts } = await replay([
      { body: lookup },
      { body: [page1[1]], headers: link(3) },
      { body: [], headers: link(2) },
      { body: [page1[0]] },
    ]);
    expect(posts.map(({ externalId }) => externalId)).toEqual(['mastodon.example/117129020178432001']);
  });
});

describe('a post', () => {
  const attachment = (type: string, more: Bag = {}) => ({
    id: '1',
    type,
    url: `https://files.mastodon.example/${type}`,
    preview_url: 'https://files.mastodon.example/small',
    ...more,
  });

  test.each([
    ['nothing', [], null, 'text', null],
    ['a link', [], { url: 'https://a.example' }, 'link', null],
    ['an image', [attachment('image')], null, 'image', null],
    ['a moving image', [attachment('gifv', { meta: { original: { duration: 2.6 } } })], null, 'video', 3],
    ['images', [attachment('image'), attachment('image')], null, 'carousel', null],
    ['sound', [attachment('audio', { meta: { original: { duration: 61.2 } } })], null, null, 61],
    ['something new', [attachment('unknown', { meta: null })], null, null, null],
  ])('with %s', async (_, media_attachments, card, mediaType, duration) => {
    expect(await postWith({ media_attachments, card })).toMatchObject({ mediaType, duration });
  });

  test('has its warning before its text', async () => {
    const content = '<p>Behind the <b>scenes</b></p>';
    expect((await postWith({ spoiler_text: 'Bright lights', content }))?.caption).toBe(
      'Bright lights\n\nBehind the scenes',
    );
    expect((await postWith({ content: '' }))?.caption).toBe('');
    expect((await postWith({ content: undefined }))?.caption).toBeNull();
  });

  test('is linked at its instance where it says no usable address', async () => {
    for (const url of [null, undefined, '', 'javascript:alert(1)', 'https://', 'http://mastodon.example/@a/1']) {
      expect((await postWith({ url }))?.url).toBe('https://mastodon.example/@harborlights/117129020178432001');
    }
  });

  test('counts quotes among its shares where the instance knows them', async () => {
    expect((await postWith({ quotes_count: 5 }))?.metrics.shares).toBe(14);
    expect((await postWith({ quotes_count: undefined }))?.metrics.shares).toBe(9);
    expect((await postWith({ quotes_count: -1 }))?.metrics.shares).toBeNull();
    expect((await postWith({ reblogs_count: null }))?.metrics.shares).toBeNull();
  });

  test('without a date that can be read has none', async () => {
    for (const created_at of [null, undefined, 'soon']) expect((await postWith({ created_at }))?.postedAt).toBeNull();
  });

  test('is found by every URL of it, and never that of another instance with the same number', async () => {
    const post = await postWith({});
    for (const url of [
      post?.url ?? '',
      'https://mastodon.example/@HarborLights/117129020178432001',
      'https://mastodon.example/users/harborlights/statuses/117129020178432001',
      'https://mastodon.example/ap/users/109300000000123456/statuses/117129020178432001',
      'https://mastodon.example/web/statuses/117129020178432001',
    ]) {
      expect(parsePostUrl(url)).toMatchObject({
        platform: 'mastodon',
        ids: expect.arrayContaining([post?.externalId]),
      });
      expect(identifyPost(url)).toBe(identifyPost(post?.url ?? ''));
    }
    const twin = 'https://other.example/@harborlights/117129020178432001';
    expect(parsePostUrl(twin)).toMatchObject({ ids: expect.not.arrayContaining([post?.externalId]) });
    const elsewhere = await replay([{ body: lookup }, { body: [page1[0]] }], {
      username: 'harborlights@other.example',
    });
    expect(elsewhere.posts[0]?.externalId).toBe('other.example/117129020178432001');
  });
});

test('of an account only what itself posted counts', async () => {
  const foreign = { ...page1[0], id: '9', account: { id: '777' } };
  const { posts } = await replay([{ body: lookup }, { body: [foreign, page1[0]] }]);
  expect(posts.map(({ externalId }) => externalId)).toEqual(['mastodon.example/117129020178432001']);
});

describe('the host that is asked', () => {
  test.each([
    'harborlights',
    'harborlights@localhost',
    'harborlights@127.0.0.1',
    'harborlights@10.0.0.1:80',
    'harborlights@metadata.google.internal',
    'harborlights@printer.local',
    'harborlights@a.example@b.example',
    'harborlights@a.example/path',
    '@mastodon.example',
  ])('is never what %s names', async (username) => {
    await expect(replay([], { username })).rejects.toMatchObject({
      problem: 'not_covered',
      hint: expect.stringContaining('user@instance'),
    });
  });

  test('is declared by the form of its name', () => {
    const [pattern] = mastodon.origins as [RegExp];
    for (const good of ['https://mastodon.social', 'https://a.b-c.example', 'https://xn--e1afmkfd.xn--p1ai']) {
      expect(pattern.test(good), good).toBe(true);
    }
    for (const bad of [
      'http://mastodon.social',
      'https://localhost',
      'https://127.0.0.1',
      'https://[::1]',
      'https://mastodon.social:8443',
      'https://a@mastodon.social',
      'https://mastodon.social/path',
      'https://mastodon.social\nhttps://b.example',
      `https://${'a.'.repeat(130)}example`,
    ]) {
      expect(pattern.test(bad), bad).toBe(false);
    }
  });
});

describe('what mastodon says besides', () => {
  const receivedAt = new Date('2026-08-21T08:04:30Z');
  const classify = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    mastodon.classify({ receivedAt, status, headers: new Headers(headers), text: '', body });

  test('is an answer about the account', () => {
    expect(classify(404, readFixture('mastodon/error-404.json'))?.problem).toBe('not_found');
    expect(classify(410, undefined)).toMatchObject({
      problem: 'not_found',
      message: 'says the account was suspended (410)',
    });
  });

  test('is nothing Mastodon would say where there is none', () => {
    for (const body of [undefined, null, 'text', {}, { error: 7 }]) {
      expect(classify(404, body)).toMatchObject({ problem: 'malformed', hint: expect.stringContaining('instance') });
    }
  });

  test('is that it wants a login', () => {
    expect(classify(401, readFixture('mastodon/error-401-auth-required.json'))).toMatchObject({
      problem: 'refused',
      message: expect.stringContaining('only to those with a login there (401)'),
      retry: false,
    });
  });

  test('is to slow down, until an instant', () => {
    const body = readFixture('mastodon/error-429.json');
    expect(classify(429, body)).toMatchObject({ problem: 'rate_limited', retry: true, waitMs: 2_000 });
    expect(classify(429, body, headers1)?.waitMs).toBe(30_000);
    expect(classify(429, body, { ...headers1, 'retry-after': '7' })?.waitMs).toBe(7_000);
    expect(classify(429, body, { 'x-ratelimit-reset': 'soon' })?.waitMs).toBe(2_000);
  });

  test('is nothing when the reply is fine', () => {
    for (const body of [undefined, null, [], lookup]) expect(classify(200, body)).toBeUndefined();
  });
});

test('what an account costs is known beforehand', () => {
  expect([0, 1, 40, 41, 100].map((posts) => mastodon.requestCount(posts))).toEqual([1, 2, 2, 3, 4]);
});

test('each instance fails for itself', () => {
  const keyOf = (username: string) => mastodon.breakerKey?.(username);
  expect(keyOf('anna@Limited.example')).toBe('limited.example');
  expect(keyOf('anna@open.example')).not.toBe(keyOf('anna@limited.example'));
});
