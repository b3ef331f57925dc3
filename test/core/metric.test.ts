import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toMetric } from '../../src/core/metric.ts';

test('every safe counter comes back as it was sent, as a number or as digits', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (count) => {
      expect(toMetric(count)).toBe(count);
      expect(toMetric(String(count))).toBe(count);
      expect(toMetric(` ${count}\n`)).toBe(count);
    }),
  );
});

test('whatever is sent, a metric is a safe counter or unknown', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const metric = toMetric(value);
      expect(metric === null || (Number.isSafeInteger(metric) && metric >= 0)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['a negative counter', -1],
  ['a negative counter as text', '-1'],
  ['a fraction', 1.5],
  ['an abbreviation', '1.2M'],
  ['a grouped number', '1,234'],
  ['an exponent', '1e3'],
  ['a hexadecimal number', '0x10'],
  ['an empty string', ''],
  ['blanks', '  '],
  ['beyond 2^53', 2 ** 53],
  ['beyond 2^53 as text', '9007199254740993'],
  ['twenty digits', '12345678901234567890'],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['NaN', Number.NaN],
  ['true', true],
  ['null', null],
  ['undefined', undefined],
  ['a list', [5]],
  ['a big integer', 5n],
])('%s is unknown', (_, value) => {
  expect(toMetric(value)).toBeNull();
});

test('zero is known', () => {
  expect(toMetric(0)).toBe(0);
  expect(toMetric('0')).toBe(0);
});
