import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentileAmong, type Measured } from '../../src/insight/percentile.ts';

const counts = (values: readonly (number | null)[]): Measured[] =>
  values.map((value) => ({ value, denominator: null }));

// Python 3.11, SciPy 1.17.1: scipy.stats.percentileofscore(set, value, kind='rank').
test.each([
  [[1, 2, 3, 3, 4], 3, 70],
  [[10, 20, 30, 40], 30, 75],
  [[5, 5, 5], 5, 66.666_666_666_666_67],
  [[1, 2, 3, 4, 5, 6, 7], 1, 14.285_714_285_714_286],
  [[3, 1, 2], 3, 100],
])('in %j, %d has the percentile %d', (set, value, expected) => {
  expect(percentileAmong({ value, denominator: null }, counts(set)).percentile).toBeCloseTo(expected, 10);
});

test('only rates with the same denominator compare', () => {
  const set: Measured[] = [
    { value: 1, denominator: 'views' },
    { value: 2, denominator: 'views' },
    { value: 3, denominator: 'views' },
    { value: 90, denominator: 'followers' },
    { value: null, denominator: null },
  ];
  expect(percentileAmong(set[2] as Measured, set)).toEqual({ percentile: 100, n: 3, reason: null });
  expect(percentileAmong(set[3] as Measured, set)).toEqual({
    percentile: null,
    n: 1,
    reason: 'only 1 to compare of followers, 3 are needed; the others are of views',
  });
  expect(percentileAmong(set[4] as Measured, set)).toEqual({ percentile: null, n: 0, reason: 'it is not known' });
  expect(percentileAmong({ value: 4, denominator: null }, counts([4, null])).reason).toBe(
    'only 1 to compare, 3 are needed',
  );
});

test('order, shift and scale change nothing, the unknown counts for nothing, and the highest has 100', () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 30 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 9 }), fc.integer(), fc.nat(5), (set, scale, shift, unknown) => {
      const [value = 0] = set;
      const of = (number: number, list: readonly (number | null)[]) =>
        percentileAmong({ value: number, denominator: null }, counts(list)).percentile;
      const plain = of(value, set);
      expect(of(value, set.toReversed())).toBe(plain);
      expect(
        of(
          value * scale + shift,
          set.map((each) => each * scale + shift),
        ),
      ).toBe(plain);
      expect(of(value, [...set, ...Array<null>(unknown).fill(null)])).toBe(plain);
      const highest = Math.max(...set);
      if (set.filter((each) => each === highest).length === 1) expect(of(highest, set)).toBe(100);
    }),
  );
});
