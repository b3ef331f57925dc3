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

/** What the RapidAPI gateway itself answers, for every API behind it. */
export const GATEWAY = {
  refusedKey: [
    { status: 401, body: readFixture('rapidapi/error-401-invalid-key.json') },
    { status: 403, body: readFixture('rapidapi/error-403-not-subscribed.json') },
    { status: 401, body: { message: 'Blocked User. Please contact your API provider.' } },
  ],
  spentQuota: [{ status: 429, body: readFixture('rapidapi/error-429-monthly-quota.json') }],
  tooFast: { status: 429, body: readFixture('rapidapi/error-429-per-second.json') },
  complaint: (said: string) => ({ status: 200, body: { status: false, message: said } }),
  quotaHeaders: {
    headers: {
      'x-ratelimit-requests-limit': '100',
      'x-ratelimit-requests-remaining': '87',
      'x-ratelimit-requests-reset': '1836211',
    },
    expected: { limit: 100, remaining: 87, resetsInSeconds: 1_836_211 },
  },
} satisfies Partial<NetworkSubject>;

export const OWN_POSTS_ONLY: Exemption = {
  because: 'its list of posts holds no others',
  holds: ({ platforms }) => platforms.includes('tiktok'),
};

/** The replies of a RapidAPI listing of the TikWM backend; the folder holds what was recorded of it. */
export function createTikwmSubject(folder: { info: string; posts: string }): NetworkSubject {
  const username = 'harbor.lights';
  const info = readFixture(folder.info) as { data: { user: Bag; stats: Bag } };
  const page = readFixture(folder.posts) as { data: { videos: Bag[] } };
  return {
    kind: 'network',
    username,
    pageSize: 35,
    exchanges: (account, wanted) => [
      { path: '/user/info', query: { unique_id: username }, body: toInfo(info, account) },
      ...pagesUpTo(account, wanted).map((posts, index): Exchange => {
        const isLast = index === account.pages.length - 1;
        return {
          path: '/user/posts',
          query: { unique_id: username, count: '35', cursor: cursorOf(index) },
          body: {
            ...page,
            data: { videos: posts.map((post) => toVideo(page, post)), cursor: cursorOf(index + 1), hasMore: !isLast },
          },
        };
      }),
    ],
    unknownUser: [
      { status: 200, body: readFixture('tiktok-scraper7/user-info-unknown-user.json') },
      { status: 200, body: readFixture('tiktok-scraper7/user-info-unknown-user-alt.json') },
    ],
    privateUser: [{ status: 200, body: readFixture('tiktok-scraper7/user-info-private.json') }],
    ...GATEWAY,
    spentQuota: [
      ...GATEWAY.spentQuota,
      { status: 200, body: readFixture('tiktok-scraper7/error-200-free-api-limit-day.json') },
    ],
    exempt: { 'leaves out what others posted': OWN_POSTS_ONLY },
    followersField: { key: 'followerCount', path: 'data.stats.followerCount' },
    metricFields: {
      likes: { key: 'digg_count', path: 'data.videos[].digg_count' },
      comments: { key: 'comment_count', path: 'data.videos[].comment_count' },
      views: { key: 'play_count', path: 'data.videos[].play_count' },
      shares: { key: 'share_count', path: 'data.videos[].share_count' },
    },
  };
}

/** The cursor is a time in milliseconds that is handed back unchanged. */
function cursorOf(page: number): string {
  return page === 0 ? '0' : String(1_786_824_663_000 - page);
}

function toInfo(recorded: { data: { user: Bag; stats: Bag } }, account: FakeAccount): unknown {
  const { user, stats } = recorded.data;
  const { followers: followerCount, following: followingCount, posts: videoCount } = account;
  return {
    ...recorded,
    data: {
      user: { ...user, id: account.id, nickname: account.displayName },
      stats: { ...stats, followerCount, followingCount, videoCount },
    },
  };
}

function toVideo(
  recorded: { data: { videos: Bag[] } },
  { id, caption, postedAt, isPinned, metrics }: FakePost,
): unknown {
  return {
    ...recorded.data.videos[0],
    video_id: id,
    title: caption,
    create_time: postedAt,
    is_top: isPinned ? 1 : 0,
    play_count: metrics.views,
    digg_count: metrics.likes,
    comment_count: metrics.comments,
    share_count: metrics.shares,
    collect_count: metrics.saves,
  };
}
