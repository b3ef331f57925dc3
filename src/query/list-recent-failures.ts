import type { Kysely } from 'kysely';
import type { Day } from '../core/time.ts';
import type { Database } from '../store/schema.ts';

/** A fetch that failed. */
export interface RecentFailure {
  platform: string;
  username: string;
  provider_name: string | null;
  date: Day;
  completed_at: string | null;
  error_message: string | null;
}

/** The fetches that failed since a day, the newest first. */
export async function listRecentFailures(db: Kysely<Database>, since: Day, limit: number): Promise<RecentFailure[]> {
  return db
    .selectFrom('analytics_fetch_jobs as j')
    .innerJoin('social_media_accounts as a', 'a.id', 'j.account_id')
    .select(['a.platform', 'a.username', 'j.provider_name', 'j.date', 'j.completed_at', 'j.error_message'])
    .where('j.status', '=', 'failed')
    .where('j.date', '>=', since)
    .orderBy('j.id', 'desc')
    .limit(limit)
    .execute();
}
