import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';
import { selectPostIds } from './post-filter.ts';

/** The hashtags in use, most used first, with the latest known views of the posts that carry them. */
export async function listHashtags(db: Kysely<Database>, limit: number, filter: AccountFilter = {}) {
  let uses = db
    .selectFrom('social_media_post_hashtags as x')
    .leftJoin('social_media_post_range as r', 'r.post_id', 'x.post_id')
    .select('x.hashtag_id')
    .select(({ fn }) => [fn.countAll<number>().as('posts'), fn.sum<number | null>('r.views_count').as('views')])
    .groupBy('x.hashtag_id');
  if (filter.platform !== undefined || filter.username !== undefined) {
    uses = uses.where('x.post_id', 'in', selectPostIds(db, filter));
  }
  return db
    .selectFrom(uses.as('u'))
    .crossJoin('social_media_hashtags as h')
    .select(['h.tag', 'h.written', 'u.posts', 'u.views'])
    .whereRef('h.id', '=', 'u.hashtag_id')
    .orderBy('u.posts', 'desc')
    .orderBy('u.views', (by) => by.desc().nullsLast())
    .orderBy('h.id')
    .limit(limit)
    .execute();
}

export type HashtagListing = Awaited<ReturnType<typeof listHashtags>>[number];
