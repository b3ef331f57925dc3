import { expect, test } from 'vitest';
import { giveTurn } from '../../src/core/turn.ts';

test('whoever computes for long lets in what waits, and nobody else is kept waiting for it', async () => {
  let isIn = false;
  setImmediate(() => {
    isIn = true;
  });
  await giveTurn();
  const start = performance.now();
  while (performance.now() - start < 20);
  await giveTurn();
  expect(isIn).toBe(true);
  let isNext = false;
  setImmediate(() => {
    isNext = true;
  });
  await giveTurn();
  expect(isNext).toBe(false);
});
