import type { Kysely } from 'kysely';
import { addDays } from '../core/time.ts';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';
import { listLatest } from './list-latest.ts';
import { groupByLastDay } from './list-series.ts';

/** What a post gained between two days on which its account was fetched. */
export interface RisingPost {
  platform: string;
  username: string;
  external_post_id: string;
  post_url: string | null;
  caption: string | null;
  posted_at: string | null;
  start_date: string;
  end_date: string;
  views_gained: number;
  likes_gained: number | null;
  /** False for a post that was published inside the window: it starts from 0. */
  is_older: boolean;
}

/**
 * The posts that gained the most views over `days`, ending on each account's last day. A post that was published before
 * the window but has no numbers at its start is left out: its gain is not known.
 */
export async function listRisingPosts(
  db: Kysely<Database>,
  days: number,
  limit: number,
  filter: AccountFilter = {},
): Promise<RisingPost[]> {
  const windows = new Map<string, { start: string; end: string; ids: number[] }>();
  for (const [end, ids] of groupByLastDay(await listLatest(db, filter))) {
    for (const { id, before, first } of await listStartDays(db, ids, addDays(end, -days))) {
      const start = before ?? first ?? end;
      if (start === end) continue;
      const window = windows.get(`${start}/${end}`);
      if (window) window.ids.push(id);
      else windows.set(`${start}/${end}`, { start, end, ids: [id] });
    }
  }
  const found: RisingPost[] = [];
  for (const window of windows.values()) found.push(...(await listGains(db, window, limit)));
  return found.toSorted((a, b) => b.views_gained - a.views_gained).slice(0, limit);
}

/** Each account's day nearest to the start of the window: the last at or before it, and its first day of all. */
async function listStartDays(db: Kysely<Database>, accountIds: readonly number[], target: string) {
  return db
    .selectFrom('social_media_accounts as a')
    .select('a.id')
    .select(({ selectFrom }) => [
      selectFrom('social_media_analytics_snapshots as s')
        .select(({ fn }) => fn.max('s.snapshot_date').as('day'))
        .whereRef('s.account_id', '=', 'a.id')
        .where('s.snapshot_date', '<=', target)
        .as('before'),
      selectFrom('social_media_analytics_snapshots as s')
        .select(({ fn }) => fn.min('s.snapshot_date').as('day'))
        .whereRef('s.account_id', '=', 'a.id')
        .as('first'),
    ])
    .where('a.id', 'in', accountIds)
    .execute();
}

async function listGains(
  db: Kysely<Database>,
  { start, end, ids }: { start: string; end: string; ids: number[] },
  limit: number,
): Promise<RisingPost[]> {
  const rows = await db
    .selectFrom('social_media_post_analytics as l')
    .innerJoin('social_media_posts as p', 'p.id', 'l.post_id')
    .innerJoin('social_media_accounts as a', 'a.id', 'p.account_id')
    .leftJoin('social_media_post_analytics as f', (join) =>
      join.onRef('f.post_id', '=', 'l.post_id').on('f.snapshot_date', '=', start),
    )
    .select(['a.platform', 'a.username', 'p.external_post_id', 'p.post_url', 'p.caption', 'p.posted_at'])
    .select(['f.snapshot_date as first_day'])
    .select((eb) => [
      eb('l.views_count', '-', eb.fn.coalesce('f.views_count', eb.lit(0))).as('views_gained'),
      // A post that was there at the start with likes unknown has gained nobody knows how many.
      eb(
        'l.likes_count',
        '-',
        eb.case().when('f.snapshot_date', 'is', null).then(0).else(eb.ref('f.likes_count')).end(),
      ).as('likes_gained'),
    ])
    .where('l.snapshot_date', '=', end)
    .where('p.account_id', 'in', ids)
    .where('l.views_count', 'is not', null)
    .where((eb) =>
      eb.or([
        eb('f.views_count', 'is not', null),
        eb.and([eb('f.snapshot_date', 'is', null), eb('p.posted_at', '>=', start)]),
      ]),
    )
    .orderBy('views_gained', 'desc')
    .orderBy('l.post_id')
    .limit(limit)
    .execute();
  return rows.map(({ first_day, ...row }) => ({
    ...row,
    views_gained: row.views_gained as number,
    start_date: start,
    end_date: end,
    is_older: first_day !== null,
  }));
}
