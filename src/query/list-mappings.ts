import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

export interface MappingFilter {
  status?: 'confirmed' | 'suggested' | 'rejected' | undefined;
  decidedBy?: 'person' | 'rule' | undefined;
  platform?: string | undefined;
  limit?: number | undefined;
}

/** Which post shows which content, and who says so: the newest posts first. */
export async function listMappings(db: Kysely<Database>, filter: MappingFilter = {}) {
  let query = db
    .selectFrom('social_media_content_mapping as m')
    .innerJoin('social_media_posts as p', 'p.id', 'm.post_id')
    .innerJoin('social_media_accounts as a', 'a.id', 'p.account_id')
    .leftJoin('videos as v', 'v.id', 'm.video_id')
    .leftJoin('clips as c', 'c.id', 'm.clip_id')
    .leftJoin('social_media_post_range as r', 'r.post_id', 'p.id')
    .select(['p.id as post_id', 'a.platform', 'a.username', 'p.external_post_id', 'p.post_url', 'p.posted_at'])
    .select(['p.caption', 'p.duration', 'm.video_id', 'm.clip_id', 'm.status', 'm.confidence_score', 'm.matched_by'])
    .select((eb) => [eb.fn.coalesce('c.title', 'v.title').as('content_title'), 'r.views_count as views'])
    .select(['m.decided_by', 'm.runner_up_score', 'm.created_at', 'm.updated_at']);
  if (filter.status !== undefined) query = query.where('m.status', '=', filter.status);
  if (filter.decidedBy !== undefined) query = query.where('m.decided_by', '=', filter.decidedBy);
  if (filter.platform !== undefined) query = query.where('a.platform', '=', filter.platform);
  if (filter.limit !== undefined) query = query.limit(filter.limit);
  return query
    .orderBy('p.posted_at', (by) => by.desc().nullsLast())
    .orderBy('p.id', 'desc')
    .execute();
}

export type MappingListing = Awaited<ReturnType<typeof listMappings>>[number];
