import type { Kysely } from 'kysely';
import { DAILY_METRICS, type Audience, type DailyInsight } from '../core/account.ts';
import { createBulkWriter } from './bulk.ts';
import { keepKnown } from './keep-known.ts';
import type { Database } from './schema.ts';

/** Whose insights they are, and who reported them. */
export interface InsightOwner {
  account: { id: number; platform: string };
  providerName: string;
}

const everyKnown = (columns: readonly string[]) =>
  Object.fromEntries(columns.map((column) => [column, 'known' as const]));
const everyOf = (type: string, columns: readonly string[]) =>
  Object.fromEntries(columns.map((column) => [column, type]));

const upsertDays = createBulkWriter({
  table: 'social_media_daily_metrics',
  columns: {
    account_id: 'integer',
    platform: 'text',
    date: 'date',
    ...everyOf('bigint', DAILY_METRICS),
    provider_name: 'text',
  },
  key: ['account_id', 'date'],
  merge: { ...everyKnown(DAILY_METRICS), provider_name: 'newest' },
});

/** Writes what a platform reports of days. A number that is known, from the platform or a person, never becomes NULL. */
export async function saveDailyInsights(
  db: Kysely<Database>,
  { account, providerName }: InsightOwner,
  days: readonly DailyInsight[],
): Promise<void> {
  const known = days.filter(({ metrics }) => DAILY_METRICS.some((name) => isKnown(metrics[name])));
  const rows = known.map(({ day, metrics }) => [
    account.id,
    account.platform,
    day,
    ...DAILY_METRICS.map((name) => metrics[name] ?? null),
    providerName,
  ]);
  await upsertDays(db, rows);
}

/** Writes an account's audience on a day. Nothing is written when nothing of it is known. */
export async function saveAudience(
  db: Kysely<Database>,
  { account, providerName }: InsightOwner,
  day: string,
  audience: Audience,
): Promise<void> {
  const { ages, male, female, countries, cities } = audience;
  const shares = { ...ages, male_percentage: male, female_percentage: female };
  const values = {
    ...Object.fromEntries(
      Object.entries(shares).map(([name, share]) => [name, isKnown(share) ? roundShare(share) : null]),
    ),
    top_countries: countries && JSON.stringify(countries),
    top_cities: cities && JSON.stringify(cities),
  };
  if (!Object.values(values).some(isKnown)) return;
  const known = { ...values, provider_name: providerName };
  await db
    .insertInto('audience_demographics')
    .values({ account_id: account.id, platform: account.platform, date: day, ...known })
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'date']).doUpdateSet(keepKnown('audience_demographics', Object.keys(known))),
    )
    .execute();
}

function isKnown<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}

/** Percent with two decimals: what a platform reports is no more exact, and sums of fractions go astray. */
function roundShare(share: number): number {
  return Math.round(share * 100) / 100;
}
