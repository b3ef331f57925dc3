import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../src/core/time.ts';
import type { ToldPoint } from '../../src/insight/daily-change.ts';
import { findStoodStill } from '../../src/insight/stood-still.ts';

const START = '2026-01-01';

function points(values: readonly (number | null)[]): ToldPoint[] {
  return values.map((value, at) => ({ day: addDays(START, at), value, provider: 'a' }));
}

const moving = Array.from({ length: 60 }, (_, at) => at * 10);

test('names the day since which a counter stands, and the day from which that is too long', () => {
  const stood = (days: number) => findStoodStill(points([...moving, ...Array.from({ length: days }, () => 590)]));
  expect(stood(2)).toBeNull();
  expect(stood(3)).toMatchObject({ since: addDays(START, 59), days: 3, staleFrom: addDays(START, 62) });
  expect(stood(9)).toMatchObject({ since: addDays(START, 59), days: 9, staleFrom: addDays(START, 62) });
});

test('both days stay the same while it stands; unknown days are no stand', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 40 }), fc.integer({ min: 0, max: 40 }), (days, unknown) => {
      const stood = [...moving, ...Array.from({ length: days }, () => 590)];
      const found = findStoodStill(points(stood));
      expect(findStoodStill(points([...stood, 590]))).toMatchObject({
        since: found?.since,
        staleFrom: found?.staleFrom,
      });
      expect(findStoodStill(points([...moving, ...Array.from({ length: unknown }, () => null)]))).toBeNull();
    }),
  );
});
