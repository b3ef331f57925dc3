import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** A stored post, as the audit keeps it. */
export async function findRecordedPost(db: Kysely<Database>, postId: number) {
  return db.selectFrom('social_media_posts').selectAll().where('id', '=', postId).executeTakeFirst();
}

/** A post's numbers of a day. */
export async function findPostDay(db: Kysely<Database>, postId: number, day: string) {
  return db
    .selectFrom('social_media_post_analytics')
    .selectAll()
    .where('snapshot_date', '=', day)
    .where('post_id', '=', postId)
    .executeTakeFirst();
}

/** The followers of an account on a day, as fetched, else as recorded. */
export async function findFollowersOn(db: Kysely<Database>, accountId: number, day: string): Promise<number | null> {
  const fetched = await db
    .selectFrom('social_media_analytics_snapshots')
    .select('followers_count')
    .where('account_id', '=', accountId)
    .where('snapshot_date', '=', day)
    .executeTakeFirst();
  if (fetched && fetched.followers_count !== null) return fetched.followers_count;
  const recorded = await db
    .selectFrom('social_media_daily_metrics')
    .select('followers')
    .where('account_id', '=', accountId)
    .where('date', '=', day)
    .executeTakeFirst();
  return recorded?.followers ?? null;
}
