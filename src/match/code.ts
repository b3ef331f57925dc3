import type { Content } from './content.ts';
import { labelOf } from './label.ts';
import { scanWords, withoutLinks } from './word.ts';

/** What stands in a caption and belongs to one content item alone. */
export interface CodeHit {
  owner: number;
  method: 'code' | 'hashtag';
  written: string;
  /** False for a hashtag of letters and an id like a word: others use it too, so it needs the title's words beside it. */
  isProof: boolean;
}

/** A word, with the sign of a hashtag before it if there is one. */
const RUNS = /#?[\p{L}\p{M}\p{N}_.-]+/gu;
/** A URL without its scheme, with a path or a query. */
const BARE_URLS = /(?<![\p{L}\p{N}_.-])[\p{L}\p{N}_.-]+\.\p{L}{2,}(?::\d+)?[/?]\S*/gu;
const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/;
const MIN_LENGTH = 4;

/** Collects the ids and hashtags that name one content item, and returns what finds them in a caption. */
export function createCodeFinder(content: readonly Content[]): (caption: string) => CodeHit[] {
  const codes = new Map<string, CodeHit | undefined>();
  const add = (text: string, hit: CodeHit) => {
    const known = codes.get(text);
    // Two content items, one code: it names neither. An id that is also its own hashtag stays an id.
    if (!codes.has(text)) codes.set(text, hit);
    else if (known?.owner !== hit.owner) codes.set(text, undefined);
  };
  content.forEach(({ id }, owner) => {
    if (isCode(id)) add(normalize(id), { owner, method: 'code', written: id, isProof: isProofAlone(normalize(id)) });
  });
  content.forEach(({ hashtags }, owner) => {
    for (const tag of hashtags) {
      const text = normalize(tag.replace(/^[#＃]/, ''));
      if (text.length >= MIN_LENGTH)
        add(`#${text}`, { owner, method: 'hashtag', written: `#${text}`, isProof: isSerial(text) });
    }
  });
  dropWordsOfOthers(content, codes);
  return (caption) => {
    const hits = new Map<number, CodeHit>();
    const text = stripLinks(normalize(caption));
    for (const piece of text.split(/\s+/)) {
      // Every code is a hashtag or has a digit, which most words have not.
      if (!/[#\d]/.test(piece)) continue;
      for (const run of piece.match(RUNS) ?? []) {
        const isTag = run.startsWith('#');
        const bare = trimEnd(isTag ? run.slice(1) : run);
        const hit = codes.get(bare) ?? (isTag ? codes.get(`#${bare}`) : undefined);
        if (hit && !hits.get(hit.owner)?.isProof) hits.set(hit.owner, hit);
      }
    }
    return [...hits.values()];
  };
}

/** A code that stands as a word in the title or description of another content item names neither. */
function dropWordsOfOthers(content: readonly Content[], codes: Map<string, CodeHit | undefined>): void {
  content.forEach(({ title, description }, owner) => {
    const text = normalize(`${title} ${description ?? ''}`);
    for (const run of text.match(RUNS) ?? [])
      for (const key of [run.replace(/^#/, ''), `#${run.replace(/^#/, '')}`]) {
        const hit = codes.get(key);
        if (hit && hit.owner !== owner) codes.set(key, undefined);
      }
  });
}

/** True for an id that nobody writes by chance: not a year, a short number, or "part2", "day100", "top10". */
function isCode(id: string): boolean {
  if (id.length < MIN_LENGTH || !/\d/.test(id) || /\s/.test(id)) return false;
  if (/^[\d.-]+$/.test(id)) return /^\d{7,}$/.test(id) && !/^(?:19|20)\d{6}$/.test(id);
  const words = scanWords(id);
  const isCounted = words.length === 2 && words[1]?.isNumber && labelOf(words[0]?.text ?? '') !== undefined;
  return !isCounted && !/^\p{L}+[-_]?(?:\d{1,2}|(?:19|20)\d\d)$/u.test(id.replace(/^v?id/i, ''));
}

/** True for a hashtag such as "vid1234": letters and at least three digits that are no year. */
function isSerial(tag: string): boolean {
  return /^\p{L}+[-_]?\d{3,}$/u.test(tag) && !/(?<!\d)(?:19|20)\d\d$/.test(tag) && isCode(tag);
}

/** True for an id that is no word with a number in it, such as "iphone15pro": serial, long, or drawn by a machine. */
function isProofAlone(id: string): boolean {
  return isSerial(id) || /^\d{7,}$/.test(id) || UUID.test(id) || isRandom(id);
}

/** True for characters in no order: digits stand between the letters, and the letters make no word. */
function isRandom(id: string): boolean {
  if (!/^[\da-z]{8,}$/.test(id) || /[a-z]{5}/.test(id)) return false;
  const runs = id.match(/\d+/g) ?? [];
  return runs.join('').length >= 3 && runs.length >= (/^[\da-f]+$/.test(id) ? 2 : 3);
}

function stripLinks(text: string): string {
  // Most captions have none, and looking is cheap.
  if (!text.includes('@') && !text.includes('/') && !text.includes('www.') && !text.includes('?')) return text;
  return withoutLinks(text).replace(BARE_URLS, ' ');
}

/** Without the punctuation that ends a sentence. */
function trimEnd(run: string): string {
  let end = run.length;
  while (end > 0 && '._-'.includes(run[end - 1] as string)) end--;
  return end === run.length ? run : run.slice(0, end);
}

function normalize(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
