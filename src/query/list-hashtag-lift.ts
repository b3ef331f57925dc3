import type { Kysely } from 'kysely';
import { groupBy } from '../core/group.ts';
import { hashtagLift, type HashtagLift } from '../insight/hashtag-lift.ts';
import { scorePosts, type Stratum } from '../insight/post-score.ts';
import type { Database } from '../store/schema.ts';
import { listAgedPosts, type AgesFilter } from './list-aged-posts.ts';
import { atFirstAge } from './list-best-times.ts';
import type { LatestAccount } from './list-latest.ts';

/** A hashtag, or some that always appear together: its use, and how posts with it did beside posts without it. */
export interface HashtagUse extends Omit<HashtagLift, 'tags'> {
  /** As first written, without `#`; the most used first. */
  tags: string[];
  /** Posts of the window that carry the first of them. */
  posts: number;
  /** Sums of the latest known numbers of those posts, over their lifetime; null when none is known. */
  views: number | null;
  /** Posts whose views are known. */
  views_posts: number;
  reach: number | null;
  reach_posts: number;
}

/** The hashtags in use, most used first, and the accounts whose posts were compared. */
export interface HashtagAnswer {
  accounts: { account: LatestAccount; strata: Stratum[] }[];
  hashtags: HashtagUse[];
}

/** Hashtags with the lift of the posts that carry them, compared at equal age within account and media type. */
export async function listHashtagLift(
  db: Kysely<Database>,
  filter: Omit<AgesFilter, 'ages'> & { age: number },
): Promise<HashtagAnswer> {
  const aged = await listAgedPosts(db, { ...filter, ages: [filter.age] });
  const ids = aged.map(({ account }) => account.account_id);
  if (ids.length === 0) return { accounts: [], hashtags: [] };
  const tagsOf = await listTagsOfPosts(db, ids, filter.postedSince);
  const judged = aged.map(({ account, posts }) => ({ account, ...scorePosts(posts.map((post) => atFirstAge(post))) }));
  const tagged = judged.flatMap(({ account, scores }) =>
    scores.map(({ id, media_type, score }) => ({
      id,
      stratum: `${account.account_id} ${media_type}`,
      score,
      tags: tagsOf.get(id) ?? [],
    })),
  );
  const lifts = new Map(hashtagLift(tagged).map((lift) => [lift.tags[0], lift]));
  const together = new Set([...lifts.values()].flatMap(({ tags }) => tags.slice(1)));
  const uses = await listUses(db, ids, filter.postedSince);
  const written = new Map(uses.map((use) => [use.id, use.written]));
  const hashtags = uses
    .filter(({ id }) => !together.has(id))
    .map(({ id, written: name, ...use }): HashtagUse => {
      const lift = lifts.get(id) ?? NOT_COMPARED;
      return { ...use, ...lift, tags: [name, ...lift.tags.slice(1).map((tag) => written.get(tag) ?? '')] };
    });
  return { accounts: judged.map(({ account, strata }) => ({ account, strata })), hashtags };
}

/** A tag of posts of which none could be compared. */
const NOT_COMPARED: HashtagLift = {
  tags: [],
  with: 0,
  without: 0,
  lift: null,
  low: null,
  high: null,
  p: null,
  q: null,
  verdict: 'too few posts',
};

/** The ids of the tags of each post. */
async function listTagsOfPosts(db: Kysely<Database>, accountIds: readonly number[], postedSince: string) {
  const rows = await db
    .selectFrom('social_media_posts as p')
    .innerJoin('social_media_post_hashtags as x', 'x.post_id', 'p.id')
    .select(['x.post_id', 'x.hashtag_id'])
    .where('p.account_id', 'in', accountIds)
    .where('p.posted_at', '>=', postedSince)
    .orderBy('x.post_id')
    .orderBy('x.hashtag_id')
    .execute();
  const tags = groupBy(rows, ({ post_id }) => post_id);
  return new Map([...tags].map(([post, ofPost]) => [post, ofPost.map(({ hashtag_id }) => hashtag_id)]));
}

/** Each tag with the latest numbers of the posts that carry it. */
async function listUses(db: Kysely<Database>, accountIds: readonly number[], postedSince: string) {
  const uses = db
    .selectFrom('social_media_posts as p')
    .innerJoin('social_media_post_hashtags as x', 'x.post_id', 'p.id')
    .leftJoin('social_media_post_range as r', 'r.post_id', 'p.id')
    .leftJoin('social_media_post_analytics as l', (join) =>
      join.onRef('l.snapshot_date', '=', 'r.latest_date').onRef('l.post_id', '=', 'p.id'),
    )
    .select('x.hashtag_id')
    .select(({ fn }) => [
      fn.countAll<number>().as('posts'),
      fn.sum<number | null>('r.views_count').as('views'),
      fn.count<number>('r.views_count').as('views_posts'),
      fn.sum<number | null>('l.reach_count').as('reach'),
      fn.count<number>('l.reach_count').as('reach_posts'),
    ])
    .where('p.account_id', 'in', accountIds)
    .where('p.posted_at', '>=', postedSince)
    .groupBy('x.hashtag_id');
  return db
    .selectFrom(uses.as('u'))
    .crossJoin('social_media_hashtags as h')
    .select(['h.id', 'h.written', 'u.posts', 'u.views', 'u.views_posts', 'u.reach', 'u.reach_posts'])
    .whereRef('h.id', '=', 'u.hashtag_id')
    .orderBy('u.posts', 'desc')
    .orderBy('u.views', (by) => by.desc().nullsLast())
    .orderBy('h.id')
    .execute();
}
