import { readFile } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';
import { UsageError } from '../../core/errors.ts';
import { parseJson } from '../../provider/client/json.ts';
import type { RawRecord } from '../../record/read.ts';

/** Records as they stand in a file. */
export interface Loaded {
  raws: RawRecord[];
  form: 'csv' | 'json';
}

/**
 * Reads records from a CSV or JSON file, or from stdin (`-`). What starts with a bracket is JSON.
 * @throws UsageError for a file that cannot be read or is neither.
 */
export async function loadRecords(from: string, stdin: () => NodeJS.ReadableStream): Promise<Loaded> {
  const name = from === '-' ? 'stdin' : from;
  const text = decode(name, from === '-' ? await readAll(stdin()) : await readBytes(from));
  if (text.trim() === '') throw new UsageError(`${name} is empty.`, 'CSV with a header line, or JSON');
  const raws = /^\s*[[{]/.test(text) ? parseJsonRecords(name, text) : parseCsvRecords(name, text);
  if (raws.length === 0) throw new UsageError(`There is no record in ${name}.`);
  return { raws, form: /^\s*[[{]/.test(text) ? 'json' : 'csv' };
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new UsageError(`${path} cannot be read: ${(cause as Error).message}.`);
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

function decode(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${name} is not text in UTF-8.`, 'save it as UTF-8 ("CSV UTF-8" in a spreadsheet)');
  }
}

function parseJsonRecords(name: string, text: string): RawRecord[] {
  const parsed = parseJson(text);
  if (parsed === undefined) throw new UsageError(`${name} is not valid JSON.`, 'an object, or an array of objects');
  const items: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return items.map((item, at) => {
    const where = items.length === 1 ? '' : `record ${at + 1}`;
    if (typeof item === 'object' && item !== null && !Array.isArray(item))
      return { fields: item as Record<string, unknown>, where };
    throw new UsageError(`${where || name} is not an object.`, 'an object, or an array of objects');
  });
}

/** A header names the fields; lines are counted as an editor counts them. */
function parseCsvRecords(name: string, text: string): RawRecord[] {
  const header = text.trimStart().split(/\r?\n|\r/, 1)[0] ?? '';
  const delimiter = [';', '\t'].find((each) => header.includes(each)) ?? ',';
  try {
    const rows = parse(text, { delimiter, bom: true, info: true, skip_empty_lines: true }) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    const [first, ...others] = rows;
    const names = (first?.record ?? []).map((each) => each.trim());
    const twice = names.find((each, at) => names.indexOf(each) !== at);
    if (twice !== undefined) throw new UsageError(`${name} has two columns "${twice}".`);
    return others.map(({ record, info }) => ({
      fields: Object.fromEntries(names.map((each, at) => [each, record[at] ?? ''])),
      where: `line ${info.lines}`,
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UsageError(`${name} is not valid CSV: ${error.message}.`, 'a header line, then one record a line');
  }
}
