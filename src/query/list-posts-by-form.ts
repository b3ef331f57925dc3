import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** An account's posts that are stored under one of these ids. */
export async function listPostsByForm(db: Kysely<Database>, accountId: number, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return db
    .selectFrom('social_media_posts')
    .select(['id', 'external_post_id', 'post_url'])
    .where('account_id', '=', accountId)
    .where('external_post_id', 'in', ids)
    .execute();
}
