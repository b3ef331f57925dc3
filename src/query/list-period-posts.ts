import type { Kysely } from 'kysely';
import { addDays, startOfDay, type Day } from '../core/time.ts';
import { START_SLACK_DAYS } from '../insight/coverage.ts';
import type { DayPeriod } from '../insight/period.ts';
import type { Database } from '../store/schema.ts';
import { listPostGains, type PostGain } from './list-post-gains.ts';

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
): Promise<PostGain[]> {
  const windows = new Map<string, { start: Day; end: Day; ids: number[] }>();
  for (const { account_id: id, before, first, end } of await listEnds(db, accountIds, period)) {
    const start = before ?? first;
    // Of one day alone nothing was gained.
    if (start === null || end === null || start === end) continue;
    const window = windows.get(`${start}/${end}`);
    if (window) window.ids.push(id);
    else windows.set(`${start}/${end}`, { start, end, ids: [id] });
  }
  const found: PostGain[] = [];
  for (const window of windows.values()) {
    const postedSince = startOfDay(timezone, window.start).toISOString();
    found.push(...(await listPostGains(db, { ...window, postedSince }, limit)));
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
