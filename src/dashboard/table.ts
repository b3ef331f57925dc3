import { h, unknown, type Child } from './dom.ts';
import { empty } from './view.ts';

/** A column of a table. */
export interface Column<Row> {
  /** Its name among the columns: what is remembered of the order. */
  key: string;
  label: string;
  /** What rows are ordered by and, without `cell`, what is shown; null is unknown and comes last. */
  value(row: Row): string | number | null | undefined;
  /** What is shown, where that is more than the value. Called for known values only. */
  cell?(row: Row): Child;
  /** Numbers stand on the right, their digits below each other. */
  isNumeric?: boolean;
  /** False where an order means nothing. */
  isSortable?: boolean;
  /** Says more about the column: of what a rate is. */
  title?: string;
  /** The column that names the row to those who cannot see it; by default the first. */
  isRowHeader?: boolean;
}

export interface TableOptions {
  /** Says what the table shows; hidden unless `hasVisibleCaption`. */
  caption: string;
  hasVisibleCaption?: boolean;
  /** The order to begin with; without it the order of the rows. */
  order?: Order;
  /** Shown in place of a table without rows. */
  empty?: Child;
}

export interface Order {
  key: string;
  isDescending: boolean;
}

/** What people chose, as long as the page lives: a refresh does not undo it. */
const chosen = new Map<string, Order>();

/** A table whose columns sort by a button in their heading, and that scrolls in its own box where it is too wide. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], options: TableOptions): HTMLElement {
  if (rows.length === 0) return h('div', null, options.empty ?? empty('Nothing to show yet.'));
  const memory = `${location.hash.split('?')[0]} ${options.caption}`;
  let order = chosen.get(memory) ?? options.order;
  const body = h('tbody');
  const headings = columns.map((column) => heading(column, () => sortBy(column)));

  function sortBy(column: Column<Row>): void {
    const isSame = order?.key === column.key;
    order = { key: column.key, isDescending: isSame ? !order?.isDescending : Boolean(column.isNumeric) };
    chosen.set(memory, order);
    show();
  }

  function show(): void {
    for (const [index, column] of columns.entries()) {
      const direction = order?.isDescending ? 'descending' : 'ascending';
      if (column.key === order?.key) headings[index]?.setAttribute('aria-sort', direction);
      else headings[index]?.removeAttribute('aria-sort');
    }
    const column = columns.find(({ key }) => key === order?.key);
    const sorted = column ? rows.toSorted((a, b) => compare(column.value(a), column.value(b), order)) : rows;
    body.replaceChildren(...sorted.map((row) => h('tr', null, cellsOf(columns, row))));
  }

  show();
  return scrollBox(
    options.caption,
    h(
      'table',
      null,
      h('caption', { class: options.hasVisibleCaption ? null : 'hidden' }, options.caption),
      h('thead', null, h('tr', null, headings)),
      body,
    ),
  );
}

/** A box that scrolls sideways; reached by Tab only while there is something to scroll. */
export function scrollBox(label: string, content: HTMLElement): HTMLElement {
  const box = h('div', { class: 'scroll-box' }, content);
  new ResizeObserver(() => {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
      box.setAttribute('role', 'region');
      box.setAttribute('aria-label', label);
    } else for (const name of ['tabindex', 'role', 'aria-label']) box.removeAttribute(name);
  }).observe(box);
  return box;
}

function heading<Row>({ key, label, isNumeric, isSortable, title }: Column<Row>, sort: () => void): HTMLElement {
  const text = isSortable === false ? label : h('button', { type: 'button', id: `sort-${key}`, onclick: sort }, label);
  return h('th', { scope: 'col', class: isNumeric ? 'numeric' : null, title }, text);
}

function cellsOf<Row>(columns: readonly Column<Row>[], row: Row): HTMLElement[] {
  const named = Math.max(
    0,
    columns.findIndex(({ isRowHeader }) => isRowHeader),
  );
  return columns.map((column, index) => {
    const value = column.value(row);
    const isKnown = value !== null && value !== undefined;
    const content = isKnown ? (column.cell?.(row) ?? value) : unknown();
    const name = column.isNumeric ? 'numeric' : null;
    return index === named ? h('th', { scope: 'row', class: name }, content) : h('td', { class: name }, content);
  });
}

function compare(a: string | number | null | undefined, b: typeof a, order: Order | undefined): number {
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1;
  if (b === null || b === undefined) return -1;
  const ascending = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return order?.isDescending ? -ascending : ascending;
}
