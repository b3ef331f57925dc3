import { safeText } from '../core/text.ts';

/**
 * Makes text that others wrote one line that fits a receiver's limit, escapes included, and cuts between characters.
 * @param limit UTF-16 units, which are never fewer than what a receiver counts
 * @param escape what stands for a character there
 */
export function fit(
  text: string,
  limit: number,
  escape: (char: string, isFirst: boolean) => string = (char) => char,
): string {
  const parts: string[] = [];
  let length = 0;
  let cutAt = 0;
  // No more is looked at than can be kept, a line break in two characters included: the text may be long.
  for (const char of safeText(text.slice(0, 2 * limit + 2))) {
    const part = escape(char, parts.length === 0);
    length += part.length;
    if (length <= limit - 1) cutAt = parts.length + 1;
    if (length > limit) return `${parts.slice(0, cutAt).join('')}…`;
    parts.push(part);
  }
  return parts.join('');
}
