/** Strings are matched first so that digits inside them are left alone; then bare integers too long for a double. */
const STRING_OR_LONG_INTEGER = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
const MAX_DEPTH = 64;

/**
 * Parses JSON so that long integers survive: ids above 2^53 come back as strings with all their digits.
 * @returns undefined for anything that is not JSON, or that is nested deeper than any API has a reason to.
 */
export function parseJson(text: string): unknown {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (isTooDeep(body)) return undefined;
  const quoted = /\d{16}/.test(body)
    ? body.replace(STRING_OR_LONG_INTEGER, (match) => (match.startsWith('"') ? match : `"${match}"`))
    : body;
  try {
    return JSON.parse(quoted) as unknown;
  } catch {
    return undefined;
  }
}

/** Looks before parsing: a few megabytes of brackets parse, and then break whoever walks the result. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '[' || char === '{') {
      if (++depth > MAX_DEPTH) return true;
    } else if (char === ']' || char === '}') depth--;
  }
  return false;
}
