import type { Kysely } from 'kysely';
import { addDays } from '../core/time.ts';
import { growthWithin, type CoveredGrowth } from '../insight/coverage.ts';
import type { Database } from '../store/schema.ts';
import { listAccounts, type AccountListing } from './list-accounts.ts';
import { listFailing, type Failing } from './list-failing.ts';
import { listLatest, type LatestAccount } from './list-latest.ts';
import { listRecentTotals, type TotalsRow } from './list-recent-totals.ts';

/** An account on a card: how fresh it is, its latest numbers, how it grew. */
export interface AccountCard {
  account: AccountListing;
  /** Null before the first numbers. */
  latest: LatestAccount | null;
  /** Over the days before the account's own last one. */
  followersChange: CoveredGrowth;
  viewsChange: CoveredGrowth;
  /** Followers of each day up to its own last one, oldest first; a day without numbers is null. */
  followers: (number | null)[];
  /** Its fetches since one succeeded; null when the latest one did. */
  failing: Failing | null;
}

/** Every account, paused ones and competitors too, by platform and name. A few statements, however many there are. */
export async function listAccountCards(db: Kysely<Database>, days: number): Promise<AccountCard[]> {
  const accounts = await listAccounts(db);
  const latest = await listLatest(db, { withPaused: true });
  const totals = await listRecentTotals(db, latest, days);
  const latestOf = new Map(latest.map((each) => [each.account_id, each]));
  const ids = accounts.flatMap(({ id, last_error: error }) => (error === null ? [] : [id]));
  const failingOf = new Map((await listFailing(db, ids)).map((each) => [each.account_id, each]));
  return accounts.map((account) => {
    const rows = totals.get(account.id) ?? [];
    return {
      account,
      latest: latestOf.get(account.id) ?? null,
      followersChange: growthOf(rows, 'followers_count', days),
      viewsChange: growthOf(rows, 'total_views', days),
      followers: fillDays(rows, latestOf.get(account.id)?.last_snapshot_date, days),
      failing: failingOf.get(account.id) ?? null,
    };
  });
}

function growthOf(rows: readonly TotalsRow[], metric: 'followers_count' | 'total_views', days: number): CoveredGrowth {
  const points = rows.map((row) => ({ day: row.snapshot_date, value: row[metric] }));
  return growthWithin(points, days);
}

/** One value a day: a day without a row stays empty. */
function fillDays(rows: readonly TotalsRow[], last: string | undefined, days: number): (number | null)[] {
  if (last === undefined) return [];
  const known = new Map(rows.map((row) => [row.snapshot_date, row.followers_count]));
  return Array.from({ length: days }, (_, i) => known.get(addDays(last, i + 1 - days)) ?? null);
}
