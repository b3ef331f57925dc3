const MAX_DEPTH = 64;
/** Sixteen digits may be above 2^53, where doubles no longer hold every integer. */
const LONG = 16;
const [QUOTE, BACKSLASH, MINUS] = [0x22, 0x5c, 0x2d];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Parses JSON so that long integers survive: ids above 2^53 come back as strings with all their digits.
 * @returns undefined for anything that is not JSON, or that is nested deeper than any API has a reason to.
 */
export function parseJson(text: string): unknown {
  const body = quoteLongIntegers(text.startsWith('\ufeff') ? text.slice(1) : text);
  if (body === undefined) return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Puts quotes around bare integers that a double could not hold; strings and all other numbers are left alone. One pass
 * and no regular expression: a hostile body must cost no more than its length.
 * @returns undefined when nested too deep: a few megabytes of brackets parse, and then break whoever walks the result.
 */
function quoteLongIntegers(text: string): string | undefined {
  const parts: string[] = [];
  let kept = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      at = skipString(text, at);
    } else if (char === OPEN_BRACKET || char === OPEN_BRACE) {
      if (++depth > MAX_DEPTH) return undefined;
    } else if (char === CLOSE_BRACKET || char === CLOSE_BRACE) {
      depth--;
    } else if (char === MINUS || isDigit(char)) {
      const digits = char === MINUS ? at + 1 : at;
      const end = skipDigits(text, digits);
      const after = skipNumber(text, end);
      if (after === end && end - digits >= LONG && text[digits] !== '0') {
        parts.push(text.slice(kept, at), '"', text.slice(at, end), '"');
        kept = end;
      }
      at = after - 1;
    }
  }
  return kept === 0 ? text : parts.join('') + text.slice(kept);
}

/** The index of the quote that closes the string, or one behind the text when none does. */
function skipString(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) break;
    if (char === BACKSLASH) at++;
  }
  return at;
}

function skipDigits(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

/** Skips the fraction and the exponent of a number. */
function skipNumber(text: string, start: number): number {
  let at = start;
  while (at < text.length && '0123456789.eE+-'.includes(text.charAt(at))) at++;
  return at;
}

function isDigit(char: number): boolean {
  return char >= 0x30 && char <= 0x39;
}
