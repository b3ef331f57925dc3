import { ScheduleError } from '../error.ts';

/** A crontab as text in which each character is one byte. */
export type Table = string;

/** A crontab in three parts; together they are the table, byte for byte. */
interface Parts {
  before: Table;
  /** Marker, line, marker; empty when there is no block. */
  block: Table;
  after: Table;
}

/** A table without a line break at its end gets one; the marker says so, and removal takes it away again. */
const ADDED_BREAK = '; the line before had no line break';
const begin = (id: string) => `# >>> smstats ${id} >>> managed block; do not edit`;
const end = (id: string) => `# <<< smstats ${id} <<<`;

/** Bytes as text that keeps every one of them. */
export function toTable(bytes: Buffer): Table {
  return bytes.toString('latin1');
}

/** The bytes that `toTable` was made from. */
export function toBytes(table: Table): Buffer {
  return Buffer.from(table, 'latin1');
}

/**
 * Finds the block of one installation.
 * @throws ScheduleError when the markers do not stand there as they were written, so that where the block ends is a guess.
 */
export function splitTable(table: Table, id: string): Parts {
  const lines = table.split(/(?<=\n)/);
  const isBegin = (line: string) => line.trim().startsWith(`# >>> smstats ${id} >>>`);
  const isEnd = (line: string) => line.trim().startsWith(`# <<< smstats ${id} <<<`);
  const begins = lines.flatMap((line, i) => (isBegin(line) ? [i] : []));
  const ends = lines.flatMap((line, i) => (isEnd(line) ? [i] : []));
  if (begins.length === 0 && ends.length === 0) return { before: table, block: '', after: '' };
  const [first = -1] = begins;
  const [last = -1] = ends;
  const isWhole = begins.length === 1 && ends.length === 1 && last === first + 2;
  const isAsWritten =
    [`${begin(id)}\n`, `${begin(id)}${ADDED_BREAK}\n`].includes(lines[first] ?? '') &&
    lines[last]?.replace(/\n$/, '') === end(id);
  if (!isWhole || !isAsWritten) {
    const numbers = [...begins, ...ends].toSorted((a, b) => a - b).map((i) => i + 1);
    const plural = numbers.length === 1 ? '' : 's';
    throw new ScheduleError(
      `The smstats block in your crontab is damaged (marker${plural} in line${plural} ${numbers.join(', ')}): nothing was changed.`,
      { hint: `crontab -e, remove the lines from "# >>> smstats ${id}" to "# <<< smstats ${id}", and try again` },
    );
  }
  return {
    before: lines.slice(0, first).join(''),
    block: lines.slice(first, last + 1).join(''),
    after: lines.slice(last + 1).join(''),
  };
}

/** The table with the block holding `line`, in its place or at the end. All else stays as it is. */
export function putBlock(table: Table, id: string, line: string): Table {
  const { before, block, after } = splitTable(table, id);
  const isBroken = block === '' ? before !== '' && !before.endsWith('\n') : block.split('\n')[0]?.endsWith(ADDED_BREAK);
  const next = toTable(Buffer.from(`${begin(id)}${isBroken ? ADDED_BREAK : ''}\n${line}\n${end(id)}\n`));
  return before + (block === '' && isBroken ? '\n' : '') + next + after;
}

/** The table without the block. */
export function removeBlock(table: Table, id: string): Table {
  const { before, block, after } = splitTable(table, id);
  const isBroken = block.split('\n')[0]?.endsWith(ADDED_BREAK) && after === '';
  return isBroken ? before.replace(/\n$/, '') : before + after;
}
