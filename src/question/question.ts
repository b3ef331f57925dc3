import { dayIn } from '../core/time.ts';
import type { Context } from '../context.ts';
import type { PostSort } from '../query/list-posts.ts';
import type { Column, Report } from '../report/report.ts';
import type { PostFilterFlags } from './post-filter.ts';

/** The flags of all questions; each takes some. */
export interface ReportOptions extends PostFilterFlags {
  days?: number;
  months?: number;
  limit?: number;
  offset?: number;
  sort?: PostSort;
  /** The age at which posts are compared. */
  age?: '48h' | '7d';
  /** Days since publication after which a post counts as done. */
  final?: number;
  /** Show how often anomalies would have been told. */
  backtest?: boolean;
}

/** A question: asks the database and shapes the answer. `target` is what stands behind its name. */
export type Question = (context: Context, options: ReportOptions, target: readonly string[]) => Promise<Report>;

/** How posts are shown wherever they are listed. */
export const POST_COLUMNS: readonly Column[] = [
  { key: 'account', label: 'Account', kind: 'handle', rank: 3 },
  { key: 'posted_at', label: 'Posted', kind: 'day' },
  { key: 'views_count', label: 'Views', kind: 'count' },
  { key: 'likes_count', label: 'Likes', kind: 'count' },
  { key: 'comments_count', label: 'Comments', kind: 'count', rank: 5 },
  { key: 'shares_count', label: 'Shares', kind: 'count', rank: 7 },
  { key: 'saves_count', label: 'Saves', kind: 'count', rank: 8 },
  { key: 'engagement_rate', label: 'Engagement', kind: 'percent' },
  { key: 'engagement_basis', label: 'of', kind: 'text', rank: 4 },
  { key: 'external_post_id', label: 'Id', kind: 'id', rank: 6 },
  { key: 'caption', label: 'Caption', kind: 'text', isElastic: true },
];

/** A post as a row for people: the day it was published in their time zone, and whose it is. */
export function postRow<Row extends { posted_at: string | null; username: string; provider_name: string | null }>(
  post: Row,
  timezone: string,
) {
  return {
    ...post,
    posted_at: post.posted_at === null ? null : dayIn(timezone, new Date(post.posted_at)),
    account: accountName(post.username, post.provider_name),
  };
}

/** The name of an account wherever it shows, marked when its numbers are not real. */
export function accountName(username: string, providerName: string | null): string {
  return providerName === 'sample' ? `${username} (sample)` : username;
}

/** Says that numbers are not real. */
export function sampleNote(rows: readonly { provider_name: string | null }[]): string[] {
  return rows.some((row) => row.provider_name === 'sample') ? ['these are sample numbers, not real ones'] : [];
}
