import type { Clock } from '../core/time.ts';

/** Hours in a block of the day. */
const BLOCK_HOURS = 3;
const BLOCKS = 24 / BLOCK_HOURS;

/** The cells of a week: a weekday and a block of three hours each. */
export const CELLS = 7 * BLOCKS;

/** A time of the week. Null weekday: on any day. Null hour: all day. */
export interface Slot {
  /** 0 is Monday. */
  weekday: number | null;
  from_hour: number | null;
}

/** The number of the cell that a clock shows, 0 to 55: Monday 00:00 to 03:00 is the first. */
export function cellOf({ weekday, hour }: Clock): number {
  return weekday * BLOCKS + Math.floor(hour / BLOCK_HOURS);
}

/** A cell as a slot. */
export function slotOfCell(cell: number): Slot {
  return { weekday: Math.floor(cell / BLOCKS), from_hour: (cell % BLOCKS) * BLOCK_HOURS };
}

/** What is compared: every cell, the same hours on any day, every weekday; each with the cells that it is made of. */
export const SLOTS: readonly { slot: Slot; cells: readonly number[] }[] = [
  ...range(CELLS).map((cell) => ({ slot: slotOfCell(cell), cells: [cell] })),
  ...range(BLOCKS).map((block) => ({
    slot: { weekday: null, from_hour: block * BLOCK_HOURS },
    cells: range(7).map((weekday) => weekday * BLOCKS + block),
  })),
  ...range(7).map((weekday) => ({
    slot: { weekday, from_hour: null },
    cells: range(BLOCKS).map((block) => weekday * BLOCKS + block),
  })),
];

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
