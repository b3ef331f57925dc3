import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../src/core/time.ts';
import type { ToldPoint } from '../../src/insight/daily-change.ts';
import { findSpike, SPIKE_HISTORY } from '../../src/insight/spike.ts';

const START = '2026-01-01';

function points(values: readonly (number | null)[]): ToldPoint[] {
  return values.map((value, at) => ({ day: addDays(START, at), value, provider: 'a' }));
}

function counter(gains: readonly number[], first = 5000): ToldPoint[] {
  let value = first;
  return points([first, ...gains.map((gain) => (value += gain))]);
}

const gains = (gain: number, days: number) => Array.from({ length: days }, () => gain);

test('a post a week makes a high day a week, which is usual; one far above those is a spike', () => {
  const week = (first: number) => [first, 200, 100, 50, 30, 20, 10];
  const before = [900, 1100, 950, 1050, 1000].flatMap(week);
  const on = (change: number) => findSpike(counter([...before, change]), 'total', 3);
  expect(on(1200)).toBeNull();
  expect(on(1570)).toBeNull();
  expect(on(1580)).toMatchObject({ observed: 1580, expected: 50, least: 1575, basis: 'median change' });
  // One day above all others is no measure of the next.
  const [high, ...rest] = before.toReversed();
  expect(findSpike(counter([...rest.toReversed(), 90_000, high as number, 1600]), 'total', 3)).not.toBeNull();
});

test('a day is compared with the median of 28 days, not with older ones', () => {
  const found = findSpike(counter([...gains(10_000, 30), ...gains(100, 28), 400]), 'total', 3);
  expect(found).toMatchObject({ expected: 100, factor: 4, least: 300, n: 28, basis: 'median change' });
});

test('a day must be above it by 10, by 0.1 % of the followers, and by two steps of rounding', () => {
  expect(findSpike(counter([...gains(1, 28), 10]), 'total', 3)).toBeNull();
  expect(findSpike(counter([...gains(1, 28), 11]), 'total', 3)).toMatchObject({ least: 11 });
  const followers = (gain: number) => counter([...gains(10, 28), gain], 100_000);
  expect(findSpike(followers(110), 'level', 3)).toBeNull();
  expect(findSpike(followers(111), 'level', 3)).not.toBeNull();
  const rounded = (gain: number) => counter([...gains(1000, 28), gain], 900_000);
  expect(findSpike(rounded(2000), 'total', 1.5)).toBeNull();
  expect(findSpike(rounded(3000), 'total', 1.5)).toMatchObject({ least: 3000 });
});

test('where few days rise, the largest of their rises is usual; where none does, 10 are enough', () => {
  const few = [...gains(0, 26), 40, 20];
  expect(findSpike(counter([...few, 119]), 'total', 3)).toBeNull();
  expect(findSpike(counter([...few, 120]), 'total', 3)).toMatchObject({ basis: 'largest of few rises', n: 2 });
  // It fell on each day before.
  expect(findSpike(counter([...gains(-1, 20), 12]), 'level', 3)).toMatchObject({ basis: 'no rise', factor: null });
});

const changes = fc.array(fc.integer({ min: -50, max: 500 }), { minLength: 15, maxLength: 60 });

test('a higher threshold fires on nothing more, and unknown days at the end change nothing', () => {
  fc.assert(
    fc.property(changes, fc.double({ min: 1.5, max: 9, noNaN: true }), (list, threshold) => {
      const found = findSpike(counter(list), 'total', threshold);
      if (found) {
        expect(findSpike(counter(list), 'total', 1.5)).not.toBeNull();
        expect(found.observed).toBeGreaterThanOrEqual(found.least);
        expect(found.n).toBeGreaterThan(0);
      }
      const unknown = { day: addDays(START, list.length + 1), value: null, provider: 'a' };
      expect(findSpike([...counter(list), unknown], 'total', threshold)).toEqual(found);
    }),
  );
});

test('unknown values are no zeros: a series is judged by its known days alone, and none at all says nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(100_000), { nil: null }), { maxLength: 50 }), (values) => {
      const known = points(values).filter(({ value }) => value !== null);
      expect(findSpike(points(values), 'total', 2)).toEqual(findSpike(known, 'total', 2));
      expect(findSpike(points(values.map(() => null)), 'total', 2)).toBeNull();
    }),
  );
});

test('what was long ago changes nothing', () => {
  fc.assert(
    fc.property(changes, (list) => {
      const long = Array.from({ length: 50 }, (_, at): ToldPoint => {
        return { day: addDays(START, at - 50 - SPIKE_HISTORY), value: at * at, provider: 'x' };
      });
      expect(findSpike([...long, ...counter(list)], 'total', 2)).toEqual(findSpike(counter(list), 'total', 2));
    }),
  );
});
