import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** Active accounts whose latest fetch failed, with the reason. */
export async function listFailedJobs(db: Kysely<Database>) {
  return db
    .selectFrom('analytics_fetch_jobs as j')
    .innerJoin('social_media_accounts as a', 'a.id', 'j.account_id')
    .select(['a.platform', 'a.username', 'j.completed_at', 'j.error_message'])
    .where('j.status', '=', 'failed')
    .where('a.is_active', '=', 1)
    .where('j.id', '=', (eb) =>
      eb
        .selectFrom('analytics_fetch_jobs as k')
        .select(({ fn }) => fn.max('k.id').as('id'))
        .whereRef('k.account_id', '=', 'j.account_id'),
    )
    .orderBy('a.platform')
    .orderBy('a.username')
    .execute();
}
