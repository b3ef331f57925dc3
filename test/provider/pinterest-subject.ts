import type { Provider } from '../../src/provider/provider.ts';
import {
  type Exchange,
  type Exemption,
  type FakeAccount,
  type FakePost,
  type NetworkSubject,
  pagesUpTo,
  readFixture,
} from './subject.ts';

type Bag = Record<string, unknown>;

const user = readFixture('pinterest/user-account.json') as Bag;
const page = readFixture('pinterest/pins-page1.json') as { items: Bag[] };
const tooFast = { status: 429, body: readFixture('pinterest/error-429.json') };

const KNOWS_ITSELF: Exemption = {
  because: 'it is asked about no account but the one of its token',
  holds: ({ covers }) => covers === 'own',
};

/** The replies of Pinterest: one account, its pins with their counts, and its days. */
export const pinterestSubject: NetworkSubject = {
  kind: 'network',
  username: 'harborlights',
  pageSize: 250,
  exchanges: (account, posts) => toExchanges(account, pagesUpTo(account, posts)),
  unknownUser: [],
  privateUser: [],
  refusedKey: [
    { status: 401, body: readFixture('pinterest/error-401.json') },
    { status: 403, body: readFixture('pinterest/error-403.json') },
  ],
  spentQuota: [],
  otherOwner: { status: 200, body: { ...user, username: 'PierLamps' } },
  tooFast,
  complaint: (said) => ({ status: 500, body: { code: 0, message: said } }),
  withForeignPost: (account, posts) => {
    const [first = [], ...rest] = pagesUpTo(account, posts);
    const exchanges = toExchanges(account, [first, ...rest]);
    const foreign = { ...page.items[0], id: '813183201234567809', is_owner: false };
    const saved = { ...page.items[0], id: '813183201234567808', parent_pin_id: '703687444267711111' };
    const pins = exchanges[1] as Exchange & { body: { items: Bag[] } };
    const [newest, ...older] = pins.body.items;
    return exchanges.with(1, { ...pins, body: { ...pins.body, items: [newest, foreign, saved, ...older] } });
  },
  followersField: { key: 'follower_count', path: 'follower_count' },
  metricFields: { impressions: { key: 'impression', path: 'items[].pin_metrics.lifetime_metrics.impression' } },
  exempt: {
    'says that an account does not exist, after one request': KNOWS_ITSELF,
    'says that an account is private, after one request': KNOWS_ITSELF,
    'takes a spent quota as final': {
      because: 'it says the same of a spent day and of a busy minute',
      holds: ({ classify }) => classify(toReply(tooFast))?.problem === 'rate_limited',
    },
  },
};

function toReply({ status, body }: { status: number; body: unknown }): Parameters<Provider['classify']>[0] {
  return { receivedAt: new Date(0), status, headers: new Headers(), text: '', body };
}

function toExchanges(account: FakeAccount, pages: FakePost[][]): Exchange[] {
  return [
    { path: '/v5/user_account', query: {}, body: toUser(account) },
    ...pages.map((posts, index): Exchange => {
      const isLast = index === account.pages.length - 1;
      return {
        path: '/v5/pins',
        query: {
          page_size: '250',
          pin_metrics: 'true',
          pin_filter: 'exclude_repins',
          ...(index > 0 && { bookmark: `mark-${index}=` }),
        },
        body: { items: posts.map(toPin), bookmark: isLast ? null : `mark-${index + 1}=` },
      };
    }),
    {
      path: '/v5/user_account/analytics',
      query: { start_date: '2026-08-25', end_date: '2026-11-22' },
      body: readFixture('pinterest/user-account-analytics.json'),
    },
  ];
}

function toUser({ id, displayName, followers, following, posts }: FakeAccount): unknown {
  const counts = { follower_count: followers, following_count: following, pin_count: posts };
  return { ...user, id, business_name: displayName, ...counts };
}

function toPin({ id, caption, postedAt, metrics }: FakePost): unknown {
  const { likes: reaction, comments: comment, saves: save, impressions: impression } = metrics;
  return {
    ...page.items[0],
    id,
    created_at: new Date(postedAt * 1000).toISOString().slice(0, 19),
    title: null,
    description: caption,
    pin_metrics: { lifetime_metrics: { reaction, comment, save, impression } },
  };
}
