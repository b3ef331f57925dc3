import type { Kysely } from 'kysely';
import { addDays, daysBetween, type Day } from '../core/time.ts';
import { compareGains, growthWithin, type CoveredGrowth, type GainChange } from '../insight/coverage.ts';
import type { Database } from '../store/schema.ts';
import { SERIES_METRICS, type SeriesMetric, type SeriesRow } from './list-series.ts';

/** What a day brought: less the value of the day before; null where one of the two is not known. */
export const GAINS = {
  followers_gain: 'followers_count',
  posts_gain: 'posts_count',
  likes_gain: 'total_likes',
  comments_gain: 'total_comments',
  views_gain: 'total_views',
  shares_gain: 'total_shares',
} as const satisfies Record<string, SeriesMetric>;
export type Gain = keyof typeof GAINS;

/** An account's numbers on a day; all null on a day without any. */
export interface DayRow extends Record<SeriesMetric | Gain, number | null> {
  date: Day;
  following_count: number | null;
  /** Percent. */
  engagement_rate: number | null;
  /** What it is of. */
  engagement_basis: string | null;
  provider_name: string | null;
}

/** A window of days, a row each, and the change over it. */
export interface DayWindow {
  from: Day;
  to: Day;
  rows: DayRow[];
  growth: Record<SeriesMetric, CoveredGrowth>;
}

/** A window that ends on the account's last day, the one before it, and how their gains compare. */
export interface DaySeries {
  now: DayWindow;
  before: DayWindow;
  compared: Record<SeriesMetric, GainChange>;
}

type StoredDay = SeriesRow & Pick<DayRow, 'following_count' | 'engagement_rate' | 'engagement_basis' | 'provider_name'>;

/** One account day by day; undefined when it has no numbers. */
export async function findDaySeries(
  db: Kysely<Database>,
  accountId: number,
  days: number,
): Promise<DaySeries | undefined> {
  const { last } = await db
    .selectFrom('social_media_analytics_snapshots')
    .select(({ fn }) => fn.max('snapshot_date').as('last'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  if (last === null) return undefined;
  const rows = db
    .selectFrom('social_media_analytics_snapshots')
    .select(['snapshot_date', ...SERIES_METRICS, 'following_count'])
    .select(['engagement_rate', 'engagement_basis', 'provider_name'])
    .where('account_id', '=', accountId);
  const start = addDays(last, -2 * days);
  // What the earlier window starts from when its first day has no numbers.
  const older = await rows.where('snapshot_date', '<', start).orderBy('snapshot_date', 'desc').limit(1).execute();
  const within = await rows.where('snapshot_date', '>=', start).orderBy('snapshot_date').execute();
  const stored = [...older, ...within];
  const now = windowOf(stored, last, days);
  const before = windowOf(stored, addDays(last, -days), days);
  return { now, before, compared: eachMetric((metric) => compareGains(now.growth[metric], before.growth[metric])) };
}

function windowOf(stored: readonly StoredDay[], to: Day, days: number): DayWindow {
  const from = addDays(to, 1 - days);
  const seen = stored.filter((row) => row.snapshot_date <= to);
  const pointsOf = (metric: SeriesMetric) => seen.map((row) => ({ day: row.snapshot_date, value: row[metric] }));
  return {
    from,
    to,
    rows: fillDays(seen, from, to),
    growth: eachMetric((metric) => growthWithin(pointsOf(metric), days)),
  };
}

/** One row a day. What was gained over a gap is of no day of it. */
function fillDays(stored: readonly StoredDay[], from: Day, to: Day): DayRow[] {
  const byDay = new Map(stored.map((row) => [row.snapshot_date, row]));
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, i) => {
    const date = addDays(from, i);
    const row = byDay.get(date);
    const eve = byDay.get(addDays(date, -1));
    return {
      date,
      ...eachMetric((metric) => row?.[metric] ?? null),
      following_count: row?.following_count ?? null,
      ...gainsOf(row, eve),
      engagement_rate: row?.engagement_rate ?? null,
      engagement_basis: row?.engagement_basis ?? null,
      provider_name: row?.provider_name ?? null,
    };
  });
}

function gainsOf(row: StoredDay | undefined, eve: StoredDay | undefined): Record<Gain, number | null> {
  const gains = Object.entries(GAINS).map(([gain, metric]) => {
    const [value, before] = [row?.[metric] ?? null, eve?.[metric] ?? null];
    return [gain, value === null || before === null ? null : value - before];
  });
  return Object.fromEntries(gains) as Record<Gain, number | null>;
}

function eachMetric<Value>(valueOf: (metric: SeriesMetric) => Value): Record<SeriesMetric, Value> {
  return Object.fromEntries(SERIES_METRICS.map((metric) => [metric, valueOf(metric)])) as Record<SeriesMetric, Value>;
}
