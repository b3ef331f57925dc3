import { groupDigits } from '../../core/number.ts';
import type { Finding } from '../../core/alert.ts';
import { dayIn, formatClock } from '../../core/time.ts';
import type { ProviderQuota, RuleKind, RuleWorld } from '../rule-kind.ts';
import { todayOf } from './watch.ts';

/** A provider's quota runs out. It is no account's: a scope has nothing to say here. */
export const quota: RuleKind = {
  summary: "a provider's quota is nearly used up; watches no accounts",
  threshold: {
    meaning: 'fires when so many % of what may be used are used',
    unit: '%',
    standard: 80,
    least: 1,
    most: 100,
  },
  days: null,
  metrics: null,
  cooldownDays: 1,
  async find(world, parameters) {
    const threshold = parameters.threshold ?? (quota.threshold?.standard as number);
    const quotas = await world.quotas();
    return quotas
      .filter(({ used, allowed }) => allowed > 0 && used * 100 >= threshold * allowed)
      .map((each) => describe(world, each, threshold));
  },
  replay: null,
};

function describe(
  world: RuleWorld,
  { provider, used, allowed, unit, period, resetsAt }: ProviderQuota,
  threshold: number,
): Finding {
  const subject = `provider:${provider}`;
  const percent = (used * 100) / allowed;
  const resets = `${dayIn(world.timezone, resetsAt)} ${formatClock(world.timezone, resetsAt).slice(-5)}`;
  return {
    subject,
    key: `${subject}:${period}`,
    accountId: null,
    day: todayOf(world),
    title: `${provider}: ${groupDigits(used)} of ${groupDigits(allowed)} ${unit} are used, ${groupDigits(Math.floor(percent))} %; they count anew from ${resets}`,
    facts: [
      { label: 'Used', value: `${groupDigits(used)} of ${groupDigits(allowed)} ${unit}` },
      { label: 'Counts anew', value: `${resets} ${world.timezone}` },
      { label: 'Fires from', value: `${groupDigits(threshold)} %` },
    ],
    doubts: [],
    url: null,
    values: { provider, used, allowed, unit, percent, period, resets_at: resetsAt.toISOString(), threshold },
  };
}
