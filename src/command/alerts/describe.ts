import { METRIC_NAMES } from '../../alert/rule/wording.ts';
import type { ToldMetric } from '../../query/each-told-series.ts';

/** The counters that a rule can watch, by what people call them. */
export const METRICS: Readonly<Record<string, ToldMetric>> = Object.fromEntries(
  Object.entries(METRIC_NAMES).map(([metric, name]) => [name, metric as ToldMetric]),
);

/** What people call a stored counter. */
export function nameMetric(metric: string): string {
  return METRIC_NAMES[metric as ToldMetric] ?? metric;
}

/** What a rule watches, in words that follow its kind: ` of tiktok @anna`, nothing for all accounts. */
export function describeScope(rule: {
  platform: string | null;
  username: string | null;
  brand: string | null;
}): string {
  const { platform, username, brand } = rule;
  if (username !== null) return ` of ${platform === null ? '' : `${platform} `}@${username}`;
  const parts = [platform, brand === null ? null : `brand ${brand}`].filter((part) => part !== null);
  return parts.length === 0 ? '' : ` of ${parts.join(', ')}`;
}
