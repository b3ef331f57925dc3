import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { SmstatsError } from '../../core/errors.ts';
import type { Source } from '../source.ts';
import type { RawRow } from './raw-row.ts';
import { findShape } from './shape.ts';

/** The rows of a Parquet file, a group at a time. */
export async function* readParquet({ name, file: handle }: Source): AsyncGenerator<RawRow> {
  const { size } = await handle.stat();
  const file = {
    byteLength: size,
    async slice(start: number, end = size): Promise<ArrayBuffer> {
      const from = start < 0 ? size + start : start;
      const bytes = new Uint8Array(Math.max(0, end - from));
      await handle.read(bytes, 0, bytes.length, from);
      return bytes.buffer;
    },
  };
  const metadata = await explained(name, () => parquetMetadataAsync(file));
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  const named = metadata.key_value_metadata?.find(({ key }) => key === 'smstats.dataset')?.value;
  const shape = findShape(names, { unit: 'row', number: 0 }, named);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const start = rowStart;
    const rows = await explained(name, () => parquetReadObjects({ file, metadata, rowStart: start, rowEnd }));
    for (const [at, row] of rows.entries()) {
      const values = names.map((column) => toPlain(row[column]));
      yield { place: { unit: 'row', number: rowStart + at + 1 }, shape, values };
    }
    rowStart = rowEnd;
  }
}

/** Days and instants both come as a `Date`; which one it is shows in the column. */
function toPlain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

async function explained<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw new SmstatsError('usage', `${name} is no Parquet file that can be read: ${(cause as Error).message}.`, {
      cause,
    });
  }
}
