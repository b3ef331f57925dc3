import type { PostMetrics } from './metric.ts';

/** What a provider says of an account, in our own terms. Null is unknown. */
export interface Profile {
  externalId: string | null;
  displayName: string | null;
  bio: string | null;
  profilePicUrl: string | null;
  isVerified: boolean | null;
  isBusiness: boolean | null;
  followers: number | null;
  following: number | null;
  posts: number | null;
}

/** The kinds of post that the platforms know between them. */
export type MediaType = 'video' | 'image' | 'carousel' | 'text' | 'link' | 'story';

/** What a provider says of a post, in our own terms. Null is unknown. */
export interface Post {
  /** The platform's id. A string: such ids exceed 2^53. */
  externalId: string;
  url: string | null;
  caption: string | null;
  mediaType: MediaType | null;
  thumbnailUrl: string | null;
  mediaUrl: string | null;
  /** Seconds. */
  duration: number | null;
  postedAt: Date | null;
  metrics: PostMetrics;
}

/** What a platform can report for an account on a day, as columns of `social_media_daily_metrics`. */
export const DAILY_METRICS = [
  'followers',
  'reach',
  'impressions',
  'video_views',
  'likes',
  'comments',
  'shares',
  'saves',
  'clicks',
  'profile_visits',
  'mentions',
] as const;
export type DailyMetric = (typeof DAILY_METRICS)[number];

/** What a platform reports for an account on one day of its own calendar. Null and left out are unknown. */
export interface DailyInsight {
  /** `YYYY-MM-DD`. */
  day: string;
  metrics: Partial<Record<DailyMetric, number | null>>;
}

/** The age groups that the platforms share, as columns of `audience_demographics`. */
export const AGE_GROUPS = [
  'age_13_17',
  'age_18_24',
  'age_25_34',
  'age_35_44',
  'age_45_54',
  'age_55_64',
  'age_65_plus',
] as const;
export type AgeGroup = (typeof AGE_GROUPS)[number];

/** Who follows an account. Shares are percent of those whose value is known; null and left out are unknown. */
export interface Audience {
  ages: Partial<Record<AgeGroup, number | null>>;
  male: number | null;
  female: number | null;
  /** Names or codes as the platform writes them, most followers first; null when it does not say. */
  countries: string[] | null;
  cities: string[] | null;
}

/** One provider's whole answer about one account: the unit that is saved, or not. */
export interface AccountAnswer {
  profile: Profile;
  /** In the provider's order, pinned posts where it put them, each id once. */
  posts: Post[];
  /** Left out by a provider without insights. */
  days?: DailyInsight[];
  audience?: Audience | undefined;
  /** What it did not deliver although it could have, a sentence each without the provider's name. */
  remarks?: string[];
}
