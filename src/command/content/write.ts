import { SmstatsError } from '../../core/errors.ts';
import { saveAudit } from '../../store/audit.ts';
import { CONTENT_TABLES, lockContent, saveContent, type ContentKind } from '../../store/content.ts';
import type { Store } from '../../store/open.ts';
import { inTransaction } from '../../store/transaction.ts';
import { inBatches } from './batch.ts';
import { noCounts, type Check, type Counts } from './check.ts';
import { readItems, type ReadOptions } from './read-items.ts';
import { brokenFile } from './row-error.ts';
import type { Source } from '../source.ts';

/**
 * Writes a file that was checked, in one transaction: all of it or nothing. It is read again, once for each kind: the videos
 * come before the clips that are a part of them, and memory holds no more than a batch.
 * @throws SmstatsError when the file is not what it was.
 */
export async function writeFile(
  db: Store['db'],
  source: Source,
  options: ReadOptions,
  { counts: expected }: Check,
  onRows: (rows: number) => void,
): Promise<Record<ContentKind, Counts>> {
  const kinds = (['video', 'clip'] as const).filter((kind) => expected[kind].new + expected[kind].changed > 0);
  if (kinds.length === 0) return expected;
  return inTransaction(db, async (trx) => {
    await lockContent(trx);
    const counts = { ...expected };
    for (const kind of kinds) {
      counts[kind] = noCounts()[kind];
      for await (const batch of inBatches(readItems(source, options).rows, failOn(source))) {
        if (batch.kind !== kind) continue;
        for (const { outcome } of await saveContent(trx, kind, batch.items)) counts[kind][outcome]++;
        onRows(batch.items.length);
      }
    }
    if (await source.hasChanged()) {
      throw new SmstatsError('failed', `${source.name} was changed while it was read; nothing was imported.`, {
        hint: 'import it again when it is complete',
      });
    }
    const table = kinds.map((kind) => CONTENT_TABLES[kind]).join(', ');
    const after = { file: source.name, ...namedCounts(counts) };
    await saveAudit(trx, { action: 'import', table, rowId: source.name, after });
    return counts;
  });
}

/** Counts under the names of their tables. */
export function namedCounts({ video, clip }: Record<ContentKind, Counts>) {
  return { videos: video, clips: clip };
}

function failOn(source: Source) {
  return (error: Parameters<typeof brokenFile>[1][number]) => {
    throw brokenFile(source.name, [error], true);
  };
}
