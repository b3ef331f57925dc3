import { SPREAD_NUMBERS, UNKNOWN_VIEWS, type ReachedPost, type Share, type SpreadNumber } from './attribution.ts';
import { CAMPAIGN_RATIOS, campaignRatios, type RatioName } from './roi.ts';
import { fromMicros } from './spread.ts';

const SUMMARY_RATIOS = ['roi', 'roas', 'cpm', 'cost_per_conversion'] as const satisfies RatioName[];
type SummaryRatio = (typeof SUMMARY_RATIOS)[number];

/** What some campaigns cost and brought together, in one currency; null where nothing is known. */
export interface RoiSummary extends Record<SummaryRatio | SpreadNumber, number | null> {
  currency: string | null;
  /** The latest known views of the posts that it is about. */
  views: number | null;
  /** Why a ratio is null, by its name; an amount too, when that is not because nobody gave it. */
  reasons: Partial<Record<SummaryRatio | SpreadNumber, string>>;
}

/** A share of a campaign, as far as it is summed up. */
interface SummedShare {
  campaign: string;
  share: Pick<Share, 'amounts' | 'posts' | 'basis'>;
}

const MONEY = ['cost', 'revenue'] as const satisfies SpreadNumber[];

/**
 * Adds up shares of campaigns, exactly. A ratio needs both of its numbers of every campaign in the sum. Without a
 * currency the amounts of two campaigns are not added: nobody knows that they are in the same one.
 */
export function summarizeShares(currency: string | null, shares: readonly SummedShare[]): RoiSummary {
  const paid = shares.filter(({ share }) => MONEY.some((name) => share.amounts[name] !== null));
  const campaigns = [...new Set(paid.map(({ campaign }) => campaign))];
  const apart = currency === null && campaigns.length > 1 ? campaigns : [];
  const sums = {} as Record<SpreadNumber, number | null>;
  /** Why a number is not known of all of them. */
  const missing: Partial<Record<SpreadNumber, string>> = {};
  const reasons: RoiSummary['reasons'] = {};
  for (const name of SPREAD_NUMBERS) {
    const known = shares.flatMap(({ share }) => share.amounts[name] ?? []);
    const isApart = apart.length > 0 && known.length > 0 && MONEY.some((each) => each === name);
    const isKnown = known.length > 0 && !isApart;
    sums[name] = isKnown ? fromMicros(known.reduce((sum, part) => sum + part, 0n)) : null;
    const without = shares.filter(({ share }) => share.amounts[name] === null);
    const isUnseen = without.length > 0 && without.every(({ share }) => share.basis === 'unknown');
    if (isApart) missing[name] = `amounts without a currency are not added up: ${apart.join(', ')}`;
    else if (isUnseen) missing[name] = UNKNOWN_VIEWS;
    else if (without.length > 0)
      missing[name] = `${name} not known of ${[...new Set(without.map(({ campaign }) => campaign))].join(', ')}`;
    if ((isApart || isUnseen) && sums[name] === null) reasons[name] = missing[name] as string;
  }
  const whole = (name: SpreadNumber) => (missing[name] === undefined ? sums[name] : null);
  const [cost, revenue, conversions, impressions] = SPREAD_NUMBERS.map(whole) as (number | null)[];
  const ratios = campaignRatios({
    cost: cost ?? null,
    revenue: revenue ?? null,
    conversions: conversions ?? null,
    impressions: impressions ?? null,
    reach: null,
    engagement: null,
  });
  for (const name of SUMMARY_RATIOS) {
    const { reason } = ratios[name];
    if (reason === null) continue;
    const { numerator, denominator } = CAMPAIGN_RATIOS[name];
    reasons[name] = missing[denominator] ?? missing[numerator] ?? reason;
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
