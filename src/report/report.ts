import type { Paint } from './paint.ts';

/** How a column's values are written. Numbers stay numbers in CSV and JSON. */
export type ColumnKind =
  | 'text'
  | 'id'
  | 'handle'
  | 'count'
  | 'decimal'
  | 'score'
  | 'money'
  | 'fine-money'
  | 'percent'
  | 'share'
  | 'delta'
  | 'delta-percent'
  | 'day'
  | 'instant'
  | 'series'
  | 'flag';

/** What a cell may hold. A series is drawn as a sparkline, a share (percent, 0 to 100) as a bar; null is unknown. */
export type Cell = string | number | boolean | null | readonly (number | null)[];

export interface Column {
  /** The key of the value in a row, and the header in CSV. */
  key: string;
  /** The header for people. */
  label: string;
  kind: ColumnKind;
  /** On a terminal that is too narrow, this column is cut. */
  isElastic?: boolean;
  /** Left out where people read: CSV alone holds it. */
  isForFiles?: boolean;
  /** On a terminal that is too narrow, columns with a rank are left out, the highest first. */
  rank?: number;
}

/** One table of a report. */
export interface Section {
  title?: string;
  columns: readonly Column[];
  rows: readonly Readonly<Record<string, Cell>>[];
  /** Two columns, name and value: drawn without a header. */
  isFacts?: boolean;
  /** Said instead of an empty table. */
  empty?: string;
}

/** An answer, ready to be written in any format. */
export interface Report {
  /** The command that answers it, for example `report overview`. */
  command: string;
  title?: string;
  /** What `--json` holds. */
  data: unknown;
  /** What people read. CSV holds the first that is no list of facts. */
  sections: readonly Section[];
  /** Said on stderr, and in `warnings` of the JSON. */
  warnings?: readonly string[];
}

/** What a renderer may know besides the report. */
export interface RenderOptions {
  paint: Paint;
  /** Columns of the terminal; undefined when there is none, and nothing is cut. */
  width: number | undefined;
  generatedAt: Date;
}

/** Turns a report into text. Every format takes the same report. */
export type Renderer = (report: Report, options: RenderOptions) => string;
