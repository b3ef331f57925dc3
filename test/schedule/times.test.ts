import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  describeTimes,
  findSkippedDay,
  isEitherDay,
  listNextRuns,
  parseCron,
  parseTimeOfDay,
} from '../../src/schedule/times.ts';

/** Whether a value is in a field of a cron expression. */
function fits(field: string, value: number, low: number, high: number): boolean {
  return field.split(',').some((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [from = low, to = from] = range === '*' ? [low, high] : range.split('-').map(Number);
    return value >= from && value <= to && (value - from) % Number(step) === 0;
  });
}

/** The minutes of UTC at which cron would run, found by trying every day and minute. */
function listByBruteForce(expression: string, from: Date, count: number): string[] {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = expression.split(' ');
  const isBoth = dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*');
  const runs: string[] = [];
  const midnight = Date.parse(`${from.toISOString().slice(0, 10)}T00:00:00Z`);
  for (let day = 0; runs.length < count && day < 3 * 366; day++) {
    const date = new Date(midnight + day * 86_400_000);
    const isDay = fits(dayOfMonth, date.getUTCDate(), 1, 31);
    const isWeekday = [date.getUTCDay(), date.getUTCDay() + 7].some((each) => each <= 7 && fits(dayOfWeek, each, 0, 7));
    if (!fits(month, date.getUTCMonth() + 1, 1, 12) || !(isBoth ? isDay && isWeekday : isDay || isWeekday)) continue;
    for (let at = 0; at < 1440 && runs.length < count; at++) {
      const run = new Date(date.getTime() + at * 60_000);
      if (run > from && fits(hour, Math.floor(at / 60), 0, 23) && fits(minute, at % 60, 0, 59))
        runs.push(run.toISOString());
    }
  }
  return runs;
}

const FROM = new Date('2026-11-22T12:34:56Z');

test.each([
  '0 3 * * *',
  '17 6-23 * * *',
  '*/15 8-18 * * 1-5',
  '30 4 1,15 * 5',
  '0 0 * * 0',
  '0 3 * * 7',
  '0 3 * 1,6 *',
  '0 9 1-7 */2 *',
  '10 1 */10 * *',
  '0 6,18 * * 0,6',
  '0-30/10 2 31 * *',
])('%s runs when cron runs it', (expression) => {
  const times = parseCron(expression);
  expect(listNextRuns(times, FROM, 'UTC', 8).map((run) => run.toISOString())).toEqual(
    listByBruteForce(expression, FROM, 8),
  );
});

test('random expressions run when cron runs them', () => {
  const number = (low: number, high: number) => fc.integer({ min: low, max: high }).map(String);
  const field = (low: number, high: number) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant('*') },
      number(low, high),
      fc.uniqueArray(number(low, high), { minLength: 2, maxLength: 3 }).map((values) => values.join(',')),
      fc
        .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))
        .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      fc.integer({ min: 2, max: Math.min(high, 12) }).map((step) => `*/${step}`),
    );
  const expressions = fc
    .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
    .filter(([, , day, , weekday]) => day === '*' || weekday === '*' || !`${day} ${weekday}`.includes('*'))
    .map((fields) => fields.join(' '));
  fc.assert(
    fc.property(expressions, (expression) => {
      const found = listNextRuns(parseCron(expression), FROM, 'UTC', 3).map((run) => run.toISOString());
      expect(found).toEqual(listByBruteForce(expression, FROM, 3));
    }),
    { numRuns: 60, seed: 4 },
  );
});

test('Sundays in February are not every day of February', () => {
  const times = parseCron('0 3 * 2 0');
  expect(times.daysOfMonth).toHaveLength(31);
  expect(isEitherDay(times)).toBe(false);
  expect(isEitherDay(parseCron('0 3 13 2 5'))).toBe(true);
});

test.each([
  ['@daily', '0 0 * * *'],
  ['@Weekly', '0 0 * * 0'],
  ['  5  4 * *   sun ', '5 4 * * 0'],
  ['0 3 * jan-mar,JUN mon-fri', '0 3 * 1-3,6 1-5'],
  // Every day of one kind, or any of the other: every day.
  ['0 3 * * 0,7,1', '0 3 * * 0,1'],
  ['0,0,30 3 1,1 * *', '0,30 3 1 * *'],
  ['0 3 15 * 0-6', '0 3 * * *'],
  ['0 3 1-31 * 1', '0 3 * * *'],
])('%s is written as %s', (text, expression) => {
  expect(parseCron(text).expression).toBe(expression);
});

describe('what not every cron reads alike is refused', () => {
  test.each([
    ['', 'has 0'],
    ['0 3 * *', 'has 4'],
    ['0 0 3 * * *', 'has 6'],
    ['@reboot', '"@reboot" is no time'],
    ['60 3 * * *', '0-59'],
    ['0 24 * * *', '0-23'],
    ['0 3 0 * *', '1-31'],
    ['0 3 * 13 *', '1-12'],
    ['0 3 L * *', '"L" is not what every cron reads'],
    ['0 3 * * 1#2', '"1#2"'],
    ['5/10 * * * *', '"5/10"'],
    ['*,5 * * * *', '"*,5"'],
    ['*/0 * * * *', 'repeat'],
    ['*/90 * * * *', 'no step of 90'],
    ['0 22-2 * * *', 'range'],
    ['0 3 */2 * 1', 'different days'],
    ['0 3 30 2 *', 'is no cron expression'],
    ['0 3 31 2,4 *', 'is no cron expression'],
    ['0 3 * * mon;reboot', 'is not what every cron reads'],
    ['0 3 * * *\n* * * * * reboot', 'has 11'],
  ])('%j: %s', (text, reason) => {
    expect(() => parseCron(text)).toThrow(reason);
  });
});

test('a time of day is a cron expression; to catch up is each hour from then on', () => {
  expect(parseTimeOfDay('3:05', false).expression).toBe('5 3 * * *');
  expect(parseTimeOfDay('03:05', true).expression).toBe('5 3-23 * * *');
  expect(parseTimeOfDay('23:30', true).expression).toBe('30 23 * * *');
  for (const text of ['', '3', '24:00', '12:60', '3:5', 'noon', '-1:00', '03:00:00']) {
    expect(() => parseTimeOfDay(text, false), text).toThrow('is no time of day');
  }
});

test('times are told in words', () => {
  expect(describeTimes(parseCron('30 6 * * mon-fri'))).toBe('At 06:30, Monday through Friday');
});

test('the next runs follow the clock of the zone through both changes of it', () => {
  const local = (from: string, timezone: string) =>
    listNextRuns(parseCron('0 3 * * *'), new Date(from), timezone, 3).map((run) => run.toISOString().slice(5, 16));
  expect(local('2026-03-28T12:00:00Z', 'Europe/Berlin')).toEqual(['03-29T01:00', '03-30T01:00', '03-31T01:00']);
  expect(local('2026-10-24T12:00:00Z', 'Europe/Berlin')).toEqual(['10-25T02:00', '10-26T02:00', '10-27T02:00']);
});

test('where the library gives up, there are fewer runs, and no error', () => {
  const hourly = parseCron('0 * * * *');
  const after = new Date('2026-04-04T12:30:00Z');
  expect(listNextRuns(hourly, after, 'Australia/Lord_Howe', 3).length).toBeLessThanOrEqual(3);
  expect(listNextRuns(hourly, after, 'Europe/Berlin', 3)).toHaveLength(3);
});

test('a day whose clock leaves the time out is found, in the zone of the machine', () => {
  const before = process.env['TZ'];
  try {
    process.env['TZ'] = 'Europe/Berlin';
    const from = new Date('2026-11-22T12:00:00Z');
    expect(findSkippedDay(parseCron('30 2 * * *'), from)).toBe('2027-03-28');
    expect(findSkippedDay(parseCron('0 3 * * *'), from)).toBeUndefined();
    process.env['TZ'] = 'UTC';
    expect(findSkippedDay(parseCron('30 2 * * *'), from)).toBeUndefined();
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
});
