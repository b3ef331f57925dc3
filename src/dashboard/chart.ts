import uPlot from 'uplot';
import { h } from './dom.ts';
import { format } from './format.ts';
import { colourOf, onThemeChange } from './theme.ts';

const HEIGHT = 220;
const DAY_S = 86_400;
const MONTH_S = 28 * DAY_S;
/** Of a label on an axis, in CSS pixels: wide enough for digits and their signs. */
const CHARACTER = 7.2;

/** A chart of days. */
export interface ChartSpec {
  /** Read aloud in place of the picture. */
  label: string;
  /** Calendar days, oldest first, without a gap. */
  days: readonly string[];
  series: readonly ChartSeries[];
  /** How numbers are written: on the axis, and in full under the pointer. */
  axis(value: number): string;
  full(value: number): string;
  /** The axis begins at 0: for what is counted a day. */
  hasZero?: boolean;
}

export interface ChartSeries {
  label: string;
  /** One a day; null is a gap, which nothing is drawn over. */
  values: readonly (number | null)[];
  kind: 'line' | 'bar' | 'before';
  /** The day that each value is of, where that is not the day of the chart. */
  days?: readonly string[];
  /** A variable of the style sheet. */
  colour?: string;
}

/** Draws days on a canvas as wide as its place. The numbers stand beside it for those who cannot see it. */
export function chart(spec: ChartSpec, signal: AbortSignal): HTMLElement {
  const box = h('div', { class: 'chart', role: 'img', 'aria-label': spec.label });
  let plot: uPlot | undefined;

  function draw(): void {
    const { clientWidth } = box;
    if (clientWidth === 0) return;
    plot?.destroy();
    plot = new uPlot(optionsOf(spec, box, clientWidth), dataOf(spec), box);
  }

  new ResizeObserver(() => {
    if (plot === undefined) draw();
    else if (box.clientWidth > 0) plot.setSize({ width: box.clientWidth, height: HEIGHT });
  }).observe(box);
  onThemeChange(draw, signal);
  return box;
}

function dataOf({ days, series }: ChartSpec): uPlot.AlignedData {
  return [days.map((day) => Date.parse(day) / 1000), ...series.map(({ values }) => [...values])];
}

function optionsOf(spec: ChartSpec, box: HTMLElement, width: number): uPlot.Options {
  const font = `12px ${getComputedStyle(box).fontFamily}`;
  const muted = colourOf('--muted');
  const axis = { font, stroke: muted, ticks: { show: false } };
  return {
    width,
    height: HEIGHT,
    padding: [10, 18, 0, 0],
    legend: { show: false },
    // A day is a calendar day: it has no zone.
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    scales: {
      x: { time: true, range: xRange(spec) },
      y: { range: (_, least, most) => yRange(least, most, spec.hasZero) },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 70,
        size: 34,
        gap: 9,
        incrs: [1, 2, 7, 14].map((days) => days * DAY_S).concat([1, 2, 3].map((months) => months * 30 * DAY_S)),
        values: (_, splits, _axis, _space, increment) => splits.map((at) => axisDay(at, increment)),
      },
      {
        ...axis,
        grid: { stroke: colourOf('--grid'), width: 1 },
        values: (_, splits) => splits.map((value) => (value === null ? '' : spec.axis(value))),
        size: (_, labels) => Math.max(32, ...(labels ?? []).map((label) => label.length * CHARACTER + 14)),
      },
    ],
    series: [{}, ...spec.series.map(seriesOf)],
    plugins: [tip(spec, box)],
  };
}

/** Bars need half a day on both sides. */
function xRange({ series }: ChartSpec): uPlot.Scale.Range {
  const margin = series.some(({ kind }) => kind === 'bar') ? 0.6 * DAY_S : 0.15 * DAY_S;
  return (_, first, last) => [first - margin, last + margin];
}

function yRange(least: number | null, most: number | null, hasZero: boolean | undefined): uPlot.Range.MinMax {
  if (least === null || most === null) return [0, 1];
  const from = hasZero ? Math.min(0, least) : least;
  const to = hasZero ? Math.max(0, most) : most;
  const spread = to - from || Math.max(Math.abs(to) * 0.02, 1);
  return [hasZero && from === 0 ? 0 : from - spread * 0.1, to + spread * 0.1];
}

function axisDay(at: number, increment: number): string {
  const day = new Date(at * 1000).toISOString().slice(0, 10);
  return increment >= MONTH_S ? format.month(day) : format.shortDay(day);
}

function seriesOf({ label, kind, colour }: ChartSeries): uPlot.Series {
  if (kind === 'before') {
    return {
      label,
      stroke: colourOf('--chart-before'),
      width: 1.5,
      dash: [5, 4],
      points: alone(colourOf('--chart-before')),
    };
  }
  const stroke = colourOf(colour ?? '--chart');
  if (kind === 'line') return { label, stroke, width: 2, points: alone(stroke) };
  const bars = uPlot.paths.bars?.({ size: [0.72, 26], radius: 0.12 });
  return { label, stroke, fill: stroke, width: 0, points: { show: false }, ...(bars && { paths: bars }) };
}

/** A day between two gaps has no line: a point shows it. */
function alone(colour: string): uPlot.Series.Points {
  return {
    show: true,
    size: 5,
    stroke: colour,
    fill: colour,
    filter: (plot, index) => {
      const values = plot.data[index] ?? [];
      const isKnown = (at: number) => values[at] !== null && values[at] !== undefined;
      return [...values.keys()].filter((at) => isKnown(at) && !isKnown(at - 1) && !isKnown(at + 1));
    },
  };
}

/** Shows the numbers of the day under the pointer. */
function tip(spec: ChartSpec, box: HTMLElement): uPlot.Plugin {
  const element = h('div', { class: 'chart-tip', hidden: true });
  return {
    hooks: {
      init: () => box.append(element),
      destroy: () => element.remove(),
      setCursor: (plot) => {
        const { idx, left } = plot.cursor;
        element.hidden = idx === null || idx === undefined || left === undefined || left < 0;
        if (element.hidden || idx === null || idx === undefined) return;
        element.replaceChildren(...spec.series.map((series) => tipLine(spec, series, idx)));
        const at = plot.valToPos(plot.data[0][idx] as number, 'x') + plot.over.offsetLeft;
        const isRight = at > box.clientWidth / 2;
        const x = isRight
          ? Math.max(0, at - element.offsetWidth - 14)
          : Math.min(at + 14, box.clientWidth - element.offsetWidth);
        element.style.transform = `translate(${Math.round(x)}px, 12px)`;
      },
    },
  };
}

function tipLine(spec: ChartSpec, { values, days, kind, label }: ChartSeries, index: number): HTMLElement {
  const value = values[index];
  const day = format.day((days ?? spec.days)[index]);
  return h(
    'div',
    { class: kind === 'before' ? 'muted' : null },
    h('b', null, value === null || value === undefined ? '—' : spec.full(value)),
    kind === 'before' ? ` on ${day}` : ` ${label.toLowerCase()}, ${day}`,
  );
}
