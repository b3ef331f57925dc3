/**
 * Characters that move the cursor, recolour, hide or reorder text: C0, DEL, C1, bidi controls, line separators, BOM,
 * invisible tags. `util.stripVTControlCharacters` leaves most of them.
 */
// oxlint-disable-next-line no-control-regex -- these are exactly the characters to catch
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** Makes text from outside safe to print: control characters become visible `\u{..}`, line breaks and tabs a space. */
export function safeText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n|[\n\t]/g, ' ')
    .replace(UNSAFE, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** Like `safeText`, for text of several lines: the line breaks stay. */
export function safeLines(text: string): string {
  return text.split('\n').map(safeText).join('\n');
}

/** The same characters in JSON text, as the escapes that mean them: the document says what it said before. */
export function safeJson(json: string): string {
  return json.replace(UNSAFE, (char) => (char === '\n' ? char : escapeUnits(char)));
}

function escapeUnits(char: string): string {
  return Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
    '',
  );
}

/** Makes text from outside safe to store: well-formed Unicode without NUL, which SQLite would cut at. */
export function storedText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

/** Graphemes that a terminal draws two columns wide: emoji, CJK, Hangul, full-width forms. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|.*\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])/su;

// Made on first use: it is slow to make, and most runs cut nothing.
let segmenter: Intl.Segmenter | undefined;

/** Shortens text to `width` columns of a terminal, between graphemes, with an ellipsis where something was cut. */
export function truncate(text: string, width: number): string {
  if (text.length * 2 <= width) return text;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  let used = 0;
  let cutAt = 0;
  for (const { segment, index } of segmenter.segment(text)) {
    used += WIDE.test(segment) ? 2 : 1;
    if (used <= width - 1) cutAt = index + segment.length;
    if (used > width) return `${text.slice(0, cutAt)}…`;
  }
  return text;
}

/** The candidate a mistyped word most likely meant, or nothing when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate);
    if (distance <= limit && distance < word.length && (!best || distance < best.distance))
      best = { candidate, distance };
  }
  return best?.candidate;
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swapped neighbours cost 1. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const above = rows[i - 1] as number[];
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((above[j] as number) + 1, (row[j - 1] as number) + 1, (above[j - 1] as number) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, ((rows[i - 2] as number[])[j - 2] as number) + 1);
      }
      row.push(value);
    }
    rows.push(row);
  }
  return (rows[a.length] as number[])[b.length] as number;
}

// Tags may follow each other without a space: "#fyp#foryou" is two.
// oxlint-disable-next-line no-misleading-character-class -- joiners are letters' glue in Persian and Indic tags
const HASHTAGS = /(?<![\p{L}\p{M}\p{N}_&/])(?:[#＃][\p{L}\p{M}\p{N}_\u200c\u200d·]+)+/gu;

/** A hashtag of a caption: the form it is stored and compared by, and as it was written. */
export interface Hashtag {
  /** Lower case, composed (NFC). */
  tag: string;
  written: string;
}

/** The hashtags of a caption in order of appearance, each once. A tag of digits alone is a number, not a hashtag. */
export function parseHashtags(caption: string): Hashtag[] {
  const found = new Map<string, Hashtag>();
  const runs = caption.normalize('NFC').match(HASHTAGS) ?? [];
  for (const written of runs.flatMap((run) => run.split(/[#＃]/))) {
    const tag = written.toLowerCase();
    if (/^[\p{N}_]*$/u.test(written) || found.has(tag)) continue;
    found.set(tag, { tag, written });
  }
  return [...found.values()];
}
