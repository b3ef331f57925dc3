import { UsageError } from '../core/errors.ts';
import { wholeNumber } from '../core/option.ts';
import type { Context } from '../context.ts';
import type { AddCommand } from './index.ts';
import { linkAutomatically } from './map/auto.ts';
import { calibrateThresholds } from './map/calibrate.ts';
import { linkPost, unlink } from './map/link.ts';
import { printMappings, printUnmapped } from './map/list.ts';
import { reviewSuggestions } from './map/review.ts';

export interface MapOptions {
  video?: string;
  clip?: string;
  confidence?: number;
  auto?: boolean;
  again?: boolean;
  minConfidence?: number;
  dryRun?: boolean;
  review?: boolean;
  calibrate?: boolean;
  list?: boolean;
  unlink?: boolean;
  platform?: string;
  limit?: number;
}

export const addMap: AddCommand = (command, context, end) => {
  command
    .argument('[post]', 'the URL or the id of a post; without it: the posts that are linked to nothing')
    .option('--video <id>', 'the post shows this video')
    .option('--clip <id>', 'the post shows this clip')
    .option('--confidence <0..1>', 'how sure you are (default: 1)', share('--confidence'))
    .option('--auto', 'link by URL, code, hashtag and caption what is certain; the rest waits for a review')
    .option('--again', 'with --auto: also decide anew what a rule has linked')
    .option('--min-confidence <0..1>', 'with --auto: accept from this score on', share('--min-confidence'))
    .option('--dry-run', 'with --auto: say what would be linked, and store nothing')
    .option('--review', 'walk through what waits')
    .option('--calibrate', 'how good the rules are on what you have confirmed, and the thresholds that implies')
    .option('--list', 'which post shows what')
    .option('--unlink', 'take the link of a post back')
    .option('--platform <name>', 'posts of this platform only')
    .option('--limit <n>', 'at most so many', wholeNumber('--limit', 1, 1_000_000))
    .action(async (post: string | undefined, options: MapOptions) => end(await runMap(context, options, post)));
};

/** Links posts to the user's own content, by hand or by rules. @returns the exit code. */
export async function runMap(context: Context, options: MapOptions, post?: string): Promise<number> {
  const modes = (['auto', 'review', 'calibrate', 'list', 'unlink'] as const).filter((mode) => options[mode]);
  const [mode] = modes;
  const target = options.video ?? options.clip;
  if (modes.length > 1) throw new UsageError(`--${modes.join(' and --')} are several things.`, 'give one of them');
  if (options.video !== undefined && options.clip !== undefined) {
    throw new UsageError('--video and --clip both say what the post shows.', 'give the clip; its video is known');
  }
  if (mode === 'unlink') return unlink(context, required(post, '--unlink takes a post back.'));
  if (post !== undefined && mode !== undefined)
    throw new UsageError(`--${mode} is not for one post.`, 'smstats help map');
  if (target !== undefined) return linkPost(context, required(post, 'Which post shows it?'), options);
  if (post !== undefined)
    throw new UsageError('What does the post show?', `smstats map <post> --video <id>, or --clip <id>`);
  switch (mode) {
    case 'auto':
      return linkAutomatically(context, options);
    case 'review':
      return reviewSuggestions(context);
    case 'calibrate':
      return calibrateThresholds(context);
    case 'list':
      return printMappings(context, options);
    default:
      return printUnmapped(context, options);
  }
}

function required(post: string | undefined, question: string): string {
  if (post !== undefined) return post;
  throw new UsageError(question, 'name it by its URL or id, for example: smstats map <url> --video <id>');
}

function share(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= 0 && value <= 1) return value;
    throw new UsageError(`${flag} wants a number from 0 to 1, not "${text}".`, `for example ${flag} 0.95`);
  };
}
