import type { Point } from '../insight/growth.ts';
import { formatCell } from '../report/format.ts';
import { escapeHtml } from './escape.ts';

/** A drawing of days. Colours are the page's: nothing here is a style. */
export interface Drawing {
  /** Of the whole page, without blanks. */
  id: string;
  title: string;
  description: string;
  points: readonly Point[];
  /** The first day of the period; what is before it is drawn paler. */
  from: string;
}

const [WIDTH, HEIGHT] = [360, 132];
const [LEFT, RIGHT, TOP, BOTTOM] = [4, 4, 18, 16];
const INNER = { width: WIDTH - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM };

/** A line through the known values; a gap stays a gap. */
export function drawLine(drawing: Drawing): string {
  const { points } = drawing;
  const scale = scaleOf(points, false);
  if (!scale) return '';
  const runs: string[][] = [[]];
  const dots: string[] = [];
  for (const [at, { value }] of points.entries()) {
    if (value === null) {
      runs.push([]);
      continue;
    }
    const [x, y] = [round(middleOf(at, points.length)), round(scale.y(value))];
    runs.at(-1)?.push(`${x},${y}`);
    const isAlone = (points[at - 1]?.value ?? null) === null && (points[at + 1]?.value ?? null) === null;
    if (isAlone || at === points.length - 1) dots.push(`<circle class="dot" cx="${x}" cy="${y}" r="3"/>`);
  }
  const lines = runs.filter((run) => run.length > 1).map((run) => `<polyline class="line" points="${run.join(' ')}"/>`);
  return frame(drawing, scale, [...lines, ...dots].join(''));
}

/** A bar for each known day; a day that is not known has a mark on the base line instead. */
export function drawBars(drawing: Drawing): string {
  const { points, from } = drawing;
  const scale = scaleOf(points, true);
  if (!scale) return '';
  const slot = INNER.width / points.length;
  const base = scale.y(0);
  const bars = points.map(({ day, value }, at) => {
    const x = middleOf(at, points.length);
    if (value === null) return `<circle class="unknown" cx="${round(x)}" cy="${round(base - 2)}" r="1.2"/>`;
    const [top, bottom] = [Math.min(scale.y(value), base), Math.max(scale.y(value), base)];
    const width = slot * 0.72;
    const tip = `<title>${escapeHtml(`${day}: ${formatCell(value, 'delta')}`)}</title>`;
    return `<rect class="bar${day < from ? ' past' : ''}" x="${round(x - width / 2)}" y="${round(top)}" width="${round(width)}" height="${round(Math.max(bottom - top, 0.8))}" rx="1.5">${tip}</rect>`;
  });
  return frame(drawing, scale, bars.join(''));
}

interface Scale {
  y: (value: number) => number;
  least: number;
  most: number;
}

function scaleOf(points: readonly Point[], isFromZero: boolean): Scale | null {
  const values = points.flatMap(({ value }) => value ?? []);
  if (values.length === 0) return null;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const low = isFromZero ? Math.min(0, least) : least;
  const high = isFromZero ? Math.max(0, most) : most;
  // Of numbers that do not differ, the line is in the middle.
  const span = high - low || 2;
  const floor = high === low && !isFromZero ? low - 1 : low;
  return { y: (value) => TOP + INNER.height * (1 - (value - floor) / span), least, most };
}

function middleOf(at: number, count: number): number {
  return LEFT + (INNER.width / count) * (at + 0.5);
}

function frame({ id, title, description, points, from }: Drawing, { least, most }: Scale, shapes: string): string {
  const at = points.findIndex(({ day }) => day >= from);
  const start = LEFT + (INNER.width / points.length) * Math.max(0, at);
  const text = (x: number, y: number, anchor: string, words: string) =>
    `<text x="${round(x)}" y="${y}" text-anchor="${anchor}">${escapeHtml(words)}</text>`;
  const day = (point: Point | undefined) => point?.day.slice(5) ?? '';
  const range =
    least === most ? formatCell(most, 'count') : `${formatCell(least, 'count')} to ${formatCell(most, 'count')}`;
  return [
    `<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${escapeHtml(title)}</title><desc id="${id}-desc">${escapeHtml(description)}</desc>`,
    `<rect class="period" x="${round(start)}" y="${TOP - 4}" width="${round(WIDTH - RIGHT - start)}" height="${INNER.height + 6}" rx="4"/>`,
    `<line class="base" x1="${LEFT}" y1="${HEIGHT - BOTTOM + 1}" x2="${WIDTH - RIGHT}" y2="${HEIGHT - BOTTOM + 1}"/>`,
    shapes,
    text(LEFT, 10, 'start', title),
    text(WIDTH - RIGHT, 10, 'end', range),
    text(LEFT, HEIGHT - 3, 'start', day(points[0])),
    ...(at > 1 && at < points.length - 1 ? [text(start, HEIGHT - 3, 'start', day(points[at]))] : []),
    text(WIDTH - RIGHT, HEIGHT - 3, 'end', day(points.at(-1))),
    '</svg>',
  ].join('');
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
