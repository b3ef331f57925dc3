import { addDays, dayIn, type Day } from '../../core/time.ts';
import { eachToldSeries, type ToldSeries } from '../../query/each-told-series.ts';
import { listLatest, type LatestAccount } from '../../query/list-latest.ts';
import { listWatched } from '../../query/list-watched.ts';
import type { ToldPoint } from '../../insight/daily-change.ts';
import type { RuleScope, RuleWorld } from '../rule-kind.ts';

/** What is longer ago is history: an import must not tell of it as if it were news. */
const FRESH_DAYS = 3;

/** The day it is now. */
export function todayOf(world: RuleWorld): Day {
  return dayIn(world.timezone, world.now);
}

/** The first day that is news. */
export function freshFrom(world: RuleWorld): Day {
  return addDays(todayOf(world), -FRESH_DAYS);
}

/** The first of the last `days` days. */
export function replayFrom(world: RuleWorld, days: number): Day {
  return addDays(todayOf(world), 1 - days);
}

/** The watched accounts that have numbers of a day from `from` on. */
export async function listWatchedLatest(world: RuleWorld, scope: RuleScope, from: Day): Promise<LatestAccount[]> {
  const watched = await listWatched(world.db, scope);
  const ids = new Set(watched.map(({ account_id }) => account_id));
  const latest = await listLatest(world.db, scope.platform === null ? {} : { platform: scope.platform });
  return latest.filter((account) => ids.has(account.account_id) && account.last_snapshot_date >= from);
}

/** The counters of some accounts, from `history` days before `from` on. */
export function eachSeriesFrom(
  world: RuleWorld,
  accounts: readonly LatestAccount[],
  from: Day,
  history: number,
): AsyncGenerator<ToldSeries> {
  const today = todayOf(world);
  const window = Math.max(0, (Date.parse(today) - Date.parse(from)) / 86_400_000);
  return eachToldSeries(world.db, accounts, window + history);
}

/** The days from `from` to `until` on which a counter is known. */
export function knownDays(points: readonly ToldPoint[], from: Day, until: Day): Day[] {
  return points.flatMap(({ day, value }) => (value !== null && day >= from && day <= until ? [day] : []));
}

/** What was known on a day, and no longer before it than `history` days. */
export function pointsUntil(points: readonly ToldPoint[], day: Day, history: number): ToldPoint[] {
  const from = addDays(day, -history);
  return points.filter((point) => point.day >= from && point.day <= day);
}
