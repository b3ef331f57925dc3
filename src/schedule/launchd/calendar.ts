import { ScheduleError } from '../error.ts';
import { isEitherDay, type Times } from '../times.ts';

/** One entry of StartCalendarInterval: a field that is left out fits always. Sunday is 0. */
export type CalendarInterval = Partial<Record<'Month' | 'Day' | 'Weekday' | 'Hour' | 'Minute', number>>;

/** The last day that each month has. */
const LAST_COMMON_DAY = 28;

/** What keeps the file readable; launchd itself names no limit. */
const LARGEST_COUNT = 500;

const EXAMPLE = 'use --crontab, or a simpler time such as --at 06:30';

/**
 * Writes times as launchd keeps them.
 * @throws ScheduleError where launchd would run at other times.
 * @see launchd.plist(5); what the manual leaves out is in launchd's source, cronemu_*
 */
export function toCalendarIntervals(times: Times): CalendarInterval[] {
  const months = listField('Month', times.months, 12);
  const daysOfMonth = listField('Day', times.daysOfMonth, 31);
  const daysOfWeek = listField('Weekday', times.daysOfWeek, 7);
  const hours = listField('Hour', times.hours, 24);
  const minutes = listField('Minute', times.minutes, 60);

  if (times.months.length < 12 && times.daysOfWeek.length < 7) {
    throw refuse(times, 'it overlooks the month where a day of the week is given');
  }
  const late = times.daysOfMonth.length < 31 && times.daysOfMonth.find((day) => day > LAST_COMMON_DAY);
  if (late) throw refuse(times, `in a month without a day ${late} it runs in the next month instead`);

  const days = isEitherDay(times) ? [...daysOfMonth, ...daysOfWeek] : combine(daysOfMonth, daysOfWeek);
  const count = months.length * days.length * hours.length * minutes.length;
  if (count > LARGEST_COUNT) {
    throw refuse(times, `that takes ${count.toLocaleString('en-US')} entries, and ${LARGEST_COUNT} are the limit`);
  }
  return combine(combine(combine(months, days), hours), minutes);
}

/** A field that holds every value is left out: it would fit always. */
function listField(name: keyof CalendarInterval, values: readonly number[], full: number): readonly CalendarInterval[] {
  return values.length === full ? [{}] : values.map((value) => ({ [name]: value }));
}

function combine(left: readonly CalendarInterval[], right: readonly CalendarInterval[]): CalendarInterval[] {
  return left.flatMap((one) => right.map((other) => ({ ...one, ...other })));
}

function refuse({ expression }: Times, reason: string): ScheduleError {
  return new ScheduleError(`launchd cannot keep "${expression}": ${reason}.`, { ending: 'usage', hint: EXAMPLE });
}
