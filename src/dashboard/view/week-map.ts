import { h } from '../dom.ts';
import { format } from '../format.ts';
import { scrollBox } from '../table.ts';

/** A time of the week. Null weekday: on any day. Null hour: all day. */
export interface Slot {
  /** 0 is Monday. */
  weekday: number | null;
  from_hour: number | null;
}

/** A cell of the week. */
export interface Cell extends Slot {
  n: number;
  /** Beside the account's mean: 1 is the same. */
  expected: number;
}

const BLOCK_HOURS = 3;
const BLOCKS = Array.from({ length: 24 / BLOCK_HOURS }, (_, block) => block * BLOCK_HOURS);
/** The shades, from half as much to twice as much. */
const SHADES = 7;
/** A Monday. */
const MONDAY = Date.UTC(2024, 0, 1, 12);
const DAY_MS = 86_400_000;

/** The week as a table: each cell says what to expect and how many posts say so; its colour says it again. */
export function weekMap(cells: readonly Cell[]): HTMLElement {
  const days = Array.from({ length: 7 }, (_, weekday) => cells.filter((cell) => cell.weekday === weekday));
  return h(
    'div',
    null,
    scrollBox(
      'Times of the week',
      h(
        'table',
        { class: 'week' },
        h(
          'caption',
          { class: 'hidden' },
          'What to expect of each time of the week beside the mean, and of how many posts',
        ),
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            h('td', null),
            BLOCKS.map((hour) => h('th', { scope: 'col' }, hours(hour))),
          ),
        ),
        h(
          'tbody',
          null,
          days.map((ofDay, weekday) =>
            h(
              'tr',
              null,
              h('th', { scope: 'row' }, nameWeekday(weekday)),
              BLOCKS.map((hour) => drawCell(ofDay.find((cell) => cell.from_hour === hour))),
            ),
          ),
        ),
      ),
    ),
    h(
      'p',
      { class: 'key', 'aria-hidden': 'true' },
      'half as much',
      Array.from({ length: SHADES }, (_, shade) => h('span', { class: `shade shade-${shade}` })),
      'twice as much',
    ),
  );
}

function drawCell(cell: Cell | undefined): HTMLElement {
  if (!cell || cell.n === 0) return h('td', { class: 'none' }, h('span', { class: 'hidden' }, 'no posts'));
  return h(
    'td',
    { class: `shade-${shadeOf(cell.expected)}` },
    h('b', null, `${format.decimal(cell.expected)}×`),
    h('span', { class: 'of' }, cell.n === 1 ? '1 post' : `${format.number(cell.n)} posts`),
  );
}

/** 0 is half as much or less, 3 the same, 6 twice as much or more. */
function shadeOf(expected: number): number {
  const middle = (SHADES - 1) / 2;
  const doublings = Math.max(-1, Math.min(1, Math.log2(expected)));
  return Math.round(middle + doublings * middle);
}

/** "Mon 09–12", "any day 09–12", "Mon, all day". */
export function nameSlot({ weekday, from_hour: hour }: Slot): string {
  const day = weekday === null ? 'any day' : nameWeekday(weekday);
  return hour === null ? `${day}, all day` : `${day} ${hours(hour)}`;
}

function nameWeekday(weekday: number): string {
  return new Intl.DateTimeFormat(navigator.language, { weekday: 'short', timeZone: 'UTC' }).format(
    new Date(MONDAY + weekday * DAY_MS),
  );
}

function hours(from: number): string {
  const clock = (hour: number) => String(hour).padStart(2, '0');
  return `${clock(from)}–${clock(from + BLOCK_HOURS)}`;
}
