import type { Kysely } from 'kysely';
import type { CoveredGrowth } from '../insight/coverage.ts';
import type { Database } from '../store/schema.ts';
import { findAccount } from './find-account.ts';
import { growthOfRows } from './list-growth.ts';
import { listDailyMetrics, type DayOfAccount } from './list-daily-metrics.ts';
import { listHashtags, type HashtagListing } from './list-hashtags.ts';
import { listLatest, type LatestAccount } from './list-latest.ts';
import { listBestPosts, listPosts, type BestPosts, type PostListing } from './list-posts.ts';
import { listSeries, type SeriesMetric, type SeriesRow } from './list-series.ts';

const REPORTED_DAYS = 7;
const ACCOUNT_WINDOWS = [7, 30, 90] as const;

/** One account in full. */
export interface AccountReport {
  account: NonNullable<Awaited<ReturnType<typeof findAccount>>>;
  /** Null before the first fetch. */
  latest: LatestAccount | null;
  is_sample: boolean;
  growth: { days: number; metrics: Record<SeriesMetric, CoveredGrowth> }[];
  /** The last 90 days. */
  series: SeriesRow[];
  /** What `top_posts` are the best by. */
  top_posts_by: BestPosts['by'];
  top_posts: PostListing[];
  newest_posts: PostListing[];
  top_hashtags: HashtagListing[];
  /** What the platform or a person reports of the latest days, newest first. */
  reported_days: DayOfAccount[];
}

/** Everything about one account; undefined when it is not tracked. */
export async function findAccountReport(
  db: Kysely<Database>,
  handle: { platform: string; username: string },
): Promise<AccountReport | undefined> {
  const account = await findAccount(db, handle);
  if (!account) return undefined;
  const [latest] = await listLatest(db, { ...handle, withPaused: true });
  const series =
    (latest && (await listSeries(db, [latest], Math.max(...ACCOUNT_WINDOWS))).get(latest.account_id)) ?? [];
  const best = await listBestPosts(db, { ...handle, limit: 5 });
  return {
    account,
    latest: latest ?? null,
    is_sample: latest?.provider_name === 'sample',
    growth: ACCOUNT_WINDOWS.map((days) => ({ days, metrics: growthOfRows(series, days) })),
    series,
    top_posts_by: best.by,
    top_posts: best.posts,
    newest_posts: await listPosts(db, { ...handle, limit: 5, sort: 'newest' }),
    top_hashtags: await listHashtags(db, 10, handle),
    reported_days: await listDailyMetrics(db, account.id, REPORTED_DAYS),
  };
}
