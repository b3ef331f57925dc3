import { formatPeriod, type QuotaRule } from '../../core/quota.ts';

/** A rule in words: `600,000 requests a month x 0.8`. */
export function formatQuota({ limit, unit = 'requests', period, safetyMargin }: QuotaRule): string {
  return `${limit.toLocaleString('en-US')} ${unit} ${formatPeriod(period)} x ${safetyMargin}`;
}
