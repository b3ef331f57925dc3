import { sql, type Kysely } from 'kysely';
import { weightedEngagement, type BasisSum } from '../insight/engagement.ts';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';
import { selectPostIds } from './post-filter.ts';

/** What the totals can be sorted by, and the column behind it. */
export const CONTENT_SORTS = {
  views: 't.views',
  likes: 't.likes',
  comments: 't.comments',
  shares: 't.shares',
  posts: 't.posts',
} as const;
export type ContentSort = keyof typeof CONTENT_SORTS;

export interface ContentTotalsFilter extends AccountFilter {
  sort?: ContentSort | undefined;
  limit?: number | undefined;
  /** Only posts published at or after this instant (ISO 8601, UTC). */
  postedSince?: string | undefined;
}

/**
 * Every video and clip with the sum of its posts over all platforms: the latest known numbers of the posts whose link is
 * confirmed. A video has the posts of its clips as well, each once. A sum is over what is known, and null when nothing is.
 * Where the filter leaves out posts, it leaves out what none of the others shows.
 */
export async function listContentTotals(db: Kysely<Database>, filter: ContentTotalsFilter = {}) {
  const totals = db
    .selectFrom(selectLinks(db, filter).as('k'))
    .innerJoin('social_media_posts as p', 'p.id', 'k.post_id')
    .leftJoin('social_media_post_range as r', 'r.post_id', 'k.post_id')
    .select(({ fn }) => [
      'k.kind',
      'k.content_id',
      fn.countAll<number>().as('posts'),
      fn.count<number>('p.platform').distinct().as('platforms'),
      fn.sum<number | null>('r.views_count').as('views'),
      fn.sum<number | null>('r.likes_count').as('likes'),
      fn.sum<number | null>('r.comments_count').as('comments'),
      fn.sum<number | null>('r.shares_count').as('shares'),
    ])
    .groupBy(['k.kind', 'k.content_id']);
  const videos = db
    .selectFrom('videos')
    .select(['id', 'title', 'published_at', sql<string | null>`null`.as('video_id'), sql<Kind>`'video'`.as('kind')]);
  const clips = db
    .selectFrom('clips')
    .select(['id', 'title', 'published_at', 'video_id', sql<Kind>`'clip'`.as('kind')]);
  const rows = await db
    .selectFrom(videos.unionAll(clips).as('c'))
    .leftJoin(totals.as('t'), (join) => join.onRef('t.kind', '=', 'c.kind').onRef('t.content_id', '=', 'c.id'))
    .select(['c.kind', 'c.id', 'c.video_id', 'c.title', 'c.published_at'])
    .select(({ fn }) => [
      fn.coalesce('t.posts', sql<number>`0`).as('posts'),
      fn.coalesce('t.platforms', sql<number>`0`).as('platforms'),
      't.views',
      't.likes',
      't.comments',
      't.shares',
    ])
    .$if(isPart(filter), (query) => query.where('t.posts', 'is not', null))
    .orderBy(CONTENT_SORTS[filter.sort ?? 'views'], (by) => by.desc().nullsLast())
    .orderBy('posts', 'desc')
    .orderBy('c.id')
    .orderBy('c.kind')
    .limit(filter.limit ?? 20)
    .execute();
  if (rows.length === 0) return [];
  const rates = await findRates(db, filter, rows);
  return rows.map((row) => ({ ...row, ...(rates.get(`${row.kind} ${row.id}`) ?? NO_RATE) }));
}

type Kind = 'video' | 'clip';

/** True when the filter leaves out posts. */
function isPart({ platform, username, postedSince }: ContentTotalsFilter): boolean {
  return platform !== undefined || username !== undefined || postedSince !== undefined;
}

const NO_RATE = { engagement_rate: null, engagement_basis: null, engagement_posts: 0, is_sample: false };

/** Which post counts for which video or clip: for what it shows, and for the video that this is a part of. */
function selectLinks(db: Kysely<Database>, filter: ContentTotalsFilter) {
  const link = () =>
    db
      .selectFrom('social_media_content_mapping as m')
      .select('m.post_id')
      .where('m.status', '=', 'confirmed')
      .$if(isPart(filter), (query) => query.where('m.post_id', 'in', selectPostIds(db, filter)));
  // A union, as opposed to a union of all, has each of them once.
  return link()
    .select(['m.video_id as content_id', sql<Kind>`'video'`.as('kind')])
    .where('m.video_id', 'is not', null)
    .union(
      link()
        .select(['m.clip_id as content_id', sql<Kind>`'clip'`.as('kind')])
        .where('m.clip_id', 'is not', null),
    )
    .union(
      link()
        .crossJoin('clips as c')
        .select(['c.video_id as content_id', sql<Kind>`'video'`.as('kind')])
        .whereRef('c.id', '=', 'm.clip_id')
        .where('c.video_id', 'is not', null),
    );
}

/** More ids than this are not named in a statement: then all are read. */
const NAMED_IDS = 500;

/**
 * The engagement rate of each video and clip: the sum of interactions / the sum of what they are a share of, over the posts
 * that have the most common basis. Posts measured by the followers of their account have no part in it: the followers of
 * several accounts have no sum.
 */
async function findRates(db: Kysely<Database>, filter: ContentTotalsFilter, listed: readonly { id: string }[]) {
  const interactions = sql<number>`sum(coalesce(l.likes_count, 0) + coalesce(l.comments_count, 0)
    + coalesce(l.shares_count, 0) + coalesce(l.saves_count, 0))`;
  const denominator = sql<number | null>`sum(case l.engagement_basis when 'reach' then l.reach_count
    when 'impressions' then l.impressions_count when 'views' then l.views_count end)`;
  const ids = listed.map(({ id }) => id);
  const sums = await db
    .selectFrom(selectLinks(db, filter).as('k'))
    .crossJoin('social_media_post_range as r')
    .crossJoin('social_media_post_analytics as l')
    .select(['k.kind', 'k.content_id', 'l.engagement_basis as basis'])
    .select(({ fn }) => [
      fn.countAll<number>().as('posts'),
      interactions.as('interactions'),
      denominator.as('denominator'),
      sql<number>`max(case when l.provider_name = 'sample' then 1 else 0 end)`.as('has_sample'),
    ])
    .whereRef('r.post_id', '=', 'k.post_id')
    .whereRef('l.snapshot_date', '=', 'r.latest_date')
    .whereRef('l.post_id', '=', 'r.post_id')
    .$if(ids.length <= NAMED_IDS, (query) => query.where('k.content_id', 'in', ids))
    .groupBy(['k.kind', 'k.content_id', 'l.engagement_basis'])
    .execute();
  const byContent = new Map<string, typeof sums>();
  for (const sum of sums) {
    const key = `${sum.kind} ${sum.content_id}`;
    byContent.set(key, [...(byContent.get(key) ?? []), sum]);
  }
  return new Map([...byContent].map(([key, bases]) => [key, rateOf(bases)]));
}

type Sum = Omit<BasisSum, 'basis'> & { basis: string | null; has_sample: number };

function rateOf(sums: readonly Sum[]) {
  const usable = sums.filter((sum): sum is Sum & BasisSum => sum.basis !== null && sum.basis !== 'followers');
  const { rate, basis } = weightedEngagement(usable, null);
  return {
    engagement_rate: rate,
    engagement_basis: basis,
    /** The posts that the rate is of. */
    engagement_posts: usable.find((sum) => sum.basis === basis)?.posts ?? 0,
    is_sample: sums.some((sum) => sum.has_sample === 1),
  };
}
