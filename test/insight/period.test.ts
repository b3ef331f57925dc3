import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, daysBetween } from '../../src/core/time.ts';
import { dailyGains, gainWithin, sumGains } from '../../src/insight/period-gain.ts';
import { periodBefore, periodUpTo } from '../../src/insight/period.ts';

test('a week is the seven days up to a day, and the seven before', () => {
  const week = periodUpTo('week', '2026-03-03');
  expect(week).toEqual({ first: '2026-02-25', last: '2026-03-03', days: 7 });
  expect(periodBefore('week', week)).toEqual({ first: '2026-02-18', last: '2026-02-24', days: 7 });
});

test('a month is the last one that is over', () => {
  expect(periodUpTo('month', '2026-11-30')).toEqual({ first: '2026-11-01', last: '2026-11-30', days: 30 });
  expect(periodUpTo('month', '2026-11-29')).toEqual({ first: '2026-10-01', last: '2026-10-31', days: 31 });
  const february = periodUpTo('month', '2028-03-01');
  expect(february).toEqual({ first: '2028-02-01', last: '2028-02-29', days: 29 });
  expect(periodBefore('month', february)).toEqual({ first: '2028-01-01', last: '2028-01-31', days: 31 });
});

test('periods follow each other without a gap, whatever the day', () => {
  const day = fc.integer({ min: 0, max: 40_000 }).map((count) => addDays('1990-01-01', count));
  fc.assert(
    fc.property(day, fc.constantFrom('week' as const, 'month' as const), (until, kind) => {
      const period = periodUpTo(kind, until);
      const before = periodBefore(kind, period);
      expect(period.last <= until).toBe(true);
      expect(daysBetween(period.last, until)).toBeLessThan(31);
      expect(addDays(before.last, 1)).toBe(period.first);
      expect(daysBetween(period.first, period.last) + 1).toBe(period.days);
      expect(daysBetween(before.first, before.last) + 1).toBe(before.days);
    }),
  );
});

const WEEK = { first: '2026-11-16', last: '2026-11-22', days: 7 };
const point = (day: number, value: number | null) => ({ day: `2026-11-${day}`, value });

test('what older posts brought is no gain, and is told', () => {
  const points = [point(15, 1000), point(18, 1700), point(22, 2000)];
  expect(gainWithin(points, WEEK, [{ day: '2026-11-18', value: 500 }])).toMatchObject({
    change: 1000,
    foundLater: 500,
    gain: 500,
    rate: null,
    observed: 2,
    window: 7,
  });
  // Before the start it is part of what was there already.
  expect(gainWithin(points, WEEK, [{ day: '2026-11-15', value: 500 }])).toMatchObject({ gain: 1000, foundLater: 0 });
});

test('a day is gained only between two days that follow each other', () => {
  const points = [point(15, 100), point(16, 130), point(18, 150), point(19, null), point(20, 170), point(21, 175)];
  expect(dailyGains(points, WEEK, [{ day: '2026-11-21', value: 5 }]).map(({ value }) => value)).toEqual([
    30,
    null,
    null,
    null,
    null,
    0,
    null,
  ]);
});

const gain = (value: number | null, coverage = 100, days = 7) => ({ gain: value, days, coverage });

test('sums what is known, and compares only what is known in both', () => {
  const pairs = [
    { now: gain(140), before: gain(70) },
    { now: gain(7), before: gain(null) },
    { now: gain(1000, 40), before: gain(10) },
    { now: gain(null), before: gain(10) },
  ];
  expect(sumGains(pairs)).toEqual({ sum: 1147, known: 3, of: 4, compared: 1, rate: 100, reason: null });
});

test('a sum of nothing known is not 0, and nothing gained before is no denominator', () => {
  expect(sumGains([{ now: gain(null), before: gain(3) }])).toMatchObject({ sum: null, rate: null, known: 0, of: 1 });
  expect(sumGains([])).toMatchObject({ sum: null, reason: 'nothing is known' });
  expect(sumGains([{ now: gain(5), before: gain(0) }])).toMatchObject({
    sum: 5,
    rate: null,
    reason: 'nothing was gained in the period before',
  });
  expect(sumGains([{ now: gain(5, 50), before: gain(3) }]).reason).toBe(
    'no account has 70 % of the days of both periods',
  );
});

test('an unknown account changes no sum, and the order of accounts none', () => {
  const pair = fc.record({
    now: fc.record({
      gain: fc.option(fc.integer({ min: -1000, max: 1000 })),
      days: fc.constant(7),
      coverage: fc.integer({ min: 0, max: 100 }),
    }),
    before: fc.record({
      gain: fc.option(fc.integer({ min: -1000, max: 1000 })),
      days: fc.constant(7),
      coverage: fc.constant(100),
    }),
  });
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 8 }), (pairs) => {
      const sum = sumGains(pairs);
      const withUnknown = sumGains([...pairs, { now: gain(null, 0), before: gain(null, 0) }]);
      expect(withUnknown).toEqual({ ...sum, of: pairs.length + 1 });
      const turned = sumGains(pairs.toReversed());
      expect({ ...turned, rate: null }).toEqual({ ...sum, rate: null });
      if (sum.rate !== null) expect(turned.rate).toBeCloseTo(sum.rate, 6);
    }),
  );
});
