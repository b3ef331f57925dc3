import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, daysBetween } from '../../src/core/time.ts';
import { compareGains, growthBetween, growthWithin, LEAST_COVERAGE } from '../../src/insight/coverage.ts';
import { growthOver, type Point } from '../../src/insight/growth.ts';

/** Every day from a first one on. */
const daily = (first: string, values: readonly (number | null)[]): Point[] =>
  values.map((value, at) => ({ day: addDays(first, at), value }));

const upTo = (count: number) => Array.from({ length: count }, (_, at) => 100 + at);

describe('growthWithin', () => {
  test('has a rate of a window that was seen', () => {
    expect(growthWithin(daily('2026-11-01', upTo(8)), 7)).toEqual({
      startDay: '2026-11-01',
      start: 100,
      endDay: '2026-11-08',
      end: 107,
      change: 7,
      rate: 7.000000000000001,
      days: 7,
      window: 7,
      observed: 7,
      coverage: 100,
      reason: null,
    });
  });

  test.each([
    ['exactly 70 % of the days', 7, 10, 7],
    ['one day fewer', null, 10, 6],
  ])('with %s', (_, rate, days, seen) => {
    const ends = [
      { day: '2026-11-01', value: 100 },
      ...daily(addDays('2026-11-11', 1 - seen), Array<number>(seen).fill(107)),
    ];
    const growth = growthWithin(ends, days);
    expect(growth).toMatchObject({ change: 7, days: 10, observed: seen, coverage: seen * 10 });
    expect(growth.rate === null ? null : Math.round(growth.rate)).toBe(rate);
    expect(growth.reason).toBe(rate === null ? '6 of 10 days are known, a rate needs 70 %' : null);
  });

  test('counts from an older start on, and the days that a young history has not', () => {
    const old = [{ day: '2026-10-01', value: 5 }, ...daily('2026-11-16', upTo(7))];
    expect(growthWithin(old, 7)).toMatchObject({ days: 52, window: 7, observed: 7, rate: null });
    expect(growthWithin(old, 6)).toMatchObject({ days: 6, observed: 6, coverage: 100 });
    expect(growthWithin(daily('2026-11-16', upTo(7)), 30)).toMatchObject({ change: 6, observed: 7, rate: null });
  });

  test('says why there is nothing', () => {
    expect(growthWithin([], 7)).toMatchObject({ change: null, observed: 0, coverage: 0, reason: 'nothing is known' });
    expect(growthWithin(daily('2026-11-01', [null, 3]), 7)).toMatchObject({ reason: 'one day alone is known' });
    expect(growthWithin(daily('2026-11-01', [0, 3]), 1)).toMatchObject({
      change: 3,
      rate: null,
      reason: 'it starts from 0',
    });
  });
});

describe('growthBetween', () => {
  const history = [
    ...daily('2026-09-28', [90, 91, 95]),
    ...daily('2026-10-01', upTo(31)),
    ...daily('2026-11-01', [140]),
  ];

  test('starts from the eve of the month and ends on its last day', () => {
    expect(growthBetween(history, '2026-10-01', '2026-10-31')).toMatchObject({
      startDay: '2026-09-30',
      endDay: '2026-10-31',
      change: 130 - 95,
      window: 31,
      observed: 31,
      coverage: 100,
    });
  });

  test('starts at most 7 days before, else inside', () => {
    const gap = (eve: string) => [{ day: eve, value: 50 }, ...daily('2026-10-02', upTo(30))];
    expect(growthBetween(gap('2026-09-24'), '2026-10-01', '2026-10-31')).toMatchObject({ startDay: '2026-09-24' });
    expect(growthBetween(gap('2026-09-23'), '2026-10-01', '2026-10-31')).toMatchObject({
      startDay: '2026-10-02',
      observed: 30,
    });
  });

  test('knows nothing of a month without numbers, whatever lies around it', () => {
    const around = [
      { day: '2026-09-30', value: 1 },
      { day: '2026-11-01', value: 9 },
    ];
    expect(growthBetween(around, '2026-10-01', '2026-10-31')).toMatchObject({
      end: null,
      change: null,
      window: 31,
      reason: 'nothing is known',
    });
  });

  test('of a month that was seen at its beginning alone has no rate', () => {
    expect(growthBetween(daily('2026-09-30', upTo(11)), '2026-10-01', '2026-10-31')).toMatchObject({
      endDay: '2026-10-10',
      change: 10,
      observed: 10,
      rate: null,
    });
  });
});

describe('compareGains', () => {
  const of = (...values: (number | null)[]) => growthWithin(daily('2026-11-01', values), values.length - 1);

  test('sets gains a day beside each other', () => {
    expect(compareGains(of(100, 110, 130), of(50, 60, 70))).toEqual({ rate: 50, reason: null });
    // 30 in 2 days beside 10 in 4.
    expect(compareGains(of(100, 110, 130), of(50, 51, 52, 53, 60)).rate).toBeCloseTo(500, 10);
    expect(compareGains(of(130, 110, 100), of(50, 60, 70)).rate).toBe(-250);
  });

  test('refuses what does not compare', () => {
    const seen = of(1, 2, 3);
    expect(compareGains(seen, of(3, 2, 1)).reason).toBe('before: nothing was gained');
    expect(compareGains(seen, of(3, 3, 3)).reason).toBe('before: nothing was gained');
    expect(compareGains(seen, of(null, null)).reason).toBe('before: nothing is known');
    expect(compareGains(of(null, 4), seen).reason).toBe('now: one day alone is known');
    expect(compareGains(seen, of(1, null, null, 4)).reason).toBe('before: 1 of 3 days are known, a rate needs 70 %');
    // From 0 there is no rate, but a gain.
    expect(compareGains(seen, of(0, 1, 2))).toEqual({ rate: 0, reason: null });
  });
});

const history = fc
  .uniqueArray(fc.record({ at: fc.nat(80), value: fc.option(fc.nat(1_000_000)) }), { selector: ({ at }) => at })
  .map((list) =>
    list.toSorted((a, b) => a.at - b.at).map(({ at, value }) => ({ day: addDays('2026-01-01', at), value })),
  );
const window = fc.integer({ min: 1, max: 60 });

test('there is a rate exactly without a reason, never under 70 %, and the change is that of growthOver', () => {
  fc.assert(
    fc.property(history, window, (points, days) => {
      const growth = growthWithin(points, days);
      expect(growth).toMatchObject({ ...growthOver(points, days), rate: growth.rate });
      expect(growth.rate === null).toBe(growth.reason !== null);
      expect(growth.coverage).toBeGreaterThanOrEqual(0);
      expect(growth.coverage).toBeLessThanOrEqual(100);
      if (growth.rate !== null) expect(growth.coverage).toBeGreaterThanOrEqual(LEAST_COVERAGE);
    }),
  );
});

test('days that are not known are as days that are not there: none becomes 0', () => {
  fc.assert(
    fc.property(history, window, (points, days) => {
      const known = points.filter(({ value }) => value !== null);
      expect(growthWithin(points, days)).toEqual(growthWithin(known, days));
      const [first, last] = ['2026-01-20', '2026-02-10'];
      expect(growthBetween(points, first, last)).toEqual(growthBetween(known, first, last));
    }),
  );
});

test('a month ends inside itself, and starts at most 7 days before', () => {
  fc.assert(
    fc.property(history, fc.nat(60), window, (points, at, days) => {
      const first = addDays('2026-01-01', at);
      const last = addDays(first, days - 1);
      const { startDay, endDay, change } = growthBetween(points, first, last);
      if (endDay !== null) expect(endDay >= first && endDay <= last).toBe(true);
      if (change !== null) expect(daysBetween(startDay as string, first)).toBeLessThanOrEqual(7);
    }),
  );
});

test('shifting all values leaves the change and the coverage, and scaling leaves the rate', () => {
  fc.assert(
    fc.property(history, window, fc.integer({ min: 2, max: 1000 }), (points, days, factor) => {
      const by = (change: (value: number) => number) =>
        growthWithin(
          points.map(({ day, value }) => ({ day, value: value === null ? null : change(value) })),
          days,
        );
      const plain = by((value) => value);
      expect(by((value) => value + factor)).toMatchObject({ change: plain.change, coverage: plain.coverage });
      const scaled = by((value) => value * factor);
      if (plain.rate === null) expect(scaled.rate).toBeNull();
      else expect(scaled.rate).toBeCloseTo(plain.rate, 6);
    }),
  );
});
