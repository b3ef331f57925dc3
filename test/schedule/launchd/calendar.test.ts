import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ScheduleError } from '../../../src/schedule/error.ts';
import { toCalendarIntervals, type CalendarInterval } from '../../../src/schedule/launchd/calendar.ts';
import { parseCron } from '../../../src/schedule/times.ts';
import { listRuns, runCron, runLaunchd } from './emulate.ts';

describe('what the emulation of launchd says', () => {
  test('an hour alone runs on each of its minutes', () => {
    const runs = runLaunchd([{ Hour: 3 }]);
    expect(listRuns(runs, '2028-02-29')).toHaveLength(60);
    expect(listRuns(runs, '2028-02-29').slice(0, 2)).toEqual(['03:00', '03:01']);
  });

  test('a month is overlooked beside a weekday', () => {
    const runs = runLaunchd([{ Month: 6, Weekday: 1, Hour: 3, Minute: 0 }]);
    expect(listRuns(runs, '2027-11-22')).toEqual(['03:00']);
    expect(listRuns(runs, '2027-11-23')).toEqual([]);
  });

  test('a day that a month does not have is one of the next', () => {
    const runs = runLaunchd([{ Day: 31, Hour: 4, Minute: 5 }]);
    expect(listRuns(runs, '2027-12-01')).toEqual(['04:05']);
    expect(listRuns(runs, '2027-03-03')).toEqual(['04:05']);
    expect(listRuns(runs, '2028-03-02')).toEqual(['04:05']);
    expect(listRuns(runs, '2027-01-31')).toEqual(['04:05']);
  });

  test('a day and a weekday in one entry are either', () => {
    const runs = runLaunchd([{ Day: 13, Weekday: 5, Hour: 9, Minute: 0 }]);
    expect(listRuns(runs, '2027-01-13')).toEqual(['09:00']);
    expect(listRuns(runs, '2027-01-15')).toEqual(['09:00']);
    expect(listRuns(runs, '2027-01-14')).toEqual([]);
  });
});

describe('runs on exactly the minutes that cron does, over three years', () => {
  test.each<[expression: string, count: number]>([
    ['* * * * *', 1],
    ['0 * * * *', 1],
    ['0 3 * * *', 1],
    ['59 23 * * *', 1],
    ['* 5 * * *', 1],
    ['* 22,23 * * *', 2],
    ['*/15 * * * *', 4],
    ['*/15 8-18 * * *', 44],
    ['0-58/2 0-23/5 * * *', 150],
    ['17 6-23 * * *', 18],
    ['17 6 * * 1-5', 5],
    ['5 4 * * 0', 1],
    ['5 4 * * 7', 1],
    ['5 4 * * 0,2,4', 3],
    ['0 6,18 * * 0,6', 4],
    ['0 3 1 * *', 1],
    ['0 3 28 * *', 1],
    ['0 0 1 1 *', 1],
    ['30 12 1-28 2 *', 28],
    ['* * 1 3 *', 1],
    ['* * * 3 *', 1],
    ['0 12 1-7 * *', 7],
    ['0 12 * */3 *', 4],
    ['30 4 1,15 * 5', 3],
    ['0 9 13 * 5', 2],
    ['0 9 1-7 * 1', 8],
    ['0 9 1-28/9 * 1-5/2', 7],
    ['* 9 13 * 5', 2],
    ['0 0 1-31 * 1', 1],
    ['0 0 1 * 0-6', 1],
    ['0-59/5 0-23 1-31 1-12 0-7', 12],
  ])('%s', (expression, count) => {
    const intervals = toCalendarIntervals(parseCron(expression));
    expect(intervals).toHaveLength(count);
    expect(runLaunchd(intervals)).toEqual(runCron(expression));
  });

  test('every macro', () => {
    for (const macro of ['@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually']) {
      const times = parseCron(macro);
      expect(runLaunchd(toCalendarIntervals(times)), macro).toEqual(runCron(times.expression));
    }
  });

  test('what chance brings, unless it is refused for one of three reasons', () => {
    let kept = 0;
    fc.assert(
      fc.property(expressions(), (expression) => {
        const times = readTimes(expression);
        fc.pre(times !== undefined);
        const { months, daysOfMonth, daysOfWeek } = times;
        const intervals = tryIntervals(times);
        if (intervals) {
          kept++;
          expect(intervals.length).toBeLessThanOrEqual(500);
          expect(runLaunchd(intervals)).toEqual(runCron(expression));
          return;
        }
        const isTangled = months.length < 12 && daysOfWeek.length < 7;
        const isLate = daysOfMonth.length < 31 && daysOfMonth.some((day) => day > 28);
        const sizes = [times.minutes.length % 60, times.hours.length % 24, months.length % 12].map((size) => size || 1);
        const days = (daysOfMonth.length % 31) + (daysOfWeek.length % 7) || 1;
        expect(isTangled || isLate || sizes.reduce((product, size) => product * size, days) > 500).toBe(true);
      }),
      { numRuns: 300, seed: 20_271_122 },
    );
    expect(kept).toBeGreaterThan(60);
  });
});

describe('is refused', () => {
  test.each([
    ['0 3 * 1,6 1', /"0 3 \* 1,6 1": it overlooks the month/],
    ['0 3 1 6 1', /overlooks the month/],
    ['0 3 29 * *', /without a day 29/],
    ['0 3 30 * *', /without a day 30/],
    ['0 3 31 * *', /without a day 31/],
    ['0 3 29 2 *', /without a day 29/],
    ['0 3 1,31 * 5', /without a day 31/],
    ['0 3 */2 * *', /without a day 29/],
    ['0-58 0-22 * * *', /1,357 entries, and 500 are the limit/],
    ['0-58 0-8/2 1,2 * *', /590 entries/],
  ])('%s', (expression, reason) => {
    const error = catchError(() => toCalendarIntervals(parseCron(expression)));
    expect(error).toBeInstanceOf(ScheduleError);
    expect(error).toMatchObject({ ending: 'usage', hint: expect.stringContaining('--crontab') });
    expect((error as Error).message).toMatch(reason);
  });

  test.each<[expression: string, naive: CalendarInterval[]]>([
    ['0 3 * 6 1', [{ Month: 6, Weekday: 1, Hour: 3, Minute: 0 }]],
    ['0 3 29 * *', [{ Day: 29, Hour: 3, Minute: 0 }]],
    ['0 3 31 * *', [{ Day: 31, Hour: 3, Minute: 0 }]],
    ['0 3 29 2 *', [{ Month: 2, Day: 29, Hour: 3, Minute: 0 }]],
  ])('%s, and rightly so: launchd would run at other times', (expression, naive) => {
    expect(runLaunchd(naive)).not.toEqual(runCron(expression));
    expect(() => toCalendarIntervals(parseCron(expression))).toThrow(ScheduleError);
  });

  test('500 entries are not', () => {
    expect(toCalendarIntervals(parseCron('0-48/2 0-19 * * *'))).toHaveLength(500);
  });
});

test('fields that hold every value are left out, the others are written', () => {
  expect(toCalendarIntervals(parseCron('30 6 * * *'))).toEqual([{ Hour: 6, Minute: 30 }]);
  expect(toCalendarIntervals(parseCron('0 * * * *'))).toEqual([{ Minute: 0 }]);
  expect(toCalendarIntervals(parseCron('0 9 13 * 5'))).toEqual([
    { Day: 13, Hour: 9, Minute: 0 },
    { Weekday: 5, Hour: 9, Minute: 0 },
  ]);
});

function tryIntervals(times: ReturnType<typeof parseCron>): CalendarInterval[] | undefined {
  try {
    return toCalendarIntervals(times);
  } catch (error) {
    expect(error).toBeInstanceOf(ScheduleError);
    return undefined;
  }
}

/** Undefined for what is no expression at all: a day that never comes, or days that crons read differently. */
function readTimes(expression: string): ReturnType<typeof parseCron> | undefined {
  try {
    return parseCron(expression);
  } catch {
    return undefined;
  }
}

function expressions(): fc.Arbitrary<string> {
  const field = (lowest: number, highest: number) => {
    const value = fc.integer({ min: lowest, max: highest });
    const span = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
    const step = fc.integer({ min: 1, max: Math.max(1, highest) });
    const part = fc.oneof(
      { weight: 3, arbitrary: value.map(String) },
      span,
      fc.tuple(span, step).map(([text, by]) => `${text}/${by}`),
    );
    return fc.oneof(
      { weight: 2, arbitrary: fc.constant('*') },
      step.map((by) => `*/${by}`),
      { weight: 3, arbitrary: fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')) },
    );
  };
  const month = fc.oneof({ weight: 3, arbitrary: fc.constant('*') }, field(1, 12));
  return fc
    .tuple(field(0, 59), field(0, 23), fc.oneof(field(1, 28), field(1, 31)), month, field(0, 7))
    .map((fields) => fields.join(' '));
}

function catchError(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
