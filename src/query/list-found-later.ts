import type { Kysely } from 'kysely';
import type { Day } from '../core/time.ts';
import type { Database } from '../store/schema.ts';

/** What posts brought into the totals of an account on the day on which they were first seen. */
export interface FoundLater {
  account_id: number;
  /** The day on which they were first seen. */
  day: Day;
  posts: number;
  total_views: number | null;
  total_likes: number | null;
  total_comments: number | null;
  total_shares: number | null;
}

/**
 * Posts that were first seen long after they were published: what they had by then came into the account's totals on one
 * day, and nobody gained it in that time. A post younger than its account's snapshot before is not among them: it grew
 * from 0 since then. Days before an account's second are left out: no change ends there.
 */
export async function listFoundLater(
  db: Kysely<Database>,
  accountIds: readonly number[],
  from: Day,
): Promise<FoundLater[]> {
  if (accountIds.length === 0) return [];
  const older = db
    .selectFrom('social_media_posts as p')
    .crossJoin('social_media_post_range as r')
    .select(['p.id', 'p.account_id', 'p.posted_at', 'r.first_date'])
    .select(({ selectFrom }) =>
      selectFrom('social_media_analytics_snapshots as s')
        .select(({ fn }) => fn.max('s.snapshot_date').as('day'))
        .whereRef('s.account_id', '=', 'p.account_id')
        .whereRef('s.snapshot_date', '<', 'r.first_date')
        .as('seen_before'),
    )
    .whereRef('r.post_id', '=', 'p.id')
    .where('p.account_id', 'in', accountIds)
    .where('r.first_date', '>=', from);
  return db
    .selectFrom(older.as('o'))
    .crossJoin('social_media_post_analytics as f')
    .select(['o.account_id', 'o.first_date as day'])
    .select(({ fn }) => [
      fn.countAll<number>().as('posts'),
      fn.sum<number | null>('f.views_count').as('total_views'),
      fn.sum<number | null>('f.likes_count').as('total_likes'),
      fn.sum<number | null>('f.comments_count').as('total_comments'),
      fn.sum<number | null>('f.shares_count').as('total_shares'),
    ])
    .whereRef('f.snapshot_date', '=', 'o.first_date')
    .whereRef('f.post_id', '=', 'o.id')
    .whereRef('o.posted_at', '<', 'o.seen_before')
    .groupBy(['o.account_id', 'o.first_date'])
    .orderBy('o.account_id')
    .orderBy('o.first_date')
    .execute();
}
