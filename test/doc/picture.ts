// Draws the terminal picture of the README from what the program really prints on the sample: npm run picture
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { main } from '../../src/main.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const COLOURS: Record<string, string> = { '31': '#ff7b72', '32': '#7ee787', '33': '#e3b341', '36': '#79c0ff' };
const FONT = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const COLUMN = 7.8;
const ESC = String.fromCodePoint(27);
const STYLE = new RegExp(`(${ESC}\\[[\\d;]*m)`, 'g');
const LINE = 18;
const MARGIN = 16;

interface Style {
  bold: boolean;
  dim: boolean;
  colour: string | undefined;
}

const home = mkdtempSync(join(tmpdir(), 'smstats-picture-'));
try {
  await run('init', '--sample', '--quiet');
  const printed = await run('report');
  writeFileSync(join(ROOT, '.github/report.svg'), drawSvg(['$ smstats report', ...printed.trimEnd().split('\n')]));
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** Runs the program as on a terminal of this width. */
async function run(...argv: string[]): Promise<string> {
  let printed = '';
  const never = new AbortController().signal;
  await main(argv, {
    env: { SMSTATS_HOME: home, SMSTATS_TIMEZONE: 'UTC' },
    stdin: () => process.stdin,
    stdout: { write: (text) => (printed += text), isTTY: true, columns: 132 },
    stderr: { write: () => {} },
    now: () => new Date(),
    version: '0.0.0',
    running: { execPath: '', script: '', version: '', modules: '' },
    program: 'smstats',
    stop: never,
    abort: never,
    onSignals: () => {},
  });
  return printed;
}

function drawSvg(lines: string[]): string {
  const plain = lines.map((line) => line.replaceAll(STYLE, ''));
  const width = Math.ceil(Math.max(...plain.map((line) => line.length)) * COLUMN + 2 * MARGIN);
  const height = lines.length * LINE + 2 * MARGIN;
  const rows = lines.map((line, index) => drawLine(line, MARGIN + (index + 0.75) * LINE));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="13">
<title>smstats report on the sample account</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g fill="#e6edf3" xml:space="preserve">
${rows.join('\n')}
</g>
</svg>
`;
}

/** Each run of one style starts at its own column, so that the table lines up in any font. */
function drawLine(line: string, y: number): string {
  let style: Style = { bold: false, dim: false, colour: undefined };
  let column = 0;
  const spans: string[] = [];
  for (const part of line.split(STYLE)) {
    const code = part.startsWith(ESC) ? part.slice(2, -1) : undefined;
    if (code !== undefined) style = nextStyle(style, code);
    else {
      for (const { 0: word, index } of part.matchAll(/\S+(?: \S+)*/g)) {
        const x = MARGIN + (column + index) * COLUMN;
        spans.push(`<tspan x="${x.toFixed(1)}"${attributes(style)}>${escapeXml(word)}</tspan>`);
      }
      column += part.length;
    }
  }
  return `<text y="${y.toFixed(1)}">${spans.join('')}</text>`;
}

function nextStyle(style: Style, code: string): Style {
  if (code === '1') return { ...style, bold: true };
  if (code === '2') return { ...style, dim: true };
  if (code === '22') return { ...style, bold: false, dim: false };
  if (code === '39') return { ...style, colour: undefined };
  return { ...style, colour: COLOURS[code] ?? style.colour };
}

function attributes({ bold, dim, colour }: Style): string {
  return `${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity="0.6"' : ''}${colour ? ` fill="${colour}"` : ''}`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
