import { sql, type Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';

/** What posts can be sorted by, and the column behind it. */
export const POST_SORTS = {
  views: 'l.views_count',
  likes: 'l.likes_count',
  comments: 'l.comments_count',
  shares: 'l.shares_count',
  saves: 'l.saves_count',
  engagement: 'l.engagement_rate',
  newest: 'p.posted_at',
} as const;
export type PostSort = keyof typeof POST_SORTS;

export interface PostFilter extends AccountFilter {
  sort?: PostSort;
  limit?: number;
  offset?: number;
  /** Only posts published at or after this instant (ISO 8601, UTC). */
  postedSince?: string | undefined;
}

/** Posts with their latest metrics, the highest first; a post without the sorted value comes last. */
export async function listPosts(db: Kysely<Database>, filter: PostFilter = {}) {
  const column = POST_SORTS[filter.sort ?? 'views'];
  let query = db
    .selectFrom('social_media_accounts as a')
    .crossJoin('social_media_posts as p')
    .crossJoin('social_media_post_range as r')
    .crossJoin('social_media_post_analytics as l')
    .select([
      'p.id',
      'p.account_id',
      'a.platform',
      'a.username',
      'p.external_post_id',
      'p.post_url',
      'p.caption',
      'p.media_type',
    ])
    .select([
      'p.duration',
      'p.posted_at',
      'l.snapshot_date',
      'l.views_count',
      'l.likes_count',
      'l.comments_count',
      'l.shares_count',
    ])
    .select([
      'l.saves_count',
      'l.reach_count',
      'l.impressions_count',
      'l.engagement_rate',
      'l.engagement_basis',
      'l.provider_name',
    ])
    .whereRef('p.account_id', '=', 'a.id')
    .whereRef('r.post_id', '=', 'p.id')
    .whereRef('l.snapshot_date', '=', 'r.latest_date')
    .whereRef('l.post_id', '=', 'r.post_id');
  if (filter.platform !== undefined) query = query.where('a.platform', '=', filter.platform);
  if (filter.username !== undefined) query = query.where('a.username', '=', filter.username);
  if (filter.postedSince !== undefined) query = query.where('p.posted_at', '>=', filter.postedSince);
  return query
    .orderBy(sql`${sql.ref(column)} is null`)
    .orderBy(column, 'desc')
    .orderBy('p.id')
    .limit(filter.limit ?? 10)
    .offset(filter.offset ?? 0)
    .execute();
}

export type PostListing = Awaited<ReturnType<typeof listPosts>>[number];
