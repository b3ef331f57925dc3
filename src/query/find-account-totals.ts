import { sql, type Kysely } from 'kysely';
import type { BasisSum } from '../insight/engagement.ts';
import type { Database } from '../store/schema.ts';

/** What all stored posts of an account add up to. */
export interface AccountTotals {
  posts: number;
  likes: number | null;
  comments: number | null;
  views: number | null;
  shares: number | null;
  averageLikes: number | null;
  averageComments: number | null;
  byBasis: BasisSum[];
}

/**
 * Adds up the latest known metrics of every stored post, whichever run brought them. A metric that no post has is null;
 * averages are over the posts that have it.
 */
export async function findAccountTotals(db: Kysely<Database>, accountId: number): Promise<AccountTotals> {
  const sums = await db
    .selectFrom('social_media_posts as p')
    .crossJoin('social_media_post_range as r')
    .select(({ fn, cast }) => [
      fn.countAll<number>().as('posts'),
      fn.sum<number | null>('r.likes_count').as('likes'),
      fn.sum<number | null>('r.comments_count').as('comments'),
      fn.sum<number | null>('r.views_count').as('views'),
      fn.sum<number | null>('r.shares_count').as('shares'),
      fn.avg<number | null>(cast('r.likes_count', 'double precision')).as('averageLikes'),
      fn.avg<number | null>(cast('r.comments_count', 'double precision')).as('averageComments'),
    ])
    .whereRef('r.post_id', '=', 'p.id')
    .where('p.account_id', '=', accountId)
    .executeTakeFirstOrThrow();

  const interactions = sql<number>`sum(coalesce(l.likes_count, 0) + coalesce(l.comments_count, 0)
    + coalesce(l.shares_count, 0) + coalesce(l.saves_count, 0))`;
  const denominator = sql<number | null>`sum(case l.engagement_basis when 'reach' then l.reach_count
    when 'impressions' then l.impressions_count when 'views' then l.views_count end)`;
  const byBasis = await db
    .selectFrom('social_media_posts as p')
    .crossJoin('social_media_post_range as r')
    .crossJoin('social_media_post_analytics as l')
    .select('l.engagement_basis as basis')
    .select(({ fn }) => [
      fn.countAll<number>().as('posts'),
      interactions.as('interactions'),
      denominator.as('denominator'),
    ])
    .whereRef('r.post_id', '=', 'p.id')
    .whereRef('l.snapshot_date', '=', 'r.latest_date')
    .whereRef('l.post_id', '=', 'r.post_id')
    .where('p.account_id', '=', accountId)
    .where('l.engagement_basis', 'is not', null)
    .groupBy('l.engagement_basis')
    .execute();
  return { ...sums, byBasis: byBasis as BasisSum[] };
}
