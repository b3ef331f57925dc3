import { h, svg, unknown, type Child } from '../dom.ts';

/** A value as a bar, with the value as text beside it. */
export interface Bar {
  label: Child;
  /** Null is unknown. */
  value: number | null;
  /** The value for people. */
  text: Child;
  /** Coloured as a warning. */
  isHigh?: boolean;
}

/** Bars below each other, as a table: a name, a bar that is not read aloud, and the value in text. */
export function bars(caption: string, rows: readonly Bar[], most: number): HTMLElement {
  return h(
    'table',
    { class: 'bars' },
    h('caption', null, caption),
    h(
      'tbody',
      null,
      rows.map((row) =>
        h(
          'tr',
          null,
          h('th', { scope: 'row' }, row.label),
          h('td', { class: 'bar-cell' }, drawBar(row.value, most, row.isHigh)),
          h('td', { class: 'numeric' }, row.value === null ? unknown() : row.text),
        ),
      ),
    ),
  );
}

/** A bar from 0 to `most`. */
export function drawBar(value: number | null, most: number, isHigh = false): SVGElement {
  const share = value === null || most <= 0 ? 0 : Math.min(1, Math.max(0, value / most));
  return svg(
    'svg',
    { class: 'bar', width: '100%', height: 10, 'aria-hidden': 'true', preserveAspectRatio: 'none' },
    svg('rect', { class: 'bar-ground', width: '100%', height: 10, rx: 5 }),
    share > 0 &&
      svg('rect', { class: isHigh ? 'bar-value high' : 'bar-value', width: `${share * 100}%`, height: 10, rx: 5 }),
  );
}
