import type { Kysely } from 'kysely';
import type { Day } from '../core/time.ts';
import type { Database } from '../store/schema.ts';

/** What a post gained between two days on which its account was fetched. */
export interface PostGain {
  platform: string;
  username: string;
  external_post_id: string;
  post_url: string | null;
  caption: string | null;
  posted_at: string | null;
  /** The days between whose numbers the gain lies. */
  start_date: Day;
  end_date: Day;
  views_gained: number;
  likes_gained: number | null;
  /** False for a post that was published since the start: it grew from 0. */
  is_older: boolean;
}

/** The days that a gain lies between, and whose it is. */
export interface GainWindow {
  start: Day;
  end: Day;
  ids: number[];
  /** A post that was published at this instant or later starts from 0. */
  postedSince: string;
}

/**
 * The posts of some accounts that gained the most views. A post that was published before and has no numbers at the start
 * is left out: its gain is not known.
 */
export async function listPostGains(
  db: Kysely<Database>,
  { start, end, ids, postedSince }: GainWindow,
  limit: number,
): Promise<PostGain[]> {
  const rows = await db
    .selectFrom('social_media_post_analytics as l')
    .innerJoin('social_media_posts as p', 'p.id', 'l.post_id')
    .innerJoin('social_media_accounts as a', 'a.id', 'p.account_id')
    .leftJoin('social_media_post_analytics as f', (join) =>
      join.onRef('f.post_id', '=', 'l.post_id').on('f.snapshot_date', '=', start),
    )
    .select(['a.platform', 'a.username', 'p.external_post_id', 'p.post_url', 'p.caption', 'p.posted_at'])
    .select(['f.views_count as views_before'])
    .select((eb) => [
      eb('l.views_count', '-', eb.fn.coalesce('f.views_count', eb.lit(0))).as('views_gained'),
      // A post whose views were known at the start with likes unknown has gained nobody knows how many.
      eb(
        'l.likes_count',
        '-',
        eb.case().when('f.views_count', 'is', null).then(0).else(eb.ref('f.likes_count')).end(),
      ).as('likes_gained'),
    ])
    .where('l.snapshot_date', '=', end)
    .where('p.account_id', 'in', ids)
    .where('l.views_count', 'is not', null)
    .where((eb) =>
      eb.or([
        eb('f.views_count', 'is not', null),
        eb.and([eb('f.snapshot_date', 'is', null), eb('p.posted_at', '>=', postedSince)]),
      ]),
    )
    .orderBy('views_gained', 'desc')
    .orderBy('l.post_id')
    .limit(limit)
    .execute();
  return rows.map(({ views_before, ...row }): PostGain => ({
    ...row,
    views_gained: row.views_gained as number,
    start_date: start,
    end_date: end,
    is_older: views_before !== null,
  }));
}
