import { UsageError } from '../../core/errors.ts';
import { nearest } from '../../core/text.ts';
import { RowError } from './row-error.ts';

/** What a row may say of a video or a clip, in the order of the preview. */
export const FIELDS = [
  'type',
  'id',
  'video_id',
  'title',
  'description',
  'hashtags',
  'duration',
  'published_at',
  'url',
] as const;
export type Field = (typeof FIELDS)[number];

/** The names that a field goes by, without blanks and punctuation. Where a file has two of them, the first one counts. */
const NAMES: Record<Field, readonly string[]> = {
  type: ['type', 'kind', 'contenttype'],
  id: ['id', 'contentid', 'clipid', 'identifier'],
  video_id: ['videoid', 'parentvideoid', 'parentid', 'parentvideo', 'parent', 'clipof'],
  title: ['title', 'name', 'videotitle', 'cliptitle', 'headline'],
  description: ['description', 'caption', 'text', 'desc', 'summary'],
  hashtags: ['hashtags', 'tags', 'hashtag', 'keywords'],
  duration: [
    'duration',
    'length',
    'durationseconds',
    'durationsec',
    'durations',
    'lengthseconds',
    'seconds',
    'runtime',
  ],
  published_at: [
    'publishedat',
    'published',
    'publishedon',
    'publishdate',
    'publicationdate',
    'date',
    'postedat',
    'releasedate',
    'uploaddate',
  ],
  url: ['url', 'link', 'videourl', 'permalink'],
};

/** Columns that `--map` names, by field; an empty name leaves the field out. */
export type Overrides = Partial<Record<Field, string>>;

/** Which column holds which field. */
export interface Mapping {
  /** Where the column of each field is. */
  at: ReadonlyMap<Field, number>;
  /** Columns that nothing is taken from. */
  unused: readonly string[];
}

/** A name as it is compared: without case, blanks and punctuation. */
function normalise(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Finds the column of each field by its name. @throws RowError when two columns have the same name. */
export function mapColumns(columns: readonly string[], overrides: Overrides, line: number): Mapping {
  const places = new Map<string, number[]>();
  for (const [index, column] of columns.entries()) {
    const name = normalise(column);
    const known = places.get(name);
    if (known) known.push(index);
    else places.set(name, [index]);
  }
  const at = new Map<Field, number>();
  for (const field of FIELDS) {
    const override = overrides[field];
    const names = override === undefined ? NAMES[field] : [normalise(override)];
    const name = override === '' ? undefined : names.find((each) => places.has(each));
    if (name === undefined) continue;
    const found = places.get(name) as number[];
    const exact = found.filter((index) => columns[index] === override);
    const [index = 0, another] = exact.length > 0 ? exact : found;
    if (another !== undefined) throw new RowError(line, `the column "${columns[another]}" is there twice.`);
    at.set(field, index);
  }
  const used = new Set(at.values());
  return { at, unused: columns.filter((column, index) => column.trim() !== '' && !used.has(index)) };
}

/** Reads `--map field=Column`, any number of them. */
export function readOverrides(pairs: readonly string[]): Overrides {
  const overrides: Overrides = {};
  for (const pair of pairs) {
    const [, name = '', column = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
    const field = FIELDS.find((each) => normalise(each) === normalise(name));
    if (!field) {
      const guess = nearest(name, FIELDS);
      throw new UsageError(
        `--map wants field=Column, not "${pair}".`,
        guess ? `did you mean --map ${guess}=${column}?` : `fields: ${FIELDS.join(', ')}`,
      );
    }
    overrides[field] = column.trim();
  }
  return overrides;
}

/** Says which column a field was looked for in vain, and what to do. */
export function missingColumn(field: Field, columns: readonly string[], overrides: Overrides): UsageError {
  const wanted = overrides[field];
  const named = columns.filter((column) => column.trim() !== '');
  const guess = wanted ? nearest(wanted, named) : guessColumn(field, named);
  const found = `columns: ${named.slice(0, 20).join(', ')}${named.length > 20 ? ', …' : ''}`;
  return new UsageError(
    wanted
      ? `There is no column "${wanted}" for ${field}.`
      : `There is no column for ${field}; the first line must name the columns.`,
    `${guess === undefined ? `--map ${field}=<column>` : `did you mean --map "${field}=${guess}"?`} (${found})`,
  );
}

/** The column that most likely holds a field: a mistyped name, or for an id the `video_id` of a list of videos. */
function guessColumn(field: Field, columns: readonly string[]): string | undefined {
  const near = columns.find((column) => nearest(normalise(column), NAMES[field]) !== undefined);
  return near ?? (field === 'id' ? columns.find((column) => normalise(column) === 'videoid') : undefined);
}

/** The field whose name is nearest to that of a column. */
export function nearestField(column: string): Field | undefined {
  const name = nearest(normalise(column), Object.values(NAMES).flat());
  return name === undefined ? undefined : FIELDS.find((field) => NAMES[field].includes(name));
}
