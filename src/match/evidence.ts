/** Something beside the words that speaks for a match (positive) or against it, in log-odds. */
export interface Evidence {
  weight: number;
  text: string;
}

const DAY = 86_400_000;
/** Two durations are the same within a second: platforms round differently. */
const SAME_SECONDS = 1;

/** What the durations, in seconds, say. Lengths that only differ a little say nothing: posts get an intro, an outro, a cut. */
export function judgeDuration(content: number | null, post: number | null): Evidence | undefined {
  if (!content || !post) return undefined;
  const difference = Math.abs(content - post);
  if (difference <= SAME_SECONDS) return { weight: 1.5, text: 'same duration' };
  const ratio = Math.min(content, post) / Math.max(content, post);
  return ratio < 0.5 ? { weight: -0.8, text: 'very different duration' } : undefined;
}

/** True when the durations are the same within a second. */
export function isSameDuration(content: number | null, post: number | null): boolean {
  return (judgeDuration(content, post)?.weight ?? 0) > 0;
}

/**
 * What the days say: a post comes out around its content or later, hardly ever before it exists.
 * @param age of the content when it was posted, in milliseconds; NaN when unknown.
 */
export function judgeTime(age: number): Evidence | undefined {
  const days = age / DAY;
  if (Number.isNaN(days)) return undefined;
  if (days < -30) return { weight: -1, text: 'posted long before it was published' };
  if (days < -2) return { weight: -0.4, text: 'posted before it was published' };
  return days <= 30 ? { weight: 0.4, text: 'posted around its publication' } : undefined;
}
