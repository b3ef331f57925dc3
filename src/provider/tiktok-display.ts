// https://developers.tiktok.com/doc/tiktok-api-v2-video-list
import * as z from 'zod/mini';
import type { Post, Profile } from '../core/account.ts';
import { ProviderError } from '../core/errors.ts';
import { toMetric } from '../core/metric.ts';
import { parseRetryAfter, type Failure, type Reply } from './client/failure.ts';
import { collectPages } from './shared/page.ts';
import type { Provider } from './provider.ts';
import { counter, fromEpochSeconds, id, orNull, readShape, refuseRenamed, text } from './shared/shape.ts';

const NAME = 'tiktok-display';
const PAGE_SIZE = 20;
const LOGIN = `smstats login ${NAME}`;

const PROFILE_FIELDS = [
  'avatar_url',
  'bio_description',
  'display_name',
  'follower_count',
  'following_count',
  'is_verified',
  'username',
  'video_count',
].join(',');
const COUNTERS = ['like_count', 'comment_count', 'view_count', 'share_count'];
const VIDEO_FIELDS = [
  'id',
  'create_time',
  'cover_image_url',
  'duration',
  'share_url',
  'video_description',
  ...COUNTERS,
].join(',');

const userInfo = z.object({
  data: z.object({
    user: z.object({
      username: id,
      display_name: text,
      bio_description: text,
      avatar_url: text,
      is_verified: z.nullish(z.boolean()),
      follower_count: z.union([z.number(), z.string(), z.null()]),
      following_count: counter,
      video_count: counter,
    }),
  }),
});

const video = z.object({
  id,
  create_time: z.nullish(z.union([z.number(), z.string()])),
  video_description: text,
  cover_image_url: text,
  share_url: text,
  duration: z.nullish(z.number()),
  like_count: counter,
  comment_count: counter,
  view_count: counter,
  share_count: counter,
});

const videoList = z.object({
  data: z.object({
    videos: z.array(video),
    // Milliseconds, where all other times are seconds.
    cursor: z.nullish(z.union([z.number(), z.string()])),
    has_more: z.boolean(),
  }),
});

/** The account that somebody logged in with: the videos that everybody can see, without saves and reach. */
export const tiktokDisplay: Provider = {
  name: NAME,
  platforms: ['tiktok'],
  covers: 'own',
  about: "your own TikTok account, through TikTok's Display API",
  price: null,
  credential: {
    name: 'tiktok_access_token',
    env: 'TIKTOK_ACCESS_TOKEN',
    source: `https://developers.tiktok.com/apps, then: ${LOGIN}`,
  },
  baseUrl: 'https://open.tiktokapis.com',
  // https://developers.tiktok.com/doc/tiktok-api-v2-rate-limit: for each address, in a minute that slides along.
  quota: { limit: 600, period: 60, safetyMargin: 0.8, requestsPerSecond: 5 },
  concurrency: 2,
  reports: {
    account: ['followers', 'following', 'posts'],
    post: ['likes', 'comments', 'views', 'shares'],
  },
  requestCount: (posts) => 1 + Math.ceil(posts / PAGE_SIZE),
  headers: (token) => ({ authorization: `Bearer ${token}` }),
  classify: classifyError,

  async fetchAccount(username, ask) {
    const answer = await ask.get('/v2/user/info/', { fields: PROFILE_FIELDS });
    const { user } = readShape(NAME, userInfo, answer).data;
    if (user.username.toLowerCase() !== username) {
      throw new ProviderError(NAME, 'not_covered', `was logged in as @${user.username}, and knows no other account`, {
        hint: `log in as @${username}: ${LOGIN}`,
      });
    }
    const profile: Profile = {
      // What TikTok gives here is a number for this app alone, not the one that its other APIs know the account by.
      externalId: null,
      displayName: orNull(user.display_name),
      bio: user.bio_description ?? null,
      profilePicUrl: orNull(user.avatar_url),
      isVerified: user.is_verified ?? null,
      isBusiness: null,
      followers: toMetric(user.follower_count),
      following: toMetric(user.following_count),
      posts: toMetric(user.video_count),
    };
    const posts = await collectPages(ask.posts, async (cursor) => {
      const body = { max_count: PAGE_SIZE, ...(cursor !== undefined && { cursor: Number(cursor) }) };
      const sent = await ask.send({ path: '/v2/video/list/', query: { fields: VIDEO_FIELDS }, body });
      const page = readShape(NAME, videoList, sent.body).data;
      refuseRenamed(NAME, 'data.videos[]', page.videos, COUNTERS);
      const hasNext = page.has_more && page.cursor !== null && page.cursor !== undefined;
      return {
        posts: page.videos.map((each) => toPost(each, user.username)),
        next: hasNext ? String(page.cursor) : undefined,
      };
    });
    return { profile, posts };
  },
};

function toPost(each: z.output<typeof video>, handle: string): Post {
  // Photos have no running time, whatever their address says.
  const isSlideshow = each.duration === 0 || /\/photo\/\d/.test(each.share_url ?? '');
  return {
    externalId: each.id,
    url: `https://www.tiktok.com/@${handle}/${isSlideshow ? 'photo' : 'video'}/${each.id}`,
    caption: each.video_description ?? null,
    mediaType: isSlideshow ? 'carousel' : 'video',
    thumbnailUrl: orNull(each.cover_image_url),
    mediaUrl: null,
    duration: isSlideshow ? null : toMetric(Math.round(each.duration ?? Number.NaN)),
    postedAt: fromEpochSeconds(each.create_time),
    metrics: {
      likes: toMetric(each.like_count),
      comments: toMetric(each.comment_count),
      views: toMetric(each.view_count),
      shares: toMetric(each.share_count),
      saves: null,
      reach: null,
      impressions: null,
    },
  };
}

/** Every answer says in words how it went; a good one says `ok`. */
function classifyError({ status, headers, receivedAt, body }: Reply): Failure | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { code, message } = ((body as { error?: unknown }).error ?? {}) as { code?: unknown; message?: unknown };
  if (code === 'ok' || (code === undefined && status !== 200)) return undefined;
  const said = typeof message === 'string' && message !== '' ? message.slice(0, 200) : String(code).slice(0, 60);
  if (code === 'access_token_invalid') {
    return { problem: 'refused', message: `does not take the login any more (${status})`, retry: false, hint: LOGIN };
  }
  if (code === 'scope_not_authorized' || code === 'scope_permission_missed') {
    return {
      problem: 'refused',
      message: `was not allowed all that is asked for (${status}): ${said}`,
      retry: false,
      hint: `log in again and allow all that TikTok lists: ${LOGIN}`,
    };
  }
  if (code === 'rate_limit_exceeded') {
    const waitMs = parseRetryAfter(headers, receivedAt) ?? 20_000;
    const wait = `back in ${Math.ceil(waitMs / 1000)} s`;
    return { problem: 'rate_limited', message: `asks to slow down (${status}, ${wait})`, retry: true, waitMs };
  }
  if (status === 400) return { problem: 'malformed', message: `refused the question (400): ${said}`, retry: false };
  // What HTTP says of the other failures is enough, except that some come as a good reply.
  if (status !== 200 && code !== 'internal_error') return undefined;
  return { problem: 'unavailable', message: `answered with an error: ${said}`, retry: true };
}
