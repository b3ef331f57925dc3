const BLOCKS = new Set(['p', 'div', 'blockquote', 'pre', 'ul', 'ol', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/**
 * Reads the HTML of a post as the text that a reader sees: paragraphs with a blank line between, `<br>` as a line break,
 * links with the parts of their address that Mastodon only hides. Takes one pass, however broken the HTML is.
 */
export function htmlToText(html: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open === -1) break;
    parts.push(readText(html.slice(at, open)));
    if (!/^<[a-z/!?]/i.test(html.slice(open, open + 2))) {
      parts.push('<');
      at = open + 1;
      continue;
    }
    const { name, end } = readTag(html, open);
    parts.push(breakOf(name, html[open + 1] === '/'));
    at = end;
  }
  parts.push(readText(html.slice(at)));
  const lines = parts.join('').split('\n');
  return lines
    .map((line) => line.replace(/ {2,}/g, ' ').trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The tag that opens there, and where what follows it begins: behind its content if that is not to be read. */
function readTag(html: string, open: number): { name: string; end: number } {
  if (html.startsWith('<!--', open)) return { name: '', end: behind(html, '-->', open + 4) };
  const end = behind(html, '>', open);
  const name = /^<\/?([a-z][a-z0-9]{0,15})/i.exec(html.slice(open, open + 20))?.[1]?.toLowerCase() ?? '';
  if (name !== 'script' && name !== 'style') return { name, end };
  if (html[open + 1] === '/') return { name, end };
  const closing = /<\/(?:script|style)/gi;
  closing.lastIndex = end;
  return { name, end: closing.exec(html)?.index ?? html.length };
}

function behind(html: string, mark: string, from: number): number {
  const at = html.indexOf(mark, from);
  return at === -1 ? html.length : at + mark.length;
}

function breakOf(name: string, isClosing: boolean): string {
  if (BLOCKS.has(name)) return '\n\n';
  return name === 'br' || (name === 'li' && !isClosing) ? '\n' : '';
}

/** Text between tags: its white space is one space, its entities are characters, decoded once. */
function readText(text: string): string {
  return text
    .replace(/[ \t\r\n\f]+/g, ' ')
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, (entity, decimal, hex, name) => {
      if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? entity;
      return fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
    });
}

/** Control characters say nothing to a reader, and something to a terminal. */
function fromCodePoint(code: number): string {
  if (code === 9 || code === 10 || code === 0xa0) return code === 10 ? '\n' : ' ';
  if (code < 32 || (code >= 127 && code < 160)) return '';
  return code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff) ? '\ufffd' : String.fromCodePoint(code);
}
