import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  clockIn,
  dayIn,
  daysBetween,
  formatAgo,
  formatClock,
  isTimezone,
  startOfDay,
} from '../../src/core/time.ts';

describe('dayIn', () => {
  test.each([
    // Clocks go forward on 29 March 2026 at 02:00 and back on 25 October 2026 at 03:00.
    ['Europe/Berlin', '2026-03-28T22:59:59.999Z', '2026-03-28'],
    ['Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29'],
    ['Europe/Berlin', '2026-03-29T21:59:59.999Z', '2026-03-29'],
    ['Europe/Berlin', '2026-03-29T22:00:00Z', '2026-03-30'],
    ['Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25'],
    ['Europe/Berlin', '2026-10-25T22:59:59.999Z', '2026-10-25'],
    ['Europe/Berlin', '2026-10-25T23:00:00Z', '2026-10-26'],
    ['America/New_York', '2026-03-08T04:59:59Z', '2026-03-07'],
    ['America/New_York', '2026-03-08T05:00:00Z', '2026-03-08'],
    ['America/New_York', '2026-03-09T03:59:59Z', '2026-03-08'],
    ['America/New_York', '2026-03-09T04:00:00Z', '2026-03-09'],
    ['America/New_York', '2026-11-01T04:00:00Z', '2026-11-01'],
    ['America/New_York', '2026-11-02T04:59:59Z', '2026-11-01'],
    // Half an hour of daylight saving.
    ['Australia/Lord_Howe', '2026-10-03T13:29:59Z', '2026-10-03'],
    ['Australia/Lord_Howe', '2026-10-03T13:30:00Z', '2026-10-04'],
    ['Australia/Lord_Howe', '2026-10-04T12:59:59Z', '2026-10-04'],
    ['Australia/Lord_Howe', '2026-10-04T13:00:00Z', '2026-10-05'],
    // Midnight itself did not exist on 4 November 2018.
    ['America/Sao_Paulo', '2018-11-04T02:59:59Z', '2018-11-03'],
    ['America/Sao_Paulo', '2018-11-04T03:00:00Z', '2018-11-04'],
    ['America/Sao_Paulo', '2018-11-05T01:59:59Z', '2018-11-04'],
    ['America/Sao_Paulo', '2018-11-05T02:00:00Z', '2018-11-05'],
    // 30 December 2011 was left out.
    ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31'],
    ['Pacific/Kiritimati', '2026-06-01T09:59:59Z', '2026-06-01'],
    ['Pacific/Kiritimati', '2026-06-01T10:00:00Z', '2026-06-02'],
    ['Etc/GMT+12', '2026-06-01T11:59:59Z', '2026-05-31'],
    ['Etc/GMT+12', '2026-06-01T12:00:00Z', '2026-06-01'],
    ['UTC', '2028-02-29T00:00:00Z', '2028-02-29'],
    ['UTC', '2028-02-29T23:59:59.999Z', '2028-02-29'],
    ['Asia/Kathmandu', '2026-12-31T18:14:59Z', '2026-12-31'],
    ['Asia/Kathmandu', '2026-12-31T18:15:00Z', '2027-01-01'],
    ['UTC', '0999-05-06T00:00:00Z', '0999-05-06'],
  ])('%s at %s is %s', (timezone, instant, day) => {
    expect(dayIn(timezone, new Date(instant))).toBe(day);
  });

  test('never goes back as time goes on, and skips a day only where the zone did', () => {
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Pacific/Kiritimati',
      'Etc/GMT+12',
      'UTC',
    ];
    const instant = fc.date({ min: new Date('2015-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...zones), instant, fc.integer({ min: 0, max: 86_400_000 }), (zone, start, ms) => {
        const gap = daysBetween(dayIn(zone, start), dayIn(zone, new Date(start.getTime() + ms)));
        expect(gap === 0 || gap === 1).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

test('addDays and daysBetween undo each other, over leap days and years', () => {
  const day = fc
    .date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  fc.assert(
    fc.property(day, fc.integer({ min: -5000, max: 5000 }), (from, count) => {
      expect(daysBetween(from, addDays(from, count))).toBe(count);
    }),
  );
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(addDays('2027-02-28', 1)).toBe('2027-03-01');
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
});

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Mars/Olympus', false],
  ['', false],
  ['Berlin', false],
])('isTimezone("%s") is %s', (name, expected) => {
  expect(isTimezone(name)).toBe(expected);
});

test.each([
  [0, 'just now'],
  [-5, 'just now'],
  [59, 'just now'],
  [60, '1 minute ago'],
  [3_599, '59 minutes ago'],
  [7_200, '2 hours ago'],
  [86_400, '1 day ago'],
  [200_000, '2 days ago'],
])('%s seconds are "%s"', (seconds, expected) => {
  const now = new Date('2026-11-22T10:00:00Z');
  expect(formatAgo(new Date(now.getTime() - seconds * 1000), now)).toBe(expected);
});

describe('startOfDay', () => {
  test.each([
    ['UTC', '2026-11-22', '2026-11-22T00:00:00Z'],
    ['America/Los_Angeles', '2026-03-08', '2026-03-08T08:00:00Z'],
    ['America/Los_Angeles', '2026-03-09', '2026-03-09T07:00:00Z'],
    ['America/Los_Angeles', '2026-11-01', '2026-11-01T07:00:00Z'],
    ['America/Los_Angeles', '2026-11-02', '2026-11-02T08:00:00Z'],
    ['Asia/Kathmandu', '2027-01-01', '2026-12-31T18:15:00Z'],
    ['Pacific/Kiritimati', '2026-06-02', '2026-06-01T10:00:00Z'],
    ['Etc/GMT+12', '2026-06-01', '2026-06-01T12:00:00Z'],
    // Midnight itself did not exist.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z'],
    // The day did not.
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00Z'],
  ])('in %s %s begins at %s', (timezone, day, instant) => {
    expect(startOfDay(timezone, day)).toEqual(new Date(instant));
  });

  test('is on that day, and a millisecond before is not', () => {
    const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Chatham', 'UTC');
    const instant = fc.date({ min: new Date('2015-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(zone, instant, (timezone, at) => {
        const day = dayIn(timezone, at);
        const start = startOfDay(timezone, day);
        expect(dayIn(timezone, start)).toBe(day);
        expect(dayIn(timezone, new Date(start.getTime() - 1))).toBe(addDays(day, -1));
      }),
    );
  });
});

test.each([
  ['UTC', '2026-11-23T08:00:00Z', 'Mon 08:00'],
  ['Europe/Berlin', '2026-11-23T08:00:00Z', 'Mon 09:00'],
  ['Europe/Berlin', '2026-11-22T23:00:00Z', 'Mon 00:00'],
  ['UTC', '2026-11-22T10:04:59.001Z', 'Sun 10:05'],
  ['UTC', '2026-11-22T23:59:00.001Z', 'Mon 00:00'],
])('a clock in %s shows %s as %s', (timezone, instant, text) => {
  expect(formatClock(timezone, new Date(instant))).toBe(text);
});

describe('clockIn', () => {
  test.each([
    // Clocks go forward on 29 March 2026 at 02:00 and back on 25 October 2026 at 03:00.
    ['Europe/Berlin', '2026-03-29T00:59:59Z', { weekday: 6, hour: 1 }],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', { weekday: 6, hour: 3 }],
    ['Europe/Berlin', '2026-10-25T00:30:00Z', { weekday: 6, hour: 2 }],
    ['Europe/Berlin', '2026-10-25T01:30:00Z', { weekday: 6, hour: 2 }],
    ['Europe/Berlin', '2026-11-22T23:00:00Z', { weekday: 0, hour: 0 }],
    ['Asia/Kolkata', '2026-11-22T18:29:59Z', { weekday: 6, hour: 23 }],
    ['Asia/Kolkata', '2026-11-22T18:30:00Z', { weekday: 0, hour: 0 }],
    ['UTC', '2026-11-22T23:59:59Z', { weekday: 6, hour: 23 }],
    ['UTC', '2026-11-23T00:00:00Z', { weekday: 0, hour: 0 }],
  ])('%s shows at %s %o', (timezone, instant, shown) => {
    expect(clockIn(timezone, new Date(instant))).toEqual(shown);
  });

  test('UTC is the same by either way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        const instant = new Date(seconds * 1000);
        expect(clockIn('Etc/UTC', instant)).toEqual(clockIn('UTC', instant));
      }),
    );
  });
});
