import { groupDigits } from '../../core/number.ts';
import type { Finding } from '../../core/alert.ts';
import type { Day } from '../../core/time.ts';
import { describeDoubt } from '../../insight/describe-doubt.ts';
import { findSpike, SPIKE_HISTORY, type LatePosts, type Spike } from '../../insight/spike.ts';
import { TOLD_METRICS, type ToldMetric } from '../../query/each-told-series.ts';
import { listFoundLater } from '../../query/list-found-later.ts';
import type { LatestAccount } from '../../query/list-latest.ts';
import type { RuleKind, RuleParameters, RuleScope, RuleWorld } from '../rule-kind.ts';
import { eachSeriesFrom, freshFrom, knownDays, listWatchedLatest, pointsUntil, replayFrom, todayOf } from './watch.ts';
import { counted, METRIC_NAMES, nameOf, times } from './wording.ts';

const STANDARD_METRIC: ToldMetric = 'total_views';

/** A day that brought many times what a day usually brings. Judged on the last day on which the counter is known. */
export const spike: RuleKind = {
  summary: 'a day brings many times the views, likes or followers that a day usually brings',
  threshold: {
    meaning:
      'fires when the change of a day is so many times the median of the 28 days before, and well above all but one',
    unit: 'x',
    standard: 3,
    least: 1.5,
    most: 1000,
  },
  days: null,
  metrics: [STANDARD_METRIC, ...TOLD_METRICS.filter((metric) => metric !== STANDARD_METRIC)],
  cooldownDays: 3,
  find: (world, parameters, scope) => look(world, parameters, scope, freshFrom(world), 'last'),
  replay: (world, parameters, scope, days) => look(world, parameters, scope, replayFrom(world, days), 'all'),
};

async function look(
  world: RuleWorld,
  parameters: RuleParameters,
  scope: RuleScope,
  from: Day,
  which: 'last' | 'all',
): Promise<Finding[]> {
  const metric = parameters.metric ?? STANDARD_METRIC;
  const threshold = parameters.threshold ?? (spike.threshold?.standard as number);
  const kind = metric === 'followers_count' ? 'level' : 'total';
  const findings: Finding[] = [];
  const accounts = await listWatchedLatest(world, scope, from);
  const late = metric === 'followers_count' ? new Map() : await listLate(world, accounts, metric, from);
  for await (const { account, points } of eachSeriesFrom(world, accounts, from, SPIKE_HISTORY)) {
    const days = knownDays(points[metric], from, todayOf(world));
    for (const day of which === 'last' ? days.slice(-1) : days) {
      const series = pointsUntil(points[metric], day, SPIKE_HISTORY);
      const found = findSpike(series, kind, threshold, late.get(account.account_id));
      if (found) findings.push(describe(account, metric, found, threshold));
    }
  }
  return findings;
}

/** By account and day, what posts brought that were first seen long after they were published. */
async function listLate(
  world: RuleWorld,
  accounts: readonly LatestAccount[],
  metric: 'total_views' | 'total_likes',
  from: Day,
): Promise<Map<number, Map<Day, LatePosts>>> {
  const ids = accounts.map(({ account_id }) => account_id);
  const late = new Map<number, Map<Day, LatePosts>>(ids.map((id) => [id, new Map()]));
  for (const { account_id, day, posts, ...row } of await listFoundLater(world.db, ids, from)) {
    const amount = row[metric];
    late.get(account_id)?.set(day, { posts: Number(posts), amount: amount === null ? null : Number(amount) });
  }
  return late;
}

function describe(account: LatestAccount, metric: ToldMetric, found: Spike, threshold: number): Finding {
  const subject = `account:${account.account_id}:${metric}`;
  const { day, change, observed, expected, factor } = found;
  const noun = METRIC_NAMES[metric];
  const byThreshold = found.least <= threshold * expected;
  const usual =
    factor === null
      ? 'where none came in the four weeks before'
      : found.basis === 'median change'
        ? `${times(factor)} what a day usually brings (${groupDigits(expected)})`
        : `${times(factor)} its ${found.basis === 'median rise' ? 'usual' : 'largest'} rise of the four weeks before (${groupDigits(expected)})`;
  return {
    subject,
    key: `${subject}:${day}`,
    accountId: account.account_id,
    day,
    title: `${nameOf(account)} gained ${groupDigits(observed)} ${noun} on ${day}, ${usual}`,
    facts: [
      { label: 'Change', value: `+${groupDigits(change)}` },
      ...(observed === change ? [] : [{ label: 'Without posts first seen then', value: `+${groupDigits(observed)}` }]),
      { label: 'Expected', value: `${groupDigits(expected)} (${found.basis}, n = ${found.n})` },
      {
        label: 'Fires from',
        value: `${groupDigits(Math.ceil(found.least))} (${counted(28, 'day')} before${byThreshold ? `, ${times(threshold)}` : ''})`,
      },
    ],
    doubts: found.doubts.map(describeDoubt),
    url: null,
    values: {
      metric,
      threshold,
      change,
      observed,
      expected,
      factor,
      least: found.least,
      basis: found.basis,
      n: found.n,
    },
  };
}
