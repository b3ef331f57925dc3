import type { ContentItem, ContentKind } from '../../store/content.ts';
import type { Field, Mapping } from './columns.ts';
import type { RawRow } from './raw-row.ts';
import { RowError } from './row-error.ts';
import { isDayOnly, readDuration, readHashtags, readId, readInstant, readText, ValueProblem } from './value.ts';

/** A video or a clip as a row tells it. `hasDay`: its date is a day alone. */
export interface Told {
  kind: ContentKind;
  item: ContentItem;
  hasDay: boolean;
}

/** Reads what a row says. @throws RowError naming the line, the column and the value that is wrong. */
export function readItem(row: RawRow, { at }: Mapping, areClips: boolean): Told {
  const read = <Value>(field: Field, parse: (text: string) => Value): Value | null => {
    const index = at.get(field);
    if (index === undefined) return null;
    const column = row.columns[index] as string;
    const cell = row.cells[index];
    const text = textOf(cell, field);
    if (text === undefined) throw new RowError(row, 'is no text.', { column, value: JSON.stringify(cell) });
    if (text === null || text.trim() === '') return null;
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof ValueProblem)) throw error;
      throw new RowError(row, error.message, { column, value: text.trim() });
    }
  };
  const require = (field: Field, value: string | null): string => {
    if (value !== null) return value;
    const index = at.get(field);
    const cell = index === undefined ? undefined : { column: row.columns[index] as string };
    throw new RowError(row, `the ${field} is missing.`, cell);
  };

  const id = require('id', read('id', readId));
  const parent = read('video_id', readId);
  const kind = kindOf(read('type', readKind), row, areClips, parent);
  let hasDay = false;
  const item: ContentItem = {
    id,
    video_id: parent,
    title: require('title', read('title', readText)),
    description: read('description', readText),
    hashtags: read('hashtags', readHashtags),
    duration: read('duration', readDuration),
    published_at: read('published_at', (text) => {
      hasDay = isDayOnly(text);
      return readInstant(text);
    }),
    url: read('url', readText),
  };
  return { kind, item, hasDay };
}

/** A cell as text; undefined for what is none: a list, an object, a yes or no. Hashtags may be a list. */
function textOf(cell: unknown, field: Field): string | null | undefined {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'string') return cell;
  const isTags = field === 'hashtags' && Array.isArray(cell) && cell.every((each) => typeof each === 'string');
  return isTags ? cell.join(' ') : undefined;
}

function readKind(text: string): ContentKind {
  const [, word] = /^(video|clip)s?$/i.exec(text.trim()) ?? [];
  if (word === undefined) throw new ValueProblem('is neither video nor clip.');
  return word.toLowerCase() as ContentKind;
}

/** A row with a parent is a clip. What else says what it is must say the same. */
function kindOf(said: ContentKind | null, row: RawRow, areClips: boolean, parent: string | null): ContentKind {
  const others: [ContentKind | undefined, string][] = [
    [said ?? undefined, 'its type'],
    [row.kind, 'the list it stands in'],
    [areClips ? 'clip' : undefined, '--clips'],
    [parent === null ? undefined : 'clip', 'the video it is a part of'],
  ];
  const [first, ...rest] = others.filter(([kind]) => kind !== undefined);
  if (!first) return 'video';
  const other = rest.find(([kind]) => kind !== first[0]);
  if (other) throw new RowError(row, `${first[1]} makes it a ${first[0]}, ${other[1]} a ${other[0]}.`);
  return first[0] as ContentKind;
}
