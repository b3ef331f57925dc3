import { parse } from 'csv-parse';
import { Readable } from 'node:stream';
import { PlaceError } from './place.ts';
import { decodeUtf8 } from './read-lines.ts';
import type { RawRow } from './raw-row.ts';
import { findShape, type Shape } from './shape.ts';

const LONGEST_ROW = 16_000_000;

/** The rows of a CSV file; its first line names the columns. An empty cell is what is not known. */
export async function* readCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<RawRow> {
  let [line, width] = [1, 0];
  let shape: Shape | undefined;
  // The parser's own line numbers and casts would take three quarters of the time.
  const parser = parse({ bom: true, relax_column_count: true, max_record_size: LONGEST_ROW });
  const source = Readable.from(decodeUtf8(bytes)).on('error', (error) => parser.destroy(error));
  try {
    for await (const record of source.pipe(parser) as AsyncIterable<string[]>) {
      const place = { unit: 'line', number: line } as const;
      line += 1 + countBreaks(record);
      if (record.length === 1 && record[0] === '') continue;
      if (shape === undefined) {
        shape = findShape(record, place);
        width = record.length;
        continue;
      }
      if (record.length !== width)
        throw new PlaceError(place, `${record.length} cells, where the first line names ${width} columns.`);
      yield { place, shape, values: record.map((cell) => (cell === '' ? null : cell)) };
    }
  } catch (error) {
    const { code, lines = line } = error as { code?: unknown; lines?: number };
    if (typeof code !== 'string' || !/CSV_|QUOTE/.test(code)) throw error;
    const at = code === 'INVALID_OPENING_QUOTE' || code === 'CSV_INVALID_CLOSING_QUOTE' ? lines : line;
    throw new PlaceError(
      { unit: 'line', number: at },
      'in this row, or in one of the next, a quote is out of place or never closed.',
    );
  } finally {
    source.destroy();
  }
}

/** Line breaks inside of the cells of a row. */
function countBreaks(record: readonly string[]): number {
  let count = 0;
  for (const cell of record) for (let at = cell.indexOf('\n'); at !== -1; at = cell.indexOf('\n', at + 1)) count++;
  return count;
}
