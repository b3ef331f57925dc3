import type { Finding } from '../../core/alert.ts';
import { addDays, dayIn, daysBetween, type Day } from '../../core/time.ts';
import { findStoodStill, type StoodStill } from '../../insight/stood-still.ts';
import { eachToldSeries, type ToldMetric, type ToldSeries } from '../../query/each-told-series.ts';
import { listWatched, type WatchedAccount } from '../../query/list-watched.ts';
import type { RuleKind, RuleScope, RuleWorld } from '../rule-kind.ts';
import { freshFrom, listWatchedLatest, todayOf } from './watch.ts';
import { counted, METRIC_NAMES, nameOf } from './wording.ts';

/** So much of the history says since when a counter stands. */
const HISTORY = 400;
/** A stand that begins where that begins, within a week of missed days, is older: nobody can say since when. */
const EDGE = 7;
/** The counters that are looked at; of those that turned stale on the same day, the first is told. */
const WATCHED = ['total_views', 'followers_count'] as const satisfies readonly ToldMetric[];

/** No new numbers, or the same numbers for longer than the counter ever stood. */
export const stale: RuleKind = {
  summary: 'an account has no new numbers, or a provider serves the same old ones',
  threshold: null,
  days: { meaning: 'fires when the latest numbers are older than so many days', standard: 3, least: 1, most: 365 },
  metrics: null,
  cooldownDays: 7,
  async find(world, parameters, scope) {
    const days = parameters.days ?? (stale.days?.standard as number);
    const watched = await listWatched(world.db, scope);
    const silent = watched.flatMap((account) => findSilence(world, account, days) ?? []);
    return [...silent, ...(await listStoodStill(world, scope, new Set(silent.map(({ accountId }) => accountId))))];
  },
  // Numbers that came late are stored under the day that they are of: what was missing on a day is not remembered.
  replay: null,
};

function findSilence(world: RuleWorld, account: WatchedAccount, days: number): Finding | null {
  const { last_snapshot_date: last } = account;
  const since = last ?? dayIn(world.timezone, new Date(account.created_at));
  const today = todayOf(world);
  const silent = daysBetween(since, today);
  if (silent <= days) return null;
  const subject = `account:${account.account_id}`;
  const title =
    last === null
      ? `${nameOf(account)} was added on ${since} and has no numbers yet`
      : `${nameOf(account)} has no new numbers since ${since}, for ${counted(silent, 'day')}`;
  return {
    subject,
    key: `${subject}:silent:${since}`,
    accountId: account.account_id,
    day: today,
    title,
    facts: [
      { label: last === null ? 'Added' : 'Latest numbers', value: since },
      { label: 'Fires after', value: counted(days, 'day') },
    ],
    doubts: [],
    url: null,
    values: { reason: 'no_numbers', since, days: silent, last_snapshot_date: last, threshold_days: days },
  };
}

/** The accounts whose numbers come, and are always the same. */
async function listStoodStill(
  world: RuleWorld,
  scope: RuleScope,
  silent: ReadonlySet<number | null>,
): Promise<Finding[]> {
  const accounts = (await listWatchedLatest(world, scope, freshFrom(world))).filter(
    ({ account_id }) => !silent.has(account_id),
  );
  const findings: Finding[] = [];
  for await (const series of eachToldSeries(world.db, accounts, HISTORY)) {
    const begin = addDays(series.account.last_snapshot_date, EDGE - HISTORY);
    const stands = WATCHED.flatMap((metric) => {
      const found = findStoodStill(series.points[metric]);
      return found && !(found.isOpen && found.since <= begin) ? [{ metric, ...found }] : [];
    });
    if (stands.length > 0) findings.push(describe(series, stands));
  }
  return findings;
}

type MetricStand = StoodStill & { metric: ToldMetric };

function describe({ account, points }: ToldSeries, stands: readonly MetricStand[]): Finding {
  // The one that turned stale first names the event: others that join later do not make it another.
  const [first] = stands.toSorted((a, b) => compare(a.staleFrom, b.staleFrom)) as [MetricStand];
  const subject = `account:${account.account_id}`;
  const noun = stands.map(({ metric }) => METRIC_NAMES[metric]).join(' and ');
  const usual =
    first.share === null
      ? 'and were never seen to move'
      : `though they moved on ${Math.round(first.share * 100)} % of the days before`;
  return {
    subject,
    key: `${subject}:stands:${first.metric}:${first.since}`,
    accountId: account.account_id,
    day: points[first.metric].findLast(({ value }) => value !== null)?.day as Day,
    title: `The ${noun} of ${nameOf(account)} have not moved since ${first.since}, for ${counted(first.days, 'day')}, ${usual}: the numbers may be old ones`,
    facts: stands.map(({ metric, since, days, isOpen, share }) => ({
      label: METRIC_NAMES[metric],
      value: `at a stand since ${since}${isOpen ? ' or longer' : ''}, ${counted(days, 'day')}${share === null ? '' : `; moved on ${Math.round(share * 100)} % of the days before`}`,
    })),
    doubts: [],
    url: null,
    values: {
      reason: 'stands_still',
      metric: first.metric,
      since: first.since,
      days: first.days,
      is_open: first.isOpen,
      moving_share: first.share,
      provider: account.provider_name,
    },
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
