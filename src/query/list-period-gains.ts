import type { Kysely } from 'kysely';
import { groupBy } from '../core/group.ts';
import { addDays, startOfDay } from '../core/time.ts';
import { growthBetween, START_SLACK_DAYS, type CoveredGrowth } from '../insight/coverage.ts';
import { dailyGains, everyDay, gainWithin, type PeriodGain } from '../insight/period-gain.ts';
import type { DayPeriod } from '../insight/period.ts';
import type { Point } from '../insight/growth.ts';
import { explainEngagement, NOTHING_KNOWN, type ExplainedEngagement, type Published } from '../insight/published.ts';
import type { Database } from '../store/schema.ts';
import { listFoundLater, type FoundLater } from './list-found-later.ts';
import { listPeriodSeries } from './list-period-series.ts';
import { listPublished, type Period } from './list-published.ts';

/** An account in a period of days. */
export interface AccountPeriod {
  period: DayPeriod;
  /** Reporting period: changes between the snapshots of these days. */
  followers: CoveredGrowth;
  views: PeriodGain;
  likes: PeriodGain;
  /** Lifetime: the posts published in these days, with all that they have got until they were last seen. */
  published: Omit<Published, 'byBasis'>;
  engagement: ExplainedEngagement;
}

/** Accounts whose days are in memory at a time. */
const CHUNK = 50;

/**
 * What each account gained in exactly these days, and what it published in them.
 * @param periods in order, none overlapping another.
 * @param timezone whose days they are.
 * @returns a list as long as `periods`, by account id.
 */
export async function listPeriodGains(
  db: Kysely<Database>,
  accountIds: readonly number[],
  periods: readonly DayPeriod[],
  timezone: string,
): Promise<Map<number, AccountPeriod[]>> {
  const answer = new Map<number, AccountPeriod[]>();
  const [first, last] = [periods[0], periods.at(-1)];
  if (!first || !last) return answer;
  const from = addDays(first.first, -START_SLACK_DAYS);
  const instants = periods.map((period) => instantsOf(period, timezone));
  for (let start = 0; start < accountIds.length; start += CHUNK) {
    const ids = accountIds.slice(start, start + CHUNK);
    const series = await listPeriodSeries(db, ids, { from, to: last.last });
    const found = groupBy(await listFoundLater(db, ids, from), ({ account_id }) => account_id);
    const published = await listPublished(db, ids, instants);
    for (const id of ids) {
      const history = { rows: series.get(id) ?? [], found: found.get(id) ?? [] };
      const ofAccount = periods.map((period, at) => {
        const { byBasis, ...sums } = published.get(id)?.[at] ?? NOTHING_KNOWN;
        const followers = growthBetween(pointsOf(history.rows, 'followers_count'), period.first, period.last);
        return {
          period,
          followers,
          views: gainOf(history, 'total_views', period),
          likes: gainOf(history, 'total_likes', period),
          published: sums,
          engagement: explainEngagement({ ...sums, byBasis }, followers.end),
        };
      });
      answer.set(id, ofAccount);
    }
  }
  return answer;
}

/** From the first instant of a period to before the first of what follows. */
export function instantsOf({ first, last }: DayPeriod, timezone: string): Period {
  return {
    from: startOfDay(timezone, first).toISOString(),
    before: startOfDay(timezone, addDays(last, 1)).toISOString(),
  };
}

/** An account day by day: null where a day is not known. */
export interface AccountDays {
  account_id: number;
  followers: Point[];
  /** Views gained on the day alone; what older posts brought when they were first seen is no part of it. */
  views: Point[];
}

/** The days of accounts in a period, for a drawing. */
export async function listPeriodDays(
  db: Kysely<Database>,
  accountIds: readonly number[],
  period: DayPeriod,
): Promise<AccountDays[]> {
  const from = addDays(period.first, -1);
  const series = await listPeriodSeries(db, accountIds, { from, to: period.last });
  const found = groupBy(await listFoundLater(db, accountIds, from), ({ account_id }) => account_id);
  return accountIds.map((id) => {
    const rows = series.get(id) ?? [];
    const added = (found.get(id) ?? []).map(({ day, total_views: value }) => ({ day, value }));
    return {
      account_id: id,
      followers: everyDay(pointsOf(rows, 'followers_count'), period),
      views: dailyGains(pointsOf(rows, 'total_views'), period, added),
    };
  });
}

type SeriesRow = Awaited<ReturnType<typeof listPeriodSeries>> extends Map<number, (infer Row)[]> ? Row : never;
type Counter = 'followers_count' | 'total_views' | 'total_likes';

function pointsOf(rows: readonly SeriesRow[], column: Counter): Point[] {
  return rows.map((row) => ({ day: row.snapshot_date, value: row[column] }));
}

interface History {
  rows: readonly SeriesRow[];
  found: readonly FoundLater[];
}

function gainOf({ rows, found }: History, column: 'total_views' | 'total_likes', period: DayPeriod): PeriodGain {
  const added = found.map((each) => ({ day: each.day, value: each[column] }));
  return gainWithin(pointsOf(rows, column), period, added);
}
