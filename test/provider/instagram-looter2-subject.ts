import { readShortcode } from '../../src/core/post-id.ts';
import {
  type Exchange,
  type FakeAccount,
  type FakePost,
  type NetworkSubject,
  pagesUpTo,
  readFixture,
} from './subject.ts';
import { GATEWAY } from './tikwm-subject.ts';

type Bag = Record<string, unknown>;

const username = 'harbor.lights';
const profile = readFixture('instagram-looter2/profile2.json') as Bag;
const feed = readFixture('instagram-looter2/user-feeds.json') as { items: Bag[] };

/** The code of a post, which is its number in base 64. */
export function codeOf(pk: string): string {
  return readShortcode({ id: pk, user: undefined, owner: undefined, host: '' })?.ids[0] ?? '';
}

/** The replies of instagram-looter2: those of Instagram's apps. */
export const instagramLooter2Subject: NetworkSubject = {
  kind: 'network',
  username,
  pageSize: 12,
  exchanges: (account, posts) => toExchanges(account, posts),
  toUrlId: codeOf,
  unknownUser: [
    { status: 404, body: readFixture('instagram-looter2/error-404-not-found.json') },
    { status: 200, body: readFixture('instagram-looter2/error-200-status-false.json') },
  ],
  privateUser: [
    { status: 200, body: readFixture('instagram-looter2/profile-private.json') },
    { status: 200, body: { ...profile, is_private: true } },
    { status: 200, body: { status: false, errorMessage: 'This account is private' } },
  ],
  ...GATEWAY,
  withForeignPost: (account, posts) => toExchanges(account, posts, [toItem({ ...foreign, id: '55' }, '5512')]),
  followersField: { key: 'follower_count', path: 'follower_count' },
  metricFields: {
    likes: { key: 'like_count', path: 'items[].like_count' },
    comments: { key: 'comment_count', path: 'items[].comment_count' },
    views: { key: 'play_count', path: 'items[].play_count' },
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
    { path: '/profile2', query: { username }, body: toProfile(account) },
    ...pagesUpTo(account, posts).map((page, index): Exchange => {
      const isLast = index === account.pages.length - 1;
      const items = page.map((post) => toItem(post, account.id));
      return {
        path: '/user-feeds',
        query: { id: account.id, count: '30', ...(index > 0 && { max_id: cursorOf(index, account) }) },
        body: {
          ...feed,
          num_results: items.length,
          items: index === 0 ? [...items.slice(0, 1), ...others, ...items.slice(1)] : items,
          more_available: !isLast,
          next_max_id: isLast ? undefined : cursorOf(index + 1, account),
        },
      };
    }),
  ];
}

function cursorOf(index: number, { id }: FakeAccount): string {
  return `${3_964_495_074_670_928_531n - BigInt(index)}_${id}`;
}

function toProfile({ id, displayName, followers, following, posts }: FakeAccount): unknown {
  return {
    ...profile,
    pk: id,
    id,
    strong_id__: id,
    full_name: displayName,
    follower_count: followers,
    following_count: following,
    media_count: posts,
  };
}

function toItem({ id, caption, postedAt, isPinned, metrics }: FakePost, owner: string): unknown {
  const { ig_play_count: _, ...reel } = feed.items[1] as Bag;
  return {
    ...reel,
    pk: id,
    id: `${id}_${owner}`,
    strong_id__: `${id}_${owner}`,
    code: codeOf(id),
    taken_at: postedAt,
    caption: { text: caption },
    timeline_pinned_user_ids: isPinned ? [owner] : [],
    user: { pk: owner, pk_id: owner, id: owner },
    like_count: metrics.likes,
    comment_count: metrics.comments,
    play_count: metrics.views,
    reshare_count: metrics.shares,
  };
}
