import { CAMPAIGN_RATIOS, describeRatio, RATIO_NAMES, roundRatio, type Ratio, type RatioName } from '../insight/roi.ts';

/** A ratio of a campaign as it is printed or answered. */
export interface RatioLine {
  name: RatioName;
  label: string;
  /** Rounded: to 2 decimals, to 4 for what is usually far below 1. */
  value: number | null;
  /** What it is made of: `cost / reach`. */
  formula: string;
  /** Why there is none. */
  reason: string | null;
}

/** The ratios of a campaign in the order in which they are told. */
export function listRatioLines(ratios: Record<RatioName, Ratio>): RatioLine[] {
  return RATIO_NAMES.map((name) => ({
    name,
    label: CAMPAIGN_RATIOS[name].label,
    value: roundRatio(name, ratios[name].value),
    formula: describeRatio(name),
    reason: ratios[name].reason,
  }));
}
