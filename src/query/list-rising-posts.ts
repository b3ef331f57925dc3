import type { Kysely } from 'kysely';
import { addDays } from '../core/time.ts';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';
import { listLatest } from './list-latest.ts';
import { listPostGains, type PostGain } from './list-post-gains.ts';
import { groupByLastDay } from './list-series.ts';

/**
 * The posts that gained the most views over `days`, ending on each account's last day. A post that was published before
 * the window but has no numbers at its start is left out: its gain is not known.
 */
export async function listRisingPosts(
  db: Kysely<Database>,
  days: number,
  limit: number,
  filter: AccountFilter = {},
): Promise<PostGain[]> {
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
  const found: PostGain[] = [];
  for (const window of windows.values())
    found.push(...(await listPostGains(db, { ...window, postedSince: window.start }, limit)));
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
