import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** Jobs that say they are under way. */
export async function listRunningJobs(db: Kysely<Database>) {
  return db
    .selectFrom('analytics_fetch_jobs')
    .select(['id', 'account_id'])
    .where('status', 'in', ['pending', 'running'])
    .execute();
}
