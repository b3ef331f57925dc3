import type { Kysely } from 'kysely';
import { addDays, startOfDay, type Day } from '../core/time.ts';
import { START_SLACK_DAYS } from '../insight/coverage.ts';
import type { DayPeriod } from '../insight/period.ts';
import type { Database } from '../store/schema.ts';

/** What a post gained in a period. */
export interface PeriodPost {
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

/**
 * The posts that gained the most views in a period, between the account's last day before it (at most 7 days before; else
 * its first day in it) and its last day in it. A post that was published before the start and has no numbers there is left
 * out: its gain is not known.
 */
export async function listPeriodPosts(
  db: Kysely<Database>,
  accountIds: readonly number[],
  period: DayPeriod,
  { timezone, limit }: { timezone: string; limit: number },
): Promise<PeriodPost[]> {
  const windows = new Map<string, { start: Day; end: Day; ids: number[] }>();
  for (const { account_id: id, before, first, end } of await listEnds(db, accountIds, period)) {
    const start = before ?? first;
    // Of one day alone nothing was gained.
    if (start === null || end === null || start === end) continue;
    const window = windows.get(`${start}/${end}`);
    if (window) window.ids.push(id);
    else windows.set(`${start}/${end}`, { start, end, ids: [id] });
  }
  const found: PeriodPost[] = [];
  for (const window of windows.values()) {
    const postedSince = startOfDay(timezone, window.start).toISOString();
    found.push(...(await listGains(db, { ...window, postedSince }, limit)));
  }
  return found.toSorted((a, b) => b.views_gained - a.views_gained).slice(0, limit);
}

/** The days of each account that a period begins and ends with. */
async function listEnds(db: Kysely<Database>, accountIds: readonly number[], { first, last }: DayPeriod) {
  if (accountIds.length === 0) return [];
  const oldest = addDays(first, -START_SLACK_DAYS);
  return db
    .selectFrom('social_media_analytics_snapshots as s')
    .select(({ fn }) => [
      's.account_id',
      fn.max('s.snapshot_date').filterWhere('s.snapshot_date', '<', first).as('before'),
      fn.min('s.snapshot_date').filterWhere('s.snapshot_date', '>=', first).as('first'),
      fn.max('s.snapshot_date').filterWhere('s.snapshot_date', '>=', first).as('end'),
    ])
    .where('s.account_id', 'in', accountIds)
    .where('s.snapshot_date', '>=', oldest)
    .where('s.snapshot_date', '<=', last)
    .groupBy('s.account_id')
    .orderBy('s.account_id')
    .execute();
}

interface GainWindow {
  start: Day;
  end: Day;
  ids: number[];
  postedSince: string;
}

async function listGains(db: Kysely<Database>, { start, end, ids, postedSince }: GainWindow, limit: number) {
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
  return rows.map(({ views_before, ...row }): PeriodPost => ({
    ...row,
    views_gained: row.views_gained as number,
    start_date: start,
    end_date: end,
    is_older: views_before !== null,
  }));
}
