import { groupDigits } from '../../core/number.ts';
import type { AlertFact, Finding } from '../../core/alert.ts';
import { addDays, type Day } from '../../core/time.ts';
import { findAnomalies, REFERENCE_DAYS, type Anomaly } from '../../insight/anomaly.ts';
import { describeDoubt } from '../../insight/describe-doubt.ts';
import { TOLD_METRICS, type ToldMetric } from '../../query/each-told-series.ts';
import type { LatestAccount } from '../../query/list-latest.ts';
import type { RuleKind, RuleParameters, RuleScope, RuleWorld } from '../rule-kind.ts';
import { eachSeriesFrom, freshFrom, listWatchedLatest, replayFrom, todayOf } from './watch.ts';
import { METRIC_NAMES, nameOf } from './wording.ts';

/** So much before a day tells since when a counter stands: as much as the report looks at. */
const HISTORY = Math.max(400, 2 * REFERENCE_DAYS);

/** What `report anomalies` flags, on the last day on which a counter is known. */
export const anomaly: RuleKind = {
  summary: 'a change is outside what the eight weeks before lead to expect, as report anomalies tells it',
  threshold: null,
  days: null,
  metrics: TOLD_METRICS,
  cooldownDays: 7,
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
  const metrics = parameters.metric === null ? TOLD_METRICS : [parameters.metric];
  const findings: Finding[] = [];
  const accounts = await listWatchedLatest(world, scope, from);
  for await (const { account, points, addedPosts } of eachSeriesFrom(world, accounts, from, HISTORY)) {
    for (const metric of metrics) {
      const known = points[metric].filter(({ day, value }) => value !== null && day <= todayOf(world));
      const last = known.at(-1)?.day;
      if (last === undefined || last < from) continue;
      const kind = metric === 'followers_count' ? 'level' : 'total';
      const { anomalies } = findAnomalies(known, kind, which === 'last' ? last : from, addedPosts);
      findings.push(...anomalies.map((found) => describe(account, metric, found)));
    }
  }
  return findings;
}

function describe(account: LatestAccount, metric: ToldMetric, found: Anomaly): Finding {
  const subject = `account:${account.account_id}:${metric}`;
  const range = `${bound(found.low)} to ${bound(found.high)}`;
  const score: AlertFact[] = found.score === null ? [] : [{ label: 'Score', value: groupDigits(found.score, 1) }];
  return {
    subject,
    key: `${subject}:${found.day}`,
    accountId: account.account_id,
    day: found.day,
    title: `${nameOf(account)} ${whatOf(metric, found)}; ${range}${found.days > 1 ? ' a day' : ''} was expected`,
    facts: [
      { label: 'Observed', value: `${groupDigits(found.observed)}${found.days > 1 ? ' a day' : ''}` },
      { label: 'Expected', value: `${range}, most likely ${groupDigits(found.expected)}` },
      ...score,
      { label: 'Method', value: `${found.method}, n = ${found.n}` },
    ],
    doubts: found.doubts.map(describeDoubt),
    url: null,
    values: {
      metric,
      change: found.change,
      days: found.days,
      observed: found.observed,
      expected: found.expected,
      low: found.low,
      high: found.high,
      score: found.score,
      method: found.method,
      n: found.n,
    },
  };
}

function whatOf(metric: ToldMetric, { day, days, change, observed }: Anomaly): string {
  const amount = `${change < 0 ? 'lost' : 'gained'} ${groupDigits(Math.abs(change))} ${METRIC_NAMES[metric]}`;
  if (days === 1) return `${amount} on ${day}`;
  return `${amount} from ${addDays(day, -days)} to ${day}, ${groupDigits(observed)} a day`;
}

/** Rounded to where it says something. */
function bound(value: number): string {
  return groupDigits(value, Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0);
}
