import { runImport, type ImportOptions } from './import/import.ts';
import type { AddCommand } from './index.ts';

export const addImport: AddCommand = (command, context, end) => {
  command
    .argument('<file>', 'what smstats export or prune --archive wrote: .csv, .json, .ndjson (also .gz) or .parquet')
    .option('--dry-run', 'show what it would change, and write nothing')
    .option('--skip-missing', 'leave out rows of accounts, posts and content that are not stored')
    .addHelpText('after', IMPORT_HELP)
    .action(async (file: string, options: ImportOptions) => end(await runImport(context, file, options)));
};

const IMPORT_HELP = `
Which dataset it is shows in its columns. All rows are imported or none; the same file again changes nothing. A row that is
stored already becomes what the file says; where the file says nothing, what is stored stays. Bring accounts before
snapshots, posts before post-metrics, content before mapping. Others that write wait until it is done.`;
