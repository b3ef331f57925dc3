import { compareContent, findMissingVideos, type Comparison, type ContentKind } from '../../store/content.ts';
import type { Store } from '../../store/open.ts';
import { inBatches, type Batch } from './batch.ts';
import { readItems, type Reading, type ReadOptions } from './read-items.ts';
import { brokenFile, RowError } from './row-error.ts';
import type { Source } from '../source.ts';

/** How many items of a kind are new, change something, or are stored just so. */
export type Counts = Record<Comparison['outcome'], number>;

/** What importing a file would do. */
export interface Check {
  /** Without the ids, which take memory. */
  reading: Omit<Reading, 'ids'>;
  counts: Record<ContentKind, Counts>;
  /** The first rows in the order of the file, as they are understood. */
  first: { kind: ContentKind; line: number; comparison: Comparison }[];
}

const FIRST = 5;
/** After so many broken rows the rest is not read. */
const PROBLEMS = 5;

/** No item of either kind yet. */
export function noCounts(): Record<ContentKind, Counts> {
  return { video: { new: 0, changed: 0, unchanged: 0 }, clip: { new: 0, changed: 0, unchanged: 0 } };
}

/**
 * Reads a whole file, judges every value and compares it with what is stored, without writing anything.
 * @throws SmstatsError naming the rows that are broken.
 */
export async function checkFile(
  db: Store['db'],
  source: Source,
  options: ReadOptions,
  onRows: (rows: number) => void,
): Promise<Check> {
  const { reading, rows } = readItems(source, options);
  const check: Check = { reading, counts: noCounts(), first: [] };
  const parents = new Map<string, number>();
  const problems: RowError[] = [];
  try {
    for await (const batch of inBatches(rows, (error) => addProblem(problems, error))) {
      for (const [index, { video_id: parent }] of batch.items.entries())
        if (parent !== null && !parents.has(parent)) parents.set(parent, batch.lines[index] as number);
      addComparisons(check, batch, await compareContent(db, batch.kind, batch.items));
      onRows(batch.items.length);
    }
    for (const [id, line] of await findLostParents(db, parents, reading.ids.video)) {
      const cell = { column: reading.columns.get('video_id') as string, value: id };
      addProblem(problems, new RowError(line, 'no such video is stored, and none is in the file.', cell));
    }
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    if (!problems.includes(error)) problems.push(error);
    throw brokenFile(source.name, problems, problems.length >= PROBLEMS);
  }
  if (problems.length > 0) throw brokenFile(source.name, problems, false);
  const { ids: _ids, ...told } = reading;
  return { ...check, reading: told };
}

/** @throws the problem itself when it is one too many to go on. */
function addProblem(problems: RowError[], error: RowError): void {
  problems.push(error);
  if (problems.length === PROBLEMS) throw error;
}

function addComparisons(check: Check, { kind, lines }: Batch, comparisons: readonly Comparison[]): void {
  for (const { outcome } of comparisons) check.counts[kind][outcome]++;
  const shown = comparisons
    .slice(0, FIRST)
    .map((comparison, index) => ({ kind, line: lines[index] as number, comparison }));
  check.first = [...check.first, ...shown].toSorted((a, b) => a.line - b.line).slice(0, FIRST);
}

/** The videos that clips are said to be a part of and that are nowhere, with the first line that says so. */
async function findLostParents(
  db: Store['db'],
  parents: ReadonlyMap<string, number>,
  videos: ReadonlyMap<string, number>,
): Promise<[string, number][]> {
  const elsewhere = [...parents.keys()].filter((id) => !videos.has(id));
  const missing = await findMissingVideos(db, elsewhere);
  return missing.map((id): [string, number] => [id, parents.get(id) as number]).toSorted(([, a], [, b]) => a - b);
}
