/** What a campaign cost and brought. Null is unknown. */
export interface CampaignNumbers {
  cost: number | null;
  revenue: number | null;
  conversions: number | null;
  impressions: number | null;
  reach: number | null;
  engagement: number | null;
}
export type CampaignNumber = keyof CampaignNumbers;

/** A ratio, or in words why there is none: one of the two is always null. */
export interface Ratio {
  value: number | null;
  reason: string | null;
}

interface Formula {
  label: string;
  numerator: CampaignNumber;
  denominator: CampaignNumber;
  /** 100 makes a percentage. */
  factor: number;
  /** The gain: the denominator is taken off the numerator first. */
  isGain?: true;
  /** Decimals where it is printed; stored numbers keep all of theirs. */
  digits: number;
}

/** Every ratio of a campaign, each with the two numbers that it is made of. */
export const CAMPAIGN_RATIOS = {
  /** Percent of the cost. */
  roi: { label: 'ROI', numerator: 'revenue', denominator: 'cost', factor: 100, isGain: true, digits: 2 },
  /** Times the cost. */
  roas: { label: 'ROAS', numerator: 'revenue', denominator: 'cost', factor: 1, digits: 2 },
  /** Percent of the impressions. */
  conversion_rate: {
    label: 'Conversion rate',
    numerator: 'conversions',
    denominator: 'impressions',
    factor: 100,
    digits: 4,
  },
  cost_per_conversion: {
    label: 'Cost per conversion',
    numerator: 'cost',
    denominator: 'conversions',
    factor: 1,
    digits: 2,
  },
  cost_per_engagement: {
    label: 'Cost per engagement',
    numerator: 'cost',
    denominator: 'engagement',
    factor: 1,
    digits: 2,
  },
  cost_per_reach: { label: 'Cost per reach', numerator: 'cost', denominator: 'reach', factor: 1, digits: 4 },
  /** The cost of a thousand impressions. */
  cpm: { label: 'CPM', numerator: 'cost', denominator: 'impressions', factor: 1000, digits: 2 },
} as const satisfies Record<string, Formula>;
export type RatioName = keyof typeof CAMPAIGN_RATIOS;
export const RATIO_NAMES = Object.keys(CAMPAIGN_RATIOS) as RatioName[];

/** Works out every ratio of a campaign. */
export function campaignRatios(numbers: CampaignNumbers): Record<RatioName, Ratio> {
  return Object.fromEntries(RATIO_NAMES.map((name) => [name, ratioOf(name, numbers)])) as Record<RatioName, Ratio>;
}

/** How a ratio is made, in words: "cost / reach". */
export function describeRatio(name: RatioName): string {
  const { numerator, denominator, factor, isGain }: Formula = CAMPAIGN_RATIOS[name];
  const top = isGain ? `(${numerator} - ${denominator})` : numerator;
  return `${top} / ${denominator}${factor === 1 ? '' : ` x ${factor}`}`;
}

/** A ratio as it is printed: 2 decimals, 4 for what is usually far below 1. */
export function roundRatio(name: RatioName, value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(CAMPAIGN_RATIOS[name].digits));
}

function ratioOf(name: RatioName, numbers: CampaignNumbers): Ratio {
  const formula: Formula = CAMPAIGN_RATIOS[name];
  for (const part of [formula.denominator, formula.numerator]) {
    const problem = findProblem(numbers[part]);
    if (problem) return none(`${part} ${verbOf(part)} ${problem}`);
  }
  const top = numbers[formula.numerator] as number;
  const bottom = numbers[formula.denominator] as number;
  if (bottom === 0) return none(`${formula.denominator} ${verbOf(formula.denominator)} 0`);
  const value = divide(formula.isGain ? top - bottom : top, bottom, formula.factor);
  return Number.isFinite(value) ? { value, reason: null } : none('the result is too large for a number');
}

/** Multiplying first keeps round results round: 0.03, not 0.029999999999999995. Adding 0 turns -0 into 0. */
function divide(top: number, bottom: number, factor: number): number {
  const first = (top * factor) / bottom;
  return (Number.isFinite(first) ? first : (top / bottom) * factor) + 0;
}

function findProblem(value: number | null): string | undefined {
  if (value === null) return 'not known';
  if (!Number.isFinite(value)) return 'not a number';
  return value < 0 ? 'negative' : undefined;
}

function verbOf(part: CampaignNumber): string {
  return part.endsWith('s') ? 'are' : 'is';
}

function none(reason: string): Ratio {
  return { value: null, reason };
}
