// https://developers.facebook.com/docs/instagram-platform/insights
import * as z from 'zod/mini';
import { AGE_GROUPS, type AgeGroup, type Audience, type DailyInsight, type DailyMetric } from '../../core/account.ts';
import { toMetric } from '../../core/metric.ts';
import { addDays, dayIn, type Day } from '../../core/time.ts';
import { findRefusal, GraphError, isPermission } from './meta.ts';
import type { Optional } from './optional.ts';
import type { Ask } from '../provider.ts';
import { counter, id, readShape, shapeError, text } from './shape.ts';

const value = z.object({ value: z.optional(z.unknown()), end_time: text });

const breakdown = z.object({
  dimension_keys: z.array(z.string()),
  results: z.nullish(z.array(z.object({ dimension_values: z.array(z.string()), value: counter }))),
});

const insight = z.object({
  name: id,
  values: z.nullish(z.array(value)),
  total_value: z.nullish(z.object({ value: z.optional(z.unknown()), breakdowns: z.nullish(z.array(breakdown)) })),
});

const insightList = z.object({ data: z.array(insight) });

/** A metric as Meta answers it: a series, or a total. */
export type Insight = z.output<typeof insight>;

/** A question for metrics that is put to one object after another, and that learns which of them are refused. */
export interface InsightQuestion {
  /** None where they are refused, and where `optional` was told of a failure. */
  ask(path: string, query?: Record<string, string>): Promise<Insight[]>;
  /** What was refused so far. */
  remarks(): string[];
}

/**
 * Makes a question for metrics. One bad name refuses them all, so then each is asked alone, once: at most
 * `metrics.length` requests more, none for a single metric. `subject` is what they are of, for the remarks. What fails
 * otherwise is left to `optional`.
 */
export function createQuestion(
  provider: string,
  way: Ask,
  optional: Optional,
  subject: string,
  metrics: readonly string[],
): InsightQuestion {
  const refused: string[] = [];
  const lost = new Map<number, number>();
  let left = metrics;
  let wasSplit = false;
  let forbidden: number | undefined;
  const askFor = async (names: readonly string[], path: string, query: Record<string, string>) => {
    const answer = await optional.read(`insights of ${subject}`, async () => {
      try {
        return readInsights(provider, await way.get(path, { metric: names.join(','), ...query }));
      } catch (error) {
        const refusal = findRefusal(error);
        if (!refusal) throw error;
        return refusal;
      }
    });
    return answer ?? [];
  };
  const askAlone = async (name: string, path: string, query: Record<string, string>) => {
    const answer = await askFor([name], path, query);
    if (!(answer instanceof GraphError)) return answer;
    refused.push(`${name} (code ${answer.code})`);
    left = left.filter((each) => each !== name);
    return [];
  };
  return {
    async ask(path, query = {}) {
      if (left.length === 0) return [];
      if (left.length === 1 && metrics.length === 1) return askAlone(metrics[0] as string, path, query);
      const answer = await askFor(left, path, query);
      if (!(answer instanceof GraphError)) return answer;
      const { code } = answer;
      if (isPermission(code) && !isOfObject(answer)) {
        forbidden = code;
        left = [];
        return [];
      }
      if (wasSplit || isOfObject(answer)) {
        lost.set(code, (lost.get(code) ?? 0) + 1);
        return [];
      }
      wasSplit = true;
      const found: Insight[] = [];
      for (const name of left) found.push(...(await askAlone(name, path, query)));
      return found;
    },
    remarks: () => [
      ...(forbidden === undefined ? [] : [`may not read the insights of ${subject} (code ${forbidden})`]),
      ...(refused.length === 0 ? [] : [`refused metrics of ${subject}: ${refused.join(', ')}`]),
      ...[...lost].map(([code, count]) => `had no insights of ${count} of the ${subject} (code ${code})`),
    ],
  };
}

/** Too few viewers, from before the account was a business one, or deleted: the next object may well answer. */
function isOfObject({ message, subcode }: GraphError): boolean {
  return /viewers/i.test(message) || subcode === 2_108_006 || subcode === 33;
}

function readInsights(provider: string, body: unknown): Insight[] {
  const { data } = readShape(provider, insightList, body);
  const nameless = data.find((each) => !('values' in each) && !('total_value' in each));
  if (nameless) throw shapeError(provider, 'data[].values or data[].total_value', `is missing for ${nameless.name}`);
  return data;
}

/** The number of a metric: its total, else the newest of its series. Null when it is not among those delivered. */
export function numberOf(insights: readonly Insight[], name: string): number | null {
  const found = insights.find((each) => each.name === name);
  return toMetric(found?.total_value ? found.total_value.value : found?.values?.at(-1)?.value);
}

const ZONE = 'America/Los_Angeles';

/** A day as Meta counts it, from midnight to midnight in California, with its ends in epoch seconds. */
export interface MetaDay {
  day: Day;
  since: string;
  until: string;
}

/** The last days that are over, oldest first. */
export function lastDays(now: Date, count: number): MetaDay[] {
  const today = dayIn(ZONE, now);
  return Array.from({ length: count }, (_, index) => {
    const day = addDays(today, index - count);
    return { day, since: midnight(day), until: midnight(addDays(day, 1)) };
  });
}

function midnight(day: Day): string {
  const start = Date.parse(`${day}T07:00:00Z`);
  return String((dayIn(ZONE, new Date(start)) === day ? start : start + 3_600_000) / 1000);
}

/** The day that ends at an `end_time`: one of 07:00 or 08:00 UTC is the midnight after it. */
export function dayEnding(endTime: string | null | undefined): Day | undefined {
  const end = Date.parse(endTime ?? '');
  return Number.isNaN(end) ? undefined : dayIn(ZONE, new Date(end - 1000));
}

/** The values of a series by the day that they end. */
export function seriesOf(insights: readonly Insight[], name: string): Map<Day, number | null> {
  const series = new Map<Day, number | null>();
  for (const { value: each, end_time } of insights.find((found) => found.name === name)?.values ?? []) {
    const day = dayEnding(end_time);
    if (day) series.set(day, toMetric(each));
  }
  return series;
}

/** Meta works a day out within 48 hours of its end, and answers zero until then. */
const SETTLED_AFTER_MS = 48 * 3_600_000;

/**
 * The day as it is stored; nothing when no value of it is known. A zero of a day that may not be worked out yet is unknown:
 * later runs ask for the day again.
 */
export function toDailyInsight(
  day: Day,
  metrics: Partial<Record<DailyMetric, number | null>>,
  now: Date,
): DailyInsight[] {
  const isSettled = now.getTime() >= Number(midnight(addDays(day, 1))) * 1000 + SETTLED_AFTER_MS;
  const known = Object.entries(metrics).map(([name, each]) => [name, each === 0 && !isSettled ? null : each] as const);
  const isKnown = known.some(([, each]) => each !== null);
  return isKnown ? [{ day, metrics: Object.fromEntries(known) }] : [];
}

/** How many are of each value of a dimension, others added up. `keys` may start with a time frame or not. */
export function countBy(insights: readonly Insight[], key: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { dimension_keys: keys, results } of insights.flatMap((each) => each.total_value?.breakdowns ?? [])) {
    const at = keys.indexOf(key);
    for (const { dimension_values: values, value: count } of at < 0 ? [] : (results ?? [])) {
      const name = values[at];
      const number = toMetric(count);
      if (name && number !== null) counts.set(name, (counts.get(name) ?? 0) + number);
    }
  }
  return counts;
}

/**
 * Makes an audience of head counts. Ages are percent of those whose age is known, men and women of both together; places
 * are in the order of their counts. Undefined when nothing is known.
 */
export function toAudience(counts: {
  ages: Map<string, number>;
  genders: Map<string, number>;
  countries: Map<string, number>;
  cities: Map<string, number>;
}): Audience | undefined {
  const ages = toShares(new Map(AGE_GROUPS.map((group) => [group, counts.ages.get(AGE_NAMES[group])])));
  const genders = toShares(new Map(['M', 'F'].map((gender) => [gender, counts.genders.get(gender)])));
  const audience = {
    ages: Object.fromEntries(ages) as Audience['ages'],
    male: genders.get('M') ?? null,
    female: genders.get('F') ?? null,
    countries: toNames(counts.countries),
    cities: toNames(counts.cities),
  };
  const isKnown = ages.size > 0 || genders.size > 0 || audience.countries !== null || audience.cities !== null;
  return isKnown ? audience : undefined;
}

const AGE_NAMES: Record<AgeGroup, string> = {
  age_13_17: '13-17',
  age_18_24: '18-24',
  age_25_34: '25-34',
  age_35_44: '35-44',
  age_45_54: '45-54',
  age_55_64: '55-64',
  age_65_plus: '65+',
};

/** Percent of the sum, to two places. Groups that are not told stay unknown. */
function toShares(counts: Map<string, number | undefined>): Map<string, number> {
  const known = [...counts].filter((entry): entry is [string, number] => entry[1] !== undefined);
  const sum = known.reduce((total, [, count]) => total + count, 0);
  return new Map(sum === 0 ? [] : known.map(([name, count]) => [name, Math.round((count / sum) * 10_000) / 100]));
}

function toNames(counts: Map<string, number>): string[] | null {
  if (counts.size === 0) return null;
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
}
