import { wholeNumber } from '../core/option.ts';
import type { Report } from '../report/report.ts';
import type { Context } from '../context.ts';

/** What a parameter may hold. */
export type ParameterKind =
  | { kind: 'whole'; least: number; most: number }
  | { kind: 'choice'; choices: readonly string[] }
  | { kind: 'text' }
  | { kind: 'day' }
  | { kind: 'number' }
  | { kind: 'switch' };

/** Something that a question can be given: a flag of the command line, a parameter of the API. */
export interface Parameter {
  /** With dashes: `min-views` is `--min-views`, and `min_views` in a URL. */
  name: string;
  /** What stands for its value in the help: `n`. */
  value: string;
  summary: string;
  type: ParameterKind;
  /** What holds when it is left out. */
  fallback?: string | number;
  /** The same in words, where it depends. */
  fallbackText?: string;
  /** Reads it as somebody wrote it. @throws UsageError. */
  read(text: string): unknown;
}

/** A question as the command line and the API know it. Its code is loaded when it is asked. */
export interface QuestionEntry {
  summary: string;
  parameters: readonly Parameter[];
  /** What may stand behind its name on the command line. */
  targets?: readonly string[];
  isDefault?: boolean;
  load: () => Promise<(context: Context, options: object, target: readonly string[]) => Promise<Report>>;
}

/** A whole number within bounds. */
export function whole(
  name: string,
  summary: string,
  [least, most]: readonly [number, number],
  fallback?: number | string,
): Parameter {
  const type = { kind: 'whole', least, most } as const;
  const read = wholeNumber(`--${name}`, least, most);
  if (typeof fallback === 'string') return { name, value: 'n', summary, type, fallbackText: fallback, read };
  return { name, value: 'n', summary, type, ...(fallback !== undefined && { fallback }), read };
}

/** One of some words. */
export function choice(
  name: string,
  value: string,
  summary: string,
  choices: readonly string[],
  standard: { fallback?: string; fallbackText?: string } = {},
): Parameter {
  return { name, value, summary, type: { kind: 'choice', choices }, ...standard, read: (text) => text };
}

/** Text that is read by a function of its own. */
export function written(
  name: string,
  value: string,
  summary: string,
  read: (text: string) => unknown = (given) => given,
  kind: 'text' | 'day' | 'number' = 'text',
): Parameter {
  return { name, value, summary, type: { kind }, read };
}

/** The name under which a parameter's value is handed over: `min-views` is `minViews`. */
export function optionName({ name }: Parameter): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
