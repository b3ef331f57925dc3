import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, daysBetween } from '../../src/core/time.ts';
import { monthOf, monthsUpTo, yearBefore } from '../../src/insight/month.ts';

test.each([
  ['2026-11-22', '2026-11-22', { name: '2026-11', first: '2026-11-01', last: '2026-11-22', days: 22, isWhole: false }],
  ['2026-11-30', '2026-11-30', { name: '2026-11', first: '2026-11-01', last: '2026-11-30', days: 30, isWhole: true }],
  ['2026-02-10', '2026-11-22', { name: '2026-02', first: '2026-02-01', last: '2026-02-28', days: 28, isWhole: true }],
  ['2028-02-29', '2028-03-01', { name: '2028-02', first: '2028-02-01', last: '2028-02-29', days: 29, isWhole: true }],
  ['2026-12-31', '2027-01-01', { name: '2026-12', first: '2026-12-01', last: '2026-12-31', days: 31, isWhole: true }],
])('the month of %s, seen on %s', (day, today, month) => {
  expect(monthOf(day, today)).toEqual(month);
});

test('months follow each other over years without a hole', () => {
  expect(monthsUpTo('2026-02-03', 4).map(({ name }) => name)).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
  fc.assert(
    fc.property(fc.integer({ min: -20_000, max: 20_000 }), fc.integer({ min: 1, max: 40 }), (shift, count) => {
      const months = monthsUpTo(addDays('2026-11-22', shift), count);
      expect(months).toHaveLength(count);
      for (const [at, { first, last, days, name }] of months.entries()) {
        expect(daysBetween(first, last) + 1).toBe(days);
        expect(first).toBe(`${name}-01`);
        if (at > 0) expect(first).toBe(addDays(months[at - 1]?.last ?? '', 1));
      }
    }),
  );
});

test('a year before is the same calendar day', () => {
  expect(yearBefore('2026-11-22')).toBe('2025-11-22');
  expect(yearBefore('2028-02-29')).toBe('2027-02-28');
  expect(yearBefore('2029-02-28')).toBe('2028-02-28');
});
