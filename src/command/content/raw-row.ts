import type { ContentKind } from '../../store/content.ts';

/** A row of the file, before it is known what its columns mean. */
export interface RawRow {
  /** Where it begins, counted from 1. */
  line: number;
  /** Which object of a JSON file it is, counted from 1: many stand in one line. */
  item?: number;
  columns: readonly string[];
  /** One for each column. A number of JSON is the text of its digits; null is not known. */
  cells: readonly unknown[];
  /** What the list that it stands in says it is. */
  kind?: ContentKind;
}

/** A row longer than this is a quote that is never closed. In characters. */
export const LONGEST_ROW = 10_000_000;
