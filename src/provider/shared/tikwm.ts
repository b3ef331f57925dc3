// The backend behind several RapidAPI listings: https://github.com/shreateh/Tiktok-Video-No-Watermark
import * as z from 'zod/mini';
import type { AccountAnswer, Post, Profile } from '../../core/account.ts';
import { ProviderError } from '../../core/errors.ts';
import { toMetric } from '../../core/metric.ts';
import type { Failure, Reply } from '../client/failure.ts';
import { collectPages } from './page.ts';
import type { Ask, Provider } from '../provider.ts';
import { classifyRapidApi, rapidApiCredential, rapidApiHeaders, readRapidApiQuota } from './rapidapi.ts';
import { counter, fromEpochSeconds, id, orNull, readShape, refuseRenamed, text } from './shape.ts';

/** A call costs one request whatever `count` is, so always ask for the most. */
const PAGE_SIZE = 35;

const userInfo = z.object({
  data: z.object({
    user: z.object({
      id: z.string(),
      uniqueId: id,
      nickname: text,
      signature: text,
      avatarLarger: text,
      verified: z.nullish(z.boolean()),
      privateAccount: z.nullish(z.boolean()),
    }),
    stats: z.object({
      followerCount: z.union([z.number(), z.string(), z.null()]),
      followingCount: counter,
      videoCount: counter,
    }),
  }),
});

const video = z.object({
  video_id: id,
  title: text,
  duration: z.nullish(z.number()),
  create_time: z.nullish(z.union([z.number(), z.string()])),
  cover: text,
  play: text,
  images: z.nullish(z.array(z.string())),
  play_count: counter,
  digg_count: counter,
  comment_count: counter,
  share_count: counter,
  collect_count: counter,
});

const userPosts = z.object({
  data: z.object({
    videos: z.array(video),
    cursor: z.nullish(z.union([z.string(), z.number()])),
    hasMore: z.boolean(),
  }),
});

/** Makes the provider of one RapidAPI listing of this backend. */
export function createTikwmProvider(listing: { name: string; host: string; page: string; about: string }): Provider {
  return {
    ...tikwm,
    name: listing.name,
    about: listing.about,
    credential: rapidApiCredential(listing.page),
    baseUrl: `https://${listing.host}`,
    headers: (key) => rapidApiHeaders(listing.host, key),
    fetchAccount: (username, ask) => fetchTikwmAccount(listing.name, username, ask),
  };
}

/** What all listings, and the sample, have in common. */
export const tikwm = {
  platforms: ['tiktok'],
  covers: 'any',
  price: 'free up to 100 requests a month, then from $9.80 a month',
  quota: { limit: 600_000, period: 'month', safetyMargin: 0.8, requestsPerSecond: 10 },
  concurrency: 4,
  reports: {
    account: ['followers', 'following', 'posts'],
    post: ['likes', 'comments', 'views', 'shares', 'saves'],
  },
  requestCount: (posts) => 1 + Math.ceil(posts / PAGE_SIZE),
  classify: (reply) => classifyRapidApi(reply) ?? classifyTikwm(reply),
  readQuota: readRapidApiQuota,
} as const satisfies Partial<Provider>;

/** Fetches profile and posts. Counters in `stats` are rounded for large accounts; that is all this API has. */
export async function fetchTikwmAccount(provider: string, username: string, ask: Ask): Promise<AccountAnswer> {
  const { data } = readShape(provider, userInfo, await ask.get('/user/info', { unique_id: username }));
  const { user, stats } = data;
  if (user.privateAccount) throw new ProviderError(provider, 'private', `says @${username} is private`);
  const profile: Profile = {
    externalId: orNull(user.id),
    displayName: orNull(user.nickname),
    bio: user.signature ?? null,
    profilePicUrl: orNull(user.avatarLarger),
    isVerified: user.verified ?? null,
    isBusiness: null,
    followers: toMetric(stats.followerCount),
    following: toMetric(stats.followingCount),
    posts: toMetric(stats.videoCount),
  };
  const posts = await collectPages(ask.posts, async (cursor) => {
    const query = { unique_id: username, count: String(PAGE_SIZE), cursor: cursor ?? '0' };
    const page = readShape(provider, userPosts, await ask.get('/user/posts', query)).data;
    refuseRenamed(provider, 'data.videos[]', page.videos, [
      'play_count',
      'digg_count',
      'comment_count',
      'share_count',
      'collect_count',
    ]);
    const next = page.hasMore && page.cursor !== null && page.cursor !== undefined ? String(page.cursor) : undefined;
    return { posts: page.videos.map((each) => toPost(each, user.uniqueId)), next };
  });
  return { profile, posts };
}

function toPost(item: z.output<typeof video>, handle: string): Post {
  const isSlideshow = (item.images ?? []).length > 0;
  return {
    externalId: item.video_id,
    url: `https://www.tiktok.com/@${handle}/${isSlideshow ? 'photo' : 'video'}/${item.video_id}`,
    caption: item.title ?? null,
    mediaType: isSlideshow ? 'carousel' : 'video',
    thumbnailUrl: orNull(item.cover),
    mediaUrl: orNull(item.play),
    duration: isSlideshow ? null : toMetric(Math.round(item.duration ?? Number.NaN)),
    postedAt: fromEpochSeconds(item.create_time),
    metrics: {
      likes: toMetric(item.digg_count),
      comments: toMetric(item.comment_count),
      views: toMetric(item.play_count),
      shares: toMetric(item.share_count),
      saves: toMetric(item.collect_count),
      reach: null,
      impressions: null,
    },
  };
}

/** Failures come as HTTP 200 with `code` other than 0 and a message. */
function classifyTikwm({ status, body }: Reply): Failure | undefined {
  if (status !== 200 || typeof body !== 'object' || body === null || !('code' in body)) return undefined;
  const { code, msg } = body as { code: unknown; msg?: unknown };
  if (code === 0) return undefined;
  const said = typeof msg === 'string' ? msg.slice(0, 200) : '';
  if (/_id is invalid|userinfo is failed|user.{0,20}not exist/i.test(said)) {
    return { problem: 'not_found', message: 'knows no account of that name', retry: false };
  }
  if (/request\s*\/\s*1?\s*second/i.test(said)) {
    return { problem: 'rate_limited', message: 'asks to slow down (one request a second)', retry: true, waitMs: 1_100 };
  }
  if (/request\s*\/\s*1?\s*day/i.test(said)) {
    return { problem: 'quota', message: `says the day's quota is spent ("${said}")`, retry: false };
  }
  return { problem: 'unavailable', message: `answered with an error: ${said || `code ${String(code)}`}`, retry: true };
}
