import { DATASET_NAMES } from '../../core/dataset.ts';
import { PlaceError } from './place.ts';
import type { RawRow } from './raw-row.ts';
import { findShape, type Shape } from './shape.ts';

const LONGEST_LINE = 16_000_000;

/** Bytes as text, piece by piece. */
export async function* decodeUtf8(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  try {
    for await (const chunk of bytes) {
      const text = decoder.decode(chunk, { stream: true });
      if (text !== '') yield text;
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line++;
    }
    decoder.decode();
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw new PlaceError({ unit: 'line', number: line }, 'here, or a little further on, the file is not UTF-8.');
  }
}

/**
 * The rows of JSON Lines, or of the JSON document that `export` writes, which has a row a line as well. A row of an archive
 * names its dataset itself.
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<RawRow> {
  const shapes = new Map<string, Shape>();
  let document: { dataset: string } | undefined;
  let isEnded = false;
  let number = 0;
  for await (const line of splitLines(decodeUtf8(bytes))) {
    number++;
    const place = { unit: 'line', number } as const;
    if (line.trim() === '') continue;
    if (isEnded) throw new PlaceError(place, 'stands behind the end of the document.');
    const [, dataset] =
      number === 1 ? (/^\{"schema":"smstats\.export\.v1","dataset":"([a-z-]+)",.*"rows":\[$/.exec(line) ?? []) : [];
    if (dataset !== undefined) {
      document = { dataset };
      continue;
    }
    if (document && line.startsWith(']}')) {
      isEnded = true;
      continue;
    }
    const row = parseRow(document && line.endsWith(',') ? line.slice(0, -1) : line, place);
    const { dataset: own, ...values } = row;
    const names = Object.keys(values);
    const named = typeof own === 'string' ? own : document?.dataset;
    const identity = `${named}\n${names.join('\n')}`;
    let shape = shapes.get(identity);
    if (shape === undefined) {
      shape = findShape(names, place, named);
      if (shapes.size < DATASET_NAMES.length * 4) shapes.set(identity, shape);
    }
    yield { place, shape, values: Object.values(values) };
  }
  if (document && !isEnded)
    throw new PlaceError({ unit: 'line', number }, 'the file ends here, and its document does not.');
}

function parseRow(line: string, place: { unit: 'line'; number: number }): Record<string, unknown> {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    throw new PlaceError(
      place,
      "is not one row as a JSON object: a file that was laid out anew reads with jq -c '.rows[]'.",
    );
  }
  if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as Record<string, unknown>;
  throw new PlaceError(place, 'is no JSON object.');
}

async function* splitLines(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  let line = 1;
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() as string;
    line += lines.length;
    if (rest.length > LONGEST_LINE) throw new PlaceError({ unit: 'line', number: line }, 'is too long to be a row.');
    yield* lines;
  }
  if (rest !== '') yield rest;
}
