import { askEach, DAYS, GRAPH, KNOWS_ITSELF, toInsights } from './meta-subject.ts';
import {
  type Exchange,
  type FakeAccount,
  type FakePost,
  type NetworkSubject,
  pagesUpTo,
  readFixture,
} from './subject.ts';

type Bag = Record<string, unknown>;

const PAGE_ID = '104821937465012';
const page = readFixture('facebook-pages/page.json') as Bag;
const list = readFixture('facebook-pages/published_posts.json') as { data: [Bag] };

/** The replies of the Graph API to a Page: its posts with their counts, then the insights of each, then its own. */
export const facebookPagesSubject: NetworkSubject = {
  kind: 'network',
  username: 'harborlights',
  pageSize: 100,
  exchanges: (account, posts) => toExchanges(account, posts),
  // A page that comes short, one that is asked for again without comments, two metrics of posts and seven of the Page.
  spareRequests: 1 + 1 + 2 + 7,
  toExternalId: (id) => `${PAGE_ID}_${id}`,
  // All of them are videos.
  untoldMetrics: ['impressions'],
  unknownUser: [],
  privateUser: [],
  ...GRAPH,
  otherOwner: { status: 200, body: { ...page, id: '104821937465099', username: 'north.pier' } },
  withForeignPost: (account, posts) =>
    toExchanges(account, posts, [{ ...list.data[0], id: `${PAGE_ID}_29`, from: { id: '104821937465099' } }]),
  exempt: {
    'says that an account does not exist, after one request': KNOWS_ITSELF,
    'says that an account is private, after one request': KNOWS_ITSELF,
  },
  followersField: { key: 'followers_count', path: 'followers_count' },
  metricFields: {
    likes: { key: 'reactions', path: 'data[].reactions' },
    comments: { key: 'comments', path: 'data[].comments' },
    views: { key: 'values', path: 'data[].values', isOptional: true },
  },
};

function toExchanges(account: FakeAccount, posts: number, others: unknown[] = []): Exchange[] {
  const pages = pagesUpTo(account, posts);
  return [
    {
      path: '/v25.0/me',
      query: {},
      body: { ...page, id: account.id, name: account.displayName, followers_count: account.followers },
    },
    ...pages.map((each, index): Exchange => {
      const isLast = index === account.pages.length - 1;
      const items = each.map((post) => toPost(post, account.id));
      return {
        path: `/v25.0/${account.id}/published_posts`,
        query: { limit: '100', ...(index > 0 && { after: `page-${index}` }) },
        body: {
          data: index === 0 ? [...items.slice(0, 1), ...others, ...items.slice(1)] : items,
          paging: { cursors: { before: 'b', after: `page-${index + 1}` }, ...(!isLast && { next: 'https://…' }) },
        },
      };
    }),
    ...askEach(pages.flat(), posts, ({ id, metrics }) => ({
      path: `/v25.0/${PAGE_ID}_${id}/insights`,
      query: { metric: 'post_media_view,post_total_media_view_unique', period: 'lifetime' },
      body: toInsights({ post_media_view: metrics.views, post_total_media_view_unique: metrics.reach }),
    })),
    {
      path: `/v25.0/${account.id}/insights`,
      query: { period: 'day', since: DAYS[0]?.since ?? '', until: DAYS[2]?.until ?? '' },
      body: readFixture('facebook-pages/page_insights.json'),
    },
  ];
}

function toPost({ id, caption, postedAt, metrics }: FakePost, pageId: string): unknown {
  return {
    ...list.data[0],
    id: `${PAGE_ID}_${id}`,
    from: { name: 'Harbor Lights Studio', id: pageId },
    message: caption,
    created_time: new Date(postedAt * 1000).toISOString().replace('.000Z', '+0000'),
    permalink_url: `https://www.facebook.com/${PAGE_ID}/posts/${id}`,
    shares: { count: metrics.shares },
    reactions: { data: [], summary: { total_count: metrics.likes, viewer_reaction: 'NONE' } },
    comments: { data: [], summary: { order: 'ranked', total_count: metrics.comments, can_comment: true } },
  };
}
