import { setImmediate as nextTurn } from 'node:timers/promises';
import { datasetOf, type DatasetName } from '../../core/dataset.ts';
import { SmstatsError, UsageError } from '../../core/errors.ts';
import { keepMemorySmall } from '../../core/memory.ts';
import { accountFilter } from '../../core/option.ts';
import { addDays, startOfDay, type Day } from '../../core/time.ts';
import type { Context } from '../../context.ts';
import { countDataset, readDataset, type DatasetFilter } from '../../query/read-dataset.ts';
import { formatOf, loadEncoder, TEXT_FORMATS, type FileFormat } from '../../report/file/index.ts';
import { inSnapshot } from '../../store/snapshot-of.ts';
import { createProgress } from '../content/progress.ts';
import { readPostFilter, type PostFilterFlags } from '../../question/post-filter.ts';
import { openOutput } from './output.ts';

export interface ExportOptions extends PostFilterFlags {
  output: string;
  as?: FileFormat;
  force?: boolean;
}

/** Writes a dataset to a file, whole or not at all, or to stdout. What is written is one state of the database. */
export async function runExport(context: Context, dataset: DatasetName, options: ExportOptions): Promise<number> {
  keepMemorySmall();
  const { format, isPacked } = chooseFormat(context, options);
  const filter = readFilter(dataset, options, (await context.config()).timezone);
  const encoder = (await loadEncoder(format))({
    dataset,
    columns: datasetOf(dataset).columns,
    exportedAt: context.now(),
  });
  const { db } = await context.openStore();
  context.onSignals();
  const output = openOutput(context, options.output, { isPacked, isForced: options.force ?? false });
  const progress = createProgress(context);
  let rows = 0;
  try {
    await inSnapshot(db, async (snapshot) => {
      const of = output.path === undefined ? undefined : await countDataset(snapshot, dataset, filter);
      progress.begin('exported', of);
      await output.write(encoder.begin());
      for await (const batch of readDataset(snapshot, dataset, filter)) {
        await output.write(encoder.rows(batch));
        rows += batch.length;
        progress.onRows(batch.length);
        // SQLite answers at once and files are written at once: without a turn no signal would ever be heard.
        await nextTurn();
        if (context.stop.aborted) throw new SmstatsError('interrupted', 'Broken off; nothing was written.');
      }
      await output.write(encoder.end());
    });
    await output.commit();
  } finally {
    progress.end();
    output.discard();
  }
  const warnings = encoder.warnings?.() ?? [];
  if (output.path === undefined) {
    for (const warning of warnings) context.say(warning);
    return 0;
  }
  await context.print({
    command: 'export',
    data: { dataset, file: output.path, format, rows, bytes: output.bytes() },
    warnings,
    sections: [
      {
        columns: [
          { key: 'dataset', label: 'Dataset', kind: 'text' },
          { key: 'file', label: 'File', kind: 'text' },
          { key: 'rows', label: 'Rows', kind: 'count' },
          { key: 'bytes', label: 'Bytes', kind: 'count' },
        ],
        rows: [{ dataset, file: output.path, rows, bytes: output.bytes() }],
      },
    ],
  });
  return 0;
}

function chooseFormat(context: Context, { output, as }: ExportOptions): { format: FileFormat; isPacked: boolean } {
  if (output === '-') {
    const format = as ?? (context.format === 'json' ? 'json' : 'csv');
    if (TEXT_FORMATS.includes(format)) return { format, isPacked: false };
    throw new UsageError(`${format} is no text: it cannot go to stdout.`, `smstats export … -o file.${format}`);
  }
  const named = formatOf(output);
  const format = as ?? named.format;
  if (format === undefined) {
    throw new UsageError(
      `What format "${output}" is to be is not clear.`,
      'call it .csv, .json, .ndjson, .xlsx or .parquet, or say it with --as',
    );
  }
  if (named.isPacked && !TEXT_FORMATS.includes(format)) {
    throw new UsageError(`${format} is packed by itself.`, `smstats export … -o file.${format}`);
  }
  return { format, isPacked: named.isPacked };
}

/** Flags that say nothing about a dataset are refused: a filter that is overlooked would give too many rows. */
function readFilter(dataset: DatasetName, options: ExportOptions, timezone: string): DatasetFilter {
  const { columns, since: dayColumn, belongsTo } = datasetOf(dataset);
  const { since, until, account, platform, output: _, as: __, force: ___, ...posts } = options;
  const refuse = (flag: string) => {
    throw new UsageError(`${flag} says nothing about ${dataset}.`, 'smstats help export');
  };
  if (dayColumn === undefined && (since ?? until) !== undefined) refuse(since === undefined ? '--until' : '--since');
  if (belongsTo !== 'account' && account !== undefined) refuse('--account');
  if (belongsTo === undefined && platform !== undefined) refuse('--platform');
  const isOfPosts = ['posts', 'post-metrics', 'mapping'].includes(dataset);
  const [stray] = Object.keys(posts);
  if (!isOfPosts && stray !== undefined)
    refuse(`--${stray.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  const {
    postedSince: _since,
    postedBefore: _before,
    ...chosen
  } = isOfPosts
    ? readPostFilter(options, timezone)
    : readPostFilter({ ...(since && { since }), ...(until && { until }) }, timezone);
  const isDay = columns.some(({ name, kind }) => name === dayColumn && kind === 'day');
  const start = (day: Day) => (isDay ? day : startOfDay(timezone, day).toISOString());
  return {
    ...chosen,
    ...accountFilter(options),
    since: since && start(since),
    before: until && start(addDays(until, 1)),
  };
}
