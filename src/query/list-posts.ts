import { sql, type Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { isFiltering, selectPostIds, type PostFilter } from './post-filter.ts';

/** What posts can be sorted by, and the column behind it. */
export const POST_SORTS = {
  views: 'l.views_count',
  likes: 'l.likes_count',
  comments: 'l.comments_count',
  shares: 'l.shares_count',
  saves: 'l.saves_count',
  reach: 'l.reach_count',
  impressions: 'l.impressions_count',
  engagement: 'l.engagement_rate',
  newest: 'p.posted_at',
} as const;
export type PostSort = keyof typeof POST_SORTS;

/** A page of the posts that a filter lets through, in an order. */
export interface PostPage extends PostFilter {
  sort?: PostSort;
  limit?: number;
  offset?: number;
}

/** Posts with their latest metrics, the highest first; a post without the sorted value comes last. */
export async function listPosts(db: Kysely<Database>, page: PostPage = {}) {
  const { sort = 'views', limit = 10, offset = 0, ...filter } = page;
  const column = POST_SORTS[sort];
  // Of every post only what is sorted by is read, by its key; the rest is read of those that are listed. As a join,
  // PostgreSQL would rather read every day of every post.
  let listed = db
    .selectFrom('social_media_post_range as r')
    .select(['r.post_id', 'r.latest_date as snapshot_date'])
    .select((sort === 'newest' ? publishedAt : latestValue(column)).as('sorted'))
    .orderBy('sorted', (by) => by.desc().nullsLast())
    .orderBy('r.post_id')
    .limit(limit)
    .offset(offset);
  if (isFiltering(filter)) listed = listed.where('r.post_id', 'in', selectPostIds(db, filter));
  return db
    .selectFrom(listed.as('listed'))
    .crossJoin('social_media_post_analytics as l')
    .crossJoin('social_media_posts as p')
    .crossJoin('social_media_accounts as a')
    .select(['p.id', 'p.account_id', 'a.platform', 'a.username', 'p.external_post_id', 'p.post_url', 'p.caption'])
    .select(['p.media_type', 'p.duration', 'p.posted_at', 'l.snapshot_date', 'l.views_count', 'l.likes_count'])
    .select(['l.comments_count', 'l.shares_count', 'l.saves_count', 'l.reach_count', 'l.impressions_count'])
    .select(['l.engagement_rate', 'l.engagement_basis', 'l.provider_name'])
    .whereRef('l.snapshot_date', '=', 'listed.snapshot_date')
    .whereRef('l.post_id', '=', 'listed.post_id')
    .whereRef('p.id', '=', 'listed.post_id')
    .whereRef('a.id', '=', 'p.account_id')
    .orderBy(column, (by) => by.desc().nullsLast())
    .orderBy('p.id')
    .execute();
}

/** The best posts, and what makes them that. */
export interface BestPosts {
  by: 'views' | 'likes';
  posts: PostListing[];
}

/** The posts with the most views; with the most likes where no post tells its views, as on Bluesky. */
export async function listBestPosts(db: Kysely<Database>, page: Omit<PostPage, 'sort'> = {}): Promise<BestPosts> {
  const posts = await listPosts(db, { ...page, sort: 'views' });
  const [first] = page.offset ? await listPosts(db, { ...page, sort: 'views', limit: 1, offset: 0 }) : posts;
  if (!first || first.views_count !== null) return { by: 'views', posts };
  return { by: 'likes', posts: await listPosts(db, { ...page, sort: 'likes' }) };
}

const publishedAt = sql<
  string | number | null
>`(select p.posted_at from social_media_posts as p where p.id = r.post_id)`;

function latestValue(column: string) {
  return sql<string | number | null>`(select ${sql.ref(column)} from social_media_post_analytics as l
    where l.snapshot_date = r.latest_date and l.post_id = r.post_id)`;
}

export type PostListing = Awaited<ReturnType<typeof listPosts>>[number];
