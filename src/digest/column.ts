import type { ToldMetric } from '../query/each-told-series.ts';
import type { Cell, Column } from '../report/report.ts';
import type { DigestName } from './digest.ts';

/** A column of a digest; `link` is the key of the address that its text leads to. */
export interface DigestColumn extends Column {
  link?: string;
}

/** One table of a digest, with what its numbers are. */
export interface DigestSection {
  /** Names it in the file. */
  id: string;
  title: string;
  note?: string;
  columns: readonly DigestColumn[];
  rows: readonly Readonly<Record<string, Cell>>[];
}

/** What counters are called. */
export const METRIC_NAMES: Record<ToldMetric, string> = {
  followers_count: 'Followers',
  total_views: 'Views',
  total_likes: 'Likes',
};

/** The columns that name an account. */
export const ACCOUNT: readonly DigestColumn[] = [
  { key: 'account', label: 'Account', kind: 'handle' },
  { key: 'platform', label: 'Platform', kind: 'text' },
];

/** Their cells. */
export function nameOf({ platform, username, is_sample }: DigestName): { platform: string; account: string } {
  return { platform, account: accountName({ username, is_sample }) };
}

/** The name of an account, marked when its numbers are not real. */
export function accountName({ username, is_sample }: Pick<DigestName, 'username' | 'is_sample'>): string {
  return is_sample ? `${username} (sample)` : username;
}
