import type { Kysely } from 'kysely';
import { nextTryAt } from '../insight/retry.ts';
import type { Database } from '../store/schema.ts';

/** How often the fetch of an account failed on a day. */
export interface Failures {
  account_id: number;
  failures: number;
  /** When it is worth another request. */
  next_try_at: Date;
}

/** The accounts of a list whose fetch failed on a day. */
export async function listFailures(
  db: Kysely<Database>,
  accountIds: readonly number[],
  day: string,
): Promise<Failures[]> {
  if (accountIds.length === 0) return [];
  const rows = await db
    .selectFrom('analytics_fetch_jobs')
    .where('account_id', 'in', accountIds)
    .where('date', '=', day)
    .where('status', '=', 'failed')
    .where('completed_at', 'is not', null)
    .select((eb) => [
      'account_id',
      eb.fn.countAll<number>().as('failures'),
      eb.fn.max('completed_at').as('last_failed_at'),
    ])
    .groupBy('account_id')
    .orderBy('account_id')
    .execute();
  return rows.map(({ account_id, failures, last_failed_at: last }) => ({
    account_id,
    failures: Number(failures),
    next_try_at: nextTryAt(Number(failures), new Date(last as string)),
  }));
}
