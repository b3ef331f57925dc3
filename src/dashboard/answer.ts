/** What an answer of the API is wrapped in. */
export interface Answer<Body> {
  success: true;
  data: Body;
}

/** A change over a window, with how much of it was seen. Unknown is null. */
export interface Change {
  startDay: string | null;
  endDay: string | null;
  change: number | null;
  /** Percent of the value at the start. */
  rate: number | null;
  /** Percent of the window's days that are known. */
  coverage: number;
  /** Why there is no rate; null when there is one. */
  reason: string | null;
}

/** The account-level numbers. */
export type Metric =
  'followers_count' | 'posts_count' | 'total_likes' | 'total_comments' | 'total_views' | 'total_shares';

type Totals = Record<Metric, number | null>;

interface Rate {
  /** Percent of `engagement_basis`. */
  engagement_rate: number | null;
  engagement_basis: string | null;
}

/** `GET /api/social-media/accounts`. */
export interface Accounts {
  days: number;
  accounts: AccountCard[];
}

/** An account at a glance. */
export interface AccountCard extends Totals, Rate {
  account_id: string;
  platform: string;
  username: string;
  display_name: string | null;
  brand: string;
  is_active: boolean;
  is_competitor: boolean;
  is_sample: boolean;
  provider_name: string | null;
  last_snapshot_date: string | null;
  last_fetched_at: string | null;
  profile_url: string | null;
  followers_change: Change;
  views_change: Change;
  /** Its fetches since one succeeded; null when the latest one did. */
  failing: { first_day: string; last_day: string; fetches: number; error_message: string | null } | null;
  /** One a day, the last one of `last_snapshot_date`. */
  followers_series: (number | null)[];
}

/** `GET /api/social-media/series`: an account day by day, and as many days before. */
export interface Series {
  account_id: string;
  days: number;
  now: DayWindow | null;
  before: DayWindow | null;
  /** Percent by which the gain a day is higher now than before. */
  compared: Record<Metric, { rate: number | null; reason: string | null }> | null;
}

export interface DayWindow {
  from: string;
  to: string;
  /** One a day. */
  rows: DayRow[];
  growth: Record<Metric, Change>;
}

export interface DayRow extends Totals, Rate {
  date: string;
  /** Less the day before; null where one of both is not known. */
  views_gain: number | null;
  likes_gain: number | null;
}

/** `GET /api/social-media/posts`. */
export interface PostRow extends Rate {
  platform: string;
  username: string;
  external_post_id: string;
  post_url: string | null;
  caption: string | null;
  media_type: string | null;
  posted_at: string | null;
  views_count: number | null;
  likes_count: number | null;
  comments_count: number | null;
}

/** `GET /api/social-media/alerts`. */
export interface Alerts {
  events: AlertEvent[];
}

export interface AlertEvent {
  event_id: string;
  platform: string | null;
  username: string | null;
  date: string;
  title: string;
  url: string | null;
  fired_at: string;
}
