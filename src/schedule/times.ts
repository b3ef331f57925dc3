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
    return word.toLowerCase().replace(/[a-z]+/g, (name) => (names.includes(name) ? `${names.indexOf(name)}` : name));
  });
  const strange = fields.findIndex((field) => !PORTABLE.test(field));
  if (strange >= 0) {
    throw new UsageError(`"${words[strange]}" is not what every cron reads as a ${FIELDS[strange]}.`, EXAMPLE);
  }
  const parsed = parse(joinDays(fields));
  const { minute, hour, dayOfMonth: days, month, dayOfWeek: weekdays } = parsed.fields;
  const numbers = (values: readonly (number | string)[]) => [...new Set(values.map(Number))].toSorted((a, b) => a - b);
  const times = {
    expression: joinDays(fields),
    minutes: numbers(minute.values),
    hours: numbers(hour.values),
    daysOfMonth: numbers(days.values),
    months: numbers(month.values),
    daysOfWeek: [...new Set(numbers(weekdays.values).map((day) => day % 7))].toSorted((a, b) => a - b),
  };
  listNextRuns(times, new Date(0), 'UTC', 1);
  return times;
}

/**
 * Days of the month and days of the week that are both restricted mean "either". With a leading star some crons read
 * "both", so that is refused; where one of them is every day, it is written as every day.
 */
function joinDays(fields: readonly string[]): string {
  const [minute, hour, dayOfMonth = '', month, dayOfWeek = ''] = fields;
  if (dayOfMonth === '*' || dayOfWeek === '*') return fields.join(' ');
  if (dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*')) {
    throw new UsageError(
      `"${dayOfMonth}" and "${dayOfWeek}" together mean different days to different crons.`,
      'name the days of the month or those of the week, not both',
    );
  }
  const { fields: parsed } = parse(fields.join(' '));
  const isEveryDay =
    parsed.dayOfMonth.values.length === 31 || new Set(parsed.dayOfWeek.values.map((day) => Number(day) % 7)).size === 7;
  return isEveryDay ? `${minute} ${hour} * ${month} *` : fields.join(' ');
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
export function isEitherDay({ daysOfMonth, daysOfWeek }: Times): boolean {
  return daysOfMonth.length < 31 && daysOfWeek.length < 7;
}

/**
 * The next runs after an instant, as a scheduler in that time zone has them.
 * @throws UsageError when there is none, as on a 30 February.
 */
export function listNextRuns(times: Times, after: Date, timezone: string, count: number): Date[] {
  const expression = parse(times.expression, after, timezone);
  try {
    return Array.from({ length: count }, () => expression.next().toDate());
  } catch {
    throw new UsageError(`"${times.expression}" never comes: there is no such day.`, EXAMPLE);
  }
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
