import { parse, type Info } from 'csv-parse';
import { Readable } from 'node:stream';
import { LONGEST_ROW, type RawRow } from './raw-row.ts';
import { RowError } from './row-error.ts';

const DELIMITERS = [',', ';', '\t'] as const;

interface Parsed {
  record: string[];
  info: Info;
}

/**
 * The rows of a CSV file. Its first line names the columns, and tells comma, semicolon and tab apart. Rows of blank cells
 * alone, which spreadsheets leave behind, are none.
 * @param head the first piece of the text.
 * @param onHeader called with the columns, before any row and also when there is none.
 */
export async function* readCsv(
  head: string,
  text: AsyncGenerator<string>,
  onHeader: (columns: readonly string[], line: number) => void,
): AsyncGenerator<RawRow> {
  // Behind the last row that was understood; rows that wait to be read are lost with an error.
  let understood = 0;
  const parser = parse({
    delimiter: findDelimiter(head),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_ROW,
    on_record: (record: string[], { lines: end }: { lines: number }) => {
      understood = end;
      return record;
    },
  });
  const source = Readable.from(text).on('error', (error) => parser.destroy(error));
  let columns: string[] | undefined;
  let [lines, emptyLines] = [0, 0];
  try {
    for await (const { record, info } of source.pipe(parser) as AsyncIterable<Parsed>) {
      const line = lines + 1 + info.empty_lines - emptyLines;
      [lines, emptyLines] = [info.lines, info.empty_lines];
      if (record.every((cell) => cell.trim() === '')) continue;
      if (columns) yield { line, columns, cells: fit(record, columns, line) };
      else onHeader((columns = record.map((name) => name.trim())), line);
    }
  } catch (error) {
    throw explain(error, understood + 1);
  } finally {
    source.destroy();
  }
}

/** The delimiter that the first line has most of, outside of quotes. */
function findDelimiter(text: string): string {
  const unquoted = text.trimStart().replace(/"[^"]*"/g, '');
  const [line = ''] = unquoted.split('\n', 1);
  const count = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.toSorted((a, b) => count(b) - count(a))[0] as string;
}

/** As many cells as there are columns; cells too many may be there when they are empty. */
function fit(record: string[], columns: readonly string[], line: number): string[] {
  const isFit = record.length >= columns.length && record.slice(columns.length).every((cell) => cell.trim() === '');
  if (isFit) return record;
  throw new RowError(
    line,
    `${record.length} cells, where the first line names ${columns.length} columns. A value with the delimiter in it needs quotes.`,
  );
}

/** @param line where the row begins that could not be read. */
function explain(error: unknown, line: number): unknown {
  const { code, lines: at = line } = error as { code?: unknown; lines?: number };
  if (typeof code !== 'string') return error;
  if (code === 'CSV_QUOTE_NOT_CLOSED' || code === 'CSV_MAX_RECORD_SIZE')
    return new RowError(line, 'a quote is opened in this row, or in one of the next, and never closed.');
  if (code === 'INVALID_OPENING_QUOTE' || code === 'CSV_INVALID_CLOSING_QUOTE')
    return new RowError(at, 'a quote stands inside of a value. Put the value in quotes, and write " in it as "".');
  return error;
}
