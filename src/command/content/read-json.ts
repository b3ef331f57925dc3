import type { RawRow } from './raw-row.ts';
import { RowError } from './row-error.ts';
import { splitJson } from './split-json.ts';

/** The rows of a JSON file: its objects. Numbers stay the text that they are, so that a long id keeps all its digits. */
export async function* readJson(text: AsyncIterable<string>): AsyncGenerator<RawRow> {
  let known: readonly string[] = [];
  let item = 0;
  for await (const part of splitJson(text)) {
    const place = { line: part.line, item: ++item };
    let object: Record<string, unknown>;
    try {
      object = JSON.parse(part.text) as Record<string, unknown>;
    } catch (error) {
      throw new RowError(place, `the object that begins here is no JSON: ${(error as Error).message}.`);
    }
    const members = listMembers(part.text);
    const columns = members.map(({ key }) => key);
    const seen = new Set<string>();
    const again = columns.find((key) => seen.size === seen.add(key).size);
    if (again !== undefined) throw new RowError(place, `the key "${again}" is there twice.`);
    // Objects of one shape share the list of their keys.
    if (columns.length !== known.length || columns.some((key, index) => key !== known[index])) known = columns;
    const cells = members.map(({ key, number }) => number ?? object[key]);
    yield { ...place, columns: known, cells, ...(part.kind && { kind: part.kind }) };
  }
}

interface Member {
  key: string;
  /** Its text when it is a number. */
  number: string | undefined;
}

const NUMBER = /-?\d[\d.eE+-]*/y;

/** The keys of an object as they stand, from text that is known to be good JSON. */
function listMembers(text: string): Member[] {
  const members: Member[] = [];
  const skip = (pattern: RegExp, from: number): number => {
    pattern.lastIndex = from;
    return pattern.test(text) ? pattern.lastIndex : from;
  };
  let depth = 0;
  let key: string | undefined;
  for (let at = 0; at < text.length;) {
    const char = text[at] as string;
    const end = char === '"' ? skipString(text, at) : skip(NUMBER, at);
    if (char === '"' && depth === 1 && key === undefined) {
      key = JSON.parse(text.slice(at, end)) as string;
      members.push({ key, number: undefined });
    } else if (end > at && char !== '"' && depth === 1) {
      // A copy: a slice would keep the whole text in memory for as long as somebody keeps the id.
      (members.at(-1) as Member).number = Buffer.from(text.slice(at, end)).toString('latin1');
    } else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (char === ',' && depth === 1) key = undefined;
    at = Math.max(end, at + 1);
  }
  return members;
}

/** The index behind the quote that closes the string. */
function skipString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    if (text[at] === '"') return at + 1;
    if (text[at] === '\\') at++;
  }
}
