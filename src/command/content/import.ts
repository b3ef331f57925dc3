import type { Context } from '../../context.ts';
import { renderReport } from '../../report/index.ts';
import { PLAIN } from '../../report/paint.ts';
import { openSource } from '../source.ts';
import { checkFile, type Check } from './check.ts';
import { readOverrides } from './columns.ts';
import { confirm } from '../../confirm.ts';
import { reportImport } from './preview.ts';
import { createProgress } from './progress.ts';
import { writeFile } from './write.ts';

export interface ImportOptions {
  map: string[];
  clips?: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

/** Brings a file of videos and clips into the database: checks all of it first, then writes all of it or nothing. */
export async function runImport(context: Context, path: string, options: ImportOptions): Promise<number> {
  const readOptions = { overrides: readOverrides(options.map), areClips: options.clips ?? false };
  const source = await openSource(context, path, 'smstats content import <file.csv|file.json|->');
  const progress = createProgress(context);
  try {
    const { db } = await context.openStore({ create: !options.dryRun });
    progress.begin('checked');
    const check = await checkFile(db, source, readOptions, progress.onRows);
    progress.end();
    const planned = { file: source.name, isDryRun: true, check, counts: check.counts };
    if (options.dryRun) {
      await context.print(reportImport(planned));
      return 0;
    }
    const writes = countWrites(check.counts);
    if (writes > 0 && !options.yes && context.isInteractive()) {
      context.say(await preview(context, check, source.name));
      if (!(await confirm(context, `Import ${writes.toLocaleString('en-US')} rows?`))) {
        context.say('nothing was imported');
        return 0;
      }
    }
    progress.begin('wrote', countRows(check.counts));
    const counts = await writeFile(db, source, readOptions, check, progress.onRows);
    progress.end();
    await context.print(reportImport({ ...planned, isDryRun: false, counts }));
    return 0;
  } finally {
    progress.end();
    await source.close();
  }
}

async function preview(context: Context, check: Check, file: string): Promise<string> {
  const report = reportImport({ file, isDryRun: true, check, counts: check.counts });
  const look = { paint: PLAIN, width: context.stderr.columns, generatedAt: context.now() };
  return [await renderReport(report, 'table', look), ...(report.warnings ?? [])].join('\n');
}

function countRows(counts: Check['counts']): number {
  return Object.values(counts).reduce((sum, each) => sum + each.new + each.changed + each.unchanged, 0);
}

function countWrites(counts: Check['counts']): number {
  return Object.values(counts).reduce((sum, each) => sum + each.new + each.changed, 0);
}
