import type { DatasetColumn } from '../../core/dataset.ts';
import { storedText } from '../../core/text.ts';
import { unmarkFormula } from '../../report/formula.ts';
import { PlaceError, type Place } from './place.ts';

const EXPECTED = {
  text: 'is no text',
  count: 'is no whole number',
  decimal: 'is no number',
  flag: 'is neither 0 nor 1',
  day: 'is no day such as 2026-01-31',
  instant: 'is no instant such as 2026-01-31T12:00:00.000Z',
} as const;

/** Where a value was read: a cell of CSV is text whatever it means. */
export type Form = 'csv' | 'typed';

/**
 * Reads a value of the file as what its column holds.
 * @throws PlaceError naming line and column.
 */
export function readValue(raw: unknown, column: DatasetColumn, form: Form, place: Place): string | number | null {
  const value = raw === null || raw === undefined ? null : convert(raw, column, form);
  if (value === undefined)
    throw new PlaceError(place, `${EXPECTED[column.kind]}.`, { column: column.name, value: raw });
  if (column.choices && !column.choices.includes(String(value)))
    throw new PlaceError(place, `is none of ${column.choices.join(', ')}.`, { column: column.name, value: raw });
  if (value === null && column.isRequired)
    throw new PlaceError(place, 'is empty, and no row is anything without it.', { column: column.name });
  return value;
}

/** @returns undefined for what it cannot be. */
function convert(raw: unknown, { kind }: DatasetColumn, form: Form): string | number | undefined {
  const isText = typeof raw === 'string';
  switch (kind) {
    case 'text':
      if (!isText) return undefined;
      return storedText(form === 'csv' ? unmarkFormula(raw) : raw);
    case 'count': {
      const count = isText && form === 'csv' && /^-?\d{1,16}$/.test(raw) ? Number(raw) : raw;
      return Number.isSafeInteger(count) ? (count as number) : undefined;
    }
    case 'decimal': {
      const decimal = isText && form === 'csv' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(raw) ? Number(raw) : raw;
      return Number.isFinite(decimal) ? (decimal as number) : undefined;
    }
    case 'flag':
      if (raw === 1 || raw === true || raw === '1') return 1;
      return raw === 0 || raw === false || raw === '0' ? 0 : undefined;
    case 'day':
      return isText && isDay(raw) ? raw : undefined;
    case 'instant':
      return isText && INSTANT.test(raw) && isDay(raw.slice(0, 10)) && !Number.isNaN(Date.parse(raw))
        ? new Date(raw).toISOString()
        : undefined;
  }
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
