import { isCommonWord } from './common-word.ts';
import { labelOf, monthOf } from './label.ts';
import type { Word } from './word.ts';

/** The numbers of a text by what they count. */
export interface Numbers {
  all: Set<string>;
  /** Episode, part, day, year, month …: these must agree. */
  labelled: Map<string, Set<string>>;
  /** By the word before or after: "Vlog 12", "5 mistakes". */
  beside: Map<string, Set<string>>;
}

/** How the numbers of a title and of a caption stand to each other. */
export interface NumberVerdict {
  /** "episode 12 here, 13 there": they cannot be the same. */
  readonly conflict: string | undefined;
  /** "episode 12 stands in both". */
  readonly agreement: string | undefined;
  /** "episode 12 stands in the title alone": perhaps another of the series. */
  readonly onesided: string | undefined;
  /** True when such a number is 2 or more: a first one often goes without its number, the others hardly ever. */
  readonly isLater: boolean;
}

type Verdict = { -readonly [key in keyof NumberVerdict]: NumberVerdict[key] };

const NOTHING: NumberVerdict = { conflict: undefined, agreement: undefined, onesided: undefined, isLater: false };

/** Counted from one, as in "the second part": a number before them is which one, not how many as in "7 days". */
const IN_ORDER = new Set(['episode', 'part', 'season', 'chapter', 'lesson', 'volume']);
const ORDINAL_ENDS = new Set(['st', 'nd', 'rd', 'th']);
/** "Tag 3 friends" is no German day. */
const PEOPLE = new Set([
  'friend',
  'people',
  'person',
  'mate',
  'buddy',
  'buddie',
  'freund',
  'freunde',
  'leute',
  'other',
]);

/** Reads the numbers of a text. */
export function readNumbers(words: readonly Word[]): Numbers {
  const numbers: Numbers = { all: new Set(), labelled: new Map(), beside: new Map() };
  words.forEach(({ text, isNumber }, at) => {
    const month = isNumber ? undefined : monthOf(text);
    if (month !== undefined) add(numbers.labelled, 'month', month);
    if (!isNumber) return;
    numbers.all.add(text);
    const before = words[at - 1];
    const after = words[at + 1];
    const label = (before && labelOf(before.text)) ?? labelAfter(words, at);
    if (label !== undefined && !PEOPLE.has(after?.text ?? '')) add(numbers.labelled, label, text);
    else if (/^(?:199|20[0-4])\d$/.test(text)) add(numbers.labelled, 'year', text);
    else
      for (const neighbour of [before, after])
        if (neighbour && !neighbour.isNumber && !isCommonWord(neighbour.text))
          add(numbers.beside, neighbour.text, text);
  });
  return numbers;
}

/** Compares the numbers of a title with those of a caption. */
export function compareNumbers(title: Numbers, caption: Numbers): NumberVerdict {
  if (title.labelled.size + caption.labelled.size + Math.min(title.beside.size, caption.beside.size) === 0)
    return NOTHING;
  const verdict: Verdict = { ...NOTHING };
  for (const [label, wanted] of title.labelled) {
    const found = caption.labelled.get(label);
    if (!found) addOneSided(verdict, label, wanted, 'title');
    else if (areDisjoint(wanted, found)) verdict.conflict ??= disagree(label, wanted, found);
    else verdict.agreement ??= `${name(label, wanted)} stands in both`;
  }
  for (const [label, found] of caption.labelled)
    // Captions name the year and the month of the day they were written on.
    if (isCounter(label) && !title.labelled.has(label)) addOneSided(verdict, label, found, 'caption');
  for (const [word, wanted] of title.beside) {
    const found = caption.beside.get(word);
    if (found && areDisjoint(wanted, found) && areDisjoint(wanted, caption.all))
      verdict.conflict ??= disagree(word, wanted, found);
  }
  return verdict;
}

/** A later number explains more than a first one. */
function addOneSided(verdict: Verdict, label: string, values: Set<string>, where: string): void {
  const isLater = isCounter(label) && [...values].some((value) => Number(value) >= 2);
  if (verdict.onesided === undefined || (isLater && !verdict.isLater))
    verdict.onesided = `${name(label, values)} stands in the ${where} alone`;
  verdict.isLater ||= isLater;
}

/** "2nd part", "segunda parte": the label behind the number. */
function labelAfter(words: readonly Word[], at: number): string | undefined {
  const after = words[at + 1];
  // "Part 2/3: volumes" has no third volume.
  if (words[at - 1]?.isNumber) return undefined;
  if (after && ORDINAL_ENDS.has(after.text)) return labelOf(words[at + 2]?.text ?? '');
  const label = after && labelOf(after.text);
  // "season 1 episode 2", "Day 3 part 1": the label belongs to the number that follows it.
  return label !== undefined && IN_ORDER.has(label) && !words[at + 2]?.isNumber ? label : undefined;
}

function isCounter(label: string): boolean {
  return label !== 'year' && label !== 'month';
}

function name(label: string, values: Set<string>): string {
  return `${label} ${[...values].join(', ')}`;
}

function disagree(label: string, wanted: Set<string>, found: Set<string>): string {
  return `${name(label, wanted)} in the title, ${[...found].join(', ')} here`;
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key);
  if (values) values.add(value);
  else map.set(key, new Set([value]));
}

function areDisjoint(a: Set<string>, b: Set<string>): boolean {
  return [...a].every((value) => !b.has(value));
}
