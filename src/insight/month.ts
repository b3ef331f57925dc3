import { addDays, daysBetween, type Day } from '../core/time.ts';

/** A calendar month. */
export interface Month {
  /** `2026-11`. */
  name: string;
  first: Day;
  /** The last day, or the present one in a month that is not over. */
  last: Day;
  /** Days from first to last. */
  days: number;
  /** False while it is not over. */
  isWhole: boolean;
}

/** The month of a day, seen on the day `today`. */
export function monthOf(day: Day, today: Day): Month {
  const first = `${day.slice(0, 7)}-01`;
  const end = addDays(`${addDays(first, 31).slice(0, 7)}-01`, -1);
  const last = today < end && today >= first ? today : end;
  return { name: day.slice(0, 7), first, last, days: daysBetween(first, last) + 1, isWhole: last === end };
}

/** The last `count` months up to that of `today`, oldest first. */
export function monthsUpTo(today: Day, count: number): Month[] {
  const months: Month[] = [];
  let day = today;
  while (months.length < count) {
    const month = monthOf(day, today);
    months.unshift(month);
    day = addDays(month.first, -1);
  }
  return months;
}

/** The same calendar day a year before; 28 February for the 29th. */
export function yearBefore(day: Day): Day {
  const year = String(Number(day.slice(0, 4)) - 1).padStart(4, '0');
  return day.endsWith('-02-29') ? `${year}-02-28` : `${year}${day.slice(4)}`;
}
