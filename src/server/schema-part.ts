import { z } from '@hono/zod-openapi';
import { DAY_METRICS } from '../query/list-daily-metrics.ts';
import { SERIES_METRICS } from '../query/list-series.ts';

/** Parts that several answers are made of. Fields are only ever added to an answer: what a schema does not name may be there. */

export const N = z.number().nullable();
export const T = z.string().nullable();
export const LIST = z.array(z.unknown());
export const FLAG = z.union([z.literal(0), z.literal(1), z.boolean()]);
export const ROW = (shape: z.ZodRawShape) => z.looseObject(shape);
export const ROWS = (shape: z.ZodRawShape) => z.array(ROW(shape));

/** The same schema under several names. */
export const each = (names: readonly string[], schema: z.ZodType) =>
  Object.fromEntries(names.map((name) => [name, schema]));

/** Whose it is. */
export const WHOSE = { platform: z.string(), username: z.string(), is_sample: z.boolean() };

const GROWTH_FIELDS = { startDay: T, start: N, endDay: T, end: N, change: N, rate: N, days: N };
const SEEN = { window: z.number(), observed: z.number(), coverage: z.number(), reason: T };

export const GROWTH = ROW({ ...GROWTH_FIELDS, ...SEEN }).openapi('Growth', {
  description:
    'How a number changed over a window. rate is percent of start; coverage is percent of the days of the window that are known; where there is no rate, reason says why.',
});
export const GROWTHS = ROW(each(SERIES_METRICS, GROWTH)).openapi('GrowthByMetric');
export const CHANGE = ROW({ rate: N, reason: T }).openapi('RateOrReason', {
  description: 'A rate in percent, or why there is none.',
});
export const SERIES = ROWS({ snapshot_date: z.string(), ...each(SERIES_METRICS, N) }).openapi('Series');

const POST_COUNTS = ['views', 'likes', 'comments', 'shares', 'saves', 'reach', 'impressions'];
export const POST = ROW({
  id: z.int(),
  account_id: z.int(),
  platform: z.string(),
  username: z.string(),
  external_post_id: z.string(),
  post_url: T,
  caption: T,
  media_type: T,
  duration: N,
  posted_at: T,
  snapshot_date: z.string(),
  ...each(
    POST_COUNTS.map((name) => `${name}_count`),
    N,
  ),
  engagement_rate: N,
  engagement_basis: T,
  provider_name: T,
}).openapi('Post', { description: 'A post with its latest numbers. engagement_rate is percent of engagement_basis.' });

export const LATEST = {
  account_id: z.int(),
  platform: z.string(),
  username: z.string(),
  display_name: T,
  brand: T,
  is_competitor: FLAG,
  followers_count: N,
  following_count: N,
  posts_count: N,
  total_likes: N,
  total_comments: N,
  total_views: N,
  total_shares: N,
  engagement_rate: N,
  engagement_basis: T,
  avg_likes_per_post: N,
  avg_comments_per_post: N,
  provider_name: T,
  last_snapshot_date: z.string(),
};

export const HASHTAGS = ROWS({ tag: z.string(), written: z.string(), posts: z.int(), views: N });
export const REPORTED = ROWS({ date: z.string(), ...each(DAY_METRICS, N) });

/** A window of posts, and how they are compared. */
export const POSTS_WINDOW = ROW({ from: z.string(), to: z.string(), time_zone: z.string() });
export const STRATA = ROWS({ media_type: T, metric: z.string(), posts: z.int(), covered: z.int(), scored: z.int() });
export const PUBLISHED = { posts: z.int(), ...each(['views', 'likes', 'comments', 'shares'], N) };
export const ENGAGEMENT = ROW({ rate: N, basis: T, interactions: N, denominator: N, posts: N, reason: T });
