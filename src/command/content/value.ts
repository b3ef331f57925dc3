import { storedText } from '../../core/text.ts';

/** A value that cannot be taken: what is wrong with it, in words that follow the value. */
export class ValueProblem extends Error {
  override readonly name = 'ValueProblem';
}

const LONGEST_ID = 200;
/** The largest whole number of a PostgreSQL integer. */
const LONGEST_DURATION = 2_147_483_647;

/** Control characters, line separators, and halves of characters: nobody can type such an id again. */
const UNTYPABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/** An id without blanks around it. Accents are one character each, as people type them: file names of a Mac write two. */
export function readId(text: string): string {
  const id = text.trim().normalize('NFC');
  if (id.length > LONGEST_ID * 2 || Array.from(id).length > LONGEST_ID)
    throw new ValueProblem(`is longer than ${LONGEST_ID} characters.`);
  if (UNTYPABLE.test(id)) throw new ValueProblem('has control characters in it.');
  return id;
}

/** Text as it is stored; the line breaks of all systems become one kind. Null when there is nothing in it. */
export function readText(text: string): string | null {
  const stored = storedText(text).replace(/\r\n?/g, '\n').trim();
  return stored === '' ? null : stored;
}

/** Hashtags as words, separated by one blank, whatever separated them. */
export function readHashtags(text: string): string | null {
  const words = (readText(text) ?? '').split(/[\s,;]+/).filter((word) => word !== '');
  return words.length === 0 ? null : words.join(' ');
}

/** Whole seconds from `90`, `1:30`, `0:01:30` or `PT1M30S`. */
export function readDuration(text: string): number {
  const seconds = parseSeconds(text.trim());
  if (seconds === undefined) throw new ValueProblem('is no duration: give whole seconds, mm:ss, hh:mm:ss or PT1M30S.');
  if (seconds > LONGEST_DURATION) throw new ValueProblem(`is more than ${LONGEST_DURATION} seconds.`);
  return seconds;
}

function parseSeconds(text: string): number | undefined {
  if (/^\d{1,12}(\.0*)?$/.test(text)) return Number(text);
  const clock = /^(?:(\d{1,6}):)?(\d{1,6}):([0-5]\d)$/.exec(text);
  if (clock) {
    const [, hours, minutes, seconds] = clock;
    if (hours !== undefined && Number(minutes) > 59) return undefined;
    return Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds);
  }
  const iso = /^P(?=.)(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?$/i.exec(text);
  if (!iso) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = iso.slice(1).map((part) => Number(part ?? 0));
  return days * 86_400 + hours * 3600 + minutes * 60 + seconds;
}

/** An instant in UTC. A day is midnight UTC; a time without a zone could be any of many instants and is refused. */
export function readInstant(text: string): string {
  const [, day, time, zone] =
    /^((?:19|20|21)\d\d-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?) ?(Z|z|[+-]\d\d(?::?\d\d)?)?)?$/.exec(
      text.trim(),
    ) ?? [];
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const isDay = day !== undefined && !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
  if (!isDay) throw new ValueProblem('is no date: give 2026-01-31, or 2026-01-31T18:00:00Z for an instant.');
  if (time === undefined) return new Date(midnight).toISOString();
  if (zone === undefined) throw new ValueProblem('has no time zone: add Z for UTC, or an offset such as +02:00.');
  const offset = /^z$/i.test(zone) ? 'Z' : zone.replace(/^(...)$/, '$1:00').replace(/^(...)(\d\d)$/, '$1:$2');
  const instant = Date.parse(`${day}T${time.replace(',', '.')}${offset}`);
  if (Number.isNaN(instant)) throw new ValueProblem('is no time of a day.');
  return new Date(instant).toISOString();
}

/** True for a day without a time. */
export function isDayOnly(text: string): boolean {
  return /^\s*\d{4}-\d\d-\d\d\s*$/.test(text);
}
