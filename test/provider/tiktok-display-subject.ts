import {
  type Exchange,
  type Exemption,
  type FakeAccount,
  type FakePost,
  type NetworkSubject,
  pagesUpTo,
  readFixture,
} from './subject.ts';
import { OWN_POSTS_ONLY } from './tikwm-subject.ts';

type Bag = Record<string, unknown>;

const info = readFixture('tiktok-display/user-info.json') as { data: { user: Bag } };
const page = readFixture('tiktok-display/video-list-page1.json') as { data: { videos: Bag[] } };

const PROFILE_FIELDS =
  'avatar_url,bio_description,display_name,follower_count,following_count,is_verified,username,video_count';
const VIDEO_FIELDS =
  'id,create_time,cover_image_url,duration,share_url,video_description,like_count,comment_count,view_count,share_count';

const KNOWS_ITSELF: Exemption = {
  because: 'it is asked about no account but the one of its token',
  holds: ({ covers }) => covers === 'own',
};

/** The replies of TikTok's Display API: one account, its videos asked for with POST. */
export const tiktokDisplaySubject: NetworkSubject = {
  kind: 'network',
  username: 'harbor.lights',
  pageSize: 20,
  exchanges: (account, posts) => [
    { path: '/v2/user/info/', query: { fields: PROFILE_FIELDS }, body: toInfo(account) },
    ...pagesUpTo(account, posts).map((videos, index): Exchange => {
      const isLast = index === account.pages.length - 1;
      return {
        path: '/v2/video/list/',
        query: { fields: VIDEO_FIELDS },
        sent: { max_count: 20, ...(index > 0 && { cursor: cursorOf(index) }) },
        body: { ...page, data: { videos: videos.map(toVideo), cursor: cursorOf(index + 1), has_more: !isLast } },
      };
    }),
  ],
  toAccountId: () => null,
  unknownUser: [],
  privateUser: [],
  refusedKey: [
    { status: 401, body: readFixture('tiktok-display/error-401-token-invalid.json') },
    { status: 401, body: readFixture('tiktok-display/error-401-scope.json') },
    { status: 400, body: { error: { code: 'scope_permission_missed', message: 'user.info.stats', log_id: '1' } } },
  ],
  spentQuota: [],
  otherOwner: {
    status: 200,
    body: { ...info, data: { user: { ...info.data.user, username: 'Pier.Lamps' } } },
  },
  tooFast: { status: 429, body: readFixture('tiktok-display/error-429.json') },
  complaint: (said) => ({ status: 500, body: { error: { code: 'internal_error', message: said, log_id: '1' } } }),
  followersField: { key: 'follower_count', path: 'data.user.follower_count' },
  metricFields: {
    likes: { key: 'like_count', path: 'data.videos[].like_count' },
    comments: { key: 'comment_count', path: 'data.videos[].comment_count' },
    views: { key: 'view_count', path: 'data.videos[].view_count' },
    shares: { key: 'share_count', path: 'data.videos[].share_count' },
  },
  exempt: {
    'says that an account does not exist, after one request': KNOWS_ITSELF,
    'says that an account is private, after one request': KNOWS_ITSELF,
    'takes a spent quota as final': {
      because: 'its quota is of a minute, which is waited for',
      holds: ({ quota }) => quota.period === 60,
    },
    'leaves out what others posted': OWN_POSTS_ONLY,
  },
};

/** Milliseconds, sent back as they came. */
function cursorOf(index: number): number {
  return 1_786_824_663_000 - index;
}

function toInfo({ id, displayName, followers, following, posts }: FakeAccount): unknown {
  const counts = { follower_count: followers, following_count: following, video_count: posts };
  return { ...info, data: { user: { ...info.data.user, open_id: id, display_name: displayName, ...counts } } };
}

function toVideo({ id, caption, postedAt, metrics }: FakePost): unknown {
  return {
    ...page.data.videos[0],
    id,
    create_time: postedAt,
    video_description: caption,
    like_count: metrics.likes,
    comment_count: metrics.comments,
    view_count: metrics.views,
    share_count: metrics.shares,
  };
}
