import { setImmediate as nextTurn } from 'node:timers/promises';
import { datasetOf } from '../../core/dataset.ts';
import { SmstatsError, UsageError } from '../../core/errors.ts';
import { keepMemorySmall } from '../../core/memory.ts';
import { dayIn, type Day } from '../../core/time.ts';
import { confirm } from '../../confirm.ts';
import type { Context } from '../../context.ts';
import { readDataset } from '../../query/read-dataset.ts';
import { createArchiveEncoder } from '../../report/file/json.ts';
import { formatOf } from '../../report/file/index.ts';
import { saveAudit } from '../../store/audit.ts';
import { explainErrorOf, type Store } from '../../store/open.ts';
import { countOldDays, deleteOldDays, PRUNED_DATASETS, type OldDays } from '../../store/prune.ts';
import { createProgress } from '../content/progress.ts';
import { openOutput, type Output } from '../export/output.ts';
import { dayBefore, type Age } from './age.ts';

export interface PruneOptions {
  olderThan: Age;
  dryRun?: boolean;
  archive?: string;
  yes?: boolean;
}

/** Deletes days that are older than an age, never the latest of a post or account; archives them first where asked. */
export async function runPrune(context: Context, options: PruneOptions): Promise<number> {
  const { archive, dryRun: isDryRun = false } = options;
  keepMemorySmall();
  const isPacked = archive !== undefined && checkArchive(archive);
  const { timezone } = await context.config();
  const before = dayBefore(dayIn(timezone, context.now()), options.olderThan);
  const store = await context.openStore();
  const old = await countOldDays(store.db, before);
  const rows = old.reduce((sum, each) => sum + each.rows, 0);
  if (isDryRun || rows === 0) {
    await context.print(reportPrune(old, before, { isDryRun, archive: null }));
    return 0;
  }
  if (!options.yes && !(await isSure(context, rows, before))) return 0;
  context.onSignals();
  const output = archive === undefined ? undefined : openOutput(context, archive, { isPacked, isForced: false });
  const progress = createProgress(context);
  try {
    // What is archived is what is deleted: both see one state of the database.
    await store.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (trx) => {
        const archived = output && (await writeArchive(context, trx, before, output, progress.onRows));
        progress.begin('deleted', rows);
        const deleted = await deleteOldDays(trx, before, async (count) => {
          progress.onRows(count);
          await nextTurn();
          if (context.stop.aborted) throw new SmstatsError('interrupted', 'Broken off; nothing was deleted.');
        });
        for (const each of old) {
          const count = deleted[each.dataset];
          if (archived && archived[each.dataset] !== count) {
            throw new SmstatsError(
              'failed',
              `${count} rows would go, but ${archived[each.dataset]} are in the archive.`,
            );
          }
          each.rows = count;
        }
        const after = { before, ...deleted, archive: archive ?? null };
        await saveAudit(trx, {
          action: 'prune',
          table: old.map(({ table }) => table).join(', '),
          rowId: before,
          after,
        });
        await output?.commit();
      });
  } catch (error) {
    throw await explainErrorOf(store, error);
  } finally {
    progress.end();
    output?.discard();
  }
  await store.tidy();
  await context.print(reportPrune(old, before, { isDryRun: false, archive: archive ?? null }));
  if (store.engine === 'sqlite')
    context.say('the file keeps its size and reuses the room; smstats backup writes a small copy');
  return 0;
}

/** @returns whether it is packed. */
function checkArchive(archive: string): boolean {
  const { format, isPacked } = formatOf(archive);
  if (format === 'ndjson') return isPacked;
  throw new UsageError('An archive is JSON Lines: it holds days of posts and of accounts.', 'call it .ndjson.gz');
}

async function isSure(context: Context, rows: number, before: Day): Promise<boolean> {
  if (!context.isInteractive()) {
    throw new UsageError('This asks before it deletes, and nobody is there to answer.', 'add --yes if you are sure');
  }
  if (await confirm(context, `Delete ${rows.toLocaleString('en-US')} rows of days before ${before}?`)) return true;
  context.say('nothing was deleted');
  return false;
}

async function writeArchive(
  context: Context,
  trx: Store['db'],
  before: Day,
  output: Output,
  onRows: (rows: number) => void,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const dataset of PRUNED_DATASETS) {
    counts[dataset] = 0;
    const encoder = createArchiveEncoder({ dataset, columns: datasetOf(dataset).columns, exportedAt: context.now() });
    for await (const batch of readDataset(trx, dataset, { before, isBeforeLatest: true })) {
      await output.write(encoder.rows(batch));
      counts[dataset] += batch.length;
      onRows(batch.length);
      // SQLite answers at once and files are written at once: without a turn no signal would ever be heard.
      await nextTurn();
      if (context.stop.aborted) throw new SmstatsError('interrupted', 'Broken off; nothing was deleted.');
    }
  }
  return counts;
}

function reportPrune(old: readonly OldDays[], before: Day, told: { isDryRun: boolean; archive: string | null }) {
  return {
    command: 'prune',
    data: { before, is_dry_run: told.isDryRun, archive: told.archive, datasets: old },
    title: told.isDryRun ? `Days before ${before} that would go` : `Days before ${before}`,
    sections: [
      {
        columns: [
          { key: 'dataset', label: 'Dataset', kind: 'text' as const },
          { key: 'rows', label: told.isDryRun ? 'Rows that would go' : 'Rows deleted', kind: 'count' as const },
          { key: 'from', label: 'From', kind: 'day' as const },
          { key: 'to', label: 'To', kind: 'day' as const },
          { key: 'latest', label: 'Old, but the latest', kind: 'count' as const },
          { key: 'kept', label: 'Rows that stay', kind: 'count' as const },
        ],
        rows: old.map((each) => ({ ...each })),
      },
    ],
  };
}
