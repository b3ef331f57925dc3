import { mean } from 'simple-statistics';
import { expect, test } from 'vitest';
import { poolingWeight, shrink, varianceComponents } from '../../src/insight/shrink.ts';

function summarise(groups: readonly (readonly number[])[]) {
  const sums = groups.map((group) => ({ n: group.length, mean: group.length === 0 ? 0 : mean([...group]) }));
  const squares = groups.flatMap((group, at) => group.map((each) => (each - (sums[at]?.mean ?? 0)) ** 2));
  return [sums, squares.reduce((sum, each) => sum + each, 0)] as const;
}

test('the variances of the dyestuff batches (Davies, Statistical Methods in Research and Production, 1947)', () => {
  const yields = [
    [1545, 1440, 1440, 1520, 1580],
    [1540, 1555, 1490, 1560, 1495],
    [1595, 1550, 1605, 1510, 1560],
    [1445, 1440, 1595, 1465, 1545],
    [1595, 1630, 1515, 1635, 1625],
    [1520, 1455, 1450, 1480, 1445],
  ];
  // Published, and what lme4 prints for its Dyestuff: 1764 between batches, 2451 within.
  const variances = varianceComponents(...summarise(yields));
  expect(variances?.between).toBeCloseTo(1764.05, 6);
  expect(variances?.within).toBeCloseTo(2451.25, 6);
});

test('groups of unlike size; empty ones are none', () => {
  // numpy: msw = 1.5, n0 = (9 - 29/9)/2, (msb - msw)/n0 = 21.846153846
  const variances = varianceComponents(...summarise([[1, 2, 3], [], [4, 6], [9, 10, 11, 12]]));
  expect(variances?.within).toBeCloseTo(1.5, 9);
  expect(variances?.between).toBeCloseTo(21.846153846, 9);
});

test('the mean weighs at least five posts, and is all there is where groups do not differ', () => {
  expect(
    poolingWeight(
      ...summarise([
        [1, 2, 3],
        [4, 6],
        [9, 10, 11, 12],
      ]),
    ),
  ).toBe(5);
  expect(
    poolingWeight(
      ...summarise([
        [1, 9],
        [2, 8],
        [5, 5],
      ]),
    ),
  ).toBeNull();
  expect(poolingWeight(...summarise([[1, 9]]))).toBeNull();
  expect(poolingWeight([], 0)).toBeNull();
});

test('a group counts the more the larger it is', () => {
  expect(shrink({ n: 5, mean: 1 }, 0, 5)).toBe(0.5);
  expect(shrink({ n: 45, mean: 1 }, 0, 5)).toBe(0.9);
  expect(shrink({ n: 0, mean: 0 }, 0.3, 5)).toBe(0.3);
  expect(shrink({ n: 45, mean: 1 }, 0.2, null)).toBe(0.2);
});
