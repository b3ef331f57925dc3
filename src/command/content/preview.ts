import type { ContentItem } from '../../store/content.ts';
import type { Column, Report, Section } from '../../report/report.ts';
import { FIELDS, nearestField } from './columns.ts';
import type { Check } from './check.ts';
import { namedCounts } from './write.ts';

const LABELS: Record<keyof ContentItem, Omit<Column, 'key'>> = {
  id: { label: 'Id', kind: 'id' },
  video_id: { label: 'Part of', kind: 'id' },
  title: { label: 'Title', kind: 'text', isElastic: true },
  description: { label: 'Description', kind: 'text', rank: 3 },
  hashtags: { label: 'Hashtags', kind: 'text', rank: 2 },
  duration: { label: 'Seconds', kind: 'count' },
  published_at: { label: 'Published', kind: 'instant' },
  url: { label: 'URL', kind: 'text', rank: 1 },
};
/** Longer text is cut: the preview shows that a column is the right one. */
const SHOWN = 60;
const UNUSED_SHOWN = 10;

interface Answer {
  file: string;
  isDryRun: boolean;
  check: Check;
  counts: Check['counts'];
}

/** What was imported, or would be. */
export function reportImport({ file, isDryRun, check, counts }: Answer): Report {
  const { reading } = check;
  return {
    command: 'content import',
    data: {
      file,
      format: reading.format,
      dry_run: isDryRun,
      columns: Object.fromEntries(reading.columns),
      unused_columns: [...reading.unused],
      ...namedCounts(counts),
      repeated: reading.repeated,
      ...(isDryRun && {
        first_rows: check.first.map(({ kind, line, comparison: { item, outcome } }) => ({
          line,
          kind,
          outcome,
          ...item,
        })),
      }),
    },
    warnings: remarks(check),
    sections: isDryRun ? previewSections(check) : [countsSection(counts)],
  };
}

/** The first rows as they are understood, which column is what, and what importing would do. */
function previewSections({ reading, first, counts }: Check): Section[] {
  const fields = FIELDS.filter((field) => reading.columns.has(field));
  const shown = fields.filter((field) => field !== 'type');
  return [
    {
      title: 'First rows',
      columns: [
        { key: 'line', label: 'Line', kind: 'id' },
        { key: 'outcome', label: 'Would be', kind: 'text' },
        { key: 'kind', label: 'Kind', kind: 'text' },
        ...shown.map((field) => ({ key: field, ...LABELS[field] })),
      ],
      rows: first.map(({ kind, line, comparison: { item, outcome } }) => ({
        ...item,
        description: cut(item.description),
        hashtags: cut(item.hashtags),
        line: String(line),
        kind,
        outcome,
      })),
      empty: 'there are no rows in it',
    },
    {
      title: 'Columns',
      columns: [
        { key: 'field', label: 'Field', kind: 'text' },
        { key: 'column', label: 'is taken from', kind: 'text' },
      ],
      rows: fields.map((field) => ({ field, column: reading.columns.get(field) as string })),
    },
    countsSection(counts),
  ];
}

function countsSection(counts: Check['counts']): Section {
  const rows = Object.entries(namedCounts(counts)).map(([kind, count]) => ({ kind, ...count }));
  return {
    title: 'Rows',
    columns: [
      { key: 'kind', label: 'Kind', kind: 'text' },
      { key: 'new', label: 'New', kind: 'count' },
      { key: 'changed', label: 'Changed', kind: 'count' },
      { key: 'unchanged', label: 'Unchanged', kind: 'count' },
    ],
    rows: rows.filter(({ new: added, changed, unchanged }) => added + changed + unchanged > 0),
    empty: 'there are no rows in it',
  };
}

/** What the reader should know about how the file was read. */
function remarks({ reading }: Check): string[] {
  const unused = [...reading.unused].map((column) => {
    const field = nearestField(column);
    if (field === undefined) return `"${cut(column)}"`;
    const taken = reading.columns.get(field);
    const near =
      taken === undefined ? `did you mean ${field}? --map "${field}=${column}"` : `${field} is taken from "${taken}"`;
    return `"${cut(column)}" (${near})`;
  });
  const more = unused.length > UNUSED_SHOWN ? ` and ${unused.length - UNUSED_SHOWN} more` : '';
  return [
    ...(unused.length > 0
      ? [`nothing is taken from the columns ${unused.slice(0, UNUSED_SHOWN).join(', ')}${more}`]
      : []),
    ...(reading.hasDays ? ['a published day without a time counts as midnight UTC'] : []),
    ...(reading.repeated > 0 ? [`${reading.repeated} rows only repeat earlier ones`] : []),
  ];
}

function cut<Text extends string | null>(text: Text): string | Text {
  return text !== null && text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
