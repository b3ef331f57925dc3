import { z } from '@hono/zod-openapi';
import { AGE_FIELDS, GENDER_FIELDS } from '../record/kind.ts';
import { RATIO_NAMES } from '../insight/roi.ts';
import type { AskedName } from './question.ts';
import * as part from './schema-part.ts';

const { N, T, ROW, ROWS, LIST, WHOSE, each } = part;

const CAMPAIGN_NUMBERS = ['cost', 'revenue_generated', 'conversions', 'total_reach', 'total_impressions'];
const PLACE = ROW({ percentile: N, n: z.int(), reason: T });
const TREND = ROW({
  metric: z.string(),
  days: z.int(),
  current: part.GROWTH,
  previous: part.GROWTH,
  yearBefore: part.GROWTH,
  ...each(['perDay', 'previousPerDay', 'yearBeforePerDay'], N),
  onPrevious: part.CHANGE,
  onYearBefore: part.CHANGE,
});
const MONTH = ROW({
  month: ROW({ name: z.string(), first: z.string(), last: z.string(), days: z.int(), isWhole: z.boolean() }),
  followers: part.GROWTH,
  gains: ROW(each(['views', 'likes', 'comments', 'shares'], part.GROWTH)),
  published: ROW(part.PUBLISHED),
  engagement: part.ENGAGEMENT,
  ...each(['onPrevious', 'onYearBefore', 'viewsOnPrevious', 'viewsOnYearBefore'], part.CHANGE),
  previousFollowersChange: N,
  yearBeforeFollowersChange: N,
});

/** What each question answers: the data of the command line's `--json`. */
export const ANSWERS = {
  overview: ROW({
    window_days: z.int(),
    accounts: ROWS({
      ...part.LATEST,
      is_sample: z.boolean(),
      followers_change: part.GROWTH,
      views_change: part.GROWTH,
      followers_series: z.array(N),
    }),
    top_posts_by: z.enum(['views', 'likes']),
    top_posts: z.array(part.POST),
    top_hashtags: part.HASHTAGS,
    failed_accounts: LIST,
  }),
  account: ROW({
    account: ROW({ id: z.int(), platform: z.string(), username: z.string(), is_active: part.FLAG, brand: T }),
    latest: ROW(part.LATEST).nullable(),
    is_sample: z.boolean(),
    growth: ROWS({ days: z.int(), metrics: part.GROWTHS }),
    series: part.SERIES,
    top_posts_by: z.enum(['views', 'likes']),
    top_posts: z.array(part.POST),
    newest_posts: z.array(part.POST),
    top_hashtags: part.HASHTAGS,
    reported_days: part.REPORTED,
  }),
  posts: z.array(part.POST),
  content: ROWS({
    kind: z.enum(['video', 'clip']),
    id: z.string(),
    video_id: T,
    title: T,
    published_at: T,
    posts: z.int(),
    platforms: z.int(),
    ...each(['views', 'likes', 'comments', 'shares', 'engagement_rate'], N),
    engagement_basis: T,
    is_sample: z.boolean(),
  }),
  audience: ROWS({
    account_id: z.int(),
    platform: z.string(),
    username: z.string(),
    date: z.string(),
    ...each([...AGE_FIELDS, ...GENDER_FIELDS], N),
    top_countries: z.unknown(),
    top_cities: z.unknown(),
  }),
  campaigns: ROWS({
    id: z.int(),
    campaign_id: z.string(),
    account_id: z.int().nullable(),
    ...each(['platform', 'username', 'video_id', 'video_title', 'start_date', 'end_date', 'currency'], T),
    ...each([...CAMPAIGN_NUMBERS, 'total_engagement', 'engagement_rate', ...RATIO_NAMES], N),
    reasons: z.record(z.string(), z.string()).openapi({ description: 'Why a ratio is null, by its name.' }),
  }),
  growth: ROWS({
    ...WHOSE,
    window_days: z.int(),
    period: z.string(),
    growth: part.GROWTHS,
    previous: part.GROWTHS,
    year_before: part.GROWTHS,
    published: ROW(part.PUBLISHED),
    series: part.SERIES,
  }),
  monthly: ROW({ timezone: z.string(), periods: ROW({}), accounts: ROWS({ ...WHOSE, months: z.array(MONTH) }) }),
  compare: ROW({
    window_days: z.int(),
    periods: ROW({}),
    accounts: ROWS({
      ...WHOSE,
      brand: T,
      is_competitor: z.boolean(),
      followers_count: N,
      followers: part.GROWTH,
      views: part.GROWTH,
      published: ROW(part.PUBLISHED),
      engagement: part.ENGAGEMENT,
      percentiles: ROW(each(['followers', 'followers_rate', 'posts_published', 'engagement'], PLACE)),
      benchmarks: ROWS({ benchmark: ROW({ rate: z.number(), denominator: T }), ratio: N, reason: T }),
    }),
    brands: ROWS({ brand: T, platforms: z.array(z.string()), ...each(['followers', 'followersChange', 'views'], N) }),
  }),
  anomalies: ROWS({
    ...WHOSE,
    window_days: z.int(),
    series: ROWS({ metric: z.string(), from: T, to: T, days: N, anomalies: LIST, episodes: LIST, daysPerYear: N }),
  }),
  forecast: ROW({
    horizon_days: z.int(),
    definitions: ROW({}),
    accounts: ROWS({
      ...WHOSE,
      series: ROWS({ metric: z.string(), forecast: ROW({}).nullable(), milestones: LIST }),
    }),
  }),
  trends: ROW({
    period: z.string(),
    accounts: ROWS({ ...WHOSE, trends: z.array(TREND) }),
    rising_posts: ROWS({ days: z.int(), posts: LIST }),
  }),
  hashtags: ROW({
    window: part.POSTS_WINDOW,
    age_hours: z.number(),
    lift_is: z.string(),
    tested: z.int(),
    accounts: ROWS({ ...WHOSE, strata: part.STRATA }),
    hashtags: ROWS({
      tags: z.array(z.string()),
      posts: z.int(),
      with: N,
      without: N,
      ...each(['views', 'lift', 'low', 'high', 'p', 'q'], N),
      verdict: z.string(),
    }),
  }),
  'best-times': ROW({
    window: part.POSTS_WINDOW,
    age_hours: z.number(),
    ratio_is: z.string(),
    accounts: ROWS({
      ...WHOSE,
      strata: part.STRATA,
      n: z.int(),
      p: N,
      verdict: z.string(),
      cells: ROWS({ weekday: z.int(), from_hour: z.int(), n: z.number() }),
      to_try: ROWS({ weekday: z.int(), from_hour: z.int(), n: z.number() }),
      slots: LIST,
    }),
  }),
  decay: ROW({
    window: part.POSTS_WINDOW,
    final_days: z.int(),
    share_is: z.string(),
    curves: ROWS({
      ...WHOSE,
      media_type: T,
      metric: z.string(),
      posts: z.int(),
      followed: z.int(),
      curve: ROWS({ age: z.number(), n: z.int(), median: N, low: N, high: N }),
    }),
  }),
  usage: ROW({
    from: z.string(),
    to: z.string(),
    providers: ROWS({
      provider_name: z.string(),
      platform: T,
      ...each(['requests', 'units', 'succeeded', 'failed', 'unknown', 'today'], z.int()),
      ...each(['average_latency_ms', 'quota_used', 'quota_allowed', 'quota_left'], N),
      last_request_at: T,
    }),
    errors: LIST,
  }),
} as const satisfies Record<AskedName, z.ZodType>;
