import Table from 'cli-table3';
import { truncate } from '../core/text.ts';
import { formatCell, isNumeric } from './format.ts';
import type { Renderer } from './index.ts';
import type { Paint } from './paint.ts';
import type { Cell, Column, Section } from './report.ts';

const GAP = 2;
const MIN_ELASTIC = 12;
const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid']
    .concat(['mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((name) => [name, '']),
);

/** Writes a report for people: aligned columns, cut to the terminal's width and never when there is none. */
export const renderTable: Renderer = (report, { paint, width }) => {
  const parts = report.sections.map((section) => renderSection(section, paint, width));
  if (report.title) parts.unshift(paint.title(report.title));
  return `${parts.join('\n\n')}\n`;
};

function renderSection(section: Section, paint: Paint, width: number | undefined): string {
  const title = section.title === undefined ? [] : [paint.title(section.title)];
  if (section.rows.length === 0) return [...title, paint.dim(section.empty ?? 'nothing yet')].join('\n');
  const texts = section.rows.map((row) =>
    section.columns.map((column) => formatCell(row[column.key] ?? null, kindOf(column, row))),
  );
  const fitted = width === undefined ? texts : fit(section, texts, width);
  const table = new Table({
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] },
    colAligns: section.columns.map(({ kind }) => (isNumeric(kind) ? 'right' : 'left')),
    ...(section.isFacts ? {} : { head: section.columns.map(({ label }) => paint.header(label)) }),
  });
  fitted.forEach((cells, index) => {
    const row = section.rows[index] ?? {};
    table.push(
      cells.map((text, at) => colour(text, row, section.columns[at] as Column, paint, section.isFacts && at === 0)),
    );
  });
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return [...title, ...lines].join('\n');
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

/** Cuts the elastic column so that a line fits the terminal. */
function fit(section: Section, texts: string[][], width: number): string[][] {
  const elastic = section.columns.findIndex((column) => column.isElastic);
  if (elastic < 0) return texts;
  const others = section.columns.map((column, at) =>
    at === elastic ? 0 : Math.max(column.label.length, ...texts.map((row) => row[at]?.length ?? 0)),
  );
  const used = others.reduce((sum, each) => sum + each, 0) + GAP * section.columns.length;
  const room = Math.max(MIN_ELASTIC, width - used);
  return texts.map((row) => row.map((text, at) => (at === elastic ? truncate(text, room) : text)));
}
