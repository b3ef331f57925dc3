import type { Context } from '../../context.ts';

/** Says how far a long import is: a line that moves on a terminal, a line every few seconds elsewhere. */
export interface ImportProgress {
  /** What is done with the rows from now on: "checking", "writing". */
  begin(phase: string, of?: number): void;
  onRows(rows: number): void;
  end(): void;
}

const REMARK_EVERY_MS = 3000;
const DRAW_EVERY_MS = 100;
/** What takes a moment needs no remark; this many rows take more. */
const MANY_ROWS = 20_000;

export function createProgress(context: Context): ImportProgress {
  const { stderr, flags } = context;
  const isMoving = Boolean(stderr.isTTY) && !flags.quiet;
  let [phase, of, done] = ['', undefined as number | undefined, 0];
  let last = Date.now();
  let isDrawn = false;
  const text = () =>
    `${phase} ${done.toLocaleString('en-US')}${of === undefined ? '' : ` of ${of.toLocaleString('en-US')}`} rows`;
  return {
    begin(next, count) {
      [phase, of, done] = [next, count, 0];
      if (!isMoving && count !== undefined && count >= MANY_ROWS) context.say(text());
    },
    onRows(rows) {
      done += rows;
      if (Date.now() - last < (isMoving ? DRAW_EVERY_MS : REMARK_EVERY_MS)) return;
      last = Date.now();
      if (isMoving) stderr.write(`\r\u001B[K${text()}`);
      else context.say(text());
      isDrawn = isMoving;
    },
    end() {
      if (isDrawn) stderr.write('\r\u001B[K');
      isDrawn = false;
    },
  };
}
