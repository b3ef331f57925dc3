import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../src/core/time.ts';
import { dailyChanges, roundingStep } from '../../src/insight/daily-change.ts';

const point = (day: string, value: number | null, provider: string | null = 'a') => ({ day, value, provider });

test('a change after days without a number says how many days it is of', () => {
  const changes = dailyChanges([
    point('2026-03-28', 10),
    point('2026-03-29', 12),
    point('2026-03-30', null),
    point('2026-04-02', 20, 'b'),
    point('2026-04-03', 15, 'b'),
  ]);
  expect(changes).toEqual([
    { day: '2026-03-29', days: 1, change: 2, value: 12, previous: 10, switched: null },
    { day: '2026-04-02', days: 4, change: 8, value: 20, previous: 12, switched: { from: 'a', to: 'b' } },
    { day: '2026-04-03', days: 1, change: -5, value: 15, previous: 20, switched: null },
  ]);
});

test('an unknown number is as good as no row, never 0', () => {
  const values = fc.array(fc.option(fc.nat(1000)), { maxLength: 60 });
  fc.assert(
    fc.property(values, (list) => {
      const all = list.map((value, at) => point(addDays('2026-01-01', at), value));
      expect(dailyChanges(all)).toEqual(dailyChanges(all.filter(({ value }) => value !== null)));
      const known = list.filter((value) => value !== null);
      const sum = dailyChanges(all).reduce((total, { change }) => total + change, 0);
      expect(sum).toBe(known.length === 0 ? 0 : (known.at(-1) as number) - (known[0] as number));
    }),
  );
});

test.each<[number[], number]>([
  [[56_900_000, 57_000_000], 100_000],
  [[12_300, 12_400], 100],
  [[15_250, 15_260], 10],
  [[12, 512], 1],
  [[100, 600], 1],
  [[34_343_449, 34_466_160], 1],
  [[0, 0], 1],
])('%j is rounded to %d', (values, step) => {
  expect(roundingStep(values)).toBe(step);
});
