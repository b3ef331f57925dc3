import { SmstatsError } from '../../core/errors.ts';
import { truncate } from '../../core/text.ts';

const SHOWN = 60;

/** Where in a file something stands: a line of text, or a row of a Parquet file. */
export interface Place {
  unit: 'line' | 'row';
  number: number;
}

/** Says where in the file something is wrong, and what. */
export class PlaceError extends SmstatsError {
  override readonly name = 'PlaceError';
  constructor({ unit, number }: Place, problem: string, cell?: { column: string; value?: unknown }) {
    const column = cell ? `, column "${truncate(cell.column, SHOWN)}"` : '';
    const value = cell?.value === undefined ? '' : ` ${truncate(JSON.stringify(cell.value) ?? '', SHOWN)}`;
    super('usage', `${unit} ${number}${column}:${value} ${problem}`);
  }
}
