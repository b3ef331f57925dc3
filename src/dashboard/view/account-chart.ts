import type { DayRow, DayWindow, Series } from '../answer.ts';
import { chart, type ChartSeries } from '../chart.ts';
import { h, known, type Child } from '../dom.ts';
import { format } from '../format.ts';
import { table } from '../table.ts';
import { card, empty } from '../view.ts';

type Window = DayWindow | null;

/** One chart of an account: its picture, a sentence that says the same, and the numbers. */
interface Drawing {
  title: string;
  note?: Child;
  valueOf(row: DayRow): number | null;
  kind: 'line' | 'bar';
  axis(value: number): string;
  full(value: number): string;
  /** @param values of the days now, and of those before. */
  summary(values: readonly (number | null)[], before: readonly (number | null)[]): string;
  hasZero?: boolean;
}

/** Followers, views a day and engagement, each beside the period before. */
export function accountCharts({ now, before, days }: Series & { now: DayWindow }, signal: AbortSignal): HTMLElement[] {
  const basis = now.rows.findLast(({ engagement_basis: each }) => each !== null)?.engagement_basis ?? null;
  const others = basesOf(now).filter((each) => each !== basis);
  const drawings: Drawing[] = [
    {
      title: 'Followers',
      valueOf: (row) => row.followers_count,
      kind: 'line',
      axis: axisNumber,
      full: format.number,
      summary: (values) => levelSummary('followers', values, now),
    },
    gained('Views a day', 'views', 'views_gain'),
    {
      title: 'Engagement rate',
      note: basis === null ? null : `Interactions in percent of ${basis}`,
      // Rates of different denominators have no common line.
      valueOf: (row) => (row.engagement_basis === basis ? row.engagement_rate : null),
      kind: 'line',
      axis: format.finePercent,
      full: format.percent,
      summary: (values) => rateSummary(values, basis, others),
    },
    gained('Likes a day', 'likes', 'likes_gain'),
  ];
  return drawings.map((drawing) => drawingCard(drawing, { now, before, days }, signal));
}

function gained(title: string, unit: string, gain: 'views_gain' | 'likes_gain'): Drawing {
  return {
    title,
    note: 'More than on the day before, over all posts',
    valueOf: (row) => row[gain],
    kind: 'bar',
    axis: axisNumber,
    full: format.delta,
    summary: (values, before) => gainSummary(unit, values, before),
    hasZero: true,
  };
}

function drawingCard(
  drawing: Drawing,
  { now, before, days }: { now: DayWindow; before: Window; days: number },
  signal: AbortSignal,
): HTMLElement {
  const values = now.rows.map(drawing.valueOf);
  const earlier = alignedTo(values.length, before?.rows ?? []);
  const earlierValues = earlier.map((row) => (row ? drawing.valueOf(row) : null));
  const options = { note: drawing.note, class: 'chart-card' };
  if (values.every((value) => value === null)) {
    return card(
      drawing.title,
      options,
      empty('Nothing is known of these days.', 'A longer period, or another fetch, may tell.'),
    );
  }
  const hasBefore = earlierValues.some((value) => value !== null);
  const series: ChartSeries[] = [{ label: drawing.title, values, kind: drawing.kind }];
  if (hasBefore)
    series.push({
      label: 'before',
      values: earlierValues,
      kind: 'before',
      days: earlier.map((row) => row?.date ?? ''),
    });
  const summary = drawing.summary(values, earlierValues);
  const dates = now.rows.map(({ date }) => date);
  const id = `numbers-${drawing.title.toLowerCase().replaceAll(/\W+/g, '-')}`;
  return card(
    drawing.title,
    options,
    h('p', { class: 'chart-summary' }, summary),
    chart({ ...drawing, label: `${drawing.title}. ${summary}`, days: dates, series }, signal),
    h(
      'div',
      { class: 'chart-foot' },
      h(
        'p',
        { class: 'key' },
        h('span', { class: `key-${drawing.kind}` }, `Last ${days} days`),
        hasBefore && h('span', { class: 'key-line before' }, `The ${days} days before`),
      ),
    ),
    numbers(id, drawing, now.rows, earlier, hasBefore),
  );
}

/** The rows of the period before under those of now: last below last. */
function alignedTo(length: number, rows: readonly DayRow[]): (DayRow | undefined)[] {
  return Array.from({ length }, (_, index) => rows[index - length + rows.length]);
}

/** The same numbers as text; made when they are asked for. */
function numbers(
  id: string,
  drawing: Drawing,
  rows: readonly DayRow[],
  earlier: readonly (DayRow | undefined)[],
  hasBefore: boolean,
): HTMLElement {
  const details = h('details', { id }, h('summary', null, `${drawing.title} as a table`));
  const days = rows.map((row, index) => ({ row, earlier: earlier[index] })).toReversed();
  details.addEventListener('toggle', () => {
    if (!details.open || details.childElementCount > 1) return;
    const before = {
      key: 'before',
      label: 'Before',
      value: (day: (typeof days)[number]) => (day.earlier ? drawing.valueOf(day.earlier) : null),
      cell: (day: (typeof days)[number]) => known(day.earlier ? drawing.valueOf(day.earlier) : null, drawing.full),
      isNumeric: true,
    };
    details.append(
      table(
        [
          { key: 'day', label: 'Day', value: ({ row }) => row.date, cell: ({ row }) => format.day(row.date) },
          {
            key: 'value',
            label: drawing.title,
            value: ({ row }) => drawing.valueOf(row),
            cell: ({ row }) => known(drawing.valueOf(row), drawing.full),
            isNumeric: true,
          },
          ...(hasBefore ? [before] : []),
        ],
        days,
        { caption: `${drawing.title} by day` },
      ),
    );
  });
  return details;
}

function levelSummary(what: string, values: readonly (number | null)[], { growth }: DayWindow): string {
  const { change, rate, startDay: start, endDay: end } = growth.followers_count;
  const last = values.findLast((value) => value !== null);
  if (change === null || start === null || end === null)
    return `${format.number(last)} ${what}; one day alone is known.`;
  const percent = rate === null ? '' : ` (${format.deltaPercent(rate)})`;
  return `${format.number(last)} ${what}: ${format.delta(change)}${percent} from ${format.shortDay(start)} to ${format.shortDay(end)}.${missing(values)}`;
}

function gainSummary(unit: string, values: readonly (number | null)[], before: readonly (number | null)[]): string {
  const now = meanOf(values);
  if (now === null) return 'Two days in a row are needed.';
  const earlier = meanOf(before);
  const beside = earlier === null ? '' : `, ${format.compact(earlier)} in the period before`;
  return `${format.compact(now)} ${unit} on an average day${beside}.${missing(values)}`;
}

function rateSummary(values: readonly (number | null)[], basis: string | null, others: readonly string[]): string {
  const last = values.findLast((value) => value !== null);
  const left =
    others.length === 0 ? '' : ` Days measured by ${others.join(' and ')} are left out: they do not compare.`;
  return `${format.percent(last)} of ${basis ?? 'an unknown number'} on the last day known.${left}${missing(values)}`;
}

/** Says how many days are gaps. */
function missing(values: readonly (number | null)[]): string {
  const count = values.filter((value) => value === null).length;
  return count === 0 ? '' : ` ${count} of ${values.length} days are unknown.`;
}

function meanOf(values: readonly (number | null)[]): number | null {
  const found = values.filter((value) => value !== null);
  return found.length === 0 ? null : found.reduce((sum, value) => sum + value, 0) / found.length;
}

function basesOf({ rows }: DayWindow): string[] {
  return [...new Set(rows.flatMap(({ engagement_basis: basis }) => basis ?? []))];
}

function axisNumber(value: number): string {
  return Math.abs(value) < 100_000 ? format.decimal(value, 1) : format.compact(value);
}
