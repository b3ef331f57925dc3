import fc from 'fast-check';
import { expect, test } from 'vitest';
import { robustScale } from '../../src/insight/robust-scale.ts';

// Python 3.11, scipy 1.17.1: stats.median_abs_deviation(values) is 0.15; 0.15 / 0.6745.
test('is the median absolute deviation over 0.6745', () => {
  const found = robustScale([2.1, 2.6, 2.4, 2.5, 2.3, 2.1, 2.3, 2.6, 8.2, 8.3]);
  expect(found?.basis).toBe('MAD');
  expect(found?.scale).toBeCloseTo(0.15 / 0.6745, 10);
});

// numpy: np.mean(np.abs(z - np.median(z))) * 1.253314 is 1.253314.
test('is the mean absolute deviation where most are the same, and nothing where all are', () => {
  expect(robustScale([0, 0, 0, 0, 0, 1, 0, 9, 0, 0])).toEqual({ scale: 1.253314, basis: 'mean absolute deviation' });
  expect(robustScale([4, 4, 4])).toBeNull();
  expect(robustScale([])).toBeNull();
});

test('does not change with the order or a shift, and grows with the unit', () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 50 }), (list, shift, unit) => {
      const plain = robustScale(list)?.scale ?? 0;
      expect(robustScale(list.toReversed())?.scale ?? 0).toBeCloseTo(plain, 6);
      expect(robustScale(list.map((value) => value + shift))?.scale ?? 0).toBeCloseTo(plain, 6);
      expect(robustScale(list.map((value) => value * unit))?.scale ?? 0).toBeCloseTo(plain * unit, 4);
    }),
  );
});
