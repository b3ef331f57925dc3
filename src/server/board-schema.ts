import { z } from '@hono/zod-openapi';
import { GAINS, type Gain } from '../query/find-day-series.ts';
import { SERIES_METRICS, type SeriesMetric } from '../query/list-series.ts';
import { DIGITS, LINK, NAME, WORD } from './board-request.ts';

export const COUNT = z.number().nullable();
export const DAY = z.string().openapi({ example: '2026-11-22' });
export const INSTANT = z.string().openapi({ example: '2026-11-22T03:00:12.000Z' });

/** A change over a window, with how much of it was seen: as the report questions have it. */
const CHANGE = z
  .object({
    startDay: DAY.nullable(),
    start: COUNT,
    endDay: DAY.nullable(),
    end: COUNT,
    change: COUNT,
    rate: COUNT.openapi({ description: 'percent of the value at the start; null where too few days are known' }),
    days: COUNT.openapi({ description: 'between the two days' }),
    window: z.number().openapi({ description: 'days asked for' }),
    observed: z.number().openapi({ description: 'days of the window that are known' }),
    coverage: z.number().openapi({ description: 'percent of the days that are known' }),
    reason: z.string().nullable().openapi({ description: 'why there is no rate' }),
  })
  .openapi('CoveredChange');

const GAIN = Object.fromEntries(
  Object.keys(GAINS).map((gain) => [
    gain,
    COUNT.openapi({ description: 'less the day before; null where one of both is not known' }),
  ]),
) as Record<Gain, typeof COUNT>;

const TOTALS = { ...eachMetric(() => COUNT), following_count: COUNT };

const RATE = {
  engagement_rate: COUNT.openapi({ description: 'percent of engagement_basis' }),
  engagement_basis: WORD.nullable(),
};

const CARD = z
  .object({
    account_id: DIGITS,
    ...NAME,
    display_name: z.string().nullable(),
    brand: z.string(),
    is_active: z.boolean(),
    is_competitor: z.boolean(),
    is_sample: z.boolean(),
    provider_name: z.string().nullable(),
    last_snapshot_date: DAY.nullable(),
    last_fetched_at: INSTANT.nullable(),
    profile_url: LINK,
    ...TOTALS,
    ...RATE,
    followers_change: CHANGE,
    views_change: CHANGE,
    failing: z
      .object({ first_day: DAY, last_day: DAY, fetches: z.number(), error_message: z.string().nullable() })
      .nullable()
      .openapi({ description: 'its fetches since one succeeded; null when the latest one did' }),
    followers_series: z.array(COUNT).openapi({ description: 'one a day, the last one of last_snapshot_date' }),
  })
  .openapi('AccountCard');

/** Every account on a card. */
export const ACCOUNTS = z.object({ days: z.number(), accounts: z.array(CARD) });

const DAY_ROW = z
  .object({
    date: DAY,
    ...TOTALS,
    ...GAIN,
    ...RATE,
    provider_name: z.string().nullable(),
  })
  .openapi('DayRow');

const WINDOW = z
  .object({ from: DAY, to: DAY, rows: z.array(DAY_ROW), growth: metricObject(CHANGE) })
  .openapi('DayWindow');

/** One account day by day; `now` and `before` are null when it has no numbers yet. */
export const SERIES = z.object({
  account_id: DIGITS,
  ...NAME,
  is_sample: z.boolean(),
  days: z.number(),
  now: WINDOW.nullable().openapi({ description: "ends on the account's last day" }),
  before: WINDOW.nullable().openapi({ description: 'as many days before that' }),
  compared: metricObject(z.object({ rate: COUNT, reason: z.string().nullable() }))
    .nullable()
    .openapi({ description: 'percent by which the gain a day is higher now than before' }),
});

const POST = {
  post_id: DIGITS,
  ...NAME,
  external_post_id: z.string(),
  post_url: LINK,
  posted_at: INSTANT.nullable(),
  caption: z.string().nullable(),
};

/** What is linked, what waits for a person, what nobody knows. */
export const MAPPING = z.object({
  counts: z.object({
    posts: z.number(),
    confirmed: z.number(),
    suggested: z.number(),
    rejected: z.number(),
    unmapped: z.number(),
  }),
  suggestions: z.array(
    z
      .object({
        ...POST,
        video_id: z.string().nullable(),
        clip_id: z.string().nullable(),
        content_title: z.string().nullable(),
        confidence: z.number().openapi({ description: '0 to 1' }),
        runner_up: COUNT.openapi({ description: 'the score of the second best' }),
        matched_by: z.string(),
        views_count: COUNT,
      })
      .openapi('Suggestion'),
  ),
  unmapped: z.array(z.object(POST).openapi('UnmappedPost')),
});

/** What a person says of a post. */
export const DECISION = z
  .strictObject({
    post_id: DIGITS,
    decision: z.enum(['confirm', 'reject']),
    video_id: z.string().min(1).max(200).optional(),
    clip_id: z.string().min(1).max(200).optional(),
  })
  .openapi('MappingDecision');

/** What is stored of it then. */
export const DECIDED = z.object({
  post_id: DIGITS,
  status: z.enum(['confirmed', 'rejected']),
  video_id: z.string().nullable(),
  clip_id: z.string().nullable(),
});

function metricObject<Schema extends z.ZodType>(schema: Schema) {
  return z.object(eachMetric(() => schema));
}

function eachMetric<Value>(valueOf: (metric: SeriesMetric) => Value): Record<SeriesMetric, Value> {
  return Object.fromEntries(SERIES_METRICS.map((metric) => [metric, valueOf(metric)])) as Record<SeriesMetric, Value>;
}
