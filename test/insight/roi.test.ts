import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  campaignRatios,
  describeRatio,
  RATIO_NAMES,
  roundRatio,
  type CampaignNumbers,
  type RatioName,
} from '../../src/insight/roi.ts';

const NOTHING: CampaignNumbers = {
  cost: null,
  revenue: null,
  conversions: null,
  impressions: null,
  reach: null,
  engagement: null,
};
const CHECK = { cost: 5000, revenue: 25_000, conversions: 150, impressions: 500_000, reach: 150_000, engagement: 8000 };
const ratiosOf = (numbers: Partial<CampaignNumbers>) => campaignRatios({ ...NOTHING, ...numbers });

test('the check numbers of the contract, to the last digit', () => {
  const ratios = ratiosOf(CHECK);
  expect(Object.fromEntries(RATIO_NAMES.map((name) => [name, ratios[name].value]))).toEqual({
    roi: 400,
    roas: 5,
    conversion_rate: 0.03,
    cost_per_conversion: 5000 / 150,
    cost_per_engagement: 0.625,
    cost_per_reach: 5000 / 150_000,
    cpm: 10,
  });
  expect(RATIO_NAMES.map((name) => roundRatio(name, ratios[name].value))).toEqual([
    400, 5, 0.03, 33.33, 0.63, 0.0333, 10,
  ]);
  expect(RATIO_NAMES.map((name) => ratios[name].reason)).toEqual(RATIO_NAMES.map(() => null));
});

test.each<[RatioName, string]>([
  ['roi', '(revenue - cost) / cost x 100'],
  ['roas', 'revenue / cost'],
  ['conversion_rate', 'conversions / impressions x 100'],
  ['cost_per_conversion', 'cost / conversions'],
  ['cost_per_engagement', 'cost / engagement'],
  ['cost_per_reach', 'cost / reach'],
  ['cpm', 'cost / impressions x 1000'],
])('%s is %s', (name, formula) => {
  expect(describeRatio(name)).toBe(formula);
});

describe('there is no ratio, and a reason', () => {
  test.each<[RatioName, Partial<CampaignNumbers>, string]>([
    ['roi', {}, 'cost is not known'],
    ['roi', { cost: 5 }, 'revenue is not known'],
    ['roi', { cost: 0, revenue: 5 }, 'cost is 0'],
    ['roi', { cost: -0, revenue: 5 }, 'cost is 0'],
    ['roas', { cost: -1, revenue: 5 }, 'cost is negative'],
    ['roas', { cost: 1, revenue: -5 }, 'revenue is negative'],
    ['cost_per_reach', { cost: 5, reach: 0 }, 'reach is 0'],
    ['cost_per_conversion', { cost: 5, conversions: 0 }, 'conversions are 0'],
    ['cost_per_engagement', { cost: 5, engagement: Number.NaN }, 'engagement is not a number'],
    ['conversion_rate', { conversions: 5, impressions: 0 }, 'impressions are 0'],
    ['conversion_rate', { conversions: 5 }, 'impressions are not known'],
    ['cpm', { cost: Number.POSITIVE_INFINITY, impressions: 5 }, 'cost is not a number'],
    ['roas', { cost: 1e-300, revenue: 1e308 }, 'the result is too large for a number'],
  ])('%s of %j: %s', (name, numbers, reason) => {
    expect(ratiosOf(numbers)[name]).toEqual({ value: null, reason });
  });
});

test.each<[Partial<CampaignNumbers>, RatioName, number]>([
  [{ cost: 100, revenue: 0 }, 'roi', -100],
  [{ cost: 100, revenue: 100 }, 'roi', 0],
  [{ cost: 1e308, revenue: 1e308 }, 'roi', 0],
  [{ cost: 1e308, revenue: 1e308 }, 'roas', 1],
  [{ cost: 0, conversions: 5 }, 'cost_per_conversion', 0],
  [{ conversions: 0, impressions: 5 }, 'conversion_rate', 0],
  [{ conversions: -0, impressions: 5 }, 'conversion_rate', 0],
])('%j has %s %d', (numbers, name, value) => {
  expect(ratiosOf(numbers)[name].value).toBe(value);
});

test('a ratio is a finite number or has a reason, never both and never neither', () => {
  const number = fc.option(fc.oneof(fc.double(), fc.nat()), { nil: null });
  const numbers = fc.record({
    cost: number,
    revenue: number,
    conversions: number,
    impressions: number,
    reach: number,
    engagement: number,
  });
  fc.assert(
    fc.property(numbers, (given) => {
      for (const { value, reason } of Object.values(campaignRatios(given))) {
        expect(value === null).toBe(reason !== null);
        if (value !== null) expect(Number.isFinite(value)).toBe(true);
      }
    }),
  );
});
