import type { EngagementBasis } from './engagement.ts';
import type { ExplainedEngagement } from './published.ts';

/** An account as a part of its brand. */
export interface BrandPart {
  platform: string;
  followers: { end: number | null; start: number | null; change: number | null; reason: string | null };
  views: number | null;
  engagement: ExplainedEngagement;
}

/** A rate over several accounts: sum / sum, or why there is none. */
export interface BrandRate {
  rate: number | null;
  basis: EngagementBasis | 'followers at the start' | null;
  numerator: number | null;
  denominator: number | null;
  /** Accounts that are counted. */
  n: number;
  reason: string | null;
}

/** What the accounts of a brand come to together. */
export interface BrandTotals {
  accounts: number;
  /** Sum over the accounts whose followers are known. Whoever follows two of them is counted twice. */
  followers: number | null;
  followersOf: number;
  followersChange: number | null;
  followersChangeOf: number;
  views: number | null;
  viewsOf: number;
  growth: BrandRate;
  engagement: BrandRate;
}

/** Adds up a brand. Rates of unlike denominators are not added: the brand then has none, and the reason. */
export function brandTotals(parts: readonly BrandPart[]): BrandTotals {
  const followers = sumOf(parts.map((part) => part.followers.end));
  const change = sumOf(parts.map((part) => part.followers.change));
  const views = sumOf(parts.map((part) => part.views));
  return {
    accounts: parts.length,
    followers: followers.sum,
    followersOf: followers.n,
    followersChange: change.sum,
    followersChangeOf: change.n,
    views: views.sum,
    viewsOf: views.n,
    growth: brandGrowth(parts),
    engagement: brandEngagement(parts),
  };
}

/** The sum of what is known; null when nothing is. */
function sumOf(values: readonly (number | null)[]): { sum: number | null; n: number } {
  const known = values.filter((value) => value !== null);
  return { sum: known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0), n: known.length };
}

function refuse(reason: string): BrandRate {
  return { rate: null, basis: null, numerator: null, denominator: null, n: 0, reason };
}

function brandGrowth(parts: readonly BrandPart[]): BrandRate {
  const missing = parts.find(({ followers }) => followers.reason !== null);
  if (missing) return refuse(`${missing.platform}: ${missing.followers.reason}`);
  const numerator = sumOf(parts.map(({ followers }) => followers.change)).sum;
  const denominator = sumOf(parts.map(({ followers }) => followers.start)).sum;
  if (numerator === null || !denominator) return refuse('nothing is known');
  const rate = (numerator / denominator) * 100;
  return { rate, basis: 'followers at the start', numerator, denominator, n: parts.length, reason: null };
}

function brandEngagement(parts: readonly BrandPart[]): BrandRate {
  const known = parts.filter(({ engagement }) => engagement.rate !== null);
  const bases = new Map(known.map(({ engagement, platform }) => [engagement.basis, platform]));
  const [basis] = bases.keys();
  if (!basis) return refuse(parts[0]?.engagement.reason ?? 'nothing is known');
  if (bases.size > 1) {
    const list = known.map(({ engagement, platform }) => `${engagement.basis} (${platform})`);
    return refuse(`rates of ${[...new Set(list)].toSorted().join(' and ')} do not add up`);
  }
  const numerator = sumOf(known.map(({ engagement }) => engagement.interactions)).sum as number;
  const denominator = sumOf(known.map(({ engagement }) => engagement.denominator)).sum as number;
  return { rate: (numerator / denominator) * 100, basis, numerator, denominator, n: known.length, reason: null };
}
