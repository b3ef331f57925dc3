import type { Kysely } from 'kysely';
import type { Day } from '../core/time.ts';
import type { Database } from '../store/schema.ts';

/** An account whose fetches have failed since they last succeeded. */
export interface Failing {
  account_id: number;
  /** Days on which it was tried and failed. */
  days: number;
  first_day: Day;
  last_day: Day;
  fetches: number;
  /** Why the latest of them failed. */
  error_message: string | null;
}

/** The accounts of a list whose fetches all failed since the last one that succeeded, or ever. */
export async function listFailing(db: Kysely<Database>, accountIds: readonly number[]): Promise<Failing[]> {
  if (accountIds.length === 0) return [];
  const streaks = db
    .selectFrom('analytics_fetch_jobs as j')
    .select(({ fn }) => [
      'j.account_id',
      fn.count<number>('j.date').distinct().as('days'),
      fn.countAll<number>().as('fetches'),
      fn.min('j.date').as('first_day'),
      fn.max('j.date').as('last_day'),
      fn.max('j.id').as('latest_id'),
    ])
    .where('j.account_id', 'in', accountIds)
    .where('j.status', '=', 'failed')
    .where('j.id', '>', ({ selectFrom, fn, lit }) =>
      selectFrom('analytics_fetch_jobs as k')
        .select((eb) => fn.coalesce(eb.fn.max('k.id'), lit(0)).as('id'))
        .whereRef('k.account_id', '=', 'j.account_id')
        .where('k.status', '=', 'completed'),
    )
    .groupBy('j.account_id');
  const rows = await db
    .selectFrom(streaks.as('s'))
    .innerJoin('analytics_fetch_jobs as l', 'l.id', 's.latest_id')
    .select(['s.account_id', 's.days', 's.fetches', 's.first_day', 's.last_day', 'l.error_message'])
    .orderBy('s.account_id')
    .execute();
  return rows.map((row) => ({ ...row, days: Number(row.days), fetches: Number(row.fetches) }));
}
