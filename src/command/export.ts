import { Option } from 'commander';
import { DATASET_NAMES, DATASETS, datasetOf, type DatasetName } from '../core/dataset.ts';
import { FILE_FORMATS } from '../report/file/index.ts';
import { runExport, type ExportOptions } from './export/export.ts';
import { readName } from './export/read-name.ts';
import type { AddCommand } from './index.ts';
import { POST_FILTER } from '../question/post-filter.ts';
import { parameterOption } from './parameter-option.ts';

export const addExport: AddCommand = (command, context, end) => {
  command
    .argument('<dataset>', DATASET_NAMES.join(', '), readName)
    .option(
      '-o, --output <file>',
      '.csv, .json, .ndjson, .xlsx or .parquet, packed with .gz behind it; - for stdout',
      '-',
    )
    .addOption(new Option('--as <format>', 'the format, where the name does not say it').choices(FILE_FORMATS))
    .option('--account <platform:username>', 'only rows of this account')
    .option('--platform <name>', 'only rows of this platform')
    .option('--force', 'replace the file when it is there already');
  for (const flag of POST_FILTER.map(parameterOption)) {
    if (flag.long === '--since') flag.description = 'only rows from this day on (YYYY-MM-DD)';
    if (flag.long === '--until') flag.description = 'only rows up to this day';
    command.addOption(flag);
  }
  command
    .addHelpText('after', describeDatasets())
    .action(async (dataset: DatasetName, options: ExportOptions) => end(await runExport(context, dataset, options)));
};

function describeDatasets(): string {
  const lines = DATASET_NAMES.map((name) => {
    const { since } = datasetOf(name);
    return `  ${name.padEnd(14)} ${DATASETS[name].summary}${since ? ` (a row's day: ${since})` : ''}`;
  });
  return `\nDatasets:\n${lines.join('\n')}\n
What chooses posts (--brand, --hashtag, --min-views …) goes with posts, post-metrics and mapping. What is not known is an
empty cell, or null. In CSV and XLSX no text can run as a formula. smstats import reads the file back.`;
}
