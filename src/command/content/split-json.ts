import type { ContentKind } from '../../store/content.ts';
import { LONGEST_ROW } from './raw-row.ts';
import { RowError } from './row-error.ts';

/** The text of one object of the file. */
export interface JsonPart {
  line: number;
  text: string;
  kind?: ContentKind;
}

const SWITCH = String.raw`\],"(?:videos|clips)":\[`;
const START = String.raw`\{"(?:videos|clips)":\[(?:${SWITCH})*`;

/** What may stand before, between and after the objects, without its blanks. */
const SHAPES = {
  list: { first: /^\[$/, between: /^,$/, last: /^\]$/, empty: /^\[\]$/ },
  lists: {
    first: new RegExp(`^${START}$`),
    between: new RegExp(`^(?:,|(?:${SWITCH})+)$`),
    last: new RegExp(String.raw`^(?:${SWITCH})*\]\}$`),
    empty: new RegExp(String.raw`^${START}\]\}$`),
  },
  lines: { first: /^$/, between: /^$/, last: /^$/, empty: /^$/ },
};

/** Longer than anything that may stand between two objects. */
const LONGEST_GLUE = 200;

/**
 * Cuts a JSON file into its objects without holding it in memory: a list of objects, `{"videos": […], "clips": […]}`, or
 * one object after the other (JSON Lines). What is inside of an object is not judged here.
 */
export async function* splitJson(chunks: AsyncIterable<string>): AsyncGenerator<JsonPart> {
  let shape: (typeof SHAPES)[keyof typeof SHAPES] | undefined;
  let kind: ContentKind | undefined;
  let [line, startLine, count] = [1, 1, 0];
  let glue = '';
  let [depth, isInString, isEscaped] = [0, false, false];
  let text = '';

  const check = (wanted: RegExp) => {
    if (!wanted.test(glue))
      throw new RowError(
        line,
        `is no list of JSON objects: there is ${glue === '' ? 'something missing' : `\`${glue.slice(0, 40)}\``} between them.`,
      );
    const list = /.*"(videos|clips)"/.exec(glue)?.[1];
    if (list !== undefined) kind = list === 'videos' ? 'video' : 'clip';
    glue = '';
  };

  for await (const chunk of chunks) {
    shape ??= shapeOf(chunk);
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const char = chunk[at] as string;
      if (char === '\n') line++;
      if (depth === 0) {
        const isObject = char === '{' && !(shape === SHAPES.lists && count === 0 && glue === '');
        if (!isObject) {
          if (!' \t\n\r'.includes(char)) glue += char;
          if (glue.length > LONGEST_GLUE) check(/^$/);
          continue;
        }
        check(count === 0 ? shape.first : shape.between);
        [start, startLine, depth] = [at, line, 1];
        count++;
      } else if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (char === '\\') isEscaped = true;
        else if (char === '"') isInString = false;
      } else if (char === '"') isInString = true;
      else if (char === '{' || char === '[') depth++;
      else if ((char === '}' || char === ']') && --depth === 0) {
        yield { line: startLine, text: text + chunk.slice(start, at + 1), ...(kind && { kind }) };
        text = '';
      }
    }
    if (depth > 0) text += chunk.slice(start);
    if (text.length > LONGEST_ROW) break;
  }
  if (depth > 0) throw new RowError(startLine, 'the object that begins here is never closed.');
  if (shape) check(count === 0 ? shape.empty : shape.last);
}

function shapeOf(text: string) {
  if (/^\s*\[/.test(text)) return SHAPES.list;
  return /^\s*\{\s*"(videos|clips)"\s*:\s*\[/.test(text) ? SHAPES.lists : SHAPES.lines;
}
