import { sql, type Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { Period } from './list-published.ts';

/**
 * The hashtags of the posts published in a period, those on the most posts first: on how many then and in the period before,
 * and the latest known views of those posts (lifetime) with how many of them tell any.
 */
export async function listPeriodHashtags(
  db: Kysely<Database>,
  accountIds: readonly number[],
  { now, before }: { now: Period; before: Period },
  limit: number,
) {
  if (accountIds.length === 0) return [];
  const isNow = sql`p.posted_at >= ${now.from}`;
  const posts = sql<number>`count(case when ${isNow} then 1 end)`;
  return db
    .selectFrom('social_media_posts as p')
    .innerJoin('social_media_post_hashtags as x', 'x.post_id', 'p.id')
    .innerJoin('social_media_hashtags as h', 'h.id', 'x.hashtag_id')
    .leftJoin('social_media_post_range as r', 'r.post_id', 'p.id')
    .select([
      'h.written',
      posts.as('posts'),
      sql<number>`count(case when p.posted_at < ${before.before} then 1 end)`.as('posts_before'),
      sql<number | null>`sum(case when ${isNow} then r.views_count end)`.as('views'),
      sql<number>`count(case when ${isNow} then r.views_count end)`.as('views_posts'),
    ])
    .where('p.account_id', 'in', accountIds)
    .where('p.posted_at', '>=', before.from)
    .where('p.posted_at', '<', now.before)
    .groupBy(['h.id', 'h.written'])
    .having(posts, '>', 0)
    .orderBy('posts', 'desc')
    .orderBy('views', (by) => by.desc().nullsLast())
    .orderBy('h.id')
    .limit(limit)
    .execute();
}
