import type { Kysely } from 'kysely';
import type { PostMetrics } from '../core/metric.ts';
import type { Database } from '../store/schema.ts';

/** The metrics of posts on one day, by the posts' row ids. */
export async function listDayMetrics(
  db: Kysely<Database>,
  day: string,
  postIds: readonly number[],
): Promise<Map<number, PostMetrics>> {
  if (postIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('social_media_post_analytics')
    .select([
      'post_id',
      'likes_count as likes',
      'comments_count as comments',
      'views_count as views',
      'shares_count as shares',
    ])
    .select(['saves_count as saves', 'reach_count as reach', 'impressions_count as impressions'])
    .where('snapshot_date', '=', day)
    .where('post_id', 'in', postIds)
    .execute();
  return new Map(rows.map(({ post_id, ...metrics }) => [post_id, metrics]));
}
