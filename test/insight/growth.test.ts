import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, daysBetween } from '../../src/core/time.ts';
import { growthOver, type Point } from '../../src/insight/growth.ts';

const points = (values: Record<string, number | null>): Point[] =>
  Object.entries(values).map(([day, value]) => ({ day, value }));

const NOTHING = { startDay: null, start: null, endDay: null, end: null, change: null, rate: null, days: null };

test('15250 after 14750 is 500 more, 3.39 %', () => {
  const growth = growthOver(points({ '2026-10-23': 14_750, '2026-11-22': 15_250 }), 30);
  expect(growth).toMatchObject({ start: 14_750, end: 15_250, change: 500, days: 30 });
  expect(growth.rate).toBeCloseTo(3.39, 2);
});

test('starts from the nearest day at or before the start of the window', () => {
  const history = points({ '2026-11-01': 1, '2026-11-10': 2, '2026-11-16': 4, '2026-11-22': 8 });
  expect(growthOver(history, 7)).toMatchObject({ startDay: '2026-11-10', change: 6, days: 12 });
  expect(growthOver(history, 6)).toMatchObject({ startDay: '2026-11-16', change: 4, days: 6 });
});

test('a younger history starts from its first day and says how many days it covers', () => {
  expect(growthOver(points({ '2026-11-20': 10, '2026-11-22': 15 }), 30)).toMatchObject({
    change: 5,
    rate: 50,
    days: 2,
  });
});

test('skips days whose value is unknown at both ends', () => {
  const history = points({ '2026-11-14': 10, '2026-11-15': null, '2026-11-20': 14, '2026-11-22': null });
  expect(growthOver(history, 5)).toMatchObject({ startDay: '2026-11-14', endDay: '2026-11-20', change: 4 });
});

test('a fall is negative, and a start of 0 has no rate', () => {
  expect(growthOver(points({ '2026-11-21': 10, '2026-11-22': 4 }), 1)).toMatchObject({ change: -6, rate: -60 });
  expect(growthOver(points({ '2026-11-21': 0, '2026-11-22': 4 }), 1)).toMatchObject({ change: 4, rate: null });
});

test('one known day has an end but no change, none has nothing', () => {
  expect(growthOver([], 7)).toEqual(NOTHING);
  expect(growthOver(points({ '2026-11-22': null }), 7)).toEqual(NOTHING);
  expect(growthOver(points({ '2026-11-21': null, '2026-11-22': 5 }), 7)).toEqual({
    ...NOTHING,
    endDay: '2026-11-22',
    end: 5,
  });
});

const history = fc
  .uniqueArray(fc.record({ at: fc.nat(400), value: fc.option(fc.nat(1_000_000)) }), { selector: ({ at }) => at })
  .map((list) => list.toSorted((a, b) => a.at - b.at));

test('shifting all days changes nothing but the days', () => {
  fc.assert(
    fc.property(
      history,
      fc.integer({ min: 1, max: 120 }),
      fc.integer({ min: -3000, max: 3000 }),
      (list, days, shift) => {
        const from = (start: string) => list.map(({ at, value }) => ({ day: addDays(start, at), value }));
        const here = growthOver(from('2026-01-01'), days);
        const there = growthOver(from(addDays('2026-01-01', shift)), days);
        const { startDay: _, endDay: __, ...numbers } = here;
        expect(there).toMatchObject(numbers);
        expect(there.endDay).toBe(here.endDay && addDays(here.endDay, shift));
        expect(there.startDay).toBe(here.startDay && addDays(here.startDay, shift));
      },
    ),
  );
});

test('adding the same to all values leaves the change as it was', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 120 }), fc.nat(1_000_000), (list, days, extra) => {
      const of = (add: number) =>
        growthOver(
          list.map(({ at, value }) => ({ day: addDays('2026-01-01', at), value: value === null ? null : value + add })),
          days,
        );
      expect(of(extra).change).toBe(of(0).change);
    }),
  );
});

test('the start is the nearest known day at or before the window, found by looking at every day', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 120 }), (list, days) => {
      const series = list.map(({ at, value }) => ({ day: addDays('2026-01-01', at), value }));
      const growth = growthOver(series, days);
      const known = series.filter(({ value }) => value !== null);
      if (known.length < 2) {
        expect(growth.change).toBeNull();
        return;
      }
      const end = known.at(-1) as Point;
      const before = known.filter(({ day }) => daysBetween(day, end.day) >= days);
      const start = (before.at(-1) ?? known[0]) as Point;
      expect(growth).toMatchObject({ startDay: start.day, start: start.value, endDay: end.day, end: end.value });
      expect(growth.days).toBe(daysBetween(start.day, end.day));
    }),
  );
});
