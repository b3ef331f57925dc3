import { redactShapes, type Redact } from '../core/redact.ts';
import { safeText } from '../core/text.ts';

const LONGEST = 200;

/**
 * What a receiver said, to stand behind a sentence: redacted whole before it is cut, or half a secret would be left.
 * @returns ` (…)`, and nothing when it said nothing
 */
export function quote(said: string, redact: Redact): string {
  const text = safeText(redactShapes(redact(said.trim()))).trim();
  if (text === '') return '';
  return ` (${text.length > LONGEST ? `${text.slice(0, LONGEST - 1).toWellFormed()}…` : text})`;
}
