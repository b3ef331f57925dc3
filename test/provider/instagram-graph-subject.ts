import { codeOf } from './instagram-looter2-subject.ts';
import { askEach, DAYS, GRAPH, toInsights, toTotals } from './meta-subject.ts';
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

const username = 'my.brand';
const me = readFixture('instagram-graph/me.json') as Bag;
const list = readFixture('instagram-graph/media.json') as { data: [Bag] };
const notFound = { status: 400, body: readFixture('instagram-graph/error-400-110-user-not-found.json') };

const SAYS_THE_SAME: Exemption = {
  because: 'it says the same of accounts that do not exist, of personal ones and of those that are for adults',
  holds: ({ classify }) =>
    classify({ receivedAt: new Date(0), headers: new Headers(), text: '', ...notFound })?.problem === 'not_covered',
};

/** The replies of the Instagram Graph API to the owner of an account: a list without insights, then those of each post. */
export const instagramGraphSubject: NetworkSubject = {
  kind: 'network',
  username,
  pageSize: 50,
  exchanges: (account, posts) => toExchanges(account, posts),
  // A page that comes short, five metrics of three kinds of posts, seven metrics of days.
  spareRequests: 1 + 15 + 7,
  toUrlId: codeOf,
  toAccountId: () => null,
  // All of them are reels.
  untoldMetrics: ['impressions'],
  unknownUser: [],
  privateUser: [],
  ...GRAPH,
  withForeignPost: (account, posts) =>
    toExchanges(account, posts, [{ ...toMedia(foreign), username: 'somebody.else', id: '18059123456780000' }]),
  exempt: {
    'says that an account does not exist, after one request': SAYS_THE_SAME,
    'says that an account is private, after one request': SAYS_THE_SAME,
  },
  followersField: { key: 'followers_count', path: 'followers_count' },
  metricFields: {
    comments: { key: 'comments_count', path: 'data[].comments_count' },
    views: { key: 'values', path: 'data[].values', isOptional: true },
  },
};

const foreign: FakePost = {
  id: '7679321198404600001',
  caption: 'by somebody else',
  postedAt: 1_786_000_000,
  isPinned: false,
  metrics: {},
};

function toExchanges(account: FakeAccount, posts: number, others: unknown[] = []): Exchange[] {
  const pages = pagesUpTo(account, posts);
  const insights = `/v25.0/${account.id}/insights`;
  return [
    {
      path: '/v25.0/me/accounts',
      query: { limit: '100' },
      body: {
        data: [{ id: '104821937465012' }, { instagram_business_account: toAccount(account), id: '104821937465013' }],
      },
    },
    ...pages.map((page, index): Exchange => {
      const isLast = index === account.pages.length - 1;
      const medias = page.map(toMedia);
      return {
        path: `/v25.0/${account.id}/media`,
        query: { limit: '50', ...(index > 0 && { after: `page-${index}` }) },
        body: {
          data: index === 0 ? [...medias.slice(0, 1), ...others, ...medias.slice(1)] : medias,
          // The last page has a cursor too, but no next.
          paging: { cursors: { before: 'b', after: `page-${index + 1}` }, ...(!isLast && { next: 'https://…' }) },
        },
      };
    }),
    ...askEach(pages.flat(), posts, ({ id, metrics }) => ({
      path: `/v25.0/${id}/insights`,
      query: { metric: 'views,reach,saved,shares,likes' },
      body: toInsights({
        views: metrics.views,
        reach: metrics.reach,
        saved: metrics.saves,
        shares: metrics.shares,
        likes: metrics.likes,
      }),
    })),
    ...['age,gender', 'country', 'city'].map((breakdown) => ({
      path: insights,
      query: { metric: 'follower_demographics', period: 'lifetime', breakdown },
      body: breakdown === 'country' ? readFixture('instagram-graph/follower_demographics-country.json') : EMPTY,
    })),
    ...DAYS.map(({ since, until }, index) => ({
      path: insights,
      query: { period: 'day', metric_type: 'total_value', since, until },
      body: index === 0 ? toTotals({ reach: 3_120, views: 20_111 }) : EMPTY,
    })),
  ];
}

const EMPTY = readFixture('instagram-graph/follower_demographics-empty.json');

function toAccount({ id, displayName, followers, following, posts }: FakeAccount): unknown {
  return { ...me, id, name: displayName, followers_count: followers, follows_count: following, media_count: posts };
}

function toMedia({ id, caption, postedAt, metrics }: FakePost): Bag {
  return {
    ...list.data[0],
    id,
    permalink: `https://www.instagram.com/reel/${codeOf(id)}/`,
    caption,
    timestamp: new Date(postedAt * 1000).toISOString().replace('.000Z', '+0000'),
    like_count: metrics.likes,
    comments_count: metrics.comments,
  };
}
