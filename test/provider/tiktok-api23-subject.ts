import {
  type Exchange,
  type FakeAccount,
  type FakePost,
  type NetworkSubject,
  pagesUpTo,
  readFixture,
} from './subject.ts';
import { GATEWAY, OWN_POSTS_ONLY } from './tikwm-subject.ts';

type Bag = Record<string, unknown>;

const username = 'harbor.lights';
const info = readFixture('tiktok-api23/user-info.json') as { userInfo: { user: Bag; stats: Bag } };
const page = readFixture('tiktok-api23/user-posts-page1.json') as { data: { itemList: Bag[] } };

/** The replies of tiktok-api23: TikTok's own web shapes, each counter as a number and as a string. */
export const tiktokApi23Subject: NetworkSubject = {
  kind: 'network',
  username,
  pageSize: 30,
  exchanges: (account, wanted) => [
    { path: '/api/user/info', query: { uniqueId: username }, body: toInfo(account) },
    ...pagesUpTo(account, wanted).map((posts, index): Exchange => {
      const isLast = index === account.pages.length - 1;
      const secUid = String(info.userInfo.user['secUid']);
      const itemList = posts.map(toItem);
      return {
        path: '/api/user/posts',
        query: { secUid, count: '30', cursor: cursorOf(index) },
        body: { ...page, data: { ...page.data, itemList, cursor: cursorOf(index + 1), hasMore: !isLast } },
      };
    }),
  ],
  unknownUser: [
    { status: 200, body: readFixture('tiktok-api23/user-info-unknown-user.json') },
    { status: 200, body: { statusCode: 0, userInfo: {} } },
    { status: 200, body: { statusCode: 10202 } },
  ],
  privateUser: [
    { status: 200, body: { statusCode: 10222, userInfo: {} } },
    {
      status: 200,
      body: { ...info, userInfo: { ...info.userInfo, user: { ...info.userInfo.user, privateAccount: true } } },
    },
  ],
  ...GATEWAY,
  exempt: { 'leaves out what others posted': OWN_POSTS_ONLY },
  followersField: { key: 'followerCount', path: 'userInfo.stats.followerCount' },
  metricFields: {
    likes: { key: 'diggCount', path: 'itemList[].stats.diggCount' },
    comments: { key: 'commentCount', path: 'itemList[].stats.commentCount' },
    views: { key: 'playCount', path: 'itemList[].stats.playCount' },
    shares: { key: 'shareCount', path: 'itemList[].stats.shareCount' },
  },
};

function cursorOf(index: number): string {
  return index === 0 ? '0' : String(1_786_824_663_000 - index);
}

function toInfo(account: FakeAccount): unknown {
  const { followers: followerCount, following: followingCount, posts: videoCount } = account;
  const stats = { followerCount, followingCount, videoCount };
  return {
    ...info,
    userInfo: {
      user: { ...info.userInfo.user, id: account.id, nickname: account.displayName },
      stats: { ...info.userInfo.stats, ...stats },
      statsV2: mapValues(stats, asText),
    },
  };
}

function toItem({ id, caption, postedAt, isPinned, metrics }: FakePost): unknown {
  const stats = {
    playCount: metrics.views,
    diggCount: metrics.likes,
    commentCount: metrics.comments,
    shareCount: metrics.shares,
    collectCount: metrics.saves,
  };
  return {
    ...page.data.itemList[1],
    id,
    desc: caption,
    createTime: postedAt,
    ...(isPinned && { isPinnedItem: true }),
    stats,
    statsV2: mapValues(stats, asText),
  };
}

function asText(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}

function mapValues(bag: Bag, change: (value: unknown) => unknown): Bag {
  return Object.fromEntries(Object.entries(bag).map(([key, value]) => [key, change(value)]));
}
