import { escapeMarkdown } from './escape-markdown.ts';
import { formatCell, isNumeric } from './format.ts';
import type { Column, Renderer, Section } from './report.ts';

/** Writes a report as GitHub-flavoured Markdown tables. */
export const renderMarkdown: Renderer = (report) => {
  const parts = report.sections.map(renderSection);
  if (report.title) parts.unshift(`# ${escapeMarkdown(report.title)}`);
  return `${parts.join('\n\n')}\n`;
};

function renderSection(section: Section): string {
  const title = section.title === undefined ? [] : [`## ${escapeMarkdown(section.title)}`, ''];
  if (section.rows.length === 0) return [...title, `_${section.empty ?? 'nothing yet'}_`].join('\n');
  const columns = section.columns.filter(({ isForFiles }) => !isForFiles);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const head = line(columns.map(({ label }) => escapeMarkdown(label)));
  const rule = line(columns.map(({ kind }) => (isNumeric(kind) ? '---:' : '---')));
  const rows = section.rows.map((row) =>
    line(
      columns.map((column) => {
        const kind =
          column.key === 'value' && typeof row['kind'] === 'string' ? (row['kind'] as Column['kind']) : column.kind;
        return escapeMarkdown(formatCell(row[column.key] ?? null, kind));
      }),
    ),
  );
  return [...title, head, rule, ...rows].join('\n');
}
