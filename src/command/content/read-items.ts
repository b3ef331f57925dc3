import { createHash } from 'node:crypto';
import type { ContentItem, ContentKind } from '../../store/content.ts';
import { FIELDS, mapColumns, missingColumn, type Field, type Mapping, type Overrides } from './columns.ts';
import { readItem } from './read-item.ts';
import { readRows } from './read-rows.ts';
import { RowError } from './row-error.ts';
import type { Source } from '../source.ts';

/** How a file is to be read. */
export interface ReadOptions {
  overrides: Overrides;
  /** All rows are clips. */
  areClips: boolean;
}

/** What shows while a file is read. */
export interface Reading {
  format: 'csv' | 'json';
  /** The column of each field, as the file calls it. */
  columns: Map<Field, string>;
  /** Columns that nothing is taken from. */
  unused: Set<string>;
  /** The ids in the file, in the order of its rows. */
  ids: Record<ContentKind, Map<string, number>>;
  /** Rows that only say again what an earlier one says. */
  repeated: number;
  /** True when a date was a day alone. */
  hasDays: boolean;
}

/** A row of the file: what it says, or what is wrong with it. */
export type ReadRow = { line: number } & ({ kind: ContentKind; item: ContentItem } | { error: RowError });

/** Columns that are not used are named, but nobody reads a thousand names. */
const UNUSED_KEPT = 1000;

/** Prepares to read a file from its start. @returns its rows in order, each item once, and what shows meanwhile. */
export function readItems(source: Source, options: ReadOptions): { reading: Reading; rows: AsyncGenerator<ReadRow> } {
  const reading: Reading = {
    format: 'csv',
    columns: new Map(),
    unused: new Set(),
    ids: { video: new Map(), clip: new Map() },
    repeated: 0,
    hasDays: false,
  };
  return { reading, rows: read(source, options, reading) };
}

async function* read(source: Source, options: ReadOptions, reading: Reading): AsyncGenerator<ReadRow> {
  const map = createMapper(options, reading);
  const isNew = createSieve(reading);
  const overridden = FIELDS.filter((field) => options.overrides[field]);
  const requireColumns = (fields: readonly Field[], columns: readonly string[]) => {
    const missing = fields.find((field) => !reading.columns.has(field));
    if (missing !== undefined) throw missingColumn(missing, columns, options.overrides);
  };
  const { format, rows } = await readRows(source, (columns, line) => {
    map(columns, line);
    requireColumns([...overridden, 'id', 'title'], columns);
  });
  reading.format = format;
  for await (const row of rows) {
    try {
      const { kind, item, hasDay } = readItem(row, map(row.columns, row.line), options.areClips);
      reading.hasDays ||= hasDay;
      if (isNew(kind, item, row.line)) yield { line: row.line, kind, item };
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      yield { line: row.line, error };
    }
  }
  // Objects of JSON may have different keys: only now is it known which never came.
  if (format === 'json' && reading.columns.size > 0)
    requireColumns(overridden, [...reading.columns.values(), ...reading.unused]);
}

/** Maps columns to fields once for all rows that share them, and keeps the names for the preview. */
function createMapper({ overrides }: ReadOptions, reading: Reading) {
  let last: { columns: readonly string[]; mapping: Mapping } | undefined;
  return (columns: readonly string[], line: number): Mapping => {
    if (last?.columns === columns) return last.mapping;
    const mapping = mapColumns(columns, overrides, line);
    last = { columns, mapping };
    for (const [field, index] of mapping.at) reading.columns.set(field, columns[index] as string);
    for (const column of mapping.unused) if (reading.unused.size < UNUSED_KEPT) reading.unused.add(column);
    return mapping;
  };
}

/**
 * Lets each id through once. The same again is counted; something else under the same id is an error. Of each item
 * only its id, its line and a digest are kept: that is all that grows with the file.
 */
function createSieve(reading: Reading) {
  const [lines, digests] = [[] as number[], [] as number[]];
  return (kind: ContentKind, item: ContentItem, line: number): boolean => {
    const digest = digestOf(item);
    const known = reading.ids[kind].get(item.id);
    if (known === undefined) {
      reading.ids[kind].set(item.id, lines.length);
      lines.push(line);
      digests.push(digest);
      return true;
    }
    if (digests[known] !== digest)
      throw new RowError(line, `stands for another ${kind} in line ${lines[known]}.`, {
        column: reading.columns.get('id') as string,
        value: item.id,
      });
    reading.repeated++;
    return false;
  };
}

/** 48 bits: which two different rows of one id share by chance once in 280 billion. */
function digestOf(item: ContentItem): number {
  return createHash('sha1').update(JSON.stringify(item)).digest().readUIntBE(0, 6);
}
