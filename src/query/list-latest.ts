import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';

/**
 * The latest snapshot of each account, by platform and name. Only active accounts, as in the view
 * `latest_account_analytics`, unless paused ones are asked for.
 */
export async function listLatest(db: Kysely<Database>, filter: AccountFilter & { withPaused?: boolean } = {}) {
  let query = db
    .selectFrom('social_media_accounts as a')
    .crossJoin('social_media_analytics_snapshots as s')
    .select(['a.id as account_id', 'a.platform', 'a.username', 'a.display_name', 'a.brand', 'a.is_competitor'])
    .select(['s.followers_count', 's.following_count', 's.posts_count', 's.total_likes', 's.total_comments'])
    .select(['s.total_views', 's.total_shares', 's.engagement_rate', 's.engagement_basis', 's.avg_likes_per_post'])
    .select(['s.avg_comments_per_post', 's.provider_name', 's.snapshot_date as last_snapshot_date'])
    .whereRef('s.account_id', '=', 'a.id')
    .where('s.snapshot_date', '=', (eb) =>
      eb
        .selectFrom('social_media_analytics_snapshots as x')
        .select(({ fn }) => fn.max('x.snapshot_date').as('day'))
        .whereRef('x.account_id', '=', 'a.id'),
    );
  if (!filter.withPaused) query = query.where('a.is_active', '=', 1);
  if (filter.platform !== undefined) query = query.where('a.platform', '=', filter.platform);
  if (filter.username !== undefined) query = query.where('a.username', '=', filter.username);
  return query.orderBy('a.platform').orderBy('a.username').execute();
}

export type LatestAccount = Awaited<ReturnType<typeof listLatest>>[number];
