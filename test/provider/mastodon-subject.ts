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

const INSTANCE = 'mastodon.example';
const origin = `https://${INSTANCE}`;
const view = readFixture('mastodon/accounts_lookup.json') as Bag;
const [status, boost] = readFixture('mastodon/accounts_statuses-page1.json') as [Bag, Bag];

/** The replies of a Mastodon instance. */
export const mastodonSubject: NetworkSubject = {
  kind: 'network',
  username: `harborlights@${INSTANCE}`,
  pageSize: 40,
  exchanges,
  toExternalId: (id) => `${INSTANCE}/${id}`,
  toAccountId: (id) => `${INSTANCE}/${id}`,
  unknownUser: [
    { status: 404, body: readFixture('mastodon/error-404.json') },
    { status: 410, body: '' },
  ],
  privateUser: [],
  refusedKey: [{ status: 401, body: readFixture('mastodon/error-401-auth-required.json') }],
  spentQuota: [],
  tooFast: {
    status: 429,
    body: readFixture('mastodon/error-429.json'),
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2026-11-22T10:00:04.000000Z' },
  },
  complaint: (said) => ({ status: 503, body: { error: said } }),
  withForeignPost: (account, posts) => {
    const [first, second] = exchanges(account, posts) as [Exchange, Exchange];
    const [own, ...rest] = second.body as Bag[];
    return [first, { ...second, body: [own, { ...boost, account: { ...view, id: account.id } }, ...rest] }];
  },
  followersField: { key: 'followers_count', path: 'followers_count' },
  metricFields: {
    likes: { key: 'favourites_count', path: '[].favourites_count' },
    comments: { key: 'replies_count', path: '[].replies_count' },
    shares: { key: 'reblogs_count', path: '[].reblogs_count' },
  },
  exempt: {
    'says that an account is private, after one request': {
      because: "every account's profile is public, and of its posts those that are not are left out",
      holds: (provider) => ![401, 403, 404, 410, 422].some((code) => classify(provider, code)?.problem === 'private'),
    },
    'takes a spent quota as final': {
      because: 'its quota is a window of minutes that never ends',
      holds: (provider) =>
        typeof provider.quota.period === 'number' && classify(provider, 429)?.problem === 'rate_limited',
    },
  },
};

function classify(provider: Provider, code: number): Failure | undefined {
  const body = { error: 'said' };
  return provider.classify({ receivedAt: new Date(0), status: code, headers: new Headers(), text: '', body });
}

function exchanges(account: FakeAccount, posts: number): Exchange[] {
  const path = `/api/v1/accounts/${account.id}/statuses`;
  return [
    { origin, path: '/api/v1/accounts/lookup', query: { acct: 'harborlights' }, body: toView(account) },
    ...pagesUpTo(account, posts).map((page, index): Exchange => {
      const isLast = index === account.pages.length - 1;
      const link = `<${origin}${path}?limit=40&max_id=cursor-${index + 1}>; rel="next", <${origin}${path}?min_id=1>; rel="prev"`;
      return {
        origin,
        path,
        query: {
          limit: '40',
          exclude_reblogs: 'true',
          exclude_replies: 'true',
          ...(index > 0 && { max_id: `cursor-${index}` }),
        },
        body: page.map((post) => toStatus(post, account)),
        headers: { link: isLast ? `<${origin}${path}?min_id=1>; rel="prev"` : link },
      };
    }),
  ];
}

function toView({ id, displayName, followers, following, posts }: FakeAccount): Bag {
  return {
    ...view,
    id,
    display_name: displayName,
    followers_count: followers,
    following_count: following,
    statuses_count: posts,
  };
}

function toStatus({ id, caption, postedAt, metrics }: FakePost, account: FakeAccount): Bag {
  const content = caption.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return {
    ...status,
    id,
    created_at: new Date(postedAt * 1000).toISOString(),
    uri: `${origin}/users/harborlights/statuses/${id}`,
    url: `${origin}/@harborlights/${id}`,
    content: `<p>${content}</p>`,
    account: { ...view, id: account.id },
    favourites_count: metrics.likes,
    replies_count: metrics.comments,
    reblogs_count: metrics.shares,
    quotes_count: 0,
  };
}
