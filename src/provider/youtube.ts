// https://developers.google.com/youtube/v3/docs
import * as z from 'zod/mini';
import type { Post, Profile } from '../core/account.ts';
import { ProviderError } from '../core/errors.ts';
import { toMetric } from '../core/metric.ts';
import { parseRetryAfter, type Failure, type Reply } from './client/failure.ts';
import { collectPages, type Page } from './shared/page.ts';
import type { Ask, Provider } from './provider.ts';
import { counter, fromIsoTime, id, orNull, readShape, refuseRenamed, shapeError, text } from './shared/shape.ts';
import { ANALYTICS, fetchInsights } from './shared/youtube-analytics.ts';

const NAME = 'youtube';
/** Of both lists. A call costs one unit whatever it brings, so always ask for the most. */
const PAGE_SIZE = 50;
/** The own channel, five metrics that may be asked for one by one after a refusal, and two for the audience. */
const MOST_INSIGHT_REQUESTS = 8;
/** Limits per minute answer without Retry-After. */
const RATE_WAIT_MS = 2_000;

const thumbnails = z.nullish(z.record(z.string(), z.nullish(z.object({ url: text }))));

const channelList = z.object({
  items: z.array(
    z.object({
      id,
      snippet: z.object({ title: text, description: text, thumbnails }),
      statistics: z.object({
        subscriberCount: counter,
        hiddenSubscriberCount: z.nullish(z.boolean()),
        videoCount: counter,
      }),
      contentDetails: z.object({ relatedPlaylists: z.object({ uploads: id }) }),
    }),
  ),
});

const uploadList = z.object({
  items: z.array(z.object({ contentDetails: z.object({ videoId: id }) })),
  nextPageToken: text,
});

const video = z.object({
  id,
  snippet: z.object({
    channelId: id,
    title: text,
    description: text,
    publishedAt: text,
    liveBroadcastContent: text,
    thumbnails,
  }),
  contentDetails: z.nullish(z.object({ duration: text })),
  statistics: z.nullish(z.record(z.string(), z.unknown())),
  status: z.nullish(z.object({ privacyStatus: text })),
});

const videoList = z.object({ items: z.array(video) });

export const youtube: Provider = {
  name: NAME,
  platforms: ['youtube'],
  covers: 'any',
  about: 'public channels by handle; with the token of their owner also days and viewers',
  price: null,
  credential: {
    name: 'youtube_api_key',
    env: 'YOUTUBE_API_KEY',
    source: 'https://console.cloud.google.com/apis/credentials, in a project with "YouTube Data API v3" enabled',
  },
  baseUrl: 'https://www.googleapis.com',
  origins: [ANALYTICS],
  // Reset at midnight Pacific Time: https://developers.google.com/youtube/v3/determine_quota_cost
  quota: {
    limit: 10_000,
    period: 'day',
    zone: 'America/Los_Angeles',
    unit: 'units',
    safetyMargin: 0.8,
    requestsPerSecond: 10,
  },
  concurrency: 4,
  reports: {
    account: ['followers', 'posts'],
    post: ['likes', 'comments', 'views'],
    day: ['video_views', 'likes', 'comments', 'shares'],
    audience: true,
  },
  requestCount: (posts, hasToken) => 1 + 2 * Math.ceil(posts / PAGE_SIZE) + (hasToken ? MOST_INSIGHT_REQUESTS : 0),
  // Keys begin with AIza or AQ., access tokens with ya29.
  headers: (secret) =>
    secret.startsWith('ya29.') ? { authorization: `Bearer ${secret}` } : { 'x-goog-api-key': secret },
  classify: classifyYouTube,

  async fetchAccount(username, ask) {
    const body = await ask.get('/youtube/v3/channels', {
      part: 'snippet,statistics,contentDetails',
      forHandle: `@${username}`,
    });
    if (isNobody(body)) throw new ProviderError(NAME, 'not_found', 'knows no channel with that handle');
    const [channel] = readShape(NAME, channelList, body).items;
    if (!channel) throw shapeError(NAME, 'items[]', 'is empty');
    const { snippet, statistics } = channel;
    if (!statistics.hiddenSubscriberCount && statistics.subscriberCount === undefined) {
      throw shapeError(NAME, 'items[].statistics.subscriberCount', 'is missing');
    }
    const profile: Profile = {
      externalId: channel.id,
      displayName: orNull(snippet.title),
      bio: snippet.description ?? null,
      profilePicUrl: largest(snippet.thumbnails),
      isVerified: null,
      isBusiness: null,
      // Rounded down to three digits; the exact count is for the owner's own pages.
      followers: statistics.hiddenSubscriberCount ? null : toMetric(statistics.subscriberCount),
      following: null,
      posts: toMetric(statistics.videoCount),
    };
    const { uploads } = channel.contentDetails.relatedPlaylists;
    const posts = await collectPages(ask.posts, (cursor) => fetchPage(ask, channel.id, uploads, cursor));
    return { profile, posts, ...(ask.hasToken && (await fetchInsights(NAME, channel.id, ask))) };
  },
};

/** A handle that nobody has: no results, and no list of them either. */
function isNobody(body: unknown): boolean {
  const { items = [], pageInfo } = (body ?? {}) as { items?: unknown; pageInfo?: { totalResults?: unknown } };
  return Array.isArray(items) && items.length === 0 && pageInfo?.totalResults === 0;
}

/** One page of the uploads, and what is known of the videos on it. */
async function fetchPage(ask: Ask, channelId: string, playlistId: string, cursor: string | undefined): Promise<Page> {
  const list = await fetchUploads(ask, playlistId, cursor);
  const ids = list.items.map(({ contentDetails }) => contentDetails.videoId);
  const next = orNull(list.nextPageToken) ?? undefined;
  if (ids.length === 0) return { posts: [], next, mayBeEmpty: true };
  const body = await ask.get('/youtube/v3/videos', {
    part: 'snippet,contentDetails,statistics,status',
    id: ids.join(','),
  });
  const videos = readShape(NAME, videoList, body).items;
  // What has not begun yet may have no count of views.
  const begun = videos.filter(({ snippet }) => snippet.liveBroadcastContent !== 'upcoming');
  const counted = begun.map(({ statistics }) => statistics ?? {});
  refuseRenamed(NAME, 'items[].statistics', counted, ['viewCount']);
  // Deleted videos are not answered. Private and unlisted ones are, to their owner: with a key they would be gone again.
  const posts = videos
    .filter(
      ({ snippet, status }) => snippet.channelId === channelId && (status?.privacyStatus ?? 'public') === 'public',
    )
    .toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
  return { posts: posts.map(toPost), next, mayBeEmpty: true };
}

async function fetchUploads(ask: Ask, playlistId: string, cursor: string | undefined) {
  const query = {
    part: 'contentDetails',
    playlistId,
    maxResults: String(PAGE_SIZE),
    ...(cursor !== undefined && { pageToken: cursor }),
  };
  try {
    return readShape(NAME, uploadList, await ask.get('/youtube/v3/playlistItems', query));
  } catch (error) {
    // The list comes to be with the first upload.
    const isNew = error instanceof ProviderError && error.problem === 'not_found' && cursor === undefined;
    if (isNew) return { items: [], nextPageToken: null };
    throw error;
  }
}

function toPost({ id: externalId, snippet, contentDetails, statistics }: z.output<typeof video>): Post {
  const lines = [snippet.title, snippet.description].filter((line) => orNull(line) !== null);
  return {
    externalId,
    url: `https://www.youtube.com/watch?v=${externalId}`,
    caption: lines.length > 0 ? lines.join('\n\n') : null,
    mediaType: 'video',
    thumbnailUrl: largest(snippet.thumbnails),
    mediaUrl: null,
    duration: parseDuration(contentDetails?.duration),
    postedAt: fromIsoTime(snippet.publishedAt),
    metrics: {
      // Absent where the owner hides the likes or has switched off the comments.
      likes: toMetric(statistics?.['likeCount']),
      comments: toMetric(statistics?.['commentCount']),
      views: toMetric(statistics?.['viewCount']),
      shares: null,
      saves: null,
      reach: null,
      impressions: null,
    },
  };
}

/** `PT1H2M4S` in seconds. What is still live has `P0D`, which is no duration. */
function parseDuration(value: string | null | undefined): number | null {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(value ?? '');
  if (!parts) return null;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return toMetric(((days * 24 + hours) * 60 + minutes) * 60 + seconds) || null;
}

const SIZES = ['maxres', 'standard', 'high', 'medium', 'default'];

function largest(given: z.output<typeof thumbnails>): string | null {
  return SIZES.map((size) => orNull(given?.[size]?.url)).find((url) => url !== null) ?? null;
}

const REFUSED_KEY = /^(?:keyInvalid|keyExpired|API_KEY_(?:INVALID|EXPIRED))$/;
const NOT_ENABLED = /^(?:accessNotConfigured|SERVICE_DISABLED)$/;
const SPENT = /^(?:quotaExceeded|dailyLimitExceeded)$/;
const TOO_FAST = /^(?:rateLimitExceeded|userRateLimitExceeded|RATE_LIMIT_EXCEEDED)$/;

/** Says what the errors of Google's APIs mean: one envelope, and reasons in two places. */
function classifyYouTube({ status, body, headers, receivedAt }: Reply): Failure | undefined {
  if (status < 400) return undefined;
  const { reasons, said } = readError(body);
  const has = (pattern: RegExp) => reasons.some((reason) => pattern.test(reason));
  if (has(REFUSED_KEY)) return { problem: 'refused', message: `refused the key (${status})`, retry: false };
  if (has(NOT_ENABLED)) {
    return {
      problem: 'refused',
      message: `says that the API is not enabled for the key's project (${status})`,
      retry: false,
      hint: 'enable "YouTube Data API v3" in the project: https://console.cloud.google.com/apis/library/youtube.googleapis.com',
    };
  }
  if (has(SPENT)) {
    return {
      problem: 'quota',
      message: `says the project's quota of the day is spent (${status})`,
      retry: false,
      hint: 'it starts again at midnight Pacific Time; smstats usage shows what was sent',
    };
  }
  if (has(TOO_FAST)) {
    const waitMs = parseRetryAfter(headers, receivedAt) ?? RATE_WAIT_MS;
    return {
      problem: 'rate_limited',
      message: `asks to slow down (${status}, back in ${Math.ceil(waitMs / 1000)} s)`,
      retry: true,
      waitMs,
    };
  }
  if (has(/^playlistItemsNotAccessible$/)) {
    return { problem: 'private', message: 'says that the uploads are private', retry: false };
  }
  if (has(/^(?:channel|playlist)NotFound$/)) {
    return { problem: 'not_found', message: 'knows no such channel, or no uploads of it', retry: false };
  }
  // A refused token names what it lacks; other rules are those of HTTP.
  if (status === 400) {
    return { problem: 'malformed', message: `refused the request (400${said && `: ${said}`})`, retry: false };
  }
  return undefined;
}

const LONGEST_QUOTE = 200;

function readError(body: unknown): { reasons: string[]; said: string } {
  const { error } = (body ?? {}) as { error?: { message?: unknown; errors?: unknown; details?: unknown } };
  const listed = [error?.errors, error?.details].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  const reasons = listed.map((each) => String((each as { reason?: unknown } | null)?.reason ?? ''));
  const message = typeof error?.message === 'string' ? error.message : '';
  return { reasons, said: message.replace(/<[^>]*>/g, '').slice(0, LONGEST_QUOTE) };
}
