import { expect, test } from 'vitest';
import { milestonesOf, nextMilestone } from '../../src/insight/milestone.ts';

test.each([
  [0, 100],
  [950, 1000],
  [1000, 1100],
  [15_250, 16_000],
  [88_400_000, 89_000_000],
  [99_500, 100_000],
])('after %d comes %d', (value, next) => {
  expect(nextMilestone(value)).toBe(next);
});

test('a milestone is a range of days, open where the lower end is never there', () => {
  const day = (number: number, low: number | null, level: number, high: number | null) => ({
    day: `2026-11-2${number}`,
    change: 0,
    low,
    level,
    high,
  });
  const days = [day(1, 990, 995, 1000), day(2, 995, 1002, 1050), day(3, 1000, 1010, 1100)];
  expect(milestonesOf(990, days)).toEqual([
    { value: 1000, earliest: '2026-11-21', expected: '2026-11-22', latest: '2026-11-23' },
    { value: 1100, earliest: '2026-11-23', expected: null, latest: null },
  ]);
  expect(milestonesOf(990, [day(1, null, 2000, null)])).toEqual([]);
});
