/** A calendar day as `YYYY-MM-DD`. */
export type Day = string;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The calendar day that `instant` falls on in an IANA time zone. */
export function dayIn(timezone: string, instant: Date): Day {
  // Setting up Intl takes longer than many a query.
  if (timezone === 'UTC') return instant.toISOString().slice(0, 10);
  let formatter = formatters.get(timezone);
  if (!formatter) {
    const options = { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    formatter = new Intl.DateTimeFormat('en-US', options);
    formatters.set(timezone, formatter);
  }
  const part = Object.fromEntries(formatter.formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${part['year']?.padStart(4, '0')}-${part['month']}-${part['day']}`;
}

/** What a clock in a time zone shows. */
export interface Clock {
  /** 0 is Monday. */
  weekday: number;
  /** 0 to 23. */
  hour: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The weekday and hour that a clock in an IANA time zone shows at `instant`. */
export function clockIn(timezone: string, instant: Date): Clock {
  if (timezone === 'UTC') return { weekday: (instant.getUTCDay() + 6) % 7, hour: instant.getUTCHours() };
  let formatter = clocks.get(timezone);
  if (!formatter) {
    const options = { timeZone: timezone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' } as const;
    formatter = new Intl.DateTimeFormat('en-US', options);
    clocks.set(timezone, formatter);
  }
  const part = Object.fromEntries(formatter.formatToParts(instant).map(({ type, value }) => [type, value]));
  return { weekday: WEEKDAYS.indexOf(part['weekday'] ?? ''), hour: Number(part['hour']) };
}

/** The first instant of a day in an IANA time zone; of the next day where the zone left that one out. */
export function startOfDay(timezone: string, day: Day): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (timezone === 'UTC') return new Date(midnight);
  // Clocks change by whole minutes, and no zone is as far as 16 hours from UTC.
  let [before, first] = [-16 * 60, 16 * 60];
  while (first - before > 1) {
    const middle = Math.floor((before + first) / 2);
    if (dayIn(timezone, new Date(midnight + middle * 60_000)) < day) before = middle;
    else first = middle;
  }
  return new Date(midnight + first * 60_000);
}

/** The day `count` days after `day`; before it when negative. */
export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** True for a time zone name that this machine knows. */
export function isTimezone(name: string): boolean {
  if (name === 'UTC') return true;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0);
    return true;
  } catch {
    return false;
  }
}

/** An instant of the days to come, as a clock in an IANA time zone shows it: "Mon 09:00". A part of a minute is a whole one. */
export function formatClock(timezone: string, instant: Date): string {
  const options = {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  } as const;
  const minute = new Date(Math.ceil(instant.getTime() / 60_000) * 60_000);
  const parts = new Intl.DateTimeFormat('en-US', options).formatToParts(minute);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${part['weekday']} ${part['hour']}:${part['minute']}`;
}

/** How long ago an instant was, in the largest unit that fits: "3 hours ago". */
export function formatAgo(instant: Date, now: Date): string {
  const seconds = Math.max(0, (now.getTime() - instant.getTime()) / 1000);
  const units: [number, string][] = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ];
  for (const [size, name] of units) {
    const count = Math.floor(seconds / size);
    if (count >= 1) return `${count} ${name}${count === 1 ? '' : 's'} ago`;
  }
  return 'just now';
}
