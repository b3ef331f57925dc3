import { SmstatsError } from '../../core/errors.ts';
import { truncate } from '../../core/text.ts';

/** More than this of a value says nothing more. */
const SHOWN = 60;

interface Cell {
  column: string;
  /** Left out where there is none. */
  value?: string;
}

/** Something in the file is wrong; says in which line, and in which column and value where that is known. */
export class RowError extends SmstatsError {
  override readonly name = 'RowError';

  constructor(place: number | { line: number; item?: number }, problem: string, cell?: Cell) {
    const { line, item } = typeof place === 'number' ? { line: place, item: undefined } : place;
    const where = item === undefined ? `line ${line}` : `item ${item} (line ${line})`;
    const column = cell ? `, column "${truncate(cell.column, SHOWN)}"` : '';
    const value = cell?.value === undefined ? '' : ` "${truncate(cell.value, SHOWN)}"`;
    super('usage', `${where}${column}:${value} ${problem}`);
  }
}

/** What is wrong with a file, as one error. `isMore` says that not all of it was read. */
export function brokenFile(file: string, problems: readonly RowError[], isMore: boolean): SmstatsError {
  const rows = `${isMore ? 'at least ' : ''}${problems.length} broken row${problems.length === 1 ? '' : 's'}`;
  const lines = problems.map(({ message }) => `  ${message}`);
  return new SmstatsError('usage', [`${file}: ${rows}; nothing was imported.`, ...lines].join('\n'), {
    hint: 'mend the file and import it again; --dry-run shows how it is read',
  });
}
