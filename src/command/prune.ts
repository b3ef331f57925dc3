import { runPrune, type PruneOptions } from './prune/prune.ts';
import type { AddCommand } from './index.ts';
import { readAge } from './prune/age.ts';

export const addPrune: AddCommand = (command, context, end) => {
  command
    .requiredOption('--older-than <age>', 'days, months or years: 400d, 18m, 2y; a number alone is days', (text) =>
      readAge(text),
    )
    .option('--dry-run', 'show what would go, and delete nothing')
    .option('--archive <file>', 'first write what goes to this file (.ndjson or .ndjson.gz), for smstats import')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', PRUNE_HELP)
    .action(async (options: PruneOptions) => end(await runPrune(context, options)));
};

const PRUNE_HELP = `
Deletes days of posts and days of accounts. The latest day of each post and account stays, however old it is; so do posts,
accounts, and what a platform or a person reported of days. All of it goes or nothing, and the archive is whole on disk
before anything does. Others that write wait until it is done.`;
