// https://developers.pinterest.com/docs/api/v5/pins-list/
import * as z from 'zod/mini';
import type { DailyInsight, MediaType, Post, Profile } from '../core/account.ts';
import { ProviderError } from '../core/errors.ts';
import { toMetric } from '../core/metric.ts';
import { parseRetryAfter, type Failure, type Reply } from './client/failure.ts';
import { mergeDays } from './shared/merge-days.ts';
import { createOptional } from './shared/optional.ts';
import { collectPages } from './shared/page.ts';
import type { Ask, Provider } from './provider.ts';
import { counter, fromIsoTime, id, orNull, readShape, refuseRenamed, text } from './shared/shape.ts';

const NAME = 'pinterest';
const PAGE_SIZE = 250;
const LOGIN = `smstats login ${NAME}`;
/** Pinterest tells the last 90 days. */
const DAYS = 89;

const userAccount = z.object({
  id,
  username: id,
  business_name: text,
  about: text,
  profile_image: text,
  account_type: text,
  follower_count: z.union([z.number(), z.string(), z.null()]),
  following_count: counter,
  pin_count: counter,
});

const image = z.object({ url: text });
const picture = {
  images: z.nullish(z.object({ '600x': z.nullish(image), '1200x': z.nullish(image) })),
  cover_image_url: text,
  video_url: text,
  duration: z.nullish(z.number()),
};

const pin = z.object({
  id,
  created_at: text,
  title: text,
  description: text,
  is_owner: z.nullish(z.boolean()),
  parent_pin_id: text,
  media: z.nullish(z.object({ ...picture, media_type: text, items: z.nullish(z.array(z.object(picture))) })),
  pin_metrics: z.nullish(z.object({ lifetime_metrics: z.nullish(z.record(z.string(), z.unknown())) })),
});

const pinList = z.object({ items: z.array(pin), bookmark: text });

const analytics = z.object({
  all: z.object({
    daily_metrics: z.array(
      z.object({
        date: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/)),
        data_status: z.string(),
        metrics: z.nullish(z.record(z.string(), z.unknown())),
      }),
    ),
  }),
});

/**
 * The account that the token is of: its own pins with their counts over all time, and 90 days of the account's numbers.
 * Clicks are those that lead away from Pinterest.
 */
export const pinterest: Provider = {
  name: NAME,
  platforms: ['pinterest'],
  covers: 'own',
  about: "your own Pinterest account and its daily numbers, through Pinterest's API",
  price: null,
  credential: {
    name: 'pinterest_access_token',
    env: 'PINTEREST_ACCESS_TOKEN',
    source: `https://developers.pinterest.com/apps/, then: ${LOGIN}`,
  },
  baseUrl: 'https://api.pinterest.com/v5',
  // https://developers.pinterest.com/docs/reference/rate-limits/: what an app has before Pinterest lets it have more.
  quota: { limit: 1_000, period: 'day', safetyMargin: 0.8, requestsPerSecond: 5 },
  concurrency: 2,
  reports: {
    account: ['followers', 'following', 'posts'],
    post: ['likes', 'comments', 'saves', 'impressions'],
    day: ['impressions', 'saves', 'clicks'],
  },
  requestCount: (posts) => 2 + Math.ceil(posts / PAGE_SIZE),
  headers: (token) => ({ authorization: `Bearer ${token}` }),
  classify: classifyError,

  async fetchAccount(username, ask) {
    const user = readShape(NAME, userAccount, await ask.get('/user_account'));
    if (user.username.toLowerCase() !== username) {
      throw new ProviderError(NAME, 'not_covered', `was logged in as @${user.username}, and knows no other account`, {
        hint: `log in as @${username}: ${LOGIN}`,
      });
    }
    const posts = await collectPages(ask.posts, async (bookmark) => {
      const page = readShape(NAME, pinList, await ask.get('/pins', toQuery(bookmark)));
      refuseRenamed(NAME, 'items[]', page.items, ['pin_metrics']);
      const counted = page.items.map((each) => each.pin_metrics?.lifetime_metrics ?? {});
      const known = counted.filter((each) => Object.keys(each).length > 0);
      refuseRenamed(NAME, 'items[].pin_metrics.lifetime_metrics', known, ['impression']);
      return { posts: page.items.filter(isOwn).map(toPost), next: page.bookmark || undefined, mayBeEmpty: true };
    });
    const profile: Profile = {
      externalId: user.id,
      displayName: orNull(user.business_name),
      bio: user.about ?? null,
      profilePicUrl: orNull(user.profile_image),
      isVerified: null,
      isBusiness: user.account_type ? user.account_type === 'BUSINESS' : null,
      followers: toMetric(user.follower_count),
      following: toMetric(user.following_count),
      // Saved pins count too, so where there are no own ones it says nothing about posts.
      posts: posts.length > 0 ? toMetric(user.pin_count) : null,
    };
    const optional = createOptional();
    const days = await optional.read('the days', () => fetchDays(ask));
    return { profile, posts, ...(days && { days }), remarks: optional.remarks() };
  },
};

function toQuery(bookmark: string | undefined): Record<string, string> {
  return {
    page_size: String(PAGE_SIZE),
    pin_metrics: 'true',
    pin_filter: 'exclude_repins',
    ...(bookmark !== undefined && { bookmark }),
  };
}

/** Not of somebody else, and not saved from another pin. */
function isOwn(each: z.output<typeof pin>): boolean {
  return each.is_owner !== false && !each.parent_pin_id;
}

function toPost(each: z.output<typeof pin>): Post {
  const { media } = each;
  const first = media?.items?.[0] ?? media;
  const counts = each.pin_metrics?.lifetime_metrics ?? {};
  const lines = new Set([each.title, each.description].filter((line) => orNull(line)));
  const images = first?.images;
  return {
    externalId: each.id,
    url: `https://www.pinterest.com/pin/${each.id}/`,
    caption: lines.size > 0 ? [...lines].join('\n\n') : null,
    mediaType: toMediaType(media?.media_type),
    thumbnailUrl: orNull(first?.cover_image_url ?? images?.['600x']?.url),
    mediaUrl: orNull(first?.video_url ?? images?.['1200x']?.url),
    // Milliseconds, and those of an image or a gallery say nothing.
    duration: media?.media_type === 'video' ? toMetric(Math.round((media.duration ?? Number.NaN) / 1000)) : null,
    // In UTC, mostly without saying so.
    postedAt: fromIsoTime(each.created_at) ?? fromIsoTime(`${each.created_at}Z`),
    metrics: {
      likes: toMetric(counts['reaction']),
      comments: toMetric(counts['comment']),
      views: null,
      shares: null,
      saves: toMetric(counts['save']),
      reach: null,
      impressions: toMetric(counts['impression']),
    },
  };
}

function toMediaType(type: string | null | undefined): MediaType | null {
  if (type === 'image' || type === 'video') return type;
  return type?.startsWith('multiple_') ? 'carousel' : null;
}

/** Days are of UTC. It names no metric, so none that is taken away one day can cost the others. */
async function fetchDays(ask: Ask): Promise<DailyInsight[]> {
  const query = { start_date: dayBefore(ask.now, DAYS), end_date: dayBefore(ask.now, 0) };
  const { daily_metrics } = readShape(NAME, analytics, await ask.get('/user_account/analytics', query)).all;
  // The others are unfinished, estimated, or of a time that Pinterest keeps no numbers of.
  const ready = daily_metrics.filter(({ data_status }) => data_status === 'READY');
  return mergeDays(ready.map(({ date, metrics }) => ({ day: date, metrics: toDay(metrics ?? {}) })));
}

function toDay(metrics: Record<string, unknown>): DailyInsight['metrics'] {
  return {
    impressions: toMetric(metrics['IMPRESSION']),
    saves: toMetric(metrics['SAVE']),
    clicks: toMetric(metrics['OUTBOUND_CLICK']),
  };
}

function dayBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * 86_400_000).toISOString().slice(0, 10);
}

/** Errors are a number of Pinterest's own and a sentence; what counts is the status. */
function classifyError({ status, headers, receivedAt, body }: Reply): Failure | undefined {
  const { message } = (body ?? {}) as { message?: unknown };
  const said = typeof message === 'string' ? `: ${message.slice(0, 200)}` : '';
  if (status === 401) {
    return { problem: 'refused', message: `does not take the token any more (401)${said}`, retry: false, hint: LOGIN };
  }
  if (status === 403) {
    return {
      problem: 'refused',
      message: `did not allow it (403)${said}`,
      retry: false,
      hint: `log in again and allow all that Pinterest lists: ${LOGIN}`,
    };
  }
  if (status === 400) return { problem: 'malformed', message: `refused the question (400)${said}`, retry: false };
  if (status === 429) {
    const waitMs = parseRetryAfter(headers, receivedAt) ?? 20_000;
    const wait = `back in ${Math.ceil(waitMs / 1000)} s`;
    return { problem: 'rate_limited', message: `asks to slow down (429, ${wait})`, retry: true, waitMs };
  }
  return undefined;
}
