import { z } from '@hono/zod-openapi';

const COUNT = z.int().min(0).nullable();
const NUMBER = z.number().nullable();
const TEXT = z.string().nullable();
const DAY = z.string().openapi({ format: 'date', example: '2025-10-23' });
const INSTANT = z.string().openapi({ format: 'date-time', example: '2025-10-23T10:00:00.000Z' });
const success = z.literal(true);

export const RECORDED = z.strictObject({ success, message: z.string() }).openapi('Recorded');
export const RECORDED_DAY = z.strictObject({ success, message: z.string(), date: DAY }).openapi('RecordedDay');
export const RECORDED_BATCH = z
  .strictObject({ success, message: z.string(), count: z.int().min(1) })
  .openapi('RecordedBatch');

export const RATIOS = z
  .strictObject({
    success,
    roi: NUMBER.openapi({ description: '(revenue - cost) / cost x 100, in percent' }),
    roas: NUMBER.openapi({ description: 'revenue / cost' }),
    conversion_rate: NUMBER.openapi({ description: 'conversions / impressions x 100, in percent' }),
    cost_per_conversion: NUMBER.openapi({ description: 'cost / conversions' }),
    cost_per_reach: NUMBER.openapi({ description: 'cost / reach' }),
  })
  .openapi('CampaignRatios');

const DAY_ROW = z
  .strictObject({
    metric_id: z.int().nullable().openapi({ description: 'null: nobody reported that day, it was only fetched' }),
    account_id: z.int(),
    platform: z.string(),
    date: DAY,
    followers: COUNT,
    engagement_rate: NUMBER.openapi({ description: 'percent, as it was reported' }),
    reach: COUNT,
    impressions: COUNT,
    shares: COUNT,
    comments: COUNT,
    likes: COUNT,
    clicks: COUNT,
    saves: COUNT,
    video_views: COUNT,
    profile_visits: COUNT,
    mentions: COUNT,
    created_at: INSTANT.nullable(),
  })
  .openapi('MetricsOfDay');

export const DAYS = z
  .strictObject({ success, metrics: z.array(DAY_ROW), count: z.int().min(0), platform: z.string() })
  .openapi('MetricsByDay');

export const SUMMARY = z
  .strictObject({
    success,
    summary: z.strictObject({
      platform: z.string(),
      current_followers: COUNT,
      growth_30d: z.int().nullable().openapi({ description: 'followers now less those 30 days before the newest day' }),
      growth_rate: NUMBER.openapi({ description: 'growth_30d in percent of what it starts from' }),
      avg_engagement: NUMBER.openapi({ description: 'percent' }),
      reach_30d: COUNT.openapi({ description: 'the reach of each day, added up' }),
      impressions_30d: COUNT,
      latest_update: DAY.openapi({ description: 'the newest day of which something is known' }),
    }),
  })
  .openapi('Summary');

const CONTENT_ROW = z
  .strictObject({
    content_id: z.int(),
    account_id: z.int(),
    platform: z.string(),
    post_id: z.string().openapi({ description: 'the id that the platform gave it' }),
    post_type: TEXT,
    caption: TEXT,
    hashtags: TEXT.openapi({ description: 'between blanks, without #' }),
    posted_at: INSTANT.nullable(),
    likes: COUNT,
    comments: COUNT,
    shares: COUNT,
    saves: COUNT,
    views: COUNT,
    reach: COUNT,
    engagement_rate: NUMBER.openapi({ description: 'percent of engagement_basis' }),
    created_at: INSTANT.nullable(),
    engagement_basis: TEXT,
    impressions: COUNT,
    post_url: TEXT,
    snapshot_date: DAY.openapi({ description: 'the day that the numbers are of' }),
  })
  .openapi('ContentPerformance');

export const CONTENT = z
  .strictObject({ success, top_content: z.array(CONTENT_ROW), count: z.int().min(0) })
  .openapi('TopContent');

export const AUDIENCE = z
  .strictObject({
    success,
    demographics: z.strictObject({
      account_id: z.int(),
      platform: z.string(),
      date: DAY,
      age_13_17: NUMBER,
      age_18_24: NUMBER,
      age_25_34: NUMBER,
      age_35_44: NUMBER,
      age_45_54: NUMBER,
      age_55_64: NUMBER,
      age_65_plus: NUMBER,
      male_percentage: NUMBER,
      female_percentage: NUMBER,
      top_countries: z.unknown().openapi({ type: ['array', 'null'], items: {}, description: 'the largest first' }),
      top_cities: z.unknown().openapi({ type: ['array', 'null'], items: {}, description: 'the largest first' }),
    }),
  })
  .openapi('Demographics');
