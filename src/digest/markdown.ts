import { safeText } from '../core/text.ts';
import { formatCell, isNumeric } from '../report/format.ts';
import type { Cell } from '../report/report.ts';
import type { Digest } from './digest.ts';
import { markdownTarget } from './escape.ts';
import { escapeMarkdown } from '../report/escape-markdown.ts';
import { headline } from './headline.ts';
import { webLink } from '../core/web-link.ts';
import { otherSections } from './section.ts';
import { gainedSection } from './account-section.ts';
import { type DigestColumn, type DigestSection } from './column.ts';
import { aboutDigest, digestTitle, nothingYet, SAMPLE_NOTE } from './title.ts';

/** Writes a digest as GitHub-flavoured Markdown. */
export function renderMarkdownDigest(digest: Digest): string {
  const parts = [`# ${plain(digestTitle(digest))}`];
  if (digest.is_sample) parts.push(`_${plain(SAMPLE_NOTE)}_`);
  const sections = [...gainedSection(digest), ...otherSections(digest)];
  if (sections.length === 0) parts.push(nothingYet(digest));
  else parts.push(`**${plain(headline(digest))}**`, ...sections.map(renderSection), plain(aboutDigest(digest)));
  return `${parts.join('\n\n')}\n`;
}

function renderSection({ title, note, columns, rows }: DigestSection): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `## ${plain(title)}`,
    '',
    ...(note === undefined ? [] : [plain(note), '']),
    line(columns.map(({ label }) => plain(label))),
    line(columns.map(({ kind }) => (isNumeric(kind) ? '---:' : '---'))),
    ...rows.map((row) => line(columns.map((column) => renderCell(row, column)))),
  ].join('\n');
}

function renderCell(row: Readonly<Record<string, Cell>>, { key, kind, link }: DigestColumn): string {
  const text = escapeMarkdown(formatCell(row[key] ?? null, kind));
  const href = link === undefined ? null : webLink(row[link]);
  return href === null ? text : `[${text}](${markdownTarget(href)})`;
}

function plain(text: string): string {
  return escapeMarkdown(safeText(text));
}
