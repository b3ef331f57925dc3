import { isCommonWord } from './common-word.ts';
import { labelOf, spellCounters } from './label.ts';
import { numberOfRoman, numberOfWord, plainNumber } from './number-word.ts';

/** One word of a text, folded so that equal words are equal: case, accents, width, plural s, label words. */
export interface Word {
  text: string;
  isNumber: boolean;
}

const URLS = /https?:\/\/\S+|www\.\S+/gi;
const MENTIONS = /(?<![\p{L}\p{N}_])@[\p{L}\p{N}_.-]+/gu;
const HASHTAGS = /[#＃]([\p{L}\p{M}\p{N}_]+)/gu;
const SEASON_EPISODE = /\bS(\d{1,2})\s?E(\d{1,3})\b/gi;
const OF_PARTS = /\((\d{1,2})\/\d{1,2}\)/g;
// Vowel marks of Arabic and its stretched line, and the accents of Latin, Greek and Cyrillic.
const MARKS = /[\u0300-\u036f\u064b-\u065f\u0640]/g;
const PIECES = /\d+(?:[.,]\d+)*|[\p{L}\p{M}]+/gu;
const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;
const UNSPACED_RUN = /[\u3040-\u30ff\u3400-\u9fff々]+|[\uac00-\ud7af]+|[^\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af々]+/gu;
const NUMBER_SIGNS = new Set(['no', 'nr', 'num', 'numero']);

/**
 * The words of a text in order. URLs, mentions, emoji and punctuation fall away, hashtags become their words, scripts
 * without spaces become pairs of neighbouring characters. Linear in the length of the text.
 */
export function scanWords(text: string): Word[] {
  const words: Word[] = [];
  const raw = fold(text).match(PIECES) ?? [];
  for (let at = 0; at < raw.length; at++) {
    const piece = raw[at] as string;
    const before = words.at(-1)?.text ?? '';
    if (isDigits(piece)) words.push({ text: plainNumber(piece), isNumber: true });
    else if (UNSPACED.test(piece)) addUnspaced(piece, words);
    else {
      const word = stem(piece.toLowerCase());
      const follows = labelOf(before) !== undefined;
      const number =
        numberOfWord(word, () => follows || labelOf((raw[at + 1] ?? '').toLowerCase()) !== undefined) ??
        numberOfRoman(piece, follows);
      if (number !== undefined) words.push({ text: number, isNumber: true });
      else if (!NUMBER_SIGNS.has(word) || !isDigits(raw[at + 1] ?? ''))
        words.push({ text: labelOf(word) ?? word, isNumber: false });
    }
  }
  return words;
}

/** The distinct words that carry meaning of their own. "New video" has none, and matches nothing by its words. */
export function tokensOf(words: readonly Word[]): Set<string> {
  return new Set(words.map(({ text }) => text).filter((text) => !isCommonWord(text)));
}

/** Without URLs and mentions: what stands in them is no word of the caption. */
export function withoutLinks(text: string): string {
  return text.replace(URLS, ' ').replace(MENTIONS, ' ');
}

function fold(text: string): string {
  const split = withoutLinks(text).replace(HASHTAGS, (_, tag: string) => ` ${splitTag(tag)} `);
  // oxlint-disable-next-line no-control-regex -- the range of ASCII
  const isPlain = /^[\u0000-\u007f]*$/.test(split);
  const folded = isPlain ? split : foldUnicode(split);
  return folded.replace(SEASON_EPISODE, ' season $1 episode $2 ').replace(OF_PARTS, ' part $1 ');
}

function foldUnicode(text: string): string {
  const composed = text.normalize('NFKD').replace(MARKS, '').normalize('NFC').replaceAll('ß', 'ss');
  const digits = composed.replace(/[٠-٩۰-۹]/g, (digit) => String((digit.charCodeAt(0) - 0x660) % 16));
  return UNSPACED.test(digits) ? spellCounters(digits) : digits;
}

/** "OnePotPasta" is one, pot, pasta, and itself, because others write it small. */
function splitTag(tag: string): string {
  const parts = tag.replaceAll('_', ' ').replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ');
  return parts === tag ? tag : `${parts} ${tag.replaceAll('_', '')}`;
}

/** Takes the plural s from a Latin word and the article from an Arabic one: enough for "recipe" to meet "recipes". */
function stem(word: string): string {
  if (word.length > 3 && word.endsWith('s') && !word.endsWith('ss')) return word.slice(0, -1);
  return word.length > 4 && word.startsWith('ال') ? word.slice(2) : word;
}

function addUnspaced(piece: string, words: Word[]): void {
  for (const run of piece.match(UNSPACED_RUN) ?? []) {
    if (!UNSPACED.test(run)) words.push({ text: run.toLowerCase(), isNumber: false });
    else if (run.length === 1) words.push({ text: run, isNumber: false });
    else for (let at = 0; at + 1 < run.length; at++) words.push({ text: run.slice(at, at + 2), isNumber: false });
  }
}

function isDigits(piece: string): boolean {
  const code = piece.charCodeAt(0);
  return code >= 48 && code <= 57;
}
