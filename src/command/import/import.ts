import { SmstatsError } from '../../core/errors.ts';
import { keepMemorySmall } from '../../core/memory.ts';
import type { Context } from '../../context.ts';
import type { FileFormat } from '../../report/file/index.ts';
import { saveAudit } from '../../store/audit.ts';
import { explainErrorOf } from '../../store/open.ts';
import {
  createRowSaver,
  MissingReference,
  type ImportedDataset,
  type SavedRows,
} from '../../store/import/save-rows.ts';
import { inTransaction } from '../../store/transaction.ts';
import { createProgress } from '../content/progress.ts';
import { openSource, type Source } from '../source.ts';
import { PlaceError } from './place.ts';
import { readBatches, type Batch } from './read-rows.ts';

export interface ImportOptions {
  as?: FileFormat;
  dryRun?: boolean;
  skipMissing?: boolean;
}

type Counts = Map<string, SavedRows>;

/** Ends a transaction whose work was only to be looked at. */
class DryRun extends Error {
  override readonly name = 'DryRun';
}

/** Brings an exported file, or what comes on stdin, into the database, in one transaction: all of it or nothing. */
export async function runImport(context: Context, path: string, options: ImportOptions): Promise<number> {
  const { as, dryRun: isDryRun = false, skipMissing = false } = options;
  keepMemorySmall();
  // Before the transaction: whatever feeds stdin may take its time, and may be reading this very database.
  const source = await openSource(context, path, 'smstats import <file|->');
  try {
    return await importSource(context, source, { as, isDryRun, skipMissing });
  } finally {
    await source.close();
  }
}

async function importSource(
  context: Context,
  source: Source,
  { as, isDryRun, skipMissing }: { as: FileFormat | undefined; isDryRun: boolean; skipMissing: boolean },
): Promise<number> {
  const { name: file } = source;
  const store = await context.openStore({ create: !isDryRun });
  context.onSignals();
  const progress = createProgress(context);
  let counts: Counts = new Map();
  try {
    await inTransaction(store.db, async (trx) => {
      counts = new Map();
      const savers = new Map<string, Awaited<ReturnType<typeof createRowSaver>>>();
      progress.begin('imported');
      for await (const batch of readBatches(source, as)) {
        const dataset = requireImportable(batch.dataset);
        let save = savers.get(dataset);
        if (!save)
          savers.set(dataset, (save = await createRowSaver(trx, dataset, { now: context.now(), skipMissing })));
        const saved = await saveBatch(() => (save as NonNullable<typeof save>)(trx, batch.rows), batch);
        add(counts, dataset, saved);
        progress.onRows(batch.rows.length);
        if (context.stop.aborted) throw new SmstatsError('interrupted', 'Broken off; nothing was imported.');
      }
      if (await source.hasChanged()) {
        throw new SmstatsError('failed', `${file} was changed while it was read; nothing was imported.`);
      }
      if (isDryRun) throw new DryRun();
      const written = [...counts.values()].reduce((sum, each) => sum + each.new + each.changed, 0);
      if (written > 0) {
        const table = [...counts.keys()].join(', ');
        await saveAudit(trx, { action: 'import', table, rowId: file, after: { file, ...Object.fromEntries(counts) } });
      }
    });
    await store.tidy();
  } catch (error) {
    if (!(error instanceof DryRun)) throw await inWords(error, file, store);
  } finally {
    progress.end();
  }
  await context.print(reportImport(file, counts, isDryRun));
  return 0;
}

function requireImportable(dataset: Batch['dataset']): ImportedDataset {
  if (dataset !== 'usage') return dataset;
  throw new SmstatsError('usage', 'Requests are not imported: they would count as sent from here, against the quota.', {
    hint: 'smstats backup and smstats copy take them along',
  });
}

async function saveBatch(save: () => Promise<SavedRows>, { places }: Batch): Promise<SavedRows> {
  try {
    return await save();
  } catch (error) {
    const [first, last] = [places[0], places.at(-1)];
    if (!first || !last) throw error;
    if (error instanceof MissingReference) {
      throw new PlaceError(places[error.at] ?? first, error.message, { column: error.column });
    }
    const { code = '', message } = error as { code?: string; message: string };
    if (!/^SQLITE_(CONSTRAINT|MISMATCH)|^2[23]/.test(code)) throw error;
    throw new PlaceError(
      first,
      `in this ${first.unit}, or in one up to ${last.number}, is a value that cannot be stored: ${message}.`,
    );
  }
}

async function inWords(error: unknown, file: string, store: Parameters<typeof explainErrorOf>[0]): Promise<unknown> {
  if (error instanceof PlaceError) {
    return new SmstatsError('usage', `${file}: nothing was imported.\n  ${error.message}`, {
      hint: error.message.endsWith('in the database.')
        ? 'import what it belongs to first, or leave such rows out with --skip-missing'
        : 'smstats help import',
      cause: error,
    });
  }
  if (String((error as { code?: unknown }).code).startsWith('Z_')) {
    return new SmstatsError('usage', `${file} is packed and damaged, or cut off; nothing was imported.`, {
      cause: error,
    });
  }
  return explainErrorOf(store, error);
}

function add(counts: Counts, dataset: string, saved: SavedRows): void {
  const sum = counts.get(dataset) ?? { new: 0, changed: 0, unchanged: 0, missing: 0 };
  for (const key of Object.keys(sum) as (keyof SavedRows)[]) sum[key] += saved[key];
  counts.set(dataset, sum);
}

function reportImport(file: string, counts: Counts, isDryRun: boolean) {
  const rows = [...counts].map(([dataset, each]) => ({ dataset, ...each }));
  const missing = rows.reduce((sum, each) => sum + each.missing, 0);
  return {
    command: 'import',
    data: { file, is_dry_run: isDryRun, datasets: rows },
    warnings:
      missing > 0 ? [`${missing.toLocaleString('en-US')} rows are of what is not stored and were left out`] : [],
    sections: [
      {
        ...(isDryRun && { title: 'Nothing was written: this is what it would do' }),
        columns: [
          { key: 'dataset', label: 'Dataset', kind: 'text' as const },
          { key: 'new', label: 'New', kind: 'count' as const },
          { key: 'changed', label: 'Changed', kind: 'count' as const },
          { key: 'unchanged', label: 'Unchanged', kind: 'count' as const },
          ...(missing > 0 ? [{ key: 'missing', label: 'Left out', kind: 'count' as const }] : []),
        ],
        rows,
        empty: `${file} has no rows`,
      },
    ],
  };
}
