import { Option } from 'commander';
import { TEXT_FORMATS } from '../report/file/index.ts';
import { runImport, type ImportOptions } from './import/import.ts';
import type { AddCommand } from './index.ts';

export const addImport: AddCommand = (command, context, end) => {
  command
    .argument(
      '<file>',
      'what smstats export or prune --archive wrote: .csv, .json, .ndjson (also .gz) or .parquet; - for stdin',
    )
    .addOption(new Option('--as <format>', 'how text is read, where the name does not say it').choices(TEXT_FORMATS))
    .option('--dry-run', 'show what it would change, and write nothing')
    .option('--skip-missing', 'leave out rows of accounts, posts and content that are not stored')
    .addHelpText('after', IMPORT_HELP)
    .action(async (file: string, options: ImportOptions) => end(await runImport(context, file, options)));
};

const IMPORT_HELP = `
Which dataset it is shows in its columns. All rows are imported or none; the same file again changes nothing. A row that is
stored already becomes what the file says; where the file says nothing, what is stored stays. Bring accounts before
snapshots, posts before post-metrics, content before mapping. Others that write wait until it is done.`;
