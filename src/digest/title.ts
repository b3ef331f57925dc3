import type { Digest } from './digest.ts';
import { formatDays, monthName } from './headline.ts';

export const SAMPLE_NOTE = 'These are sample numbers, not real ones.';

/** What stands in place of all sections when there is no account. */
export function nothingYet({ filter }: Pick<Digest, 'filter'>): string {
  return Object.values(filter).every((value) => value === undefined)
    ? 'No account is there to tell of. Fetch one: smstats fetch tiktok some.creator'
    : 'No active account fits that. Which ones there are: smstats accounts list';
}

/** `The week of tiktok @anna: 16 to 22 November 2026`. */
export function digestTitle({ kind, period, filter }: Digest): string {
  const { platform, username, brand } = filter;
  const whose = [brand, username === undefined ? platform : `${platform} @${username}`].filter(
    (text) => text !== undefined,
  );
  const of = whose.length === 0 ? '' : ` of ${whose.join(', ')}`;
  return kind === 'week' ? `The week${of}: ${formatDays(period)}` : `The month${of}: ${monthName(period.last)}`;
}

/** What holds of all numbers of a digest. */
export function aboutDigest({ period, before, timezone }: Digest): string {
  return (
    `Days are those of ${timezone}, ${period.first} to ${period.last}; "before" is ${before.first} to ${before.last}. ` +
    'An em dash is a number that is not known: it is never 0.'
  );
}
