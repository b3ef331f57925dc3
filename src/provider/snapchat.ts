// https://developers.snap.com/api/marketing-api/Public-Profile-API/Introduction
import * as z from 'zod/mini';
import type { DailyInsight, Profile } from '../core/account.ts';
import { ProviderError } from '../core/errors.ts';
import { toMetric } from '../core/metric.ts';
import { parseRetryAfter, type Failure, type Reply } from './client/failure.ts';
import { mergeDays } from './shared/merge-days.ts';
import { createOptional } from './shared/optional.ts';
import type { Ask, Provider } from './provider.ts';
import { counter, id, orNull, readShape, shapeError, text } from './shared/shape.ts';

const NAME = 'snapchat';
/** Snapchat tells the last 90 days. */
const DAYS = 89;

const publicProfile = z.object({
  id,
  snap_user_name: text,
  display_name: text,
  description: text,
  logo_urls: z.nullish(z.object({ original_logo_url: text })),
  profile_tier: text,
  internal_profile_category: text,
  subscriber_count: counter,
});
type PublicProfile = z.output<typeof publicProfile>;

const found = z.object({
  public_profiles: z.array(z.object({ sub_request_status: z.string(), public_profile: z.nullish(publicProfile) })),
});
const own = z.object({ public_profile: publicProfile });

const stat = z.object({ dimension_breakdown: text, value: counter });
const field = z.object({
  field: z.object({ field_name: z.string(), stats: z.nullish(z.array(stat)) }),
  stats: z.nullish(z.array(stat)),
});
const point = z.object({
  start_time: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T/)),
  fields: z.optional(z.array(field)),
  stats: z.optional(z.record(z.string(), z.unknown())),
});
const series = z.object({ timeseries: z.array(point) });
/** Two shapes are known: one of fields with their own lists, one of plain counts. */
const stats = z.union([
  z.object({ assets: z.array(series) }),
  z.object({ timeseries_stats: z.array(z.object({ timeseries_stat: series })) }),
]);

/**
 * Public profiles by name, and the key's own. Their posts are not read. Whoever is not the owner sees the followers of
 * each day, and no views.
 */
export const snapchat: Provider = {
  name: NAME,
  platforms: ['snapchat'],
  covers: 'any',
  about: "public Snapchat profiles and their daily numbers, without posts, through Snap's Public Profile API",
  price: null,
  credential: {
    name: 'snapchat_access_token',
    env: 'SNAPCHAT_ACCESS_TOKEN',
    source: 'https://developers.snap.com/api/marketing-api/Public-Profile-API/GetStarted (Snap has to allow your app)',
  },
  baseUrl: 'https://businessapi.snapchat.com',
  // https://developers.snap.com/api/marketing-api/Ads-API/rate-limits: ten a second for a token, on average.
  quota: { limit: 600, period: 60, safetyMargin: 0.8, requestsPerSecond: 5 },
  concurrency: 2,
  reports: { account: ['followers'], post: [], day: ['followers', 'reach', 'shares', 'video_views'] },
  requestCount: () => 3,
  headers: (token) => ({ authorization: `Bearer ${token}` }),
  classify: classifyError,

  async fetchAccount(username, ask) {
    const { user, isOwn } = await findProfile(username, ask);
    const profile: Profile = {
      externalId: user.id,
      displayName: orNull(user.display_name),
      bio: user.description ?? null,
      profilePicUrl: orNull(user.logo_urls?.original_logo_url),
      isVerified: user.profile_tier ? user.profile_tier === 'TIER_PUBLIC_OFFICIAL' : null,
      isBusiness: user.internal_profile_category ? user.internal_profile_category === 'BUSINESS' : null,
      followers: toMetric(user.subscriber_count),
      following: null,
      posts: null,
    };
    const optional = createOptional();
    const days = await optional.read('the days', () => fetchDays(user.id, isOwn, ask));
    return { profile, posts: [], ...(days && { days }), remarks: optional.remarks() };
  },
};

/** The search holds names that are like the one that is looked for, and leaves small profiles out: the own may be one. */
async function findProfile(username: string, ask: Ask): Promise<{ user: PublicProfile; isOwn: boolean }> {
  const isMeant = (each: PublicProfile) => each.snap_user_name?.toLowerCase() === username;
  const query = { query: username, limit: '100', includeStandard: 'true' };
  const answer = readShape(NAME, found, await ask.get('/public/v1/public_profiles/search', query));
  const good = answer.public_profiles.filter((each) => each.sub_request_status.toUpperCase() === 'SUCCESS');
  const user = good.flatMap((each) => each.public_profile ?? []).find(isMeant);
  if (user) return { user, isOwn: false };
  const mine = await unlessRefused(async () => {
    return readShape(NAME, own, await ask.get('/v1/public_profiles/my_profile')).public_profile;
  });
  if (mine && isMeant(mine)) return { user: mine, isOwn: true };
  throw new ProviderError(NAME, 'not_found', `finds no public profile of @${username}`, {
    hint: 'only public profiles can be found; smaller ones by their owner alone',
  });
}

/** The owner's numbers, for whoever may see them, or else the public ones. It names no metric, so none can be refused. */
async function fetchDays(profile: string, isOwn: boolean, ask: Ask): Promise<DailyInsight[]> {
  const query = {
    assetType: 'PROFILE',
    granularity: 'DAY',
    startTime: midnightBefore(ask.now, DAYS),
    endTime: midnightBefore(ask.now, 0),
  };
  const path = `/v1/public_profiles/${encodeURIComponent(profile)}/stats`;
  const ownDays = async () => readDays(await ask.get(path, query));
  if (isOwn) return ownDays();
  return (await unlessRefused(ownDays)) ?? readDays(await ask.get(`/public${path}`, query));
}

/** Asks for what may be refused to this key alone. @returns nothing in that case. */
async function unlessRefused<Value>(question: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await question();
  } catch (error) {
    const isAboutThis = error instanceof ProviderError && ['refused', 'malformed'].includes(error.problem);
    if (!isAboutThis) throw error;
    return undefined;
  }
}

function readDays(body: unknown): DailyInsight[] {
  const answer = readShape(NAME, stats, body);
  const [first] = 'assets' in answer ? answer.assets : answer.timeseries_stats.map((each) => each.timeseries_stat);
  const points = first?.timeseries ?? [];
  if (points.some((each) => !each.fields && !each.stats)) throw shapeError(NAME, 'timeseries[].fields', 'is missing');
  const days = points.map((each) => {
    const values = new Map(Object.entries(each.stats ?? {}).map(([name, value]) => [name.toUpperCase(), value]));
    for (const { field: named, stats: beside } of each.fields ?? []) {
      const whole = (beside ?? named.stats)?.find((one) => (one.dimension_breakdown ?? 'DEFAULT') === 'DEFAULT');
      values.set(named.field_name, whole?.value);
    }
    // Days are asked for, and answered, from midnight to midnight in UTC.
    return { day: each.start_time.slice(0, 10), metrics: toDay(values) };
  });
  return mergeDays(days);
}

function toDay(values: ReadonlyMap<string, unknown>): DailyInsight['metrics'] {
  return {
    followers: toMetric(values.get('SUBSCRIBERS')),
    reach: toMetric(values.get('VIEWERS')),
    shares: toMetric(values.get('SHARES')),
    video_views: toMetric(values.get('VIEWS')),
  };
}

function midnightBefore(now: Date, days: number): string {
  return `${new Date(now.getTime() - days * 86_400_000).toISOString().slice(0, 10)}T00:00:00.000Z`;
}

/** Some errors come as a good reply that calls itself one. */
function classifyError({ status, headers, receivedAt, body }: Reply): Failure | undefined {
  const { request_status, error_code, debug_message, display_message } = (body ?? {}) as Record<string, unknown>;
  const told = [display_message, debug_message, error_code].find((each) => typeof each === 'string' && each !== '');
  const said = typeof told === 'string' ? `: ${told.slice(0, 200)}` : '';
  const isError = typeof request_status === 'string' && request_status.toUpperCase() === 'ERROR';
  const isDenied = isError && /unauthorized|permission|denied/i.test(`${String(error_code)} ${said}`);
  if (status === 401 || status === 403 || (status === 200 && isDenied)) {
    return {
      problem: 'refused',
      message: `did not allow it (${status})${said}`,
      retry: false,
      hint: 'get a new token from an app that Snap has allowed, then: smstats config set credentials.snapchat_access_token',
    };
  }
  if (status === 400) return { problem: 'malformed', message: `refused the question (400)${said}`, retry: false };
  if (status === 429) {
    const waitMs = parseRetryAfter(headers, receivedAt) ?? 5_000;
    const wait = `back in ${Math.ceil(waitMs / 1000)} s`;
    return { problem: 'rate_limited', message: `asks to slow down (429, ${wait})`, retry: true, waitMs };
  }
  if (status !== 200 || !isError) return undefined;
  return { problem: 'unavailable', message: `answered with an error${said}`, retry: true };
}
