import { codeOf } from './instagram-looter2-subject.ts';
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
const user = readFixture('hikerapi/user-by-username.json') as Bag;
const [[reel]] = readFixture('hikerapi/user-medias-chunk.json') as [[Bag], string];

/** The replies of HikerAPI: a flat user, and pages that are arrays of posts and a cursor. */
export const hikerapiSubject: NetworkSubject = {
  kind: 'network',
  username,
  pageSize: 12,
  exchanges: (account, posts) => toExchanges(account, posts),
  toUrlId: codeOf,
  unknownUser: [{ status: 404, body: readFixture('hikerapi/error-404.json') }],
  privateUser: [
    { status: 403, body: readFixture('hikerapi/error-403-private.json') },
    { status: 200, body: { ...user, is_private: true } },
  ],
  refusedKey: [
    { status: 401, body: { detail: 'Unauthorized' } },
    { status: 403, body: { detail: 'Forbidden' } },
  ],
  spentQuota: [{ status: 402, body: { detail: 'Insufficient balance' } }],
  tooFast: { status: 429, body: { detail: 'Too many requests' } },
  complaint: (said) => ({ status: 500, body: { detail: said, exc_type: 'ClientError' } }),
  withForeignPost: (account, posts) => toExchanges(account, posts, [toMedia({ ...foreign, id: '55' }, '5512')]),
  followersField: { key: 'follower_count', path: 'follower_count' },
  metricFields: {
    likes: { key: 'like_count', path: '[0][].like_count' },
    comments: { key: 'comment_count', path: '[0][].comment_count' },
  },
};

const foreign: FakePost = {
  id: '',
  caption: 'by somebody else',
  postedAt: 1_786_000_000,
  isPinned: false,
  metrics: {},
};

function toExchanges(account: FakeAccount, posts: number, others: unknown[] = []): Exchange[] {
  return [
    { path: '/v1/user/by/username', query: { username }, body: toUser(account) },
    ...pagesUpTo(account, posts).map((page, index): Exchange => {
      const medias = page.map((post) => toMedia(post, account.id));
      const isLast = index === account.pages.length - 1;
      return {
        path: '/v1/user/medias/chunk',
        query: { user_id: account.id, ...(index > 0 && { end_cursor: cursorOf(index) }) },
        body: [
          index === 0 ? [...medias.slice(0, 1), ...others, ...medias.slice(1)] : medias,
          isLast ? '' : cursorOf(index + 1),
        ],
      };
    }),
  ];
}

function cursorOf(index: number): string {
  return `cursor/of+page=${index}`;
}

function toUser({ id, displayName, followers, following, posts }: FakeAccount): unknown {
  const counts = { follower_count: followers, following_count: following, media_count: posts };
  return { ...user, pk: id, full_name: displayName, ...counts };
}

function toMedia({ id, caption, postedAt, metrics }: FakePost, owner: string): unknown {
  return {
    ...reel,
    pk: id,
    id: `${id}_${owner}`,
    code: codeOf(id),
    taken_at: new Date(postedAt * 1000).toISOString(),
    taken_at_ts: postedAt,
    caption_text: caption,
    user: { ...(reel['user'] as Bag), pk: owner },
    like_count: metrics.likes,
    comment_count: metrics.comments,
    play_count: metrics.views,
  };
}
