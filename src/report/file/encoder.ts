import type { DatasetColumn, DatasetRow } from '../../core/dataset.ts';

/** What a file is made of, besides its rows. */
export interface FileHead {
  dataset: string;
  columns: readonly DatasetColumn[];
  exportedAt: Date;
}

/**
 * Turns rows into the bytes of a file, a batch at a time: no more than a batch or two stays in memory. What it gives is
 * written before it is called again, and may be overwritten then.
 */
export interface RowEncoder {
  /** What stands before the first row. */
  begin(): Iterable<string | Uint8Array>;
  rows(batch: readonly DatasetRow[]): Iterable<string | Uint8Array>;
  /** What stands behind the last row. */
  end(): Iterable<string | Uint8Array>;
  /** What the format could not take as it was, in words; known at the end. */
  warnings?(): string[];
}

export type CreateEncoder = (head: FileHead) => RowEncoder;
