import { expect, test } from 'vitest';
import { heat } from '../../src/report/heat.ts';

test('a ratio is a bar: the same in the middle, half and twice at the ends', () => {
  expect([0.1, 0.5, 0.8, 1, 1.05, 1.25, 1.6, 2, 9].map((ratio) => heat(ratio)).join('')).toBe('▁▁▃▄▄▅▆▇▇');
});
