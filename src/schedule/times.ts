import { CronExpressionParser } from 'cron-parser';
import cronstrue from 'cronstrue';
import { UsageError } from '../core/errors.ts';

/** When a schedule runs: five fields as cron takes them, and what they mean. Numbers ascend. */
export interface Times {
  expression: string;
  minutes: readonly number[];
  hours: readonly number[];
  daysOfMonth: readonly number[];
  months: readonly number[];
  /** 0 is Sunday. */
  daysOfWeek: readonly number[];
}

const MACROS: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

const LARGEST = [59, 23, 31, 12, 7];
const FIELDS = ['minute', 'hour', 'day of the month', 'month', 'day of the week'];

/** What every cron reads alike: `*` or a step of it alone; numbers, ranges and steps of ranges, also as a list. */
const PORTABLE = /^(?:\*(?:\/\d+)?|\d+(?:-\d+(?:\/\d+)?)?(?:,\d+(?:-\d+(?:\/\d+)?)?)*)$/;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const EXAMPLE = 'for example --cron "30 6 * * 1-5", or --at 06:30';

/**
 * Reads a cron expression of five fields, or a macro such as `@daily`.
 * @throws UsageError naming the field that no cron, or not every cron, understands.
 */
export function parseCron(text: string): Times {
  const trimmed = text.trim();
  if (trimmed.startsWith('@') && !(trimmed.toLowerCase() in MACROS)) {
    throw new UsageError(`"${trimmed}" is no time: ${Object.keys(MACROS).join(', ')} are.`, EXAMPLE);
  }
  const words = (MACROS[trimmed.toLowerCase()] ?? trimmed).split(/\s+/);
  if (trimmed === '' || words.length !== 5) {
    throw new UsageError(
      `A cron expression has five fields (${FIELDS.join(', ')}), "${trimmed}" has ${trimmed === '' ? 0 : words.length}.`,
      EXAMPLE,
    );
  }
  // Names are written as numbers: not every cron takes them in ranges and lists.
  const fields = words.map((word, i) => {
    const names = [[], [], [], ['', ...MONTHS], WEEKDAYS][i] as string[];
    const field = word
      .toLowerCase()
      .replace(/[a-z]+/g, (name) => (names.includes(name) ? `${names.indexOf(name)}` : name));
    // Sunday is 0 and 7, and may stand in a list as both.
    const parts = field.split(',').map((part) => (i === 4 && part === '7' ? '0' : part));
    return [...new Set(parts)].join(',');
  });
  const strange = fields.findIndex((field) => !PORTABLE.test(field));
  if (strange >= 0) {
    throw new UsageError(`"${words[strange]}" is not what every cron reads as a ${FIELDS[strange]}.`, EXAMPLE);
  }
  const joined = joinDays(fields);
  const expression = joined.join(' ');
  const parsed = parse(expression);
  const { minute, hour, dayOfMonth: days, month, dayOfWeek: weekdays } = parsed.fields;
  const numbers = (values: readonly (number | string)[]) => [...new Set(values.map(Number))].toSorted((a, b) => a - b);
  return {
    expression,
    minutes: numbers(minute.values),
    hours: numbers(hour.values),
    // The library leaves out days that the named months do not have.
    daysOfMonth: joined[2] === '*' ? Array.from({ length: 31 }, (_, i) => i + 1) : numbers(days.values),
    months: numbers(month.values),
    daysOfWeek: [...new Set(numbers(weekdays.values).map((day) => day % 7))].toSorted((a, b) => a - b),
  };
}

/**
 * Days of the month and days of the week that are both restricted mean "either". With a leading star some crons read
 * "both", so that is refused; where one of them is every day, it is written as every day.
 */
function joinDays(fields: readonly string[]): readonly string[] {
  const [, , dayOfMonth = '', , dayOfWeek = ''] = fields;
  if (dayOfMonth === '*' || dayOfWeek === '*') return fields;
  if (dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*')) {
    throw new UsageError(
      `"${dayOfMonth}" and "${dayOfWeek}" together mean different days to different crons.`,
      'name the days of the month or those of the week, not both',
    );
  }
  const { fields: parsed } = parse(fields.join(' '));
  const isEveryDay =
    parsed.dayOfMonth.values.length === 31 || new Set(parsed.dayOfWeek.values.map((day) => Number(day) % 7)).size === 7;
  return isEveryDay ? fields.with(2, '*').with(4, '*') : fields;
}

/**
 * Reads a time of day, `HH:MM`.
 * @param catchUp every hour from then on, to the end of the day.
 * @throws UsageError when it is none.
 */
export function parseTimeOfDay(text: string, catchUp: boolean): Times {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
  const [hour, minute] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || hour > 23 || minute > 59) {
    throw new UsageError(`"${text}" is no time of day.`, 'from 00:00 to 23:59, for example --at 03:00');
  }
  return parseCron(`${minute} ${catchUp && hour < 23 ? `${hour}-23` : hour} * * *`);
}

/** True when the days of the month and the days of the week are both restricted: then either makes a day fit. */
export function isEitherDay({ expression }: Times): boolean {
  const [, , dayOfMonth, , dayOfWeek] = expression.split(' ');
  return dayOfMonth !== '*' && dayOfWeek !== '*';
}

/**
 * The next runs after an instant, as a scheduler in that time zone has them. There are fewer than asked for where the
 * library does not get past a clock that changes by half an hour, as on Lord Howe Island.
 */
export function listNextRuns(times: Times, after: Date, timezone: string, count: number): Date[] {
  const expression = parse(times.expression, after, timezone);
  const runs: Date[] = [];
  try {
    while (runs.length < count) runs.push(expression.next().toDate());
  } catch {
    return runs;
  }
  return runs;
}

/** In words: "At 03:00". */
export function describeTimes({ expression }: Times): string {
  return cronstrue.toString(expression, { use24HourTimeFormat: true, verbose: false });
}

function parse(expression: string, currentDate?: Date, tz?: string) {
  const steps = expression
    .split(' ')
    .map((field) => Math.max(0, ...[...field.matchAll(/\/(\d+)/g)].map(([, step]) => Number(step))));
  const tooWide = steps.findIndex((step, i) => step > (LARGEST[i] as number));
  if (tooWide >= 0) throw new UsageError(`There is no step of ${steps[tooWide]} in a ${FIELDS[tooWide]}.`, EXAMPLE);
  try {
    return CronExpressionParser.parse(expression, { ...(currentDate && { currentDate }), ...(tz && { tz }) });
  } catch (cause) {
    throw new UsageError(
      `"${expression}" is no cron expression: ${(cause as Error).message.replace(/\.$/, '')}.`,
      EXAMPLE,
    );
  }
}

/** The latest run before an instant, or undefined where the library finds none. */
export function findLatestRun(times: Times, before: Date, timezone: string): Date | undefined {
  try {
    return parse(times.expression, before, timezone).prev().toDate();
  } catch {
    return undefined;
  }
}

/**
 * A day within the next year on which a run would be due and the clock of this machine leaves its time out, as when summer
 * time begins. @returns undefined when there is none, or when the schedule runs at several hours anyway.
 */
export function findSkippedDay(times: Times, from = new Date()): string | undefined {
  const { hours, minutes, months, daysOfMonth, daysOfWeek } = times;
  const [hour = 0] = hours;
  const [minute = 0] = minutes;
  if (hours.length > 1) return undefined;
  for (let i = 0; i < 366; i++) {
    const noon = new Date(from.getFullYear(), from.getMonth(), from.getDate() + i, 12);
    const [isDay, isWeekday] = [daysOfMonth.includes(noon.getDate()), daysOfWeek.includes(noon.getDay())];
    const isDue =
      months.includes(noon.getMonth() + 1) && (isEitherDay(times) ? isDay || isWeekday : isDay && isWeekday);
    const at = new Date(noon.getFullYear(), noon.getMonth(), noon.getDate(), hour, minute);
    if (!isDue || (at.getHours() === hour && at.getMinutes() === minute)) continue;
    const two = (number: number) => String(number).padStart(2, '0');
    return `${noon.getFullYear()}-${two(noon.getMonth() + 1)}-${two(noon.getDate())}`;
  }
  return undefined;
}
