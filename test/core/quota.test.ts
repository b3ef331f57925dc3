import { expect, test } from 'vitest';
import { formatPeriod } from '../../src/core/quota.ts';

test.each([
  ['day', 'a day'],
  ['month', 'a month'],
  [60, 'in a minute'],
  [300, 'in 5 minutes'],
  [900, 'in 15 minutes'],
  [90, 'in 90 seconds'],
  [3600, 'in an hour'],
  [86_400, 'in 24 hours'],
] as const)('%s is "%s"', (period, text) => {
  expect(formatPeriod(period)).toBe(text);
});
