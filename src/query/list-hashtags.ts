import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';

/** The hashtags in use, most used first, with the latest known views of the posts that carry them. */
export async function listHashtags(db: Kysely<Database>, limit: number, filter: AccountFilter = {}) {
  let query = db
    .selectFrom('social_media_post_hashtags as x')
    .innerJoin('social_media_hashtags as h', 'h.id', 'x.hashtag_id')
    .innerJoin('social_media_posts as p', 'p.id', 'x.post_id')
    .innerJoin('social_media_accounts as a', 'a.id', 'p.account_id')
    .leftJoin('social_media_post_range as r', 'r.post_id', 'x.post_id')
    .select(['h.tag', 'h.written'])
    .select(({ fn }) => [fn.countAll<number>().as('posts'), fn.sum<number | null>('r.views_count').as('views')])
    .groupBy(['h.id', 'h.tag', 'h.written']);
  if (filter.platform !== undefined) query = query.where('a.platform', '=', filter.platform);
  if (filter.username !== undefined) query = query.where('a.username', '=', filter.username);
  return query.orderBy('posts', 'desc').orderBy('views', 'desc').orderBy('h.id').limit(limit).execute();
}

export type HashtagListing = Awaited<ReturnType<typeof listHashtags>>[number];
