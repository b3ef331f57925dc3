import { expect, test } from 'vitest';
import { sparkPath } from '../../src/dashboard/spark-path.ts';

test('the least value is at the bottom, the highest at the top', () => {
  expect(sparkPath([10, 20, 15], 100, 40)?.line).toBe('M0 40L50 0L100 20');
});

test('nothing is drawn over a gap', () => {
  const path = sparkPath([1, 2, null, null, 2, 1], 100, 10);
  expect(path?.line).toBe('M0 10L20 0M80 0L100 10');
  expect(path?.area).toBe('M0 10L0 10L20 0L20 10ZM80 10L80 0L100 10L100 10Z');
});

test('a day between two gaps is a point', () => {
  expect(sparkPath([null, 5, null], 100, 10)?.line).toBe('M50 5h0');
});

test('what stands still is a line in the middle', () => {
  expect(sparkPath([7, 7], 100, 10)?.line).toBe('M0 5L100 5');
});

test('where nothing is known there is no line', () => {
  expect(sparkPath([], 100, 10)).toBeNull();
  expect(sparkPath([null, null], 100, 10)).toBeNull();
});

test('zero is a value', () => {
  expect(sparkPath([0, 4], 100, 10)?.line).toBe('M0 10L100 0');
});
