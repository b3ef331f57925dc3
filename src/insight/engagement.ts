import type { PostMetrics } from '../core/metric.ts';

/** What an engagement rate is a share of, in the order of preference. */
export const ENGAGEMENT_BASES = ['reach', 'impressions', 'views', 'followers'] as const;
export type EngagementBasis = (typeof ENGAGEMENT_BASES)[number];

/** A rate in percent and its denominator. Both are null when there is nothing to divide by. */
export interface Engagement {
  rate: number | null;
  basis: EngagementBasis | null;
}

/** The sums of the posts of an account whose rates have one basis. */
export interface BasisSum {
  basis: string;
  posts: number;
  interactions: number;
  /** Null for `followers`: that denominator is the account's, once per post. */
  denominator: number | null;
}

const NONE: Engagement = { rate: null, basis: null };

/**
 * Engagement rate of a post: (likes + comments + shares + saves, those that are known) / basis x 100. The basis is the
 * first that is known of reach, impressions, views, followers. A known basis of 0 gives no rate: another denominator
 * would be a silent fallback.
 */
export function engagementOf(metrics: PostMetrics, followers: number | null): Engagement {
  const known = [metrics.likes, metrics.comments, metrics.shares, metrics.saves].filter((value) => value !== null);
  if (known.length === 0) return NONE;
  const interactions = known.reduce((sum, value) => sum + value, 0);
  const values = { reach: metrics.reach, impressions: metrics.impressions, views: metrics.views, followers };
  const basis = ENGAGEMENT_BASES.find((name) => values[name] !== null);
  const denominator = basis && values[basis];
  return basis && denominator ? { rate: (interactions / denominator) * 100, basis } : NONE;
}

/**
 * Engagement rate of an account: sum of interactions / sum of denominators x 100 over the posts that share the most
 * common basis, never the mean of rates. With as many posts on two bases, the preferred one counts.
 */
export function weightedEngagement(sums: readonly BasisSum[], followers: number | null): Engagement {
  const rank = (basis: string) => ENGAGEMENT_BASES.indexOf(basis as EngagementBasis);
  const [first] = sums.toSorted((a, b) => b.posts - a.posts || rank(a.basis) - rank(b.basis));
  if (!first) return NONE;
  const denominator = first.basis === 'followers' ? (followers ?? 0) * first.posts : first.denominator;
  if (!denominator) return NONE;
  return { rate: (first.interactions / denominator) * 100, basis: first.basis as EngagementBasis };
}
