// https://developers.google.com/youtube/analytics/reference/reports/query
import * as z from 'zod/mini';
import type { AccountAnswer, AgeGroup, Audience, DailyInsight, DailyMetric } from '../../core/account.ts';
import { ProviderError } from '../../core/errors.ts';
import { toMetric } from '../../core/metric.ts';
import { addDays, dayIn } from '../../core/time.ts';
import type { Ask } from '../provider.ts';
import { createOptional } from './optional.ts';
import { readShape, shapeError } from './shape.ts';

/** Where the owner of a channel asks. It has a quota of its own. */
export const ANALYTICS = 'https://youtubeanalytics.googleapis.com';

/** The days of a report begin at midnight there: https://developers.google.com/youtube/analytics/dimensions#Temporal_Dimensions */
const ZONE = 'America/Los_Angeles';
/** Later days replace what was not final, and a month fills the gap of a computer that was off. */
const DAYS = 30;
const COUNTRIES = 25;

const METRICS: Record<string, DailyMetric> = {
  views: 'video_views',
  likes: 'likes',
  comments: 'comments',
  shares: 'shares',
};

const AGES: Record<string, AgeGroup> = {
  'age13-17': 'age_13_17',
  'age18-24': 'age_18_24',
  'age25-34': 'age_25_34',
  'age35-44': 'age_35_44',
  'age45-54': 'age_45_54',
  'age55-64': 'age_55_64',
  'age65-': 'age_65_plus',
};

const channelIds = z.object({ items: z.optional(z.array(z.object({ id: z.string() }))) });

const report = z.object({
  columnHeaders: z.array(z.object({ name: z.string() })),
  /** Left out when there are none. */
  rows: z.optional(z.array(z.array(z.union([z.string(), z.number(), z.null()])))),
});

type Row = Record<string, string | number | null>;
type Insights = Required<Pick<AccountAnswer, 'remarks'>> & Pick<AccountAnswer, 'days' | 'audience'>;

/**
 * Fetches what the owner of a channel may see of it: its last days and its viewers. Nothing when the token is of another
 * channel. A report that is not delivered costs what it would have told; a remark says so.
 */
export async function fetchInsights(name: string, channelId: string, ask: Ask): Promise<Insights | undefined> {
  const optional = createOptional();
  const own = await optional.read('days and viewers', async () => {
    const body = await ask.get('/youtube/v3/channels', { part: 'id', mine: 'true' });
    return readShape(name, channelIds, body).items ?? [];
  });
  if (own && !own.some(({ id }) => id === channelId)) return undefined;
  if (!own) return { remarks: optional.remarks() };

  const today = dayIn(ZONE, ask.now);
  const query = async (dimensions: string, metrics: string, more: Record<string, string> = {}) => {
    const { body } = await ask.send({
      origin: ANALYTICS,
      path: '/v2/reports',
      query: {
        ids: 'channel==MINE',
        startDate: addDays(today, -DAYS),
        endDate: addDays(today, -1),
        dimensions,
        metrics,
        ...more,
      },
      units: 0,
    });
    return readReport(name, body, [...dimensions.split(','), ...metrics.split(',')]);
  };

  const days = new Map<string, DailyInsight>();
  const addMetrics = (metrics: readonly string[]) => async () => {
    const rows = await query('day', metrics.join(','), { sort: 'day' });
    const isDay = (row: Row) => /^\d{4}-\d{2}-\d{2}$/.test(String(row['day']));
    if (!rows.every(isDay)) throw shapeError(name, 'rows[].day', 'is no day');
    for (const row of rows) {
      const day = String(row['day']);
      const known = days.get(day) ?? { day, metrics: {} };
      for (const metric of metrics) known.metrics[METRICS[metric] as DailyMetric] = toMetric(row[metric]);
      days.set(day, known);
    }
  };
  const all = Object.keys(METRICS);
  const isRefused = await optional.read('the days', async () => {
    try {
      await addMetrics(all)();
      return false;
    } catch (error) {
      // A bad name among them fails all; whatever else is wrong would fail each.
      if (error instanceof ProviderError && error.problem === 'malformed') return true;
      throw error;
    }
  });
  if (isRefused) for (const metric of all) await optional.read(`${metric} of the days`, addMetrics([metric]));

  const people = await optional.read('age and gender', () => query('ageGroup,gender', 'viewerPercentage'));
  const countries = await optional.read('countries', () =>
    query('country', 'views', { sort: '-views', maxResults: String(COUNTRIES) }),
  );
  return {
    days: [...days.values()].toSorted((a, b) => a.day.localeCompare(b.day)),
    audience: toAudience(people ?? [], countries ?? []),
    remarks: optional.remarks(),
  };
}

/** The rows of a table by the names of its columns. */
function readReport(name: string, body: unknown, columns: readonly string[]): Row[] {
  const { columnHeaders, rows = [] } = readShape(name, report, body);
  const names = columnHeaders.map((column) => column.name);
  const missing = columns.find((column) => !names.includes(column));
  if (missing !== undefined) throw shapeError(name, `columnHeaders[].${missing}`, 'is missing');
  return rows.map((row) => Object.fromEntries(names.map((column, at) => [column, row[at] ?? null])));
}

/** Who watched, which is the nearest that is told of who follows. Groups with too few people are left out: unknown. */
function toAudience(people: readonly Row[], countries: readonly Row[]): Audience | undefined {
  const share = (column: string, value: string) => {
    const shares = people.filter((row) => row[column] === value).map((row) => Number(row['viewerPercentage']));
    const sum = shares.reduce((total, each) => total + each, 0);
    return shares.length > 0 && Number.isFinite(sum) ? Math.round(sum * 100) / 100 : null;
  };
  // ZZ is where YouTube could not tell.
  const names = countries.map((row) => String(row['country'])).filter((country) => country !== 'ZZ');
  if (people.length === 0 && names.length === 0) return undefined;
  return {
    ages: Object.fromEntries(Object.entries(AGES).map(([group, column]) => [column, share('ageGroup', group)])),
    male: share('gender', 'male'),
    female: share('gender', 'female'),
    countries: names.length > 0 ? names : null,
    cities: null,
  };
}
