import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromMicros, spread, toMicros } from '../../src/insight/spread.ts';

const split = (amount: number, weights: number[]) => spread(toMicros(amount) as bigint, weights).map(fromMicros);

test.each<[number, number[], number[]]>([
  [100, [1, 1, 1], [33.34, 33.33, 33.33]],
  [100, [1, 2], [33.33, 66.67]],
  [0.05, [1, 1], [0.03, 0.02]],
  [0.01, [1, 1, 98], [0, 0, 0.01]],
  [10, [0, 5, 0], [0, 10, 0]],
  [9, [0, 0], [4.5, 4.5]],
  [0, [3, 4], [0, 0]],
  // As fine as the amount itself.
  [0.000_003, [1, 1], [0.000_002, 0.000_001]],
  [1_000_000_000_000_000, [1, 1], [500_000_000_000_000, 500_000_000_000_000]],
])('%d over %j is %j', (amount, weights, parts) => {
  expect(split(amount, weights)).toEqual(parts);
});

test.each([null, -1, Number.NaN, Number.POSITIVE_INFINITY])('%s is no amount to spread', (amount) => {
  expect(toMicros(amount)).toBeNull();
});

test.each([0, 0.1, 33.33, 1e-6, 123_456_789.123_456, 1e15, 1e21, 1e308])('%d comes back as it was', (amount) => {
  expect(fromMicros(toMicros(amount) as bigint)).toBe(amount);
});

test('the parts add up to the amount exactly, none is negative, and none is a unit off its share', () => {
  const weights = fc.array(fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constant(0)), { minLength: 1, maxLength: 60 });
  const amounts = fc.oneof(
    fc.nat(1_000_000_000).map((cents) => cents / 100),
    fc.double({ min: 0, max: 1e15, noNaN: true }),
  );
  fc.assert(
    fc.property(amounts, weights, (amount, given) => {
      const micros = toMicros(amount) as bigint;
      const parts = spread(micros, given);
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(micros);
      const shares = given.some((weight) => weight > 0) ? given : given.map(() => 1);
      const sum = shares.reduce((total, share) => total + BigInt(share), 0n);
      for (const [at, part] of parts.entries()) {
        const off = part * sum - micros * BigInt(shares[at] as number);
        expect(part >= 0n && off <= 10_000n * sum && off >= -10_000n * sum).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
