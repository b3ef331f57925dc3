/** How many requests a provider may be sent. */
export interface QuotaRule {
  limit: number;
  period: 'day' | 'month';
  /** The share of the limit that is used at most: 0.8 keeps a fifth back for other tools and our own miscounting. */
  safetyMargin: number;
}
