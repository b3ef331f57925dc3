import type { Kysely } from 'kysely';
import type { CoveredGrowth } from '../insight/coverage.ts';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';
import { growthOfMetric } from './list-growth.ts';
import { listHashtags, type HashtagListing } from './list-hashtags.ts';
import { listLatest, type LatestAccount } from './list-latest.ts';
import { listBestPosts, type BestPosts, type PostListing } from './list-posts.ts';
import { listSeries } from './list-series.ts';

const WINDOW = 7;
const SPARKLINE_DAYS = 30;

/** An account at a glance. */
export interface AccountGlance extends LatestAccount {
  is_sample: boolean;
  followers_change: CoveredGrowth;
  views_change: CoveredGrowth;
  /** Followers day by day, oldest first; a day without numbers is null. */
  followers_series: (number | null)[];
}

/** What a person wants to know in the morning. */
export interface Overview {
  window_days: number;
  accounts: AccountGlance[];
  /** What `top_posts` are the best by. */
  top_posts_by: BestPosts['by'];
  top_posts: PostListing[];
  top_hashtags: HashtagListing[];
}

/** Every active account with its latest numbers and the changes of a week, the best posts, the hashtags in use. */
export async function findOverview(db: Kysely<Database>, filter: AccountFilter = {}): Promise<Overview> {
  const latest = await listLatest(db, filter);
  const seriesOf = await listSeries(db, latest, SPARKLINE_DAYS);
  const accounts = latest.map((account): AccountGlance => {
    const series = seriesOf.get(account.account_id) ?? [];
    return {
      ...account,
      is_sample: account.provider_name === 'sample',
      followers_change: growthOfMetric(series, 'followers_count', WINDOW),
      views_change: growthOfMetric(series, 'total_views', WINDOW),
      followers_series: series.map((row) => row.followers_count),
    };
  });
  const best = await listBestPosts(db, { ...filter, limit: 5 });
  return {
    window_days: WINDOW,
    accounts,
    top_posts_by: best.by,
    top_posts: best.posts,
    top_hashtags: await listHashtags(db, 8, filter),
  };
}
