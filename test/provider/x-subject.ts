import {
  type Exchange,
  type FakeAccount,
  type FakePost,
  type NetworkSubject,
  pagesUpTo,
  readFixture,
} from './subject.ts';

type Bag = Record<string, unknown>;

const username = 'harborlights';
const user = readFixture('x/user.json') as { data: Bag & { public_metrics: Bag } };
const page = readFixture('x/posts.json') as { data: [Bag, Bag] };

/** The replies of X in its older naming, which its reference still shows. */
export const xSubject: NetworkSubject = {
  kind: 'network',
  username,
  pageSize: 100,
  exchanges: (account, posts) => [
    { path: `/2/users/by/username/${username}`, query: {}, body: toUser(account) },
    ...toPages(account, posts),
  ],
  unknownUser: [
    { status: 200, body: readFixture('x/error-200-not-found.json') },
    { status: 200, body: suspended() },
  ],
  privateUser: [
    { status: 200, body: { data: { ...user.data, protected: true } } },
    { status: 200, body: readFixture('x/error-200-not-authorized.json') },
  ],
  refusedKey: [
    { status: 401, body: readFixture('x/error-401.json') },
    { status: 403, body: readFixture('x/error-403-client-forbidden.json') },
  ],
  spentQuota: [
    { status: 429, body: readFixture('x/error-429-usage-capped.json') },
    { status: 402, body: readFixture('x/error-402.json') },
  ],
  tooFast: { status: 429, body: readFixture('x/error-429.json') },
  complaint: (said) => ({ status: 200, body: { errors: [{ title: 'Internal Error', detail: said }] } }),
  withForeignPost: (account, posts) => {
    const [lookup, timeline, ...rest] = xSubject.exchanges(account, posts) as [Exchange, Exchange, ...Exchange[]];
    const { data, ...others } = timeline.body as { data: Bag[] };
    const reply = { ...data[0], id: '77', referenced_tweets: [{ type: 'replied_to', id: '2' }] };
    return [lookup, { ...timeline, body: { ...others, data: [page.data[1], reply, ...data] } }, ...rest];
  },
  followersField: { key: 'followers_count', path: 'data.public_metrics.followers_count' },
  metricFields: {
    likes: { key: 'like_count', path: 'data[].public_metrics.like_count' },
    comments: { key: 'reply_count', path: 'data[].public_metrics.reply_count' },
    views: { key: 'impression_count', path: 'data[].public_metrics.impression_count' },
    shares: { key: 'retweet_count', path: 'data[].public_metrics.repost_count' },
    saves: { key: 'bookmark_count', path: 'data[].public_metrics.bookmark_count' },
  },
};

function toUser({ id, displayName, followers, following, posts }: FakeAccount): unknown {
  const public_metrics = {
    ...user.data.public_metrics,
    followers_count: followers,
    following_count: following,
    tweet_count: posts,
  };
  return { data: { ...user.data, id, name: displayName, public_metrics } };
}

function toPages(account: FakeAccount, wanted: number): Exchange[] {
  let found = 0;
  return pagesUpTo(account, wanted).map((posts, index) => {
    const size = Math.min(100, Math.max(5, wanted - found));
    found += posts.length;
    const meta = {
      result_count: posts.length,
      ...(index < account.pages.length - 1 && { next_token: `page-${index + 1}` }),
    };
    const data = posts.map(toPost);
    return {
      path: `/2/users/${account.id}/tweets`,
      query: {
        max_results: String(size),
        exclude: 'retweets,replies',
        ...(index > 0 && { pagination_token: `page-${index}` }),
      },
      body: data.length === 0 ? { meta } : { ...page, data, meta },
    };
  });
}

function toPost({ id, caption, postedAt, metrics }: FakePost): unknown {
  return {
    ...page.data[0],
    id,
    edit_history_tweet_ids: [id],
    text: caption,
    created_at: new Date(postedAt * 1000).toISOString(),
    public_metrics: {
      retweet_count: metrics.shares,
      reply_count: metrics.comments,
      like_count: metrics.likes,
      quote_count: 0,
      bookmark_count: metrics.saves,
      impression_count: metrics.views,
    },
  };
}

function suspended(): unknown {
  const { errors } = readFixture('x/error-200-not-found.json') as { errors: [Bag] };
  return { errors: [{ ...errors[0], title: 'Forbidden', detail: 'User has been suspended: [harborlights].' }] };
}
