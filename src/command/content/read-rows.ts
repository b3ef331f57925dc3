import { SmstatsError } from '../../core/errors.ts';
import type { Source } from '../source.ts';
import { decodeText } from './encoding.ts';
import type { RawRow } from './raw-row.ts';
import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';

/**
 * The rows of a file. It is JSON when it begins like it or is called so, and CSV otherwise.
 * @param onHeader called with the columns of a CSV file, also when no row follows.
 */
export async function readRows(
  source: Source,
  onHeader: (columns: readonly string[], line: number) => void,
): Promise<{ format: 'csv' | 'json'; rows: AsyncGenerator<RawRow> }> {
  const text = decodeText(source.readBytes());
  const first = await text.next();
  const head = first.done ? '' : first.value;
  if (head.trim() === '') {
    throw new SmstatsError('usage', `${source.name} is empty; nothing was imported.`, {
      hint: 'a CSV file begins with a line that names the columns, such as id,title,published_at',
    });
  }
  const whole = startAgain(head, text);
  const isJson = /^\s*[[{]/.test(head) || /\.(json|jsonl|ndjson)$/i.test(source.name);
  return isJson ? { format: 'json', rows: readJson(whole) } : { format: 'csv', rows: readCsv(head, whole, onHeader) };
}

async function* startAgain(head: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}
