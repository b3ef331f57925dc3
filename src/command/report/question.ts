import type { Context } from '../../context.ts';
import type { PostSort } from '../../query/list-posts.ts';
import type { Column, Report } from '../../report/report.ts';

/** The flags of all questions; each takes some. */
export interface ReportOptions {
  account?: string;
  platform?: string;
  days?: number;
  limit?: number;
  offset?: number;
  sort?: PostSort;
  since?: string;
}

/** A question: asks the database and shapes the answer. `target` is what stands behind its name. */
export type Question = (context: Context, options: ReportOptions, target: readonly string[]) => Promise<Report>;

/** How posts are shown wherever they are listed. */
export const POST_COLUMNS: readonly Column[] = [
  { key: 'posted_at', label: 'Posted', kind: 'day' },
  { key: 'views_count', label: 'Views', kind: 'count' },
  { key: 'likes_count', label: 'Likes', kind: 'count' },
  { key: 'comments_count', label: 'Comments', kind: 'count' },
  { key: 'shares_count', label: 'Shares', kind: 'count' },
  { key: 'saves_count', label: 'Saves', kind: 'count' },
  { key: 'engagement_rate', label: 'Engagement', kind: 'percent' },
  { key: 'external_post_id', label: 'Id', kind: 'id' },
  { key: 'caption', label: 'Caption', kind: 'text', isElastic: true },
];

/** A post as a row for people: its day instead of its instant. */
export function postRow<Row extends { posted_at: string | null }>(post: Row): Row {
  return { ...post, posted_at: post.posted_at?.slice(0, 10) ?? null };
}

/** Marks what is not real. */
export function sampleNote(isSample: boolean): string[] {
  return isSample ? ['these are sample numbers, not real ones'] : [];
}
