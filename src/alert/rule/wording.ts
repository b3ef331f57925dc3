import { groupDigits } from '../../core/number.ts';
import { safeText, truncate } from '../../core/text.ts';
import type { ToldMetric } from '../../query/each-told-series.ts';

export const METRIC_NAMES: Readonly<Record<ToldMetric, string>> = {
  followers_count: 'followers',
  total_views: 'views',
  total_likes: 'likes',
};

/** What others wrote is cut to so many columns. */
const QUOTED = 160;

/** An account as reports name it. */
export function nameOf(account: { platform: string; username: string; provider_name: string | null }): string {
  const sample = account.provider_name === 'sample' ? ' (sample)' : '';
  return safeText(`${account.platform} @${account.username}${sample}`);
}

/** A factor: one digit where it says something. */
export function times(factor: number): string {
  return `${groupDigits(factor, factor < 10 && Math.round(factor * 10) % 10 !== 0 ? 1 : 0)} times`;
}

/** A number and its noun: `1 day`, `7 days`. */
export function counted(count: number, noun: string): string {
  return `${groupDigits(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** What others wrote, on one line, safe to print, and not too long. */
export function quoted(text: string): string {
  return truncate(safeText(text.trim()), QUOTED);
}
