import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { datasetOf, type DatasetName, type DatasetRow } from '../../core/dataset.ts';
import { SmstatsError } from '../../core/errors.ts';
import { formatOf, type FileFormat } from '../../report/file/index.ts';
import type { Place } from './place.ts';
import type { RawRow } from './raw-row.ts';
import { readValue } from './value.ts';

/** Rows of one dataset that stand one behind the other. */
export interface Batch {
  dataset: DatasetName;
  rows: DatasetRow[];
  places: Place[];
}

const ROWS = 2000;

/** The rows of a file, judged value by value, in batches of one dataset. */
export async function* readBatches(path: string): AsyncGenerator<Batch> {
  const { format, isPacked } = await sniff(path);
  let batch: Batch | undefined;
  const rows = await openRows(path, format, isPacked);
  for await (const { place, shape, values } of rows) {
    if (batch && (batch.dataset !== shape.dataset || batch.rows.length >= ROWS)) {
      yield batch;
      batch = undefined;
    }
    batch ??= { dataset: shape.dataset, rows: [], places: [] };
    const { columns } = datasetOf(shape.dataset);
    const form = format === 'csv' ? 'csv' : 'typed';
    batch.rows.push(
      columns.map((column, at) => {
        const from = shape.at[at] as number;
        const raw = from === -1 ? null : values[from];
        return readValue(raw instanceof Date ? dateText(raw, column.kind) : raw, column, form, place);
      }),
    );
    batch.places.push(place);
  }
  if (batch) yield batch;
}

function dateText(date: Date, kind: string): string {
  if (Number.isNaN(date.getTime())) return 'no date';
  return kind === 'day' ? date.toISOString().slice(0, 10) : date.toISOString();
}

/** Each reader is loaded when it is needed. */
async function openRows(path: string, format: FileFormat, isPacked: boolean): Promise<AsyncGenerator<RawRow>> {
  if (format === 'parquet') return (await import('./read-parquet.ts')).readParquet(path);
  const file = createReadStream(path);
  const bytes = isPacked ? file.pipe(createGunzip()) : file;
  // A stream that breaks tells whoever reads it; here that is the one behind it.
  if (isPacked) file.on('error', (error) => bytes.destroy(error));
  if (format === 'csv') return (await import('./read-csv.ts')).readCsv(bytes);
  return (await import('./read-lines.ts')).readLines(bytes);
}

/** What a file is shows in its first bytes, and in its name where they do not tell. */
async function sniff(path: string): Promise<{ format: FileFormat; isPacked: boolean }> {
  const head = new Uint8Array(4);
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    await file.read(head, 0, 4, 0);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new SmstatsError(
      'usage',
      `${path} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : message}.`,
      {
        hint: 'smstats import <file>',
      },
    );
  } finally {
    await file?.close();
  }
  const magic = Buffer.from(head).toString('latin1');
  if (magic === 'PAR1') return { format: 'parquet', isPacked: false };
  if (magic.startsWith('PK')) {
    throw new SmstatsError('usage', `${path} is a workbook or an archive, which is for reading only.`, {
      hint: 'import the csv, json, ndjson or parquet export instead',
    });
  }
  const isPacked = magic.startsWith('\x1f\x8b');
  const { format = magic.startsWith('{') ? 'ndjson' : 'csv' } = formatOf(path);
  return { format: format === 'json' || format === 'ndjson' ? format : 'csv', isPacked };
}
