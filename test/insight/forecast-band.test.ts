import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bandFrom } from '../../src/insight/forecast-band.ts';
import { seededRandom } from '../../src/insight/random.ts';

test('of nine errors the band holds all, of 19 it leaves out one at either end', () => {
  const symmetric = (most: number) => Array.from({ length: 2 * most + 1 }, (_, index) => index - most);
  // (9 + 1) x 0.9 = the 9th of 9; (19 + 1) x 0.9 = the 18th of 19.
  expect(bandFrom(symmetric(4), 9, 0.2)).toEqual({ low: -4, high: 4 });
  const { low, high } = bandFrom(symmetric(9), 19, 0.2);
  // Interpolated between ranks: no more than a tenth of the way to the next.
  expect([Math.round(low), Math.round(high)]).toEqual([-8, 8]);
  expect(high - 8).toBeLessThan(0.1);
  expect(bandFrom(symmetric(2), 5, 0.2)).toEqual({ low: -2, high: 2 });
});

test('the next of errors that have no order lies in the band as often as the ranks say', () => {
  const random = seededRandom(5);
  const held = (count: number) => {
    const runs = 20_000;
    let inside = 0;
    for (let run = 0; run < runs; run++) {
      const { low, high } = bandFrom(
        Array.from({ length: count }, () => random() - 0.5),
        count,
        0.2,
      );
      const next = random() - 0.5;
      inside += Number(next >= low && next <= high);
    }
    return inside / runs;
  };
  // The next of n + 1 is neither the least nor the greatest: (n - 1) / (n + 1) for under nine, from there on 80 %.
  expect(held(5)).toBeCloseTo(4 / 6, 1);
  expect(held(9)).toBeCloseTo(0.8, 1);
  expect(held(19)).toBeGreaterThan(0.79);
});

test('the forecast is within its band, which scales with the errors and never narrows with fewer forecasts', () => {
  const error = fc.integer({ min: -1000, max: 1000 });
  fc.assert(
    fc.property(fc.array(error, { minLength: 10, maxLength: 60 }), fc.integer({ min: 2, max: 51 }), (errors, count) => {
      const { low, high } = bandFrom(errors, count, 0.2);
      expect(low <= 0 && high >= 0).toBe(true);
      const doubled = bandFrom(
        errors.map((each) => 2 * each),
        count,
        0.2,
      );
      expect(doubled.low).toBeCloseTo(2 * low, 9);
      expect(doubled.high).toBeCloseTo(2 * high, 9);
      const more = bandFrom(errors, count + 1, 0.2);
      expect(more.low >= low && more.high <= high).toBe(true);
    }),
  );
});
