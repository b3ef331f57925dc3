import type { AgeGroup, DailyMetric } from '../../src/core/account.ts';
import type { PostMetric } from '../../src/core/metric.ts';

/** One recorded reply, and the request that it belongs to. */
export interface RecordedReply {
  method?: 'GET' | 'POST';
  path: string;
  /** What the address must hold; other parameters are free. */
  query?: Record<string, string>;
  /** What must be sent with a POST. */
  sent?: unknown;
  status?: number;
  headers?: Record<string, string>;
  body: unknown;
}

/** What must stand in the database after a fetch, written down by hand from the recorded shapes. */
export interface StoredAccount {
  account: {
    external_id: string | null;
    display_name: string | null;
    bio: string | null;
    is_verified: 0 | 1 | null;
    is_business: 0 | 1 | null;
  };
  snapshot: { followers_count: number | null; following_count: number | null; posts_count: number | null };
  /** Each post with what can be read out of the recording; metrics that are left out must be NULL. */
  posts: StoredPost[];
  /** Rows of `social_media_daily_metrics` by day; metrics that are left out must be NULL. */
  days?: Record<string, Partial<Record<DailyMetric, number>>>;
  audience?: Partial<Record<AgeGroup | 'male_percentage' | 'female_percentage', number>> & {
    top_countries?: string[];
    top_cities?: string[];
  };
}

export interface StoredPost {
  external_post_id: string;
  post_url: string | null;
  caption: string | null;
  media_type: string | null;
  /** Seconds. */
  duration: number | null;
  /** ISO-8601 in UTC, as stored: `2026-06-02T15:20:09.000Z`. */
  posted_at: string | null;
  metrics: Partial<Record<PostMetric, number>>;
}

/** One account of one provider as it was recorded: played back over HTTP on loopback into a real database. */
export interface Recording {
  provider: string;
  platform: string;
  username: string;
  /** Posts to ask for. */
  posts: number;
  /** Further settings, as `config.toml` has them; key and base URL are set by the test. */
  credentials?: Record<string, string>;
  /** In the order in which they are asked for, each once. */
  replies: RecordedReply[];
  /** Instead of replies, for a local program: what it printed, by its file below `test/fixture`. It ended well unless told. */
  program?: { stdout: string; stderr?: string; exitCode?: number };
  stored: StoredAccount;
  /** What the job row must say besides. */
  note?: RegExp;
}
