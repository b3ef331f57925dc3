import type { Kysely } from 'kysely';
import { addDays, dayIn, type Day } from '../core/time.ts';
import type { Database } from '../store/schema.ts';

/** A post that a campaign may have reached. */
export interface CampaignPost {
  id: number;
  account_id: number;
  platform: string;
  /** Of an account that is no competitor's, fetched or not. */
  is_own: boolean;
  /** The day it was published, in the asker's time zone. */
  day: Day;
  /** The latest known. */
  views: number | null;
  /** The video that it is confirmed to show, itself or through a clip. */
  video_id: string | null;
  video_title: string | null;
}

/** Days, both included; null is open. */
export interface Window {
  start: Day | null;
  end: Day | null;
}

/**
 * The posts published in any of the windows, with their latest known views and the video they show. Days are counted in
 * `timezone`, so the database is asked for a day more on each side. A post of unknown date is in no window.
 */
export async function findCampaignPosts(
  db: Kysely<Database>,
  timezone: string,
  windows: readonly Window[],
): Promise<CampaignPost[]> {
  if (windows.length === 0) return [];
  const from = windows.some(({ start }) => start === null)
    ? null
    : windows.map(({ start }) => start as Day).toSorted()[0];
  const to = windows.some(({ end }) => end === null)
    ? null
    : windows
        .map(({ end }) => end as Day)
        .toSorted()
        .at(-1);
  let query = db
    .selectFrom('social_media_posts as p')
    .innerJoin('social_media_accounts as a', 'a.id', 'p.account_id')
    .leftJoin('social_media_post_range as r', 'r.post_id', 'p.id')
    .leftJoin('social_media_content_mapping as m', (join) =>
      join.onRef('m.post_id', '=', 'p.id').on('m.status', '=', 'confirmed'),
    )
    .leftJoin('clips as c', 'c.id', 'm.clip_id')
    .leftJoin('videos as v', (join) => join.on((eb) => eb('v.id', '=', eb.fn.coalesce('m.video_id', 'c.video_id'))))
    .select(['p.id', 'p.account_id', 'a.platform', 'a.is_competitor', 'p.posted_at'])
    .select(['r.views_count as views', 'v.id as video_id', 'v.title as video_title'])
    .where('p.posted_at', 'is not', null);
  if (from) query = query.where('p.posted_at', '>=', `${addDays(from, -1)}T00:00:00.000Z`);
  if (to) query = query.where('p.posted_at', '<', `${addDays(to, 2)}T00:00:00.000Z`);
  const rows = await query.orderBy('p.id').execute();
  return rows.map(({ is_competitor, posted_at, ...row }) => ({
    ...row,
    is_own: is_competitor === 0,
    day: dayIn(timezone, new Date(posted_at as string)),
  }));
}
