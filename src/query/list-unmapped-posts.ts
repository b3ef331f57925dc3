import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

export interface UnmappedFilter {
  platform?: string | undefined;
  username?: string | undefined;
  /** Without those that a rule has a suggestion for. */
  isBare?: boolean | undefined;
  limit?: number | undefined;
}

/** Posts of accounts that are no competitors and that show none of the user's content as far as is known, newest first. */
export async function listUnmappedPosts(db: Kysely<Database>, filter: UnmappedFilter = {}) {
  let query = db
    .selectFrom('social_media_posts as p')
    .innerJoin('social_media_accounts as a', 'a.id', 'p.account_id')
    .leftJoin('social_media_content_mapping as m', 'm.post_id', 'p.id')
    .leftJoin('videos as v', 'v.id', 'm.video_id')
    .leftJoin('clips as c', 'c.id', 'm.clip_id')
    .where('a.is_competitor', '=', 0)
    .where((eb) => eb.or([eb('m.status', 'is', null), eb('m.status', '=', 'suggested')]))
    .select(['p.id', 'a.platform', 'a.username', 'p.external_post_id', 'p.post_url', 'p.posted_at', 'p.caption'])
    .select((eb) => ['m.video_id', 'm.clip_id', eb.fn.coalesce('c.title', 'v.title').as('suggestion')])
    .select(['m.confidence_score as suggestion_score']);
  if (filter.platform !== undefined) query = query.where('a.platform', '=', filter.platform);
  if (filter.username !== undefined) query = query.where('a.username', '=', filter.username);
  if (filter.isBare) query = query.where('m.status', 'is', null);
  if (filter.limit !== undefined) query = query.limit(filter.limit);
  return query
    .orderBy('p.posted_at', (by) => by.desc().nullsLast())
    .orderBy('p.id', 'desc')
    .execute();
}
