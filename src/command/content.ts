import { Option } from 'commander';
import { wholeNumber } from '../core/option.ts';
import { runAdd, type AddOptions } from './content/add.ts';
import { runImport, type ImportOptions } from './content/import.ts';
import { runList, type ListOptions } from './content/list.ts';
import { runRemove, type RemoveOptions } from './content/remove.ts';
import type { AddCommand } from './index.ts';

export const addContent: AddCommand = (command, context, end) => {
  command
    .command('list', { isDefault: true })
    .description('list your videos and clips, the newest first')
    .option('--clips', 'clips only')
    .option('--videos', 'videos only')
    .option('--search <text>', 'only what has this in its id, title, description or hashtags')
    .addOption(new Option('--limit <n>', 'rows at most').argParser(wholeNumber('--limit', 1, 1_000_000)).default(50))
    .action(async (options: ListOptions) => end(await runList(context, options)));
  command
    .command('import')
    .description('bring in a list of videos and clips; the same file again changes nothing')
    .argument('<file>', 'CSV, JSON or JSON Lines; - for stdin')
    .option(
      '--map <field=Column>',
      'take a field from this column (repeatable); field= leaves it out',
      (value: string, all: string[]) => [...all, value],
      [],
    )
    .option('--clips', 'all rows are clips')
    .option('--dry-run', 'show how the file is read and what it would change, and write nothing')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', IMPORT_HELP)
    .action(async (file: string, options: ImportOptions) => end(await runImport(context, file, options)));
  command
    .command('add')
    .description('add one video or clip, or change what is given of it')
    .argument('<id>', 'your own id of it')
    .option('--title <text>', 'what it is called; a new one needs it')
    .option('--clip', 'it is a clip')
    .option('--clip-of <video id>', 'it is a clip, and a part of this video')
    .option('--description <text>')
    .option('--hashtags <words>', 'separated by blanks')
    .option('--duration <time>', '90, 1:30, 0:01:30 or PT1M30S')
    .option('--published <when>', 'a day (midnight UTC), or an instant such as 2026-01-31T18:00:00Z')
    .option('--url <url>')
    .action(async (id: string, options: AddOptions) => end(await runAdd(context, id, options)));
  command
    .command('remove')
    .description('remove a video or clip and its links; posts stay, and the clips of a video do')
    .argument('<id>')
    .option('--video', 'the video of this id, where a clip has it too')
    .option('--clip', 'the clip of this id')
    .option('-y, --yes', 'do not ask')
    .action(async (id: string, options: RemoveOptions) => end(await runRemove(context, id, options)));
};

const IMPORT_HELP = `
The first line of a CSV file names the columns: id and title, and as far as you have them video_id (the video that a
clip is a part of), description, hashtags, duration, published_at, url and type (video or clip). Usual other names are
understood. A row with a video_id is a clip. A published day counts as midnight UTC. An empty cell leaves what is
stored. All rows are imported or none.`;
