import { runDigest, type DigestOptions } from './digest/digest.ts';
import type { AddCommand } from './index.ts';

export const addDigest: AddCommand = (command, context, end) => {
  command
    .option('--weekly', 'the seven days up to --until (this is what happens by itself)')
    .option('--monthly', 'the last calendar month that is over on --until')
    .option('--until <day>', 'the last day; by default today where it has numbers, else yesterday')
    .option('--account <platform:username>', 'one account only')
    .option('--platform <name>', 'one platform only')
    .option('--brand <name>', 'only accounts of this brand, on every platform')
    .option('-o, --output <file>', '.md or .html; - for stdout', '-')
    .option('--to <channel...>', 'send it by mail to these channels')
    .option('--force', 'replace the file when it is there already')
    .addHelpText('after', HELP)
    .action(async (options: DigestOptions) => end(await runDigest(context, options)));
};

const HELP = `
Without --output it is Markdown on stdout. The HTML file holds its charts and loads nothing: it can be sent as it is.
What was gained in the days (reporting period) and what the posts published in them have got so far (lifetime) stand in
tables of their own. An em dash is not known.`;
