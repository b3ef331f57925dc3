import type { Kysely } from 'kysely';
import { groupBy } from '../core/group.ts';
import { addDays, type Day } from '../core/time.ts';
import type { Database } from '../store/schema.ts';
import type { LatestAccount } from './list-latest.ts';
import { groupByLastDay } from './list-series.ts';

/** An account's followers and views on a day. */
export interface TotalsRow {
  account_id: number;
  snapshot_date: Day;
  followers_count: number | null;
  total_views: number | null;
}

/** Accounts that were last fetched on different days are asked for in one statement, so many days at most. */
const GROUPS_AT_ONCE = 100;

/**
 * The followers and views of each account over the `days` before its own last day, that day, and the one row before them: what a
 * change over the window starts from when its first day has none. One statement, however many accounts there are.
 * @returns rows in order of their days, by account id; accounts without numbers are left out.
 */
export async function listRecentTotals(
  db: Kysely<Database>,
  accounts: readonly LatestAccount[],
  days: number,
): Promise<Map<number, TotalsRow[]>> {
  const groups = [...groupByLastDay(accounts)];
  const rows: TotalsRow[] = [];
  for (let at = 0; at < groups.length; at += GROUPS_AT_ONCE) {
    const [first, ...rest] = groups
      .slice(at, at + GROUPS_AT_ONCE)
      .flatMap(([until, ids]) => [
        selectWithin(db, ids, addDays(until, -days), until),
        selectBefore(db, ids, addDays(until, -days)),
      ]);
    if (!first) break;
    const all = rest.reduce((union, each) => union.unionAll(each), first);
    rows.push(...(await all.orderBy('account_id').orderBy('snapshot_date').execute()));
  }
  return groupBy(rows, ({ account_id }) => account_id);
}

function selectWithin(db: Kysely<Database>, ids: readonly number[], from: Day, until: Day) {
  return db
    .selectFrom('social_media_analytics_snapshots as s')
    .select(['s.account_id', 's.snapshot_date', 's.followers_count', 's.total_views'])
    .where('s.account_id', 'in', ids)
    .where('s.snapshot_date', '>=', from)
    .where('s.snapshot_date', '<=', until);
}

/** The latest row before a day, of each account. */
function selectBefore(db: Kysely<Database>, ids: readonly number[], from: Day) {
  return db
    .selectFrom('social_media_accounts as a')
    .crossJoin('social_media_analytics_snapshots as s')
    .select(['s.account_id', 's.snapshot_date', 's.followers_count', 's.total_views'])
    .where('a.id', 'in', ids)
    .whereRef('s.account_id', '=', 'a.id')
    .where('s.snapshot_date', '=', (eb) =>
      eb
        .selectFrom('social_media_analytics_snapshots as x')
        .select(({ fn }) => fn.max('x.snapshot_date').as('day'))
        .whereRef('x.account_id', '=', 'a.id')
        .where('x.snapshot_date', '<', from),
    );
}
