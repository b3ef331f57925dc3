import type { CalendarInterval } from '../../../src/schedule/launchd/calendar.ts';

/** Three years, a leap year in the middle. */
const FIRST = Date.UTC(2027, 0, 1);
const END = Date.UTC(2030, 0, 1);
const DAY = 86_400_000;

/** For each day from 1 January 2027 to 31 December 2029, the minutes that something runs at: bit n is minute n of the day. */
export type Runs = bigint[];

/** When cron runs an expression, read anew here: the code under test has no part in it. */
export function runCron(expression: string): Runs {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = expression.split(' ');
  const minutes = listValues(minute, 0, 59);
  const hours = listValues(hour, 0, 23);
  const daysOfMonth = listValues(dayOfMonth, 1, 31);
  const months = listValues(month, 1, 12);
  const daysOfWeek = new Set([...listValues(dayOfWeek, 0, 7)].map((day) => day % 7));
  const needsBoth = dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*');
  const ofDay = toBits(hours, minutes);
  return eachDay((date) => {
    const fits = [daysOfMonth.has(date.getUTCDate()), daysOfWeek.has(date.getUTCDay())];
    const isDay = needsBoth ? fits.every(Boolean) : fits.some(Boolean);
    return isDay && months.has(date.getUTCMonth() + 1) ? ofDay : 0n;
  });
}

/**
 * When launchd runs a job. What it does beyond the manual: day and weekday in one entry mean either; a weekday makes it
 * overlook the month; and a day that the month does not have is counted on into the next.
 */
export function runLaunchd(intervals: readonly CalendarInterval[]): Runs {
  const runs: Runs = eachDay(() => 0n);
  for (const { Month, Day, Weekday, Hour, Minute } of intervals) {
    const ofDay = toBits(
      Hour === undefined ? range(0, 23) : new Set([Hour]),
      Minute === undefined ? range(0, 59) : new Set([Minute]),
    );
    const add = (time: number) => {
      const index = (time - FIRST) / DAY;
      if (index < runs.length) runs[index] = (runs[index] as bigint) | ofDay;
    };
    eachDay((date) => {
      const isMonth = Month === undefined || date.getUTCMonth() + 1 === Month;
      if (Weekday !== undefined && date.getUTCDay() === Weekday % 7) add(date.getTime());
      if (Day !== undefined && isMonth && date.getUTCDate() === 1) add(date.getTime() + (Day - 1) * DAY);
      if (Day === undefined && Weekday === undefined && isMonth) add(date.getTime());
      return 0n;
    });
  }
  return runs;
}

/** The runs of one day, as hours and minutes. */
export function listRuns(runs: Runs, day: string): string[] {
  const bits = runs[(Date.parse(`${day}T00:00:00Z`) - FIRST) / DAY] as bigint;
  const pad = (value: number) => String(value).padStart(2, '0');
  return [...range(0, 1439)]
    .filter((minute) => (bits >> BigInt(minute)) & 1n)
    .map((minute) => `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`);
}

function eachDay(see: (date: Date) => bigint): bigint[] {
  return Array.from({ length: (END - FIRST) / DAY }, (_, index) => see(new Date(FIRST + index * DAY)));
}

function toBits(hours: ReadonlySet<number>, minutes: ReadonlySet<number>): bigint {
  let bits = 0n;
  for (const hour of hours) for (const minute of minutes) bits |= 1n << BigInt(hour * 60 + minute);
  return bits;
}

/** A list of numbers, ranges and stars, each with a step or not. */
function listValues(field: string, lowest: number, highest: number): Set<number> {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [span = '', step = '1'] = part.split('/');
    const [from = '', to = from] = span === '*' ? [`${lowest}`, `${highest}`] : span.split('-');
    for (let value = Number(from); value <= Number(to); value += Number(step)) values.add(value);
  }
  return values;
}

function range(first: number, last: number): Set<number> {
  return new Set(Array.from({ length: last - first + 1 }, (_, index) => first + index));
}
