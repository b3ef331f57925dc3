// https://rapidapi.com/artemlipko/api/instagram-statistics-api
import * as z from 'zod/mini';
import type { DailyInsight, MediaType, Post, Profile } from '../core/account.ts';
import { ProviderError } from '../core/errors.ts';
import { toMetric } from '../core/metric.ts';
import { parsePostUrl } from '../core/post-url.ts';
import { addDays, dayIn, type Day } from '../core/time.ts';
import type { Failure, Reply } from './client/failure.ts';
import { postUrl } from './shared/instagram-media.ts';
import { readAudience } from './shared/instagram-statistics-audience.ts';
import { createOptional } from './shared/optional.ts';
import { mergeDays } from './shared/merge-days.ts';
import type { Ask, Provider } from './provider.ts';
import { classifyRapidApi, rapidApiCredential, rapidApiHeaders, readRapidApiQuota } from './shared/rapidapi.ts';
import { counter, fromIsoTime, id, orNull, readShape, refuseRenamed, shapeError, text } from './shared/shape.ts';

const NAME = 'instagram-statistics';
const HOST = 'instagram-statistics-api.p.rapidapi.com';
/** It counts accounts when it likes to: what is older than this is no number of today. */
const MAX_AGE_HOURS = 24;
const HINT = 'another provider knows the numbers of today: smstats providers list';
/** How far back posts are asked for, and days. One request brings all of a period. */
const POST_DAYS = 365;
const INSIGHT_DAYS = 30;

const community = z.object({
  data: z.object({
    cid: id,
    name: text,
    description: text,
    image: text,
    verified: z.nullish(z.boolean()),
    isClosed: z.nullish(z.boolean()),
    type: text,
    usersCount: z.union([z.number(), z.string(), z.null()]),
    communityStatus: text,
    timeStatistics: text,
    timePostsLoaded: text,
  }),
});
type Community = z.output<typeof community>['data'];

const post = z.object({
  url: id,
  date: text,
  type: text,
  image: text,
  text,
  likes: counter,
  comments: counter,
  views: counter,
});
const postList = z.object({ data: z.object({ posts: z.array(post) }) });

const retrospective = z.object({
  data: z.object({
    series: z.object({
      current: z.array(
        z.object({ date: z.string(), deltaLikes: counter, deltaComments: counter, deltaViews: counter }),
      ),
    }),
  }),
});

export const instagramStatistics: Provider = {
  name: NAME,
  platforms: ['instagram'],
  covers: 'any',
  about: 'public Instagram accounts that it has counted lately, with their audience, through RapidAPI',
  price: 'a plan of its own on RapidAPI, see its page there',
  credential: rapidApiCredential('https://rapidapi.com/artemlipko/api/instagram-statistics-api'),
  baseUrl: `https://${HOST}`,
  quota: { limit: 10_000, period: 'day', safetyMargin: 0.8, requestsPerSecond: 1 },
  concurrency: 2,
  reports: {
    account: ['followers'],
    post: ['likes', 'comments', 'views'],
    day: ['likes', 'comments', 'video_views'],
    audience: true,
  },
  estimates: true,
  requestCount: () => 3,
  headers: (key) => rapidApiHeaders(HOST, key),
  classify: (reply) => classifyRapidApi(reply) ?? classifyMeta(reply),
  readQuota: readRapidApiQuota,

  async fetchAccount(username, ask) {
    const query = { url: `https://www.instagram.com/${username}/` };
    const body = await ask.get('/community', query);
    const { data } = readShape(NAME, community, body);
    if (data.isClosed) throw new ProviderError(NAME, 'private', `says @${username} is private`);
    const countedAt = readCountTime(data, ask.now);
    const posts = await fetchPosts(data.cid, ask);
    const optional = createOptional();
    const days = await optional.read('the days', () => fetchDays(data.cid, dayIn('UTC', countedAt), ask));
    const audience = await optional.read('the audience', async () => readAudience(NAME, body));
    return { profile: toProfile(data), posts, ...(days && { days }), audience, remarks: optional.remarks() };
  },
};

/**
 * When the account was counted. Refuses old numbers, which would be stored as of today: the account's, and those of its
 * posts, which it loads at another time and less often. Other accounts may have been counted since.
 */
function readCountTime({ timeStatistics, timePostsLoaded, communityStatus }: Community, now: Date): Date {
  if (communityStatus && communityStatus !== 'DONE') {
    const message = `has not counted this account yet (${communityStatus.slice(0, 40)})`;
    throw new ProviderError(NAME, 'not_covered', message, { hint: HINT });
  }
  const read = (name: string, value: string | null | undefined, what: string) => {
    const countedAt = fromIsoTime(value);
    if (!countedAt) throw shapeError(NAME, `data.${name}`, 'does not say when it was counted');
    if (now.getTime() - countedAt.getTime() <= MAX_AGE_HOURS * 3_600_000) return countedAt;
    const message = `counted ${what} last on ${dayIn('UTC', countedAt)}: too long ago for a number of today`;
    throw new ProviderError(NAME, 'not_covered', message, { hint: HINT });
  };
  read('timePostsLoaded', timePostsLoaded, "this account's posts");
  return read('timeStatistics', timeStatistics, 'this account');
}

function toProfile(data: Community): Profile {
  return {
    // Its `cid` is a number of Meta's business tools, and no other provider knows an account by that.
    externalId: null,
    displayName: orNull(data.name),
    bio: data.description ?? null,
    profilePicUrl: orNull(data.image),
    isVerified: data.verified ?? null,
    isBusiness: data.type ? data.type === 'business' : null,
    followers: toMetric(data.usersCount),
    following: null,
    posts: null,
  };
}

async function fetchPosts(cid: string, ask: Ask): Promise<Post[]> {
  const today = dayIn('UTC', ask.now);
  const period = { from: formatDay(addDays(today, -POST_DAYS)), to: formatDay(today) };
  const body = await ask.get('/posts', { cid, ...period, type: 'posts', sort: 'date' }).catch((error: unknown) => {
    if (!(error instanceof ProviderError && error.problem === 'not_covered')) throw error;
    const message = 'knows the account but none of its posts';
    throw new ProviderError(NAME, 'not_covered', message, { hint: HINT, cause: error });
  });
  const { posts } = readShape(NAME, postList, body).data;
  refuseRenamed(NAME, 'data.posts[]', posts, ['likes', 'comments']);
  const found = new Map<string, Post>();
  for (const each of posts.map(toPost)) if (!found.has(each.externalId)) found.set(each.externalId, each);
  return [...found.values()].slice(0, ask.posts);
}

const MEDIA_TYPES = new Map<string | null | undefined, MediaType>([
  ['photo', 'image'],
  ['image', 'image'],
  ['video', 'video'],
  ['reel', 'video'],
  ['carousel', 'carousel'],
  ['album', 'carousel'],
]);

function toPost(each: z.output<typeof post>): Post {
  const named = parsePostUrl(each.url);
  // The number of a post is in its URL only, in base 64.
  const [code, number] = named?.kind === 'post' && named.platform === 'instagram' ? named.ids : [];
  if (!code || !number) throw shapeError(NAME, 'data.posts[].url', 'is not the URL of a post');
  const mediaType = MEDIA_TYPES.get(each.type) ?? null;
  const views = toMetric(each.views);
  return {
    externalId: number,
    url: postUrl(code, /\/reels?\//.test(each.url)),
    caption: each.text ?? null,
    mediaType,
    thumbnailUrl: orNull(each.image),
    mediaUrl: null,
    duration: null,
    postedAt: fromIsoTime(each.date),
    metrics: {
      likes: toMetric(each.likes),
      comments: toMetric(each.comments),
      // Pictures are sent with 0 views or none: they are not counted.
      views: views === 0 && mediaType !== 'video' ? null : views,
      shares: null,
      saves: null,
      reach: null,
      impressions: null,
    },
  };
}

/**
 * What an account won on each of the whole days before it was last counted. Its follower counts are not taken: between
 * two counts they lie on a straight line. It sends 0 views for accounts whose views it does not know.
 */
async function fetchDays(cid: string, counted: Day, ask: Ask): Promise<DailyInsight[]> {
  const last = addDays(counted, -1);
  const query = { cid, from: formatDay(addDays(last, 1 - INSIGHT_DAYS)), to: formatDay(last) };
  const { current } = readShape(NAME, retrospective, await ask.get('/statistics/retrospective', query)).data.series;
  refuseRenamed(NAME, 'data.series.current[]', current, ['deltaLikes', 'deltaComments', 'deltaViews']);
  const days = current.flatMap(({ date, deltaLikes, deltaComments, deltaViews }) => {
    const day = parseDay(date);
    if (day === undefined || day > last) return [];
    const video_views = toMetric(deltaViews) || null;
    return [{ day, metrics: { likes: toMetric(deltaLikes), comments: toMetric(deltaComments), video_views } }];
  });
  return mergeDays(days);
}

/** `2026-08-20` as the API wants it: `20.08.2026`. */
function formatDay(day: Day): string {
  return day.split('-').toReversed().join('.');
}

function parseDay(date: string): Day | undefined {
  const day = date.replace(/^(\d\d)\.(\d\d)\.(\d{4})$/, '$3-$2-$1');
  const instant = day === date ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(day) ? day : undefined;
}

/** Failures come in an envelope, `{meta: {code, message}}`, and HTTP may call them fine. */
function classifyMeta({ status, body }: Reply): Failure | undefined {
  const { meta } = (body ?? {}) as { meta?: unknown };
  const { code: sent, message } = (meta ?? {}) as { code?: unknown; message?: unknown };
  const code = Number(sent ?? status);
  const said = typeof message === 'string' ? message.slice(0, 200) : `code ${code}`;
  if (meta === undefined || code === 200) return undefined;
  if (code === 404) {
    // It knows the accounts that somebody asked for before: that others do not exist, it cannot say.
    return { problem: 'not_covered', message: 'has never counted this account', retry: false, hint: HINT };
  }
  if (status !== 200) return undefined;
  if (code === 429) {
    return { problem: 'rate_limited', message: `asks to slow down (${said})`, retry: true, waitMs: 1_100 };
  }
  return { problem: 'unavailable', message: `answered with an error: ${said}`, retry: code >= 500 };
}
