import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** How many posts of accounts that are no competitors are linked, wait for a review, or are neither. */
export async function countUnmappedPosts(
  db: Kysely<Database>,
): Promise<{ posts: number; confirmed: number; suggested: number; rejected: number }> {
  const rows = await db
    .selectFrom('social_media_posts as p')
    .innerJoin('social_media_accounts as a', 'a.id', 'p.account_id')
    .leftJoin('social_media_content_mapping as m', 'm.post_id', 'p.id')
    .where('a.is_competitor', '=', 0)
    .select((eb) => ['m.status', eb.fn.countAll<number>().as('count')])
    .groupBy('m.status')
    .execute();
  const of = (status: string | null) => Number(rows.find((row) => row.status === status)?.count ?? 0);
  const [confirmed, suggested, rejected] = [of('confirmed'), of('suggested'), of('rejected')];
  return { posts: confirmed + suggested + rejected + of(null), confirmed, suggested, rejected };
}
