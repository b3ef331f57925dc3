// https://rapidapi.com/Lundehund/api/tiktok-api23
import * as z from 'zod/mini';
import type { Post, Profile } from '../core/account.ts';
import { ProviderError } from '../core/errors.ts';
import { toMetric } from '../core/metric.ts';
import type { Failure, Reply } from './client/failure.ts';
import { collectPages } from './shared/page.ts';
import type { Provider } from './provider.ts';
import { classifyRapidApi, rapidApiCredential, rapidApiHeaders, readRapidApiQuota } from './shared/rapidapi.ts';
import { counter, fromEpochSeconds, id, orNull, readShape, refuseRenamed, shapeError, text } from './shared/shape.ts';

const NAME = 'tiktok-api23';
const HOST = 'tiktok-api23.p.rapidapi.com';
const PAGE_SIZE = 30;

const counts = z.record(z.string(), z.unknown());

const userInfo = z.object({
  userInfo: z.object({
    user: z.object({
      id: z.string(),
      uniqueId: id,
      secUid: id,
      nickname: text,
      signature: text,
      avatarLarger: text,
      verified: z.nullish(z.boolean()),
      privateAccount: z.nullish(z.boolean()),
    }),
    stats: z.object({ followerCount: counter, followingCount: counter, videoCount: counter }),
    statsV2: z.nullish(counts),
  }),
});

const item = z.object({
  id,
  desc: text,
  createTime: z.nullish(z.union([z.number(), z.string()])),
  imagePost: z.nullish(z.unknown()),
  video: z.nullish(z.object({ duration: z.nullish(z.number()), cover: text, playAddr: text })),
  stats: z.nullish(counts),
  statsV2: z.nullish(counts),
});

const postList = z.object({
  itemList: z.array(item),
  hasMore: z.boolean(),
  cursor: z.nullish(z.union([z.string(), z.number()])),
});

const COUNTERS = ['playCount', 'diggCount', 'commentCount', 'shareCount', 'collectCount'];

export const tiktokApi23: Provider = {
  name: NAME,
  platforms: ['tiktok'],
  covers: 'any',
  about: 'public TikTok accounts by handle, exact counts, through RapidAPI',
  price: 'free up to 100 requests a month, then from $9.99 a month',
  credential: rapidApiCredential('https://rapidapi.com/Lundehund/api/tiktok-api23'),
  baseUrl: `https://${HOST}`,
  quota: { limit: 200_000, period: 'month', safetyMargin: 0.8, requestsPerSecond: 10 },
  concurrency: 4,
  reports: {
    account: ['followers', 'following', 'posts'],
    post: ['likes', 'comments', 'views', 'shares', 'saves'],
  },
  requestCount: (posts) => 1 + Math.ceil(posts / PAGE_SIZE),
  headers: (key) => rapidApiHeaders(HOST, key),
  classify: (reply) => classifyRapidApi(reply) ?? classifyStatusCode(reply),
  readQuota: readRapidApiQuota,

  async fetchAccount(username, ask) {
    const answer = await ask.get('/api/user/info', { uniqueId: username });
    const { user, stats, statsV2 } = readShape(NAME, userInfo, answer).userInfo;
    if (user.privateAccount) throw new ProviderError(NAME, 'private', `says @${username} is private`);
    // statsV2 has the exact counts, as strings, but not in every answer.
    const count = (key: keyof typeof stats) => toMetric(statsV2?.[key]) ?? toMetric(stats[key]);
    if (stats.followerCount === undefined && statsV2?.['followerCount'] === undefined) {
      throw shapeError(NAME, 'userInfo.stats.followerCount', 'is missing');
    }
    const profile: Profile = {
      externalId: orNull(user.id),
      displayName: orNull(user.nickname),
      bio: user.signature ?? null,
      profilePicUrl: orNull(user.avatarLarger),
      isVerified: user.verified ?? null,
      isBusiness: null,
      followers: count('followerCount'),
      following: count('followingCount'),
      posts: count('videoCount'),
    };
    const posts = await collectPages(ask.posts, async (cursor) => {
      const query = { secUid: user.secUid, count: String(PAGE_SIZE), cursor: cursor ?? '0' };
      const body = await ask.get('/api/user/posts', query);
      const isWrapped = typeof body === 'object' && body !== null && 'data' in body;
      const page = readShape(NAME, postList, isWrapped ? body.data : body);
      const counted = page.itemList.map((each) => ({ ...each.stats, ...each.statsV2 }));
      refuseRenamed(NAME, 'itemList[].stats', counted, COUNTERS);
      const hasNext = page.hasMore && page.cursor !== null && page.cursor !== undefined && String(page.cursor) !== '-1';
      return {
        posts: page.itemList.map((each) => toPost(each, user.uniqueId)),
        next: hasNext ? String(page.cursor) : undefined,
      };
    });
    return { profile, posts };
  },
};

function toPost(each: z.output<typeof item>, handle: string): Post {
  const isSlideshow = each.imagePost !== null && each.imagePost !== undefined;
  const count = (key: string) => toMetric(each.statsV2?.[key]) ?? toMetric(each.stats?.[key]);
  return {
    externalId: each.id,
    url: `https://www.tiktok.com/@${handle}/${isSlideshow ? 'photo' : 'video'}/${each.id}`,
    caption: each.desc ?? null,
    mediaType: isSlideshow ? 'carousel' : 'video',
    thumbnailUrl: orNull(each.video?.cover),
    mediaUrl: orNull(each.video?.playAddr),
    duration: isSlideshow ? null : toMetric(Math.round(each.video?.duration ?? Number.NaN)),
    postedAt: fromEpochSeconds(each.createTime),
    metrics: {
      likes: count('diggCount'),
      comments: count('commentCount'),
      views: count('playCount'),
      shares: count('shareCount'),
      saves: count('collectCount'),
      reach: null,
      impressions: null,
    },
  };
}

const NO_SUCH_USER = new Set([10202, 10221]);
const PRIVATE = new Set([10216, 10222]);

/** TikTok's own status codes pass through in a body that HTTP calls fine. */
function classifyStatusCode({ status, body }: Reply): Failure | undefined {
  if (status !== 200 || typeof body !== 'object' || body === null) return undefined;
  const { statusCode, userInfo: info, data } = body as { statusCode?: unknown; userInfo?: unknown; data?: unknown };
  const code = Number(statusCode ?? 0);
  if (NO_SUCH_USER.has(code)) return { problem: 'not_found', message: 'knows no account of that name', retry: false };
  if (PRIVATE.has(code)) return { problem: 'private', message: 'says the account is private', retry: false };
  if (code !== 0) return { problem: 'unavailable', message: `answered with TikTok's status ${code}`, retry: true };
  if (typeof info === 'object' && info !== null && Object.keys(info).length === 0) {
    return { problem: 'not_found', message: 'knows no account of that name', retry: false };
  }
  if (data === null) return { problem: 'unavailable', message: 'answered without any data', retry: true };
  return undefined;
}
