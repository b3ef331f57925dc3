import { stringify } from 'csv-stringify/sync';
import { isFormula } from './formula.ts';
import type { Cell, Renderer, Section } from './report.ts';

/** Writes the first table of a report as RFC 4180 with every field quoted; text that looks like a formula gets a `'`. */
export const renderCsv: Renderer = (report) => {
  const section = report.sections.find(({ isFacts }) => !isFacts) ?? report.sections[0];
  if (!section) return '';
  const rows = section.rows.map((row) => section.columns.map(({ key }) => csvCell(row[key] ?? null)));
  return stringify([headers(section), ...rows], { quoted: true, quoted_empty: false, record_delimiter: 'windows' });
};

function headers(section: Section): string[] {
  return section.columns.map(({ key }) => key);
}

function csvCell(value: Cell): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map((each: number | null) => each ?? '').join(' ');
  if (typeof value !== 'string') return String(value);
  return isFormula(value) ? `'${value}` : value;
}
