import { Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { datasetOf, type DatasetName, type DatasetRow } from '../../core/dataset.ts';
import { SmstatsError } from '../../core/errors.ts';
import { formatOf, TEXT_FORMATS, type FileFormat } from '../../report/file/index.ts';
import type { Source } from '../source.ts';
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

/**
 * The rows of a file, judged value by value, in batches of one dataset.
 * @param as how text is read, where its name does not tell.
 */
export async function* readBatches(source: Source, as?: FileFormat): AsyncGenerator<Batch> {
  const form = await sniff(source, as);
  let batch: Batch | undefined;
  const rows = await openRows(source, form);
  for await (const { place, shape, values } of rows) {
    if (batch && (batch.dataset !== shape.dataset || batch.rows.length >= ROWS)) {
      yield batch;
      batch = undefined;
    }
    batch ??= { dataset: shape.dataset, rows: [], places: [] };
    const { columns } = datasetOf(shape.dataset);
    batch.rows.push(
      columns.map((column, at) => {
        const from = shape.at[at] as number;
        const raw = from === -1 ? null : values[from];
        return readValue(
          raw instanceof Date ? dateText(raw, column.kind) : raw,
          column,
          form.format === 'csv' ? 'csv' : 'typed',
          place,
        );
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
async function openRows(source: Source, { format, isPacked }: Form): Promise<AsyncGenerator<RawRow>> {
  if (format === 'parquet') return (await import('./read-parquet.ts')).readParquet(source);
  const bytes = readUnpacked(source, isPacked);
  if (format === 'csv') return (await import('./read-csv.ts')).readCsv(bytes);
  return (await import('./read-lines.ts')).readLines(bytes);
}

function readUnpacked(source: Source, isPacked: boolean): AsyncIterable<Uint8Array> {
  if (!isPacked) return source.readBytes();
  const file = Readable.from(source.readBytes(), { objectMode: false });
  const bytes = file.pipe(createGunzip());
  // A stream that breaks tells whoever reads it; here that is the one behind it.
  file.on('error', (error) => bytes.destroy(error));
  return bytes;
}

interface Form {
  format: FileFormat;
  isPacked: boolean;
}

/** What a file is shows in its first bytes; as which text it is read, somebody says, or its name does, or its first character. */
async function sniff(source: Source, as: FileFormat | undefined): Promise<Form> {
  const { buffer, bytesRead } = await source.file.read(Buffer.alloc(4096), 0, 4096, 0);
  const head = buffer.subarray(0, bytesRead);
  const magic = head.toString('latin1', 0, 4);
  if (magic === 'PAR1') return { format: 'parquet', isPacked: false };
  if (magic.startsWith('PK')) {
    throw new SmstatsError('usage', `${source.name} is a workbook or an archive, which is for reading only.`, {
      hint: 'import the csv, json, ndjson or parquet export instead',
    });
  }
  const isPacked = magic.startsWith('\x1f\x8b');
  const named = as ?? formatOf(source.name).format;
  if (named !== undefined && TEXT_FORMATS.includes(named)) return { format: named, isPacked };
  // The rest of what is packed is not there: what is, comes.
  const text = isPacked ? gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }) : head;
  return { format: text.toString('latin1', 0, 1) === '{' ? 'ndjson' : 'csv', isPacked };
}
