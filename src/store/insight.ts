import type { Kysely } from 'kysely';
import { AGE_GROUPS, DAILY_METRICS, type Audience, type DailyInsight, type DailyMetric } from '../core/account.ts';
import { createBulkWriter } from './bulk.ts';
import { engineOf } from './engine.ts';
import { readRecordedColumns } from './recorded-columns.ts';
import type { Database } from './schema.ts';

/** Whose insights they are, and who reports them. */
export interface InsightReporter {
  account: { id: number; platform: string };
  providerName: string;
  /** True when its word goes before that of another provider, which stands there already. */
  goesBefore(other: string): boolean;
}

const upsertDays = createBulkWriter({
  table: 'social_media_daily_metrics',
  columns: {
    account_id: 'integer',
    platform: 'text',
    date: 'date',
    ...Object.fromEntries(DAILY_METRICS.map((name) => [name, 'bigint'])),
    provider_name: 'text',
  },
  key: ['account_id', 'date'],
  merge: Object.fromEntries([...DAILY_METRICS, 'provider_name'].map((name) => [name, 'newest' as const])),
});

/**
 * Writes what a platform reports of days. A number never becomes NULL, what a person recorded stays, and a day that another
 * provider has reported is left to that one: its numbers may count something else.
 */
export async function saveDailyInsights(
  db: Kysely<Database>,
  reporter: InsightReporter,
  days: readonly DailyInsight[],
): Promise<void> {
  const reported = mergeDays(days);
  if (reported.size === 0) return;
  const stored = await listStoredDays(db, reporter.account.id, [...reported.keys()]);
  const rows = [...reported].flatMap(([day, metrics]) => {
    const before = stored.get(day);
    if (isOthers(before, reporter)) return [];
    const recorded = readRecordedColumns(before?.recorded_columns ?? null);
    const values = DAILY_METRICS.map((name) =>
      recorded.has(name) ? (before?.[name] ?? null) : (metrics[name] ?? before?.[name] ?? null),
    );
    return [[reporter.account.id, reporter.account.platform, day, ...values, reporter.providerName]];
  });
  await upsertDays(db, rows);
}

type DayValues = Partial<Record<DailyMetric, number | null>>;

/** Each day once, with what is known of it; days of which nothing is known are left out. */
function mergeDays(days: readonly DailyInsight[]): Map<string, DayValues> {
  const merged = new Map<string, DayValues>();
  for (const { day, metrics } of days) {
    const known = Object.entries(metrics).filter(([, value]) => value !== null && value !== undefined);
    if (known.length > 0) merged.set(day, { ...merged.get(day), ...Object.fromEntries(known) });
  }
  return merged;
}

async function listStoredDays(db: Kysely<Database>, accountId: number, days: readonly string[]) {
  const rows = await db
    .selectFrom('social_media_daily_metrics')
    .select(['date', 'provider_name', 'recorded_columns', ...DAILY_METRICS])
    .where('account_id', '=', accountId)
    .where('date', 'in', days)
    .$if(engineOf(db) === 'postgres', (query) => query.forUpdate())
    .execute();
  return new Map(rows.map((row) => [row.date, row]));
}

/** Shares that make up one whole: from one report or not at all, or they would add up to more than everybody. */
const WHOLES = [AGE_GROUPS, ['male_percentage', 'female_percentage'], ['top_countries'], ['top_cities']] as const;

/** Writes an account's audience on a day, by the same rules as a day; ages, and genders, are each replaced as a whole. */
export async function saveAudience(
  db: Kysely<Database>,
  reporter: InsightReporter,
  day: string,
  audience: Audience,
): Promise<void> {
  const { account, providerName } = reporter;
  const before = await db
    .selectFrom('audience_demographics')
    .selectAll()
    .where('account_id', '=', account.id)
    .where('date', '=', day)
    .$if(engineOf(db) === 'postgres', (query) => query.forUpdate())
    .executeTakeFirst();
  if (isOthers(before, reporter)) return;
  const recorded = readRecordedColumns(before?.recorded_columns ?? null);
  const reported = columnsOf(audience);
  const wholes = WHOLES.filter(
    (columns) => columns.some((name) => isKnown(reported[name])) && !columns.some((name) => recorded.has(name)),
  );
  if (wholes.length === 0) return;
  const values = Object.fromEntries(wholes.flat().map((name) => [name, reported[name] ?? null]));
  await db
    .insertInto('audience_demographics')
    .values({ account_id: account.id, platform: account.platform, date: day, ...values, provider_name: providerName })
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'date']).doUpdateSet({ ...values, provider_name: providerName }),
    )
    .execute();
}

function columnsOf({ ages, male, female, countries, cities }: Audience): Record<string, string | number | null> {
  const shares = { ...ages, male_percentage: male, female_percentage: female };
  const rounded = Object.entries(shares).map(([name, share]) => [name, isKnown(share) ? roundShare(share) : null]);
  return {
    ...(Object.fromEntries(rounded) as Record<string, number | null>),
    top_countries: countries && JSON.stringify(countries),
    top_cities: cities && JSON.stringify(cities),
  };
}

function isOthers(
  row: { provider_name: string | null } | undefined,
  { providerName, goesBefore }: InsightReporter,
): boolean {
  const other = row?.provider_name ?? providerName;
  return other !== providerName && !goesBefore(other);
}

function isKnown<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}

/** Percent with two decimals: what a platform reports is no more exact, and sums of fractions go astray. */
function roundShare(share: number): number {
  return Math.round(share * 100) / 100;
}
