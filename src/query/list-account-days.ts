import type { Kysely } from 'kysely';
import { addDays, type Day } from '../core/time.ts';
import type { Database } from '../store/schema.ts';

/** The columns of `social_media_daily_metrics` that people see, in its order. */
const DAY_COLUMNS = [
  'metric_id',
  'account_id',
  'platform',
  'date',
  'followers',
  'engagement_rate',
  'reach',
  'impressions',
  'shares',
  'comments',
  'likes',
  'clicks',
  'saves',
  'video_views',
  'profile_visits',
  'mentions',
  'created_at',
] as const;
type DayColumn = (typeof DAY_COLUMNS)[number];

/** What is known of an account on a day. */
export type AccountDay = { account_id: number; platform: string; date: Day } & {
  [Column in Exclude<DayColumn, 'account_id' | 'platform' | 'date'>]: Column extends 'created_at'
    ? string | null
    : number | null;
};

type Account = { id: number; platform: string };

/**
 * What is known of an account day by day, newest first: what was reported of a day, and the followers that a fetch saw
 * where nobody reported them. A day that was only fetched has no `metric_id`.
 * @param days counted back from the newest of its days.
 */
export async function listAccountDays(db: Kysely<Database>, account: Account, days: number): Promise<AccountDay[]> {
  const reported = await listReported(db, account.id, days);
  const fetched = await listFetched(db, account.id, days);
  const byDay = new Map<Day, AccountDay>(reported.map((row) => [row.date, row]));
  for (const { date, followers } of fetched) {
    const row = byDay.get(date);
    if (row) row.followers ??= followers;
    else if (followers !== null) byDay.set(date, { ...unknownDay(account, date), followers });
  }
  const rows = [...byDay.values()].toSorted((a, b) => (a.date < b.date ? 1 : -1));
  const newest = rows[0]?.date;
  return newest === undefined ? [] : rows.filter(({ date }) => date > addDays(newest, -days));
}

async function listReported(db: Kysely<Database>, accountId: number, days: number): Promise<AccountDay[]> {
  const rows = db
    .selectFrom('social_media_daily_metrics')
    .select([...DAY_COLUMNS])
    .where('account_id', '=', accountId);
  return rows.orderBy('date', 'desc').limit(days).execute();
}

async function listFetched(db: Kysely<Database>, accountId: number, days: number) {
  return db
    .selectFrom('social_media_analytics_snapshots')
    .select(['snapshot_date as date', 'followers_count as followers'])
    .where('account_id', '=', accountId)
    .orderBy('snapshot_date', 'desc')
    .limit(days)
    .execute();
}

function unknownDay({ id, platform }: Account, date: Day): AccountDay {
  const unknown = Object.fromEntries(DAY_COLUMNS.map((column) => [column, null]));
  return { ...unknown, account_id: id, platform, date } as AccountDay;
}
