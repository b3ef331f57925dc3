import { groupDigits } from '../../core/number.ts';
import type { Finding } from '../../core/alert.ts';
import type { Day } from '../../core/time.ts';
import { describeDoubt } from '../../insight/describe-doubt.ts';
import { dropHistory, findGrowthDrop, type GrowthDrop } from '../../insight/growth-drop.ts';
import type { LatestAccount } from '../../query/list-latest.ts';
import type { RuleKind, RuleParameters, RuleScope, RuleWorld } from '../rule-kind.ts';
import { eachSeriesFrom, freshFrom, knownDays, listWatchedLatest, pointsUntil, replayFrom, todayOf } from './watch.ts';
import { counted, nameOf } from './wording.ts';

/** Fewer new followers than in the days before. Judged on the last day on which the followers are known. */
export const growthDrop: RuleKind = {
  summary: 'an account gains far fewer followers than in the days before, or loses some',
  threshold: {
    meaning:
      'fires when so many % fewer followers came than in the days before, beyond what is chance; over 100 is a loss',
    unit: '%',
    standard: 50,
    least: 1,
    most: 1000,
  },
  days: { meaning: 'so many days are compared with as many before', standard: 7, least: 2, most: 90 },
  metrics: null,
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
  const window = {
    days: parameters.days ?? (growthDrop.days?.standard as number),
    threshold: parameters.threshold ?? (growthDrop.threshold?.standard as number),
  };
  const history = dropHistory(window.days);
  const findings: Finding[] = [];
  const accounts = await listWatchedLatest(world, scope, from);
  for await (const { account, points } of eachSeriesFrom(world, accounts, from, history)) {
    const days = knownDays(points.followers_count, from, todayOf(world));
    for (const day of which === 'last' ? days.slice(-1) : days) {
      const drop = findGrowthDrop(pointsUntil(points.followers_count, day, history), window);
      if (drop) findings.push(describe(account, drop, window));
    }
  }
  return findings;
}

function describe(
  account: LatestAccount,
  drop: GrowthDrop,
  { days, threshold }: { days: number; threshold: number },
): Finding {
  const subject = `account:${account.account_id}`;
  const { now, before } = drop;
  return {
    subject,
    key: `${subject}:${drop.day}`,
    accountId: account.account_id,
    day: drop.day,
    title: titleOf(account, drop),
    facts: [
      { label: 'Followers', value: groupDigits(now.end as number) },
      {
        label: `${now.startDay} to ${now.endDay}`,
        value: `${signed(now.change as number)}, ${now.observed} of ${days} days known`,
      },
      {
        label: `${before.startDay} to ${before.endDay}`,
        value: `${signed(before.change as number)}, ${before.observed} of ${days} days known`,
      },
      {
        label: 'Difference needed',
        value: `${groupDigits(threshold)} %, and ${groupDigits(Math.ceil(drop.least))} followers`,
      },
    ],
    doubts: drop.doubts.map(describeDoubt),
    url: null,
    values: {
      metric: 'followers_count',
      days,
      threshold,
      level: now.end,
      gain: drop.gain,
      gain_before: drop.gainBefore,
      drop_percent: drop.drop,
      least_difference: drop.least,
      change: now.change,
      start_day: now.startDay,
      end_day: now.endDay,
      observed_days: now.observed,
      change_before: before.change,
      start_day_before: before.startDay,
      end_day_before: before.endDay,
      observed_days_before: before.observed,
    },
  };
}

function titleOf(account: LatestAccount, { now, before, gain, drop }: GrowthDrop): string {
  const [change, changeBefore] = [now.change as number, before.change as number];
  const [window, windowBefore] = [counted(now.days as number, 'day'), counted(before.days as number, 'day')];
  const name = nameOf(account);
  if (gain > 0 && drop !== null) {
    const share = `${groupDigits(Math.floor(drop))} % fewer${now.days === before.days ? '' : ' a day'}`;
    return `${name} gained ${counted(change, 'follower')} in ${window}, ${share} than the ${groupDigits(changeBefore)} of the ${windowBefore} before`;
  }
  const past =
    changeBefore < 0
      ? `losing ${groupDigits(-changeBefore)}`
      : changeBefore > 0
        ? `gaining ${groupDigits(changeBefore)}`
        : 'gaining none';
  const present = change < 0 ? `lost ${counted(-change, 'follower')}` : 'gained no followers';
  return `${name} ${present} in ${window}, after ${past} in the ${windowBefore} before`;
}

function signed(value: number): string {
  return value > 0 ? `+${groupDigits(value)}` : groupDigits(value);
}
