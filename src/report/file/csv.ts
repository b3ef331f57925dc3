import type { DatasetRow } from '../../core/dataset.ts';
import { markFormula } from '../formula.ts';
import type { CreateEncoder } from './encoder.ts';

const LINE = '\r\n';

/**
 * RFC 4180. Text is quoted and what looks like a formula gets a `'`; numbers, days and instants stand as they are. What is
 * not known is empty, and empty text is a `'` alone.
 */
export const createCsvEncoder: CreateEncoder = ({ columns }) => {
  const isText = columns.map(({ kind }) => kind === 'text');
  const line = (row: DatasetRow) => row.map((value, at) => cell(value, isText[at] === true)).join(',') + LINE;
  return {
    begin: () => [columns.map(({ name }) => name).join(',') + LINE],
    rows: (batch) => [batch.map(line).join('')],
    end: () => [],
  };
};

function cell(value: string | number | null, isText: boolean): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  if (!isText && PLAIN.test(value)) return value;
  return `"${markFormula(value).replaceAll('"', '""')}"`;
}

/** A day or an instant; whoever wrote one by hand may have written anything. */
const PLAIN = /^\d[\d:.TZ-]*$/;
