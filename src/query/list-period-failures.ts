import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { DayPeriod } from '../insight/period.ts';

/** The accounts whose fetch failed in a period: how often, and what the last failure was. */
export async function listPeriodFailures(
  db: Kysely<Database>,
  accountIds: readonly number[],
  { first, last }: DayPeriod,
) {
  if (accountIds.length === 0) return [];
  const failures = db
    .selectFrom('analytics_fetch_jobs as j')
    .select(({ fn }) => ['j.account_id', fn.countAll<number>().as('failures'), fn.max('j.id').as('last_id')])
    .where('j.account_id', 'in', accountIds)
    .where('j.status', '=', 'failed')
    .where('j.date', '>=', first)
    .where('j.date', '<=', last)
    .groupBy('j.account_id');
  return db
    .selectFrom(failures.as('f'))
    .innerJoin('analytics_fetch_jobs as j', 'j.id', 'f.last_id')
    .select(['f.account_id', 'f.failures', 'j.date as last_day', 'j.error_message'])
    .orderBy('f.account_id')
    .execute();
}
