import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** The posts that a person has judged: what each shows, or that it does not show what a rule suggested. */
export async function listJudgedPosts(db: Kysely<Database>) {
  return db
    .selectFrom('social_media_content_mapping as m')
    .innerJoin('social_media_posts as p', 'p.id', 'm.post_id')
    .where('m.decided_by', '=', 'person')
    .where('m.status', 'in', ['confirmed', 'rejected'])
    .select(['p.id', 'p.platform', 'p.external_post_id', 'p.post_url', 'p.caption', 'p.duration', 'p.posted_at'])
    .select(['m.video_id', 'm.clip_id', 'm.status'])
    .orderBy('p.id')
    .execute();
}
