import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';

/** The latest snapshot of each active account, by platform and name. */
export async function listLatest(db: Kysely<Database>, filter: AccountFilter = {}) {
  let query = db.selectFrom('latest_account_analytics').selectAll();
  if (filter.platform !== undefined) query = query.where('platform', '=', filter.platform);
  if (filter.username !== undefined) query = query.where('username', '=', filter.username);
  return query.orderBy('platform').orderBy('username').execute();
}

export type LatestAccount = Awaited<ReturnType<typeof listLatest>>[number];
