import { addDays, daysBetween, type Day } from '../core/time.ts';

/** Calendar days from first to last, both included. */
export interface DayPeriod {
  first: Day;
  last: Day;
  days: number;
}

export type PeriodKind = 'week' | 'month';

/** The seven days up to `until`, or the last calendar month that is over on it. */
export function periodUpTo(kind: PeriodKind, until: Day): DayPeriod {
  if (kind === 'week') return { first: addDays(until, -6), last: until, days: 7 };
  // The day after it is in the month that follows the one that is over.
  return monthThatEnds(addDays(`${addDays(until, 1).slice(0, 7)}-01`, -1));
}

/** The period before one: as many days, or the calendar month before. */
export function periodBefore(kind: PeriodKind, { first }: DayPeriod): DayPeriod {
  const last = addDays(first, -1);
  return kind === 'week' ? periodUpTo('week', last) : monthThatEnds(last);
}

function monthThatEnds(last: Day): DayPeriod {
  const first = `${last.slice(0, 7)}-01`;
  return { first, last, days: daysBetween(first, last) + 1 };
}
