import { LAST_ID } from '../core/account-id.ts';
import { storedText } from '../core/text.ts';
import type { Day } from '../core/time.ts';
import { readNameList } from './name-list.ts';

/** What a field may hold. */
export type FieldKind =
  'row' | 'count' | 'rate' | 'share' | 'money' | 'day' | 'instant' | 'id' | 'text' | 'names' | 'currency';

/** One value that a person may record. */
export interface Field {
  name: string;
  kind: FieldKind;
  /** What it is, for the help. */
  summary: string;
  /** Its column in the database, which is understood as a name as well; by default the name. */
  column?: string;
  aliases?: readonly string[];
  choices?: readonly string[];
  /** What platforms call some of the choices. */
  synonyms?: Readonly<Record<string, string>>;
}

/** A value that was read; lists are JSON, instants ISO 8601. */
export type FieldValue = string | number;

/** Where a value was written: JSON knows numbers, a flag and a CSV cell are text. */
export type Form = 'flag' | 'csv' | 'json';

const MAX_MONEY = 1e15;
const MAX_TEXT = 10_000;
const MAX_ID = 300;

/** What each kind accepts, in words. */
const EXPECTED: Record<FieldKind, string> = {
  row: `the id of a row, 1 to ${LAST_ID}`,
  count: 'a whole number, 0 or more, without separators (1200)',
  rate: 'a number, 0 or more, with a point and no separators (12.5)',
  share: 'a percentage from 0 to 100 (12.5)',
  money: 'an amount, 0 or more, with a point and no separators (1000.50)',
  day: 'a day such as 2026-01-31',
  instant: 'an instant with its zone, such as 2026-01-31T12:00:00Z',
  id: `an id: text of at most ${MAX_ID} characters`,
  text: `text of at most ${MAX_TEXT.toLocaleString('en')} characters`,
  names: 'a list of names such as ["USA", "UK"]',
  currency: 'three letters such as EUR',
};

/** What a field accepts, in words. */
export function expectedOf(field: Field): string {
  return field.choices ? `one of ${field.choices.join(', ')}` : EXPECTED[field.kind];
}

/** Reads a value. @returns undefined when it is none of that field. */
export function readField(field: Field, raw: unknown, form: Form): FieldValue | undefined {
  const given = typeof raw === 'string' ? raw.trim() : raw;
  if (field.choices) {
    const meant = Object.entries(field.synonyms ?? {}).find(([word]) => word === given)?.[1] ?? given;
    return field.choices.find((choice) => choice === meant);
  }
  switch (field.kind) {
    case 'row':
      return readRow(given);
    case 'count':
      return readNumber(given, form, /^\d{1,16}$/, Number.MAX_SAFE_INTEGER, Number.isSafeInteger);
    case 'rate':
      return readNumber(given, form, DECIMAL, 1e9);
    case 'share':
      return readNumber(given, form, DECIMAL, 100);
    case 'money':
      return readNumber(given, form, DECIMAL, MAX_MONEY);
    case 'day':
      return readDay(given);
    case 'instant':
      return readInstant(given);
    case 'id':
      return readText(Number.isSafeInteger(given) ? String(given) : given, MAX_ID);
    case 'text':
      return readText(given, MAX_TEXT);
    case 'names':
      return readNameList(given, (name) => readText(name, MAX_ID));
    case 'currency':
      return typeof given === 'string' && /^[a-z]{3}$/i.test(given) ? given.toUpperCase() : undefined;
  }
}

/** A number, or the same as text: ids are written either way. */
function readRow(given: unknown): number | undefined {
  const id = typeof given === 'string' && /^\d{1,10}$/.test(given) ? Number(given) : given;
  return typeof id === 'number' && Number.isInteger(id) && id >= 1 && id <= LAST_ID ? id : undefined;
}

const DECIMAL = /^\d{1,20}(\.\d{1,20})?$/;

/** In JSON a number is a number: text there is somebody's mistake. Adding 0 turns -0 into 0. */
function readNumber(
  given: unknown,
  form: Form,
  pattern: RegExp,
  maximum: number,
  fits: (value: number) => boolean = Number.isFinite,
): number | undefined {
  const isWritten = form !== 'json' && typeof given === 'string' && pattern.test(given);
  const value = isWritten ? Number(given) : given;
  if (typeof value !== 'number' || !fits(value) || value < 0 || value > maximum) return undefined;
  return value + 0;
}

/** Reads a real day of the calendar; what lies outside two centuries is a slip of the pen. */
export function readDay(given: unknown): Day | undefined {
  if (typeof given !== 'string' || !/^(19[789]|20\d|21\d)\d-\d{2}-\d{2}$/.test(given)) return undefined;
  const time = Date.parse(`${given}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(given) ? given : undefined;
}

function readInstant(given: unknown): string | undefined {
  const match =
    typeof given === 'string'
      ? /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.exec(given)
      : null;
  if (!match || readDay(match[1]) === undefined) return undefined;
  const time = Date.parse(match[0]);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Composed (NFC), so that what looks the same is the same. */
function readText(given: unknown, maximum: number): string | undefined {
  if (typeof given !== 'string') return undefined;
  const text = storedText(given.normalize('NFC')).trim();
  return text !== '' && text.length <= maximum ? text : undefined;
}
