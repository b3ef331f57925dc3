import { safeText } from '../core/text.ts';
import { formatCell, isNumeric } from '../report/format.ts';
import type { Cell } from '../report/report.ts';
import type { Digest } from './digest.ts';
import { escapeHtml } from './escape.ts';
import { headline } from './headline.ts';
import { webLink } from '../core/web-link.ts';
import { otherSections } from './section.ts';
import { gainedSection } from './account-section.ts';
import { type DigestColumn, type DigestSection } from './column.ts';
import { tilesOf } from './tile.ts';
import { aboutDigest, digestTitle, nothingYet, SAMPLE_NOTE } from './title.ts';

/**
 * Writes a digest as the body of a mail: tables with their style on each element, for clients that drop `<style>` and
 * drawings. Colours are readable where a client turns them dark.
 */
export function renderMailDigest(digest: Digest): string {
  const sections = [...gainedSection(digest), ...otherSections(digest)];
  const parts =
    sections.length === 0
      ? [paragraph(nothingYet(digest), LEAD)]
      : [
          paragraph(headline(digest), LEAD),
          ...(digest.accounts.length > 0 ? [renderTiles(digest)] : []),
          ...sections.map(renderSection),
          paragraph(aboutDigest(digest), NOTE),
          ...(digest.charts.length > 0 ? [paragraph('The file attached has the same with charts.', NOTE)] : []),
        ];
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${plain(digestTitle(digest))}</title></head>`,
    `<body style="margin:0;padding:0;background-color:#ffffff">`,
    `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td style="padding:16px">`,
    `<h1 style="${FONT};font-size:22px;line-height:28px;color:#16202e;margin:0 0 12px">${plain(digestTitle(digest))}</h1>`,
    ...(digest.is_sample ? [paragraph(SAMPLE_NOTE, NOTE)] : []),
    ...parts,
    '</td></tr></table>',
    '</body></html>',
    '',
  ].join('\n');
}

const FONT = 'font-family:Arial,Helvetica,sans-serif';
const LEAD = `${FONT};font-size:16px;line-height:24px;color:#16202e;margin:0 0 16px`;
const NOTE = `${FONT};font-size:13px;line-height:19px;color:#5a6677;margin:0 0 10px`;
const HEAD = `${FONT};font-size:12px;line-height:16px;color:#5a6677;padding:4px 8px 4px 0;border-bottom:1px solid #dfe3ea;font-weight:normal`;
const CELL = `${FONT};font-size:14px;line-height:20px;color:#16202e;padding:6px 8px 6px 0;border-bottom:1px solid #dfe3ea`;
const NO_BREAK = ';white-space:nowrap';

function paragraph(text: string, style: string): string {
  return `<p style="${style}">${plain(text)}</p>`;
}

function renderTiles(digest: Digest): string {
  const cells = tilesOf(digest).map(
    ({ label, value, note }) =>
      `<td width="25%" valign="top" style="${FONT};padding:0 8px 16px 0;font-size:13px;line-height:19px;color:#5a6677">${plain(label)}<br><b style="font-size:20px;line-height:28px;color:#16202e">${plain(value)}</b><br>${plain(note)}</td>`,
  );
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>${cells.join('')}</tr></table>`;
}

function renderSection({ title, note, columns, rows }: DigestSection): string {
  const align = (kind: DigestColumn['kind']) => (isNumeric(kind) ? 'right' : 'left');
  const head = columns.map(
    ({ label, kind }) => `<th align="${align(kind)}" valign="bottom" style="${HEAD}">${plain(label)}</th>`,
  );
  const body = rows.map((row) => {
    const cells = columns.map(
      (column) =>
        `<td align="${align(column.kind)}" valign="top" style="${CELL}${isNumeric(column.kind) || column.kind === 'day' ? NO_BREAK : ''}">${renderCell(row, column)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return [
    `<h2 style="${FONT};font-size:17px;line-height:24px;color:#16202e;margin:20px 0 4px">${plain(title)}</h2>`,
    ...(note === undefined ? [] : [paragraph(note, NOTE)]),
    `<table width="100%" cellpadding="0" cellspacing="0" border="0"><tr>${head.join('')}</tr>`,
    `${body.join('\n')}</table>`,
  ].join('\n');
}

function renderCell(row: Readonly<Record<string, Cell>>, { key, kind, link }: DigestColumn): string {
  const text = escapeHtml(formatCell(row[key] ?? null, kind));
  const href = link === undefined ? null : webLink(row[link]);
  if (href === null) return text;
  return `<a href="${escapeHtml(href)}" rel="noopener noreferrer" style="color:#2257d6">${text}</a>`;
}

function plain(text: string): string {
  return escapeHtml(safeText(text));
}
