import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';

/** The ids of the posts that a filter lets through, as a subquery. */
export function selectPostIds(db: Kysely<Database>, filter: AccountFilter & { postedSince?: string | undefined }) {
  let posts = db
    .selectFrom('social_media_accounts as a')
    .crossJoin('social_media_posts as p')
    .select('p.id')
    .whereRef('p.account_id', '=', 'a.id');
  if (filter.platform !== undefined) posts = posts.where('a.platform', '=', filter.platform);
  if (filter.username !== undefined) posts = posts.where('a.username', '=', filter.username);
  if (filter.postedSince !== undefined) posts = posts.where('p.posted_at', '>=', filter.postedSince);
  return posts;
}
