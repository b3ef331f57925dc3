/** The metrics that a post can carry, as columns of `social_media_post_analytics`. */
export const POST_METRICS = ['likes', 'comments', 'views', 'shares', 'saves', 'reach', 'impressions'] as const;
export type PostMetric = (typeof POST_METRICS)[number];

/** One value per metric; null when the provider does not report, hides or garbles it. */
export type PostMetrics = Record<PostMetric, number | null>;

/**
 * Reads a counter as a provider sends it. Numbers and digit strings count; everything else is unknown, and unknown is
 * null, never 0. Negative counters are unknown too: TikTok answers them when a 32-bit counter overflowed.
 */
export function toMetric(value: unknown): number | null {
  if (typeof value === 'string' && /^\d{1,16}$/.test(value.trim())) return toMetric(Number(value));
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
