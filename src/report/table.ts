import stringWidth from 'string-width';
import { truncate } from '../core/text.ts';
import { formatCell, isNumeric } from './format.ts';
import type { Paint } from './paint.ts';
import type { Cell, Column, Renderer, Section } from './report.ts';

const GAP = 2;
const MIN_ELASTIC = 24;
/** Writes a report for people: aligned columns, cut to the terminal's width and never when there is none. */
export const renderTable: Renderer = (report, { paint, width }) => {
  const parts = report.sections.map((section) => renderSection(section, paint, width));
  if (report.title) parts.unshift(paint.title(report.title));
  return `${parts.join('\n\n')}\n`;
};

function renderSection(section: Section, paint: Paint, width: number | undefined): string {
  const title = section.title === undefined ? [] : [paint.title(section.title)];
  if (section.rows.length === 0) return [...title, paint.dim(section.empty ?? 'nothing yet')].join('\n');
  const shown = section.columns.filter(({ isForFiles }) => !isForFiles);
  const drawn = shown.map((column) => ({
    column,
    texts: section.rows.map((row) => formatCell(row[column.key] ?? null, kindOf(column, row))),
  }));
  const columns = width === undefined ? drawn : fit(drawn, width);
  const head = section.isFacts ? [] : [columns.map(({ column }) => paint.header(column.label))];
  const body = section.rows.map((row, index) =>
    columns.map(({ column, texts }, at) => colour(texts[index] ?? '', row, column, paint, section.isFacts && at === 0)),
  );
  return [...title, ...layOut(columns, [...head, ...body])].join('\n');
}

/** Aligns rows in columns by what a terminal draws: emoji and CJK take two places, colours none. */
function layOut(columns: readonly DrawnColumn[], rows: readonly string[][]): string[] {
  const widths = columns.map((_, at) => rows.reduce((most, row) => Math.max(most, stringWidth(row[at] ?? '')), 0));
  const isRight = columns.map(({ column }) => isNumeric(column.kind));
  return rows.map((row) => {
    const cells = row.map((text, at) => {
      const padding = ' '.repeat((widths[at] ?? 0) - stringWidth(text));
      return isRight[at] ? padding + text : text + padding;
    });
    return cells.join(' '.repeat(GAP)).trimEnd();
  });
}

/** A row of facts says itself how its value is written. */
function kindOf(column: Column, row: Readonly<Record<string, Cell>>) {
  return column.key === 'value' && typeof row['kind'] === 'string' ? (row['kind'] as Column['kind']) : column.kind;
}

function colour(
  text: string,
  row: Readonly<Record<string, Cell>>,
  column: Column,
  paint: Paint,
  isName: boolean | undefined,
): string {
  if (isName) return paint.dim(text);
  const kind = kindOf(column, row);
  const value = row[column.key];
  if (kind === 'series') return paint.accent(text);
  if ((kind === 'delta' || kind === 'delta-percent') && typeof value === 'number' && value !== 0) {
    return value > 0 ? paint.good(text) : paint.bad(text);
  }
  return text;
}

interface DrawnColumn {
  column: Column;
  texts: string[];
}

/** Makes a line fit the terminal: leaves out the columns that matter least, then cuts the elastic one. */
function fit(drawn: DrawnColumn[], width: number): DrawnColumn[] {
  const widthOf = ({ column, texts }: DrawnColumn) =>
    column.isElastic ? MIN_ELASTIC : Math.max(column.label.length, ...texts.map((text) => text.length));
  const total = (columns: DrawnColumn[]) => columns.reduce((sum, each) => sum + widthOf(each) + GAP, -GAP);
  let columns = drawn;
  while (total(columns) > width) {
    const worst = Math.max(...columns.map(({ column }) => column.rank ?? 0));
    if (worst === 0) break;
    columns = columns.filter(({ column }) => (column.rank ?? 0) < worst);
  }
  const room = MIN_ELASTIC + Math.max(0, width - total(columns));
  return columns.map(({ column, texts }) => ({
    column,
    texts: column.isElastic ? texts.map((text) => truncate(text, room)) : texts,
  }));
}
