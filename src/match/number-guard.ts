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
  conflict: string | undefined;
  /** "episode 12 stands in both". */
  agreement: string | undefined;
  /** "episode 12 stands in the title alone": perhaps another of the series. */
  onesided: string | undefined;
}

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
    const label = before && labelOf(before.text);
    if (label !== undefined) add(numbers.labelled, label, text);
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
  const verdict: NumberVerdict = { conflict: undefined, agreement: undefined, onesided: undefined };
  if (title.labelled.size + title.beside.size + caption.labelled.size === 0) return verdict;
  for (const [label, wanted] of title.labelled) {
    const found = caption.labelled.get(label);
    if (!found) verdict.onesided ??= `${name(label, wanted)} stands in the title alone`;
    else if (areDisjoint(wanted, found)) verdict.conflict ??= disagree(label, wanted, found);
    else verdict.agreement ??= `${name(label, wanted)} stands in both`;
  }
  for (const [label, found] of caption.labelled)
    // Captions name the year and the month of the day they were written on.
    if (label !== 'year' && label !== 'month' && !title.labelled.has(label))
      verdict.onesided ??= `${name(label, found)} stands in the caption alone`;
  for (const [word, wanted] of title.beside) {
    const found = caption.beside.get(word);
    if (found && areDisjoint(wanted, found) && areDisjoint(wanted, caption.all))
      verdict.conflict ??= disagree(word, wanted, found);
  }
  return verdict;
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
