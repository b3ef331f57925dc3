import { createHash } from 'node:crypto';
import { safeText } from '../core/text.ts';
import { formatCell, isNumeric } from '../report/format.ts';
import type { Cell } from '../report/report.ts';
import type { Digest, DigestChart } from './digest.ts';
import { escapeHtml } from './escape.ts';
import { headline } from './headline.ts';
import { webLink } from '../core/web-link.ts';
import { otherSections } from './section.ts';
import { gainedSection } from './account-section.ts';
import { accountName, type DigestColumn, type DigestSection } from './column.ts';
import { STYLE } from './style.ts';
import { drawBars, drawLine } from './svg.ts';
import { tilesOf } from './tile.ts';
import { aboutDigest, digestTitle, nothingYet, SAMPLE_NOTE } from './title.ts';

/** The one style may apply and nothing may load or run, whatever a caption says. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** Writes a digest as one HTML file that loads nothing: charts are drawn in it, and no script is. */
export function renderHtmlDigest(digest: Digest): string {
  const title = plain(digestTitle(digest));
  const lead = hasContent(digest) ? headline(digest) : nothingYet(digest);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="generator" content="smstats">',
    `<title>${title}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    '<header>',
    `<h1>${title}</h1>`,
    ...(digest.is_sample ? [`<p class="sample">${plain(SAMPLE_NOTE)}</p>`] : []),
    `<p class="lead">${plain(lead)}</p>`,
    '</header>',
    ...(hasContent(digest) ? renderBody(digest) : []),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function hasContent(digest: Digest): boolean {
  return gainedSection(digest).length + otherSections(digest).length > 0;
}

function renderBody(digest: Digest): string[] {
  return [
    ...(digest.accounts.length > 0 ? [renderTiles(digest)] : []),
    ...gainedSection(digest).map(renderSection),
    ...renderCharts(digest),
    ...otherSections(digest).map(renderSection),
    `<footer><p>${plain(aboutDigest(digest))}</p></footer>`,
  ];
}

function renderTiles(digest: Digest): string {
  const tiles = tilesOf(digest).map(
    ({ label, value, note }) =>
      `<li class="tile"><span>${plain(label)}</span><b>${plain(value)}</b><span>${plain(note)}</span></li>`,
  );
  return `<ul class="tiles">${tiles.join('')}</ul>`;
}

function renderCharts(digest: Digest): string[] {
  const { charts, charts_left_out: left, period, before } = digest;
  const drawn = charts.map((chart, index) => renderChart(chart, index, digest)).filter((text) => text !== '');
  if (drawn.length === 0) return [];
  const rest = left > 0 ? ` ${left} more accounts are not drawn: these gained the most views.` : '';
  const note = `Reporting period: ${before.first} to ${period.last}; the days of this digest are shaded. A dot below is a day that is not known.${rest}`;
  return [
    `<section id="charts"><h2>Day by day</h2><p class="note">${plain(note)}</p><div class="charts">${drawn.join('')}</div></section>`,
  ];
}

function renderChart(chart: DigestChart, index: number, { period }: Digest): string {
  const name = `@${accountName(chart)} on ${chart.platform}`;
  const known = (points: DigestChart['views']) => points.filter(({ value }) => value !== null).length;
  const describe = (points: DigestChart['views'], what: string) =>
    safeText(
      `${what} of ${name}, ${points[0]?.day} to ${points.at(-1)?.day}; known on ${known(points)} of ${points.length} days.`,
    );
  const line = drawLine({
    id: `followers-${index}`,
    title: 'Followers',
    description: describe(chart.followers, 'Followers'),
    points: chart.followers,
    from: period.first,
  });
  const bars = drawBars({
    id: `views-${index}`,
    title: 'Views gained a day',
    description: describe(chart.views, 'Views gained a day'),
    points: chart.views,
    from: period.first,
  });
  return line + bars === '' ? '' : `<div><h3>${plain(name)}</h3>${line}${bars}</div>`;
}

function renderSection({ id, title, note, columns, rows }: DigestSection): string {
  const head = columns.map((column) => `<th scope="col"${classOf(column)}>${plain(column.label)}</th>`).join('');
  const body = rows.map((row) => `<tr>${columns.map((column) => renderCell(row, column)).join('')}</tr>`).join('\n');
  return [
    `<section id="${id}">`,
    `<h2>${plain(title)}</h2>`,
    ...(note === undefined ? [] : [`<p class="note">${plain(note)}</p>`]),
    `<table><thead><tr>${head}</tr></thead>`,
    `<tbody>${body}</tbody></table>`,
    '</section>',
  ].join('\n');
}

function renderCell(row: Readonly<Record<string, Cell>>, column: DigestColumn): string {
  const { key, kind, label, link } = column;
  const value = row[key] ?? null;
  const text = escapeHtml(formatCell(value, kind));
  const href = link === undefined ? null : webLink(row[link]);
  const shown =
    href === null ? text : `<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer">${text}</a>`;
  return `<td data-label="${plain(label)}"${classOf(column, value)}>${shown}</td>`;
}

function classOf({ key, kind, isElastic }: DigestColumn, value: Cell = null): string {
  const classes = [
    ...(isNumeric(kind) ? ['n'] : []),
    ...(kind === 'day' ? ['day'] : []),
    ...(isElastic ? ['long'] : []),
    ...(/_before$|^low$|^high$/.test(key) ? ['was'] : []),
    ...(kind.startsWith('delta') && typeof value === 'number' && value !== 0 ? [value > 0 ? 'up' : 'down'] : []),
  ];
  return classes.length === 0 ? '' : ` class="${classes.join(' ')}"`;
}

function plain(text: string): string {
  return escapeHtml(safeText(text));
}
