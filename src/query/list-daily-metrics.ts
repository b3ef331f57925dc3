import type { Kysely } from 'kysely';
import { DAILY_METRICS } from '../core/account.ts';
import type { Database } from '../store/schema.ts';

/** The metrics of a day, in the order in which they are shown. */
export const DAY_METRICS = [...DAILY_METRICS, 'engagement_rate'] as const;

/** What a platform or a person reports for an account on a day. */
export type DayOfAccount = { date: string } & Record<(typeof DAY_METRICS)[number], number | null>;

/** The latest days of which something is reported for an account, newest first. */
export async function listDailyMetrics(
  db: Kysely<Database>,
  accountId: number,
  limit: number,
): Promise<DayOfAccount[]> {
  return db
    .selectFrom('social_media_daily_metrics')
    .select(['date', ...DAY_METRICS])
    .where('account_id', '=', accountId)
    .orderBy('date', 'desc')
    .limit(limit)
    .execute();
}
