import { UsageError } from '../core/errors.ts';
import { wholeNumber } from '../core/option.ts';
import type { Context } from '../context.ts';
import type { AddCommand } from './index.ts';
import { linkAutomatically } from './map/auto.ts';
import { calibrateThresholds } from './map/calibrate.ts';
import { linkPost, reopen, unlink } from './map/link.ts';
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
  reopen?: boolean;
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
    .option('--unlink', 'take the link of a post back: no rule makes it again')
    .option('--reopen', 'forget what was said of a post: rules may decide again')
    .option('--platform <name>', 'posts of this platform only')
    .option('--limit <n>', 'at most so many', wholeNumber('--limit', 1, 1_000_000))
    .action(async (post: string | undefined, options: MapOptions) => end(await runMap(context, options, post)));
};

type Mode = 'auto' | 'review' | 'calibrate' | 'list' | 'unlink' | 'reopen';
const MODES: readonly Mode[] = ['auto', 'review', 'calibrate', 'list', 'unlink', 'reopen'];

/** The options that each way to call it goes with. A flag that would be passed over is refused. */
const GOES_WITH: Record<Mode | 'link' | 'unmapped', readonly (keyof MapOptions)[]> = {
  auto: ['again', 'minConfidence', 'dryRun', 'platform', 'limit'],
  review: ['platform'],
  calibrate: [],
  list: ['platform', 'limit'],
  unlink: [],
  reopen: [],
  link: ['video', 'clip', 'confidence'],
  unmapped: ['platform', 'limit'],
};

/** Links posts to the user's own content, by hand or by rules. @returns the exit code. */
export async function runMap(context: Context, options: MapOptions, post?: string): Promise<number> {
  const modes = MODES.filter((mode) => options[mode]);
  const [mode] = modes;
  const target = options.video ?? options.clip;
  if (modes.length > 1) throw new UsageError(`--${modes.join(' and --')} are several things.`, 'give one of them');
  if (options.video !== undefined && options.clip !== undefined) {
    throw new UsageError('--video and --clip both say what the post shows.', 'give the clip; its video is known');
  }
  if (mode === 'unlink' || mode === 'reopen') required(post, `--${mode} takes a post.`);
  else if (post !== undefined && mode !== undefined)
    throw new UsageError(`--${mode} is not for one post.`, 'smstats help map');
  if (mode === undefined && post !== undefined && target === undefined) {
    throw new UsageError('What does the post show?', 'smstats map <post> --video <id>, or --clip <id>');
  }
  const way = mode ?? (target === undefined ? 'unmapped' : 'link');
  refuseIdleFlags(options, way);
  switch (way) {
    case 'auto':
      return linkAutomatically(context, options);
    case 'review':
      return reviewSuggestions(context, options);
    case 'calibrate':
      return calibrateThresholds(context);
    case 'list':
      return printMappings(context, options);
    case 'unlink':
      return unlink(context, post as string);
    case 'reopen':
      return reopen(context, post as string);
    case 'link':
      return linkPost(context, required(post, 'Which post shows it?'), options);
    case 'unmapped':
      return printUnmapped(context, options);
  }
}

/** @throws UsageError naming the flags that this way to call it does not look at. */
function refuseIdleFlags(options: MapOptions, way: keyof typeof GOES_WITH): void {
  const known = new Set<string>([way, ...GOES_WITH[way]]);
  const idle = Object.keys(options).filter((name) => !known.has(name));
  if (idle.length === 0) return;
  const flags = idle.map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  const what = way === 'link' ? 'linking a post' : way === 'unmapped' ? 'the list of open posts' : `--${way}`;
  throw new UsageError(
    `${flags.join(' and ')} ${idle.length === 1 ? 'does' : 'do'} not go with ${what}.`,
    'smstats help map',
  );
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
