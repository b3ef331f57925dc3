import fc from 'fast-check';
import { errorFunction, median, wilcoxonRankSum } from 'simple-statistics';
import { expect, test } from 'vitest';
import { rankShift, type TwoSamples } from '../../src/insight/rank-shift.ts';

/** Permeability at term and at 12 to 26 weeks: Hollander, Wolfe, Nonparametric Statistical Methods, 1973, table 4.1. */
const TERM = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const EARLY = [1.15, 0.88, 0.9, 0.74, 1.21];

test('the shift, its interval and p of the published example', () => {
  const result = rankShift([{ with: TERM, without: EARLY }]);
  // Published: shift 0.305, interval from -0.15 to 0.76.
  expect(result?.shift).toBeCloseTo(0.305, 8);
  expect(result?.low).toBeCloseTo(-0.15, 8);
  expect(result?.high).toBeCloseTo(0.76, 8);
  // scipy 1.17: mannwhitneyu(x, y, use_continuity=False, method='asymptotic').pvalue
  expect(result?.p).toBeCloseTo(0.220671362, 6);
});

test('ties have their mean rank, and make the variance smaller', () => {
  // scipy 1.17: mannwhitneyu([1,2,2,3,5,5,8], [2,4,5,5,9,9,10,12], use_continuity=False, method='asymptotic').pvalue
  const result = rankShift([{ with: [1, 2, 2, 3, 5, 5, 8], without: [2, 4, 5, 5, 9, 9, 10, 12] }]);
  expect(result?.p).toBeCloseTo(0.060525149, 6);
});

test('a tail as far out as false-discovery control needs is no rounding', () => {
  const [low, high] = [0, 1].map((from) => Array.from({ length: 40 }, (_, index) => from * 100 + index)) as [
    number[],
    number[],
  ];
  // scipy 1.17: mannwhitneyu(range(100, 140), range(40), use_continuity=False, method='asymptotic').pvalue
  expect(rankShift([{ with: high, without: low }])?.p).toBeCloseTo(1.382e-14, 15);
});

test('says nothing without both samples in one stratum', () => {
  expect(rankShift([])).toBeNull();
  expect(
    rankShift([
      { with: [1, 2], without: [] },
      { with: [], without: [3] },
    ]),
  ).toBeNull();
  expect(rankShift([{ with: [1, 1], without: [1, 1, 1] }])).toMatchObject({ shift: 0, p: 1 });
});

/** Every way to choose `count` of the values. */
function choices(values: readonly number[], count: number): number[][] {
  if (count === 0) return [[]];
  return values.flatMap((value, index) => choices(values.slice(index + 1), count - 1).map((rest) => [value, ...rest]));
}

test('over strata, mean and variance are those of all ways to deal the values out within them', () => {
  const strata: TwoSamples[] = [
    { with: [1, 5, 5], without: [2, 3, 5, 7] },
    { with: [40, 60], without: [10, 20, 60, 60, 90] },
  ];
  const dealt = strata.map((stratum) => {
    const values = [...stratum.with, ...stratum.without];
    const indices = values.map((_, index) => index);
    return choices(indices, stratum.with.length).map((chosen) => {
      const first = chosen.map((index) => values[index] as number);
      const second = indices.filter((index) => !chosen.includes(index)).map((index) => values[index] as number);
      return wilcoxonRankSum(first, second) / (values.length + 1);
    });
  }) as [number[], number[]];
  const all = dealt[0].flatMap((one) => dealt[1].map((other) => one + other));
  const mean = all.reduce((sum, each) => sum + each, 0) / all.length;
  const deviation = Math.sqrt(all.reduce((sum, each) => sum + (each - mean) ** 2, 0) / all.length);
  // The first choice is the one that was observed: the values with come first.
  const z = ((dealt[0][0] as number) + (dealt[1][0] as number) - mean) / deviation;
  expect(rankShift(strata)?.p).toBeCloseTo(1 - errorFunction(Math.abs(z) / Math.SQRT2), 9);
});

const sample = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 12 });

test('the shift of one stratum is the median of all differences, within its interval', () => {
  fc.assert(
    fc.property(sample, sample, (first, second) => {
      const result = rankShift([{ with: first, without: second }]);
      const differences = first.flatMap((each) => second.map((other) => each - other));
      expect(result?.shift).toBeCloseTo(median(differences), 6);
      expect(result?.low).toBeLessThanOrEqual((result?.shift as number) + 1e-9);
      expect(result?.high).toBeGreaterThanOrEqual((result?.shift as number) - 1e-9);
    }),
  );
});

test('moving one sample moves shift and interval, turning the samples round turns them, order is nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(sample, sample), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: -9, max: 9 }),
      (pairs, by) => {
        const strata = pairs.map(([first, second]) => ({ with: first, without: second }));
        const here = rankShift(strata) as NonNullable<ReturnType<typeof rankShift>>;
        const moved = rankShift(strata.map((each) => ({ ...each, with: each.with.map((value) => value + by) })));
        expect(moved?.shift).toBeCloseTo(here.shift + by, 6);
        expect(moved?.low).toBeCloseTo(here.low + by, 6);
        expect(moved?.high).toBeCloseTo(here.high + by, 6);
        const turned = rankShift(strata.map((each) => ({ with: each.without, without: each.with })));
        expect(turned?.shift).toBeCloseTo(-here.shift, 6);
        expect(turned?.p).toBeCloseTo(here.p, 9);
        const reversed = strata
          .toReversed()
          .map((each) => ({ with: each.with.toReversed(), without: each.without.toReversed() }));
        expect(rankShift(reversed)?.shift).toBeCloseTo(here.shift, 6);
      },
    ),
  );
});
