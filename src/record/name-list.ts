const MOST_NAMES = 1000;

/**
 * Reads a list of names: an array, JSON, Python's `['USA', 'UK']`, or names between commas.
 * @param readName gives nothing for what is no name.
 * @returns JSON.
 */
export function readNameList(given: unknown, readName: (name: unknown) => string | undefined): string | undefined {
  const list = typeof given === 'string' ? parseNames(given) : given;
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_NAMES) return undefined;
  const names = list.map((name: unknown) => readName(typeof name === 'string' ? name.trim() : name));
  return names.every((name) => name !== undefined) ? JSON.stringify(names) : undefined;
}

const QUOTED = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,|$)/sy;

function parseNames(text: string): string[] | undefined {
  const inside = /^\[(.*)\]$/s.exec(text)?.[1];
  if (inside === undefined) return /^\[|\]$/.test(text) ? undefined : text.split(',');
  const names: string[] = [];
  QUOTED.lastIndex = 0;
  while (QUOTED.lastIndex < inside.length) {
    const match = QUOTED.exec(inside);
    if (!match) return undefined;
    names.push(unescapeText(match[1] ?? match[2] ?? ''));
    if (match[3] === '') return names;
  }
  return names;
}

/** The escapes that JSON and Python share. */
function unescapeText(text: string): string {
  return text.replace(/\\u([0-9a-f]{4})|\\(.)/gis, (_, code: string | undefined, char: string) =>
    code === undefined
      ? (({ n: '\n', t: '\t' } as Record<string, string>)[char] ?? char)
      : String.fromCharCode(parseInt(code, 16)),
  );
}
