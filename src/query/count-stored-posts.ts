import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** How many posts of an account are stored that did not come from the sample. */
export async function countStoredPosts(db: Kysely<Database>, accountId: number): Promise<number> {
  const row = await db
    .selectFrom('social_media_posts')
    .select(({ fn }) => fn.countAll<number>().as('posts'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  return Number(row.posts);
}
