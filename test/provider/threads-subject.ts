import { codeOf } from './instagram-looter2-subject.ts';
import { askEach, DAYS, GRAPH, KNOWS_ITSELF, toInsights, toTotals } from './meta-subject.ts';
import {
  type Exchange,
  type FakeAccount,
  type FakePost,
  type NetworkSubject,
  pagesUpTo,
  readFixture,
} from './subject.ts';

type Bag = Record<string, unknown>;

const username = 'harbor.lights';
const me = readFixture('threads/me.json') as Bag;
const list = readFixture('threads/threads.json') as { data: [Bag, Bag, Bag] };

/** The replies of the Threads API: a list without counts, then the insights of each post, all of them by name. */
export const threadsSubject: NetworkSubject = {
  kind: 'network',
  username,
  pageSize: 100,
  exchanges: (account, posts) => toExchanges(account, posts),
  // A page that reposts take up, six metrics of posts and five of days.
  spareRequests: 1 + 6 + 5,
  toUrlId: codeOf,
  unknownUser: [],
  privateUser: [],
  ...GRAPH,
  otherOwner: [
    { status: 200, body: { ...me, username: 'north.pier' } },
    { status: 400, body: readFixture('instagram-graph/error-400-10-permission.json') },
  ],
  withForeignPost: (account, posts) =>
    toExchanges(account, posts, [list.data[2], { ...list.data[0], username: 'somebody.else' }]),
  exempt: {
    'says that an account does not exist, after one request': KNOWS_ITSELF,
    'says that an account is private, after one request': KNOWS_ITSELF,
  },
  followersField: { key: 'total_value', path: 'data[].total_value', isOptional: true },
  metricFields: { views: { key: 'values', path: 'data[].values', isOptional: true } },
};

function toExchanges(account: FakeAccount, posts: number, others: unknown[] = []): Exchange[] {
  const pages = pagesUpTo(account, posts);
  const insights = '/v1.0/me/threads_insights';
  return [
    { path: '/v1.0/me', query: {}, body: { ...me, id: account.id, name: account.displayName } },
    { path: insights, query: { metric: 'followers_count' }, body: toTotals({ followers_count: account.followers }) },
    ...pages.map((page, index): Exchange => {
      const isLast = index === account.pages.length - 1;
      const threads = page.map(toThread);
      return {
        path: '/v1.0/me/threads',
        query: { limit: '100', ...(index > 0 && { after: `page-${index}` }) },
        body: {
          data: index === 0 ? [...threads.slice(0, 1), ...others, ...threads.slice(1)] : threads,
          paging: { cursors: { before: 'b', after: `page-${index + 1}` }, ...(!isLast && { next: 'https://…' }) },
        },
      };
    }),
    ...askEach(pages.flat(), posts, ({ id, metrics }) => ({
      path: `/v1.0/${id}/insights`,
      query: { metric: 'views,likes,replies,reposts,quotes,shares' },
      body: toInsights({
        views: metrics.views,
        likes: metrics.likes,
        replies: metrics.comments,
        reposts: metrics.shares,
        quotes: 0,
        shares: 0,
      }),
    })),
    ...DAYS.map(({ since, until }, index) => ({
      path: insights,
      query: { metric: 'views,likes,replies,reposts,quotes', since, until },
      body: index === 0 ? toTotals({ likes: 512, replies: 31 }) : EMPTY,
    })),
    ...['age', 'gender', 'country', 'city'].map((breakdown) => ({
      path: insights,
      query: { metric: 'follower_demographics', breakdown },
      body: breakdown === 'country' ? readFixture('threads/follower_demographics-country.json') : EMPTY,
    })),
  ];
}

const EMPTY = readFixture('threads/media_insights-repost_facade.json');

function toThread({ id, caption, postedAt }: FakePost): unknown {
  return {
    ...list.data[0],
    id,
    permalink: `https://www.threads.com/@${username}/post/${codeOf(id)}`,
    text: caption,
    timestamp: new Date(postedAt * 1000).toISOString().replace('.000Z', '+0000'),
  };
}
