import type { QuotaRule } from '../core/quota.ts';
import { addDays, dayIn, startOfDay, type Day } from '../core/time.ts';

/** What a vendor's headers last said, and how much we took since. */
export interface VendorCount {
  limit: number;
  remaining: number;
  sentSince: number;
}

/** What is counted, and when the count starts again. */
export interface QuotaPeriod {
  /** What was requested at this instant or later counts. */
  startsAt: Date;
  /** Of a window: when nothing that was requested until now counts any more. */
  resetsAt: Date;
  /** The user's day on which the count starts again; null for a window, which slides. */
  resetsOn: Day | null;
}

/** What is left of a provider's quota. All figures are in the rule's unit. */
export interface Quota {
  allowed: number;
  used: number;
  left: number;
  /** What may still be sent today: a large monthly quota is spread over its days. */
  leftToday: number;
  /** The user's first day on which the count starts again; null for a window. */
  resetsOn: Day | null;
  /** When nothing of what is used counts any more. */
  resetsAt: Date;
}

/** Below this a month's quota is too small to be cut into days. */
const SMALLEST_PACED = 3000;

/** The period that an instant lies in, for a user in `timezone`. */
export function quotaPeriod(rule: QuotaRule, timezone: string, now: Date): QuotaPeriod {
  const { period, zone = timezone } = rule;
  if (typeof period === 'number') {
    const length = period * 1000;
    const startsAt = new Date(now.getTime() - length + 1);
    return { startsAt, resetsAt: new Date(now.getTime() + length), resetsOn: null };
  }
  const day = dayIn(zone, now);
  const from = period === 'day' ? day : `${day.slice(0, 7)}-01`;
  const next = period === 'day' ? addDays(day, 1) : `${addDays(from, 31).slice(0, 7)}-01`;
  const resetsAt = startOfDay(zone, next);
  return { startsAt: startOfDay(zone, from), resetsAt, resetsOn: dayIn(timezone, resetsAt) };
}

/** What a rule allows: `floor(limit x safetyMargin)`. */
export function allowedBy({ limit, safetyMargin }: Pick<QuotaRule, 'limit' | 'safetyMargin'>): number {
  return Math.floor(limit * safetyMargin + 1e-9);
}

/** What a vendor's own count leaves of its own limit. */
export function leftByVendor({ safetyMargin }: QuotaRule, { limit, remaining, sentSince }: VendorCount): number {
  return allowedBy({ limit, safetyMargin }) - (limit - remaining) - sentSince;
}

/**
 * Judges what may still be sent: what the rule allows less what was sent, paced by day when the period is a month. A
 * vendor's own count can lower the result, never raise it.
 */
export function judgeQuota(
  rule: QuotaRule,
  period: QuotaPeriod,
  sent: { inPeriod: number; today: number },
  vendor?: VendorCount,
): Quota {
  const allowed = allowedBy(rule);
  const left = Math.min(allowed - sent.inPeriod, vendor ? leftByVendor(rule, vendor) : Infinity);
  const isPaced = rule.period === 'month' && allowed >= SMALLEST_PACED;
  const leftToday = isPaced ? Math.min(left, Math.floor(allowed / 30) - sent.today) : left;
  return {
    allowed,
    used: sent.inPeriod,
    left: Math.max(0, left),
    leftToday: Math.max(0, leftToday),
    resetsOn: period.resetsOn,
    resetsAt: period.resetsAt,
  };
}

/**
 * When a window has room for so many units: as soon as enough of what it counts has left it.
 * @param counted what it counts, oldest first.
 * @returns undefined when it never has.
 */
export function windowFreeAt(
  seconds: number,
  allowed: number,
  counted: readonly { requestedAt: Date; units: number }[],
  units: number,
): Date | undefined {
  let missing = counted.reduce((sum, each) => sum + each.units, 0) + units - allowed;
  for (const each of counted) {
    missing -= each.units;
    if (missing <= 0) return new Date(each.requestedAt.getTime() + seconds * 1000);
  }
  return undefined;
}
