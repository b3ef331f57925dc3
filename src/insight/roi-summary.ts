import { SPREAD_NUMBERS, type ReachedPost, type Share, type SpreadNumber } from './attribution.ts';
import { CAMPAIGN_RATIOS, campaignRatios, type RatioName } from './roi.ts';
import { fromMicros } from './spread.ts';

const SUMMARY_RATIOS = ['roi', 'roas', 'cpm', 'cost_per_conversion'] as const satisfies RatioName[];
type SummaryRatio = (typeof SUMMARY_RATIOS)[number];

/** What some campaigns cost and brought together, in one currency; null where nothing is known. */
export interface RoiSummary extends Record<SummaryRatio | SpreadNumber, number | null> {
  currency: string | null;
  /** The latest known views of the posts that it is about. */
  views: number | null;
  /** Why a ratio is null, by its name. */
  reasons: Partial<Record<SummaryRatio, string>>;
}

/** Adds up shares of campaigns, exactly. A ratio needs both of its numbers of every campaign in the sum. */
export function summarizeShares(
  currency: string | null,
  shares: readonly { campaign: string; share: Pick<Share, 'amounts' | 'posts'> }[],
): RoiSummary {
  const sums = {} as Record<SpreadNumber, number | null>;
  const missing = {} as Record<SpreadNumber, string[]>;
  for (const name of SPREAD_NUMBERS) {
    const known = shares.flatMap(({ share }) => share.amounts[name] ?? []);
    sums[name] = known.length === 0 ? null : fromMicros(known.reduce((sum, part) => sum + part, 0n));
    const without = shares.filter(({ share }) => share.amounts[name] === null);
    missing[name] = [...new Set(without.map(({ campaign }) => campaign))];
  }
  const whole = (name: SpreadNumber) => (missing[name].length > 0 ? null : sums[name]);
  const [cost, revenue, conversions, impressions] = SPREAD_NUMBERS.map(whole) as (number | null)[];
  const ratios = campaignRatios({
    cost: cost ?? null,
    revenue: revenue ?? null,
    conversions: conversions ?? null,
    impressions: impressions ?? null,
    reach: null,
    engagement: null,
  });
  const reasons: RoiSummary['reasons'] = {};
  for (const name of SUMMARY_RATIOS) {
    const { reason } = ratios[name];
    if (reason === null) continue;
    const { numerator, denominator } = CAMPAIGN_RATIOS[name];
    const part = [denominator, numerator].find((each) => missing[each].length > 0);
    reasons[name] = part ? `${part} not known of ${missing[part].join(', ')}` : reason;
  }
  const values = SUMMARY_RATIOS.map((name) => [name, ratios[name].value] as const);
  return {
    currency,
    ...sums,
    ...(Object.fromEntries(values) as Record<SummaryRatio, number | null>),
    views: viewsOf(shares.flatMap(({ share }) => share.posts)),
    reasons,
  };
}

/** Each post counts once, however many campaigns reached it. */
function viewsOf(posts: readonly ReachedPost[]): number | null {
  const views = new Map(posts.map((post) => [post.id, post.views]));
  const known = [...views.values()].filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
