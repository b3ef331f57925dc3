/** What stands for a value that nobody knows. */
const UNKNOWN = '—';

/** A number that may be unknown. */
export type Maybe<Value> = Value | null | undefined;

/** Text for people in one language. */
export interface Format {
  /** 32,092 */
  number(value: Maybe<number>): string;
  /** 32K: for axes and narrow places. */
  compact(value: Maybe<number>): string;
  /** 12.6%, of a number that is in percent already. */
  percent(value: Maybe<number>): string;
  /** 8.25%: one digit more, for axes, where two labels must not read alike. */
  finePercent(value: Maybe<number>): string;
  /** +500, −12 or 0. */
  delta(value: Maybe<number>): string;
  /** +3.4%, of a number that is in percent already. */
  deltaPercent(value: Maybe<number>): string;
  /** 33.33 with at most so many digits after the point. */
  decimal(value: Maybe<number>, digits?: number): string;
  /** Nov 22, 2026, of a calendar day `2026-11-22`. */
  day(day: Maybe<string>): string;
  /** Nov 22, of a calendar day: for axes and rows. */
  shortDay(day: Maybe<string>): string;
  /** Nov 2026, of a calendar day in it: for axes. */
  month(day: Maybe<string>): string;
  /** Nov 22, 2026, 3:00 AM in the browser's zone, of an instant. */
  instant(instant: Maybe<string>): string;
  /** 3:00 AM, in the browser's zone. */
  time(instant: Date): string;
  /** 2 hours ago, in 3 days. */
  relative(instant: Maybe<string>, now?: Date): string;
  /** 1:05, of seconds. */
  duration(seconds: Maybe<number>): string;
}

/** @param language a BCP 47 tag; one that is none is as English. */
export function createFormat(language: string | undefined, timeZone?: string): Format {
  const locale = knownLocale(language);
  const numbers = (options: Intl.NumberFormatOptions = {}) => {
    const format = new Intl.NumberFormat(locale, options);
    return (value: Maybe<number>) => (isNumber(value) ? format.format(value) : UNKNOWN);
  };
  const days = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, options);
    return (text: Maybe<string>) => (isDate(text) ? format.format(new Date(text)) : UNKNOWN);
  };
  const percents = (options: Intl.NumberFormatOptions = {}) => {
    const format = numbers({ style: 'percent', maximumFractionDigits: 1, ...options });
    return (value: Maybe<number>) => format(isNumber(value) ? value / 100 : null);
  };
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short', ...(timeZone !== undefined && { timeZone }) });
  const ago = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

  return {
    number: numbers({ maximumFractionDigits: 0 }),
    compact: numbers({ notation: 'compact', maximumFractionDigits: 1 }),
    percent: percents(),
    finePercent: percents({ maximumFractionDigits: 2 }),
    delta: numbers({ maximumFractionDigits: 0, signDisplay: 'exceptZero' }),
    deltaPercent: percents({ signDisplay: 'exceptZero' }),
    decimal: (value, digits = 2) => numbers({ maximumFractionDigits: digits })(value),
    // A calendar day has no zone: at noon of UTC it is the same day in the words of UTC.
    day: days({ dateStyle: 'medium', timeZone: 'UTC' }),
    shortDay: days({ month: 'short', day: 'numeric', timeZone: 'UTC' }),
    month: days({ month: 'short', year: 'numeric', timeZone: 'UTC' }),
    instant: days({ dateStyle: 'medium', timeStyle: 'short', ...(timeZone !== undefined && { timeZone }) }),
    time: (instant) => clock.format(instant),
    relative(instant, now = new Date()) {
      if (!isDate(instant)) return UNKNOWN;
      const [count, unit] = largestUnit((Date.parse(instant) - now.getTime()) / 1000);
      return ago.format(count, unit);
    },
    duration(seconds) {
      if (!isNumber(seconds)) return UNKNOWN;
      const whole = Math.round(seconds);
      const minutes = Math.floor(whole / 60);
      const rest = String(whole % 60).padStart(2, '0');
      return minutes < 60
        ? `${minutes}:${rest}`
        : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
    },
  };
}

/** In the language of the browser. */
export const format = createFormat((globalThis as { navigator?: { language?: string } }).navigator?.language);

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

function largestUnit(seconds: number): [number, Intl.RelativeTimeFormatUnit] {
  const found = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  return found ? [Math.trunc(seconds / found[1]), found[0]] : [0, 'minute'];
}

function isNumber(value: Maybe<number>): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isDate(text: Maybe<string>): text is string {
  return typeof text === 'string' && !Number.isNaN(Date.parse(text));
}

/** A browser may name a language that is none, such as `C` or `en-US@posix`. */
function knownLocale(language: string | undefined): string {
  try {
    return Intl.getCanonicalLocales(language ?? 'en')[0] ?? 'en';
  } catch {
    return 'en';
  }
}
