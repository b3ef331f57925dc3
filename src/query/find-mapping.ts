import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** A post, and what is said of the content that it shows: all null where nothing is. */
export async function findMapping(db: Kysely<Database>, postId: number) {
  // PostgreSQL refuses to compare with what is no integer of its size.
  if (postId > 2_147_483_647) return undefined;
  return db
    .selectFrom('social_media_posts as p')
    .leftJoin('social_media_content_mapping as m', 'm.post_id', 'p.id')
    .select(['p.id as post_id', 'm.video_id', 'm.clip_id', 'm.status', 'm.decided_by'])
    .select(['m.confidence_score', 'm.matched_by', 'm.runner_up_score'])
    .where('p.id', '=', postId)
    .executeTakeFirst();
}
