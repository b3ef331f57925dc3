import type { Failure } from '../../src/provider/client/failure.ts';
import type { Provider } from '../../src/provider/provider.ts';
import {
  type Exchange,
  type FakeAccount,
  type FakePost,
  type NetworkSubject,
  pagesUpTo,
  readFixture,
} from './subject.ts';

type Bag = Record<string, unknown>;
type Item = { post: Bag & { record: Bag } };

const username = 'harborlights.bsky.social';
const profile = readFixture('bluesky/getProfile.json') as Bag & { did: string };
const [item, repost] = (readFixture('bluesky/getAuthorFeed-page1.json') as { feed: Item[] }).feed as [Item, Item];
const { did } = profile;

/** The replies of Bluesky's public API. */
export const blueskySubject: NetworkSubject = {
  kind: 'network',
  username,
  pageSize: 100,
  exchanges: (account, posts) => exchange(account, posts, toItem),
  toExternalId: (id) => `at://${did}/app.bsky.feed.post/${id}`,
  toAccountId: () => did,
  unknownUser: [
    { status: 400, body: readFixture('bluesky/error-400-profile-not-found.json') },
    { status: 400, body: readFixture('bluesky/error-400-takedown.json') },
    { status: 400, body: readFixture('bluesky/error-400-deactivated.json') },
  ],
  privateUser: [],
  refusedKey: [{ status: 401, body: { error: 'AuthMissing', message: 'Authentication Required' } }],
  spentQuota: [],
  tooFast: {
    status: 429,
    body: readFixture('bluesky/error-429.json'),
    headers: { 'ratelimit-limit': '3000', 'ratelimit-remaining': '0', 'ratelimit-reset': '1795341604' },
  },
  complaint: (said) => ({ status: 502, body: { error: 'UpstreamFailure', message: said } }),
  quotaHeaders: {
    // 2026-11-22T10:00:42Z
    headers: { 'ratelimit-limit': '3000', 'ratelimit-remaining': '2997', 'ratelimit-reset': '1795341642' },
    expected: { limit: 3_000, remaining: 2_997, resetsInSeconds: 42 },
  },
  withForeignPost: (account, posts) => {
    const exchanges = exchange(account, posts, toItem);
    const [first, second] = exchanges as [Exchange, Exchange];
    const feed = (second.body as { feed: Item[] }).feed;
    const reply = { root: { uri: repost.post['uri'] }, parent: { uri: repost.post['uri'] } };
    const replied = toItem({ ...(account.pages[0]?.[0] as FakePost), id: '3mtreplytoothr' });
    const answer = { ...replied, post: { ...replied.post, record: { ...replied.post.record, reply } } };
    return [first, { ...second, body: { feed: [...feed.slice(0, 1), repost, answer, ...feed.slice(1)] } }];
  },
  followersField: { key: 'followersCount', path: 'followersCount' },
  metricFields: {
    likes: { key: 'likeCount', path: 'feed[].post.likeCount' },
    comments: { key: 'replyCount', path: 'feed[].post.replyCount' },
    shares: { key: 'repostCount', path: 'feed[].post.repostCount' },
  },
  exempt: {
    'keeps every digit of ids beyond 2^53, sent as text or as bare integers': {
      because: 'its ids are addresses and never numbers',
      holds: ({ name }) => name === 'bluesky' && did.startsWith('did:'),
    },
    'says that an account is private, after one request': {
      because: 'every account of Bluesky is public',
      holds: (provider) => !PROBLEMS.some((error) => classify(provider, 400, { error })?.problem === 'private'),
    },
    'takes a spent quota as final': {
      because: 'its quota is a window of minutes that never ends',
      holds: (provider) =>
        typeof provider.quota.period === 'number' && classify(provider, 429, {})?.problem === 'rate_limited',
    },
  },
};

const PROBLEMS = ['AccountTakedown', 'AccountDeactivated', 'BlockedActor', 'BlockedByActor', 'InvalidRequest'];

function classify(provider: Provider, status: number, body: unknown): Failure | undefined {
  return provider.classify({ receivedAt: new Date(0), status, headers: new Headers(), text: '', body });
}

function exchange(account: FakeAccount, posts: number, map: (post: FakePost) => Item): Exchange[] {
  return [
    { path: '/xrpc/app.bsky.actor.getProfile', query: { actor: username }, body: toProfile(account) },
    ...pagesUpTo(account, posts).map((page, index): Exchange => {
      const isLast = index === account.pages.length - 1;
      return {
        path: '/xrpc/app.bsky.feed.getAuthorFeed',
        query: {
          actor: did,
          limit: '100',
          filter: 'posts_with_replies',
          includePins: 'false',
          ...(index > 0 && { cursor: `cursor-${index}` }),
        },
        body: { feed: page.map(map), ...(!isLast && { cursor: `cursor-${index + 1}` }) },
      };
    }),
  ];
}

function toProfile({ displayName, followers, following, posts }: FakeAccount): unknown {
  return { ...profile, displayName, followersCount: followers, followsCount: following, postsCount: posts };
}

function toItem({ id, caption, postedAt, metrics }: FakePost): Item {
  const at = new Date(postedAt * 1000).toISOString();
  return {
    post: {
      ...item.post,
      uri: `at://${did}/app.bsky.feed.post/${id}`,
      record: { ...item.post.record, text: caption, createdAt: at },
      indexedAt: at,
      likeCount: metrics.likes,
      replyCount: metrics.comments,
      repostCount: metrics.shares,
      quoteCount: 0,
      bookmarkCount: metrics.saves,
    },
  };
}
