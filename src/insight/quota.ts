import type { QuotaRule } from '../core/quota.ts';
import { addDays, type Day } from '../core/time.ts';

/** What a vendor's headers last said, and how many requests we sent since. */
export interface VendorCount {
  limit: number;
  remaining: number;
  sentSince: number;
}

/** What is left of a provider's quota. All figures are requests. */
export interface Quota {
  allowed: number;
  used: number;
  left: number;
  /** What may still be sent today: a large monthly quota is spread over its days. */
  leftToday: number;
  /** The first day on which the count starts again. */
  resetsOn: Day;
}

/** Below this a month's quota is too small to be cut into days. */
const SMALLEST_PACED = 3000;

/** The first and last day of the period that `day` lies in. */
export function quotaPeriod(rule: QuotaRule, day: Day): { from: Day; resetsOn: Day } {
  if (rule.period === 'day') return { from: day, resetsOn: addDays(day, 1) };
  const from = `${day.slice(0, 7)}-01`;
  return { from, resetsOn: `${addDays(from, 31).slice(0, 7)}-01` };
}

/**
 * Judges what may still be sent: `floor(limit x safetyMargin)` less what was sent, paced by day when the period is a
 * month. A vendor's own count can lower the result, never raise it.
 */
export function judgeQuota(
  rule: QuotaRule,
  day: Day,
  sent: { inPeriod: number; today: number },
  vendor?: VendorCount,
): Quota {
  const share = (limit: number) => Math.floor(limit * rule.safetyMargin + 1e-9);
  const allowed = share(rule.limit);
  let left = allowed - sent.inPeriod;
  if (vendor) left = Math.min(left, share(vendor.limit) - (vendor.limit - vendor.remaining) - vendor.sentSince);
  const isPaced = rule.period === 'month' && allowed >= SMALLEST_PACED;
  const leftToday = isPaced ? Math.min(left, Math.floor(allowed / 30) - sent.today) : left;
  return {
    allowed,
    used: sent.inPeriod,
    left: Math.max(0, left),
    leftToday: Math.max(0, leftToday),
    resetsOn: quotaPeriod(rule, day).resetsOn,
  };
}
