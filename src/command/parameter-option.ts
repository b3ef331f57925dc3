import { Option } from 'commander';
import type { Parameter } from '../question/parameter.ts';

/** A question's parameter as a flag. */
export function parameterOption({ name, value, summary, type, fallback, fallbackText, read }: Parameter): Option {
  const option = new Option(type.kind === 'switch' ? `--${name}` : `--${name} <${value}>`, summary);
  if (type.kind === 'choice') option.choices(type.choices);
  else if (type.kind !== 'switch') option.argParser(read);
  if (fallback !== undefined) option.default(fallback);
  else if (fallbackText !== undefined) option.default(undefined, fallbackText);
  return option;
}
