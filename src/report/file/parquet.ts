import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { SchemaElement } from 'hyparquet';
import type { DatasetColumn, ValueKind } from '../../core/dataset.ts';
import { SmstatsError } from '../../core/errors.ts';
import type { CreateEncoder } from './encoder.ts';

/** Rows that are one group of the file: large enough to pack well, small enough for memory. */
const ROWS_PER_GROUP = 20_000;

/** Texts of a column that are looked for again within a group; ids come once each, and nobody needs to find them. */
const MOST_KNOWN = 1000;

const TYPES: Record<ValueKind, Omit<SchemaElement, 'name'>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  count: { type: 'INT64' },
  decimal: { type: 'DOUBLE' },
  flag: { type: 'BOOLEAN' },
  day: { type: 'INT32', converted_type: 'DATE' },
  instant: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
};

/**
 * Apache Parquet: counts are INT64, rates DOUBLE, flags BOOLEAN, days DATE, instants TIMESTAMP in UTC, all of them optional.
 * @throws SmstatsError for a day or instant that was written by hand and is none.
 */
export const createParquetEncoder: CreateEncoder = ({ dataset, columns, exportedAt }) => {
  const bytes = new ByteWriter(1 << 20);
  const schema: SchemaElement[] = [
    { name: 'rows', num_children: columns.length },
    ...columns.map(({ name, kind }) => ({ name, repetition_type: 'OPTIONAL' as const, ...TYPES[kind] })),
  ];
  const writer = new ParquetWriter({
    writer: bytes,
    schema,
    createdBy: 'smstats',
    kvMetadata: [
      { key: 'smstats.dataset', value: dataset },
      { key: 'smstats.exported_at', value: exportedAt.toISOString() },
    ],
  });
  const kept = columns.map(createKeeper);
  let rows = 0;
  const take = (): Uint8Array[] => {
    const taken = bytes.getBytes();
    // The next group overwrites what is taken.
    bytes.index = 0;
    return taken.length === 0 ? [] : [taken];
  };
  const writeGroup = () => {
    if (rows === 0) return;
    const columnData = kept.map(({ name, values }) => ({
      name,
      // Made when its turn comes: one column at a time is in memory.
      get data() {
        return values();
      },
      offsetIndex: false,
    }));
    void writer.write({ columnData, rowGroupSize: ROWS_PER_GROUP });
    // There are no indexes of pages, and the writer would keep where they are not until the end.
    writer.pendingIndexes = [];
    for (const { clear } of kept) clear();
    rows = 0;
  };
  return {
    begin: take,
    rows(batch) {
      for (const row of batch) {
        for (const [at, { add }] of kept.entries()) add(row[at] ?? null);
        if (++rows === ROWS_PER_GROUP) writeGroup();
      }
      return take();
    },
    end() {
      writeGroup();
      void writer.finish();
      return take();
    },
  };
};

/** Keeps the values of a column until they are a group: text, days and instants that come again are kept once. */
function createKeeper(column: DatasetColumn) {
  const { name, kind } = column;
  const comesAgain = kind === 'text' || kind === 'day' || kind === 'instant';
  const known = new Map<string | number, unknown>();
  let kept: unknown[] = [];
  const once = (value: string | number) => {
    let converted = known.get(value);
    if (converted === undefined) {
      converted = toParquet(value, column);
      if (known.size < MOST_KNOWN) known.set(value, converted);
    }
    return converted;
  };
  return {
    name,
    add: (value: string | number | null) => void kept.push(comesAgain && value !== null ? once(value) : value),
    values: () => (comesAgain ? kept : kept.map((value) => toParquet(value as number | null, column))),
    clear() {
      kept = [];
      known.clear();
    },
  };
}

function toParquet(value: string | number | null, { name, kind }: DatasetColumn): unknown {
  if (value === null || kind === 'text' || kind === 'decimal') return value;
  if (kind === 'count') return BigInt(value);
  if (kind === 'flag') return value === 1;
  const time = Date.parse(kind === 'day' ? `${value}T00:00:00Z` : String(value));
  if (!Number.isNaN(time)) return new Date(time);
  throw new SmstatsError('failed', `A row has "${value}" as ${name}, which is no ${kind}: Parquet cannot hold it.`, {
    hint: 'mend the row, or export as csv, json or ndjson',
  });
}
