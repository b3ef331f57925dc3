// https://hiker-doc.readthedocs.io/en/latest/
import * as z from 'zod/mini';
import type { Post, Profile } from '../core/account.ts';
import { ProviderError } from '../core/errors.ts';
import { toMetric } from '../core/metric.ts';
import { parseRetryAfter, type Failure, type Reply } from './client/failure.ts';
import { pk, postUrl, toDuration, toMediaType } from './shared/instagram-media.ts';
import { collectPages } from './shared/page.ts';
import type { Provider } from './provider.ts';
import { counter, fromEpochSeconds, fromIsoTime, id, orNull, readShape, refuseRenamed, text } from './shared/shape.ts';

const NAME = 'hikerapi';
/** What a full page holds at least: it is Instagram that decides. */
const PAGE_SIZE = 12;

const flag = z.nullish(z.boolean());

const user = z.object({
  pk,
  username: id,
  full_name: text,
  biography: text,
  is_private: flag,
  is_verified: flag,
  is_business: flag,
  profile_pic_url: text,
  profile_pic_url_hd: text,
  follower_count: z.union([z.number(), z.string(), z.null()]),
  following_count: counter,
  media_count: counter,
});

const media = z.object({
  pk,
  code: id,
  taken_at: text,
  taken_at_ts: z.nullish(z.union([z.number(), z.string()])),
  media_type: z.nullish(z.number()),
  product_type: text,
  thumbnail_url: text,
  video_url: text,
  user: z.nullish(z.object({ pk: z.nullish(pk) })),
  caption_text: text,
  like_and_view_counts_disabled: flag,
  like_count: counter,
  comment_count: counter,
  play_count: counter,
  video_duration: z.nullish(z.number()),
  resources: z.nullish(z.array(z.object({ thumbnail_url: text }))),
});

/**
 * What Instagram sends for likes that their author hides, however many there are:
 * https://github.com/digitalmethodsinitiative/zeeschuimer/issues/45
 */
const HIDDEN_LIKES = 3;

/** The posts, and the cursor of the next ones: an empty one is the end. */
const chunk = z.tuple([z.array(media), z.nullish(z.union([z.string(), z.number()]))], z.unknown());

export const hikerapi: Provider = {
  name: NAME,
  platforms: ['instagram'],
  covers: 'any',
  about: 'public Instagram accounts by handle, posts and reels, paid by request',
  price: '100 requests free, then prepaid from $0.02 a request, $0.0006 in bulk',
  credential: { name: 'hikerapi_token', env: 'HIKERAPI_TOKEN', source: 'https://hikerapi.com/tokens' },
  baseUrl: 'https://api.hikerapi.com',
  // A token of the free trial may ask once a second, a paid one fifteen times.
  quota: { limit: 10_000, period: 'day', safetyMargin: 0.8, requestsPerSecond: 1 },
  concurrency: 2,
  reports: {
    account: ['followers', 'following', 'posts'],
    post: ['likes', 'comments', 'views'],
  },
  requestCount: (posts) => 1 + Math.ceil(posts / PAGE_SIZE),
  headers: (token) => ({ 'x-access-key': token }),
  classify: classifyHiker,

  async fetchAccount(username, ask) {
    const found = readShape(NAME, user, await ask.get('/v1/user/by/username', { username }));
    if (found.is_private) throw new ProviderError(NAME, 'private', `says @${username} is private`);
    const profile: Profile = {
      externalId: found.pk,
      displayName: orNull(found.full_name),
      bio: found.biography ?? null,
      profilePicUrl: orNull(found.profile_pic_url_hd ?? found.profile_pic_url),
      isVerified: found.is_verified ?? null,
      isBusiness: found.is_business ?? null,
      followers: toMetric(found.follower_count),
      following: toMetric(found.following_count),
      posts: toMetric(found.media_count),
    };
    const posts = await collectPages(ask.posts, async (cursor) => {
      const query = { user_id: found.pk, ...(cursor !== undefined && { end_cursor: cursor }) };
      const [page, next] = readShape(NAME, chunk, await ask.get('/v1/user/medias/chunk', query));
      refuseRenamed(NAME, '[0][]', page, ['like_count', 'comment_count']);
      const own = page.filter((each) => (each.user?.pk ?? found.pk) === found.pk);
      return { posts: own.map(toPost), next: next ? String(next) : undefined, mayBeEmpty: page.length > 0 };
    });
    return { profile, posts };
  },
};

function toPost(each: z.output<typeof media>): Post {
  const mediaType = toMediaType(each.media_type);
  const isHidden = each.like_and_view_counts_disabled ?? false;
  const counted = isHidden ? null : toMetric(each.like_count);
  // The flag is mostly left out: then three likes are as good as none told, and are taken up again from the fourth on.
  const isTold = each.like_and_view_counts_disabled === false || counted !== HIDDEN_LIKES;
  const plays = isHidden || mediaType !== 'video' ? null : toMetric(each.play_count);
  const image = orNull(each.thumbnail_url ?? each.resources?.[0]?.thumbnail_url);
  return {
    externalId: each.pk,
    url: postUrl(each.code, each.product_type === 'clips'),
    caption: each.caption_text ?? null,
    mediaType,
    thumbnailUrl: image,
    mediaUrl: orNull(each.video_url) ?? image,
    duration: mediaType === 'video' ? toDuration(each.video_duration) : null,
    postedAt: fromEpochSeconds(each.taken_at_ts) ?? fromIsoTime(each.taken_at),
    metrics: {
      likes: isTold ? counted : null,
      comments: toMetric(each.comment_count),
      // 0 also stands for plays that it does not know; nobody likes a video that was never played.
      views: plays === 0 && (counted ?? 0) > 0 ? null : plays,
      shares: null,
      saves: null,
      reach: null,
      impressions: null,
    },
  };
}

/** Errors are `{detail, exc_type}`: Instagram's word about the account, or the service's about the token. */
function classifyHiker({ status, headers, body, receivedAt }: Reply): Failure | undefined {
  const { detail, exc_type: type } = (body ?? {}) as { detail?: unknown; exc_type?: unknown };
  const said = [detail, type].filter((each) => typeof each === 'string').join(' ');
  if (status === 402) {
    return {
      problem: 'quota',
      message: 'says the quota of prepaid requests is spent (402)',
      retry: false,
      hint: 'buy more on https://hikerapi.com, or use another provider: smstats providers list',
    };
  }
  if (status === 403 && /private/i.test(said)) {
    return { problem: 'private', message: 'says the account is private', retry: false };
  }
  if (status === 404 && /user/i.test(said)) {
    return { problem: 'not_found', message: 'knows no account of that name', retry: false };
  }
  if (status === 429) {
    const waitMs = parseRetryAfter(headers, receivedAt) ?? 2_000;
    const message = `asks to slow down (429, back in ${Math.ceil(waitMs / 1000)} s)`;
    return { problem: 'rate_limited', message, retry: true, waitMs };
  }
  return undefined;
}
