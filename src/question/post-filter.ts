import type { MediaType } from '../core/account.ts';
import { UsageError } from '../core/errors.ts';
import { accountFilter } from '../core/option.ts';
import { parseHashtags } from '../core/text.ts';
import { addDays, startOfDay, type Day } from '../core/time.ts';
import { choice, written, type Parameter } from './parameter.ts';
import { POST_MINIMUMS, type PostFilter, type PostMinimum } from '../query/post-filter.ts';

const MEDIA_TYPES = ['video', 'image', 'carousel', 'text', 'link', 'story'] as const satisfies readonly MediaType[];
const BASES = ['reach', 'impressions', 'views', 'followers'] as const satisfies readonly PostFilter['basis'][];

/** The flags that choose posts, as commander hands them over. */
export interface PostFilterFlags extends Partial<Record<`min${Capitalize<PostMinimum>}`, number>> {
  account?: string;
  platform?: string;
  brand?: string;
  hashtag?: string;
  mediaType?: MediaType;
  since?: Day;
  until?: Day;
  search?: string;
  basis?: (typeof BASES)[number];
}

/** The parameters that choose posts, but for `account` and `platform`. */
export const POST_FILTER: readonly Parameter[] = [
  written('brand', 'name', 'only posts of accounts of this brand, on every platform'),
  written('hashtag', 'tag', 'only posts with this hashtag', readHashtag),
  choice('media-type', 'type', 'only posts of this kind', MEDIA_TYPES),
  written('since', 'day', 'only posts published on or after this day (YYYY-MM-DD)', dayReader('--since'), 'day'),
  written('until', 'day', 'only posts published on or before this day', dayReader('--until'), 'day'),
  written('search', 'text', 'only posts with this in the caption', readText),
  choice('basis', 'denominator', 'only posts whose engagement is of this', BASES),
  ...POST_MINIMUMS.map((name) =>
    name === 'engagement'
      ? written('min-engagement', 'percent', 'only posts with this engagement rate or more', readPercent, 'number')
      : written(`min-${name}`, 'n', `only posts with so many ${name} or more`, countReader(`--min-${name}`), 'number'),
  ),
];

/** The flags as a filter; the days are those of a time zone. */
export function readPostFilter(flags: PostFilterFlags, timezone: string): PostFilter {
  const { brand, hashtag, mediaType, since, until, search, basis } = flags;
  if (since !== undefined && until !== undefined && until < since) {
    throw new UsageError(`--until ${until} is before --since ${since}.`);
  }
  const minimums = POST_MINIMUMS.flatMap((name): [PostMinimum, number][] => {
    const minimum = flags[`min${name[0]?.toUpperCase()}${name.slice(1)}` as keyof PostFilterFlags];
    return typeof minimum === 'number' ? [[name, minimum]] : [];
  });
  return {
    ...accountFilter(flags),
    brand,
    hashtag,
    mediaType,
    search,
    basis,
    postedSince: since && startOfDay(timezone, since).toISOString(),
    postedBefore: until && startOfDay(timezone, addDays(until, 1)).toISOString(),
    minimums: Object.fromEntries(minimums),
  };
}

function dayReader(flag: string): (text: string) => Day {
  return (text) => {
    const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
    if (isDay && new Date(text).toISOString().startsWith(text)) return text;
    throw new UsageError(`${flag} must be a day such as 2026-01-31, not "${text}".`);
  };
}

function countReader(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text.trim()) && Number.isSafeInteger(value)) return value;
    throw new UsageError(`${flag} must be a whole number, not "${text}".`);
  };
}

function readPercent(text: string): number {
  const value = Number(text.replace(/\s*%$/, ''));
  if (/^\d+(\.\d+)?\s*%?$/.test(text.trim()) && Number.isFinite(value)) return value;
  throw new UsageError(`--min-engagement must be a percentage such as 2.5, not "${text}".`);
}

function readHashtag(text: string): string {
  const [only, another] = parseHashtags(/^[#＃]/.test(text) ? text : `#${text}`);
  if (only && !another && only.written.length === text.normalize('NFC').replace(/^[#＃]/, '').length) return only.tag;
  throw new UsageError(`--hashtag must be one hashtag such as DIY, not "${text}".`);
}

function readText(text: string): string {
  if (text !== '') return text;
  throw new UsageError('--search needs some text.');
}
