import type { Kysely } from 'kysely';
import type { Day } from '../core/time.ts';
import type { Database } from '../store/schema.ts';

/** An account whose fetches have failed since they last succeeded. */
export interface Failing {
  account_id: number;
  /** The fetch that succeeded last, 0 when none did: it names the streak, for on one day there may be two. */
  after_id: number;
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
  const succeeded = db
    .selectFrom('analytics_fetch_jobs as k')
    .select(({ fn }) => ['k.account_id', fn.max('k.id').as('id')])
    .where('k.account_id', 'in', accountIds)
    .where('k.status', '=', 'completed')
    .groupBy('k.account_id');
  const streaks = db
    .selectFrom('analytics_fetch_jobs as j')
    .leftJoin(succeeded.as('k'), 'k.account_id', 'j.account_id')
    .select(({ fn, lit }) => [
      'j.account_id',
      fn.count<number>('j.date').distinct().as('days'),
      fn.countAll<number>().as('fetches'),
      fn.min('j.date').as('first_day'),
      fn.max('j.date').as('last_day'),
      fn.max('j.id').as('latest_id'),
      fn.coalesce(fn.max('k.id'), lit(0)).as('after_id'),
    ])
    .where('j.account_id', 'in', accountIds)
    .where('j.status', '=', 'failed')
    .where(({ or, eb, ref }) => or([eb('k.id', 'is', null), eb('j.id', '>', ref('k.id'))]))
    .groupBy('j.account_id');
  const rows = await db
    .selectFrom(streaks.as('s'))
    .innerJoin('analytics_fetch_jobs as l', 'l.id', 's.latest_id')
    .select(['s.account_id', 's.after_id', 's.days', 's.fetches', 's.first_day', 's.last_day', 'l.error_message'])
    .orderBy('s.account_id')
    .execute();
  return rows.map((row) => ({
    ...row,
    after_id: Number(row.after_id),
    days: Number(row.days),
    fetches: Number(row.fetches),
  }));
}
