import type { ContentItem, ContentKind } from '../../store/content.ts';
import type { ReadRow } from './read-items.ts';
import { RowError } from './row-error.ts';

/** Items of one kind, few enough to hold in memory and to name in one statement. */
export interface Batch {
  kind: ContentKind;
  items: ContentItem[];
  /** The line of each item. */
  lines: number[];
}

const ROWS = 500;
/** Descriptions may be long. */
const CHARACTERS = 2_000_000;

/** What was read, in batches of one kind. Broken rows are handed to `onError`. */
export async function* inBatches(
  rows: AsyncIterable<ReadRow>,
  onError: (error: RowError) => void,
): AsyncGenerator<Batch> {
  const open: Record<ContentKind, Batch & { size: number }> = { video: begin('video'), clip: begin('clip') };
  for await (const row of rows) {
    if ('error' in row) {
      onError(row.error);
      continue;
    }
    const batch = open[row.kind];
    batch.items.push(row.item);
    batch.lines.push(row.line);
    batch.size += row.item.title.length + (row.item.description?.length ?? 0);
    if (batch.items.length < ROWS && batch.size < CHARACTERS) continue;
    open[row.kind] = begin(row.kind);
    yield batch;
  }
  for (const batch of [open.video, open.clip]) if (batch.items.length > 0) yield batch;
}

function begin(kind: ContentKind): Batch & { size: number } {
  return { kind, items: [], lines: [], size: 0 };
}
