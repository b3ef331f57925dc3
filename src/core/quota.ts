/** What a vendor counts: requests, units of its own price list, or posts that were read. */
export type QuotaUnit = 'requests' | 'units' | 'posts';

/** How much a provider may be asked. */
export interface QuotaRule {
  /** In `unit`s. */
  limit: number;
  /** A calendar day or month, or a window of that many seconds that slides along. */
  period: 'day' | 'month' | number;
  /** The share of the limit that is used at most: 0.8 keeps a fifth back for other tools and our own miscounting. */
  safetyMargin: number;
  /** Requests when left out. */
  unit?: QuotaUnit;
  /** Where the vendor's day begins, an IANA time zone; the user's when left out. */
  zone?: string;
}

/** What a vendor's own headers say is left. */
export interface ReportedQuota {
  limit: number;
  remaining: number;
  /** Seconds until the count starts again. */
  resetsInSeconds: number;
}

/** A period in words: "a day", "in a minute", "in 5 minutes", "in 90 seconds". */
export function formatPeriod(period: QuotaRule['period']): string {
  if (typeof period !== 'number') return `a ${period}`;
  if (period % 3600 === 0) return period === 3600 ? 'in an hour' : `in ${period / 3600} hours`;
  if (period % 60 === 0) return period === 60 ? 'in a minute' : `in ${period / 60} minutes`;
  return `in ${period} seconds`;
}
