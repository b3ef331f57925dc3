import fc from 'fast-check';
import { expect, test } from 'vitest';
import { valueAtAge, type Reading } from '../../src/insight/value-at-age.ts';

const readings = (values: Record<number, number | null>): Reading[] =>
  Object.entries(values).map(([hours, value]) => ({ hours: Number(hours), value }));

test('is interpolated between the readings before and after', () => {
  expect(valueAtAge(readings({ 15: 100, 39: 300, 63: 500, 87: 550 }), 48)).toBe(300 + (200 * 9) / 24);
  expect(valueAtAge(readings({ 24: 100, 48: 320, 72: 400 }), 48)).toBe(320);
});

test('is not known before the first reading, nor after the last', () => {
  expect(valueAtAge([], 48)).toBeNull();
  expect(valueAtAge(readings({ 49: 100, 73: 120 }), 48)).toBeNull();
  expect(valueAtAge(readings({ 10: 50, 34: 100 }), 48)).toBeNull();
});

test('reads across a missed day, and not across two', () => {
  expect(valueAtAge(readings({ 15: 100, 63: 580 }), 48)).toBe(430);
  expect(valueAtAge(readings({ 15: 100, 39: null, 63: 580 }), 48)).toBe(430);
  expect(valueAtAge(readings({ 15: 100, 87: 820 }), 48)).toBeNull();
});

test('reads across more where the post is old: a quarter of the age', () => {
  expect(valueAtAge(readings({ 600: 100, 768: 200 }), 672)).toBeCloseTo(100 + (100 * 72) / 168);
  expect(valueAtAge(readings({ 600: 100, 769: 200 }), 672)).toBeNull();
});

test('an unknown reading is no 0: it counts as not being there', () => {
  expect(valueAtAge(readings({ 24: null, 48: null }), 48)).toBeNull();
  expect(valueAtAge(readings({ 24: 0, 48: 0, 72: 10 }), 48)).toBe(0);
});

const someReadings = fc
  .uniqueArray(fc.record({ hours: fc.nat(400), value: fc.option(fc.nat(1_000_000)) }), {
    selector: ({ hours }) => hours,
  })
  .map((list) => list.toSorted((a, b) => a.hours - b.hours));
const age = fc.integer({ min: 1, max: 400 });

test('unknown readings change nothing, wherever they stand', () => {
  fc.assert(
    fc.property(someReadings, age, (list, at) => {
      const known = list.filter(({ value }) => value !== null);
      expect(valueAtAge(list, at)).toBe(valueAtAge(known, at));
    }),
  );
});

test('lies between its neighbours, and scales and shifts with them', () => {
  fc.assert(
    fc.property(someReadings, age, fc.integer({ min: 2, max: 9 }), fc.nat(1000), (list, at, factor, more) => {
      const value = valueAtAge(list, at);
      const changed = valueAtAge(
        list.map((each) => ({ ...each, value: each.value === null ? null : each.value * factor + more })),
        at,
      );
      if (value === null) {
        expect(changed).toBeNull();
        return;
      }
      expect(changed).toBeCloseTo(value * factor + more, 4);
      const known = list.filter((each) => each.value !== null).map((each) => each.value as number);
      expect(value).toBeGreaterThanOrEqual(Math.min(...known));
      expect(value).toBeLessThanOrEqual(Math.max(...known));
    }),
  );
});
