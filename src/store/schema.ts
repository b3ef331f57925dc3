import type { Generated } from 'kysely';
import type { MediaType } from '../core/account.ts';

/** The number of the newest file in `sql/<engine>/`: the schema of an up-to-date database. */
export const SCHEMA_VERSION = 13;

/** `PRAGMA application_id` of our SQLite files: "SMST". */
export const APPLICATION_ID = 0x534d5354;

/** 0 or 1, also where the database has a boolean. */
export type Flag = number;

export interface AccountTable {
  id: Generated<number>;
  platform: string;
  username: string;
  display_name: string | null;
  bio: string | null;
  profile_pic_url: string | null;
  external_id: string | null;
  is_verified: Flag | null;
  is_business: Flag | null;
  is_active: Generated<Flag>;
  is_competitor: Generated<Flag>;
  brand: string | null;
  created_at: Generated<string>;
  updated_at: Generated<string>;
  last_fetched_at: string | null;
}

export interface SnapshotTable {
  account_id: number;
  snapshot_date: string;
  followers_count: number | null;
  following_count: number | null;
  posts_count: number | null;
  total_likes: number | null;
  total_comments: number | null;
  total_views: number | null;
  total_shares: number | null;
  engagement_rate: number | null;
  engagement_basis: string | null;
  avg_likes_per_post: number | null;
  avg_comments_per_post: number | null;
  provider_name: string | null;
  captured_at: Generated<string>;
}

export interface PostTable {
  id: Generated<number>;
  account_id: number;
  platform: string;
  external_post_id: string;
  post_url: string | null;
  caption: string | null;
  media_type: MediaType | null;
  thumbnail_url: string | null;
  media_url: string | null;
  duration: number | null;
  posted_at: string | null;
  created_at: Generated<string>;
}

export interface PostAnalyticsTable {
  snapshot_date: string;
  post_id: number;
  likes_count: number | null;
  comments_count: number | null;
  views_count: number | null;
  shares_count: number | null;
  saves_count: number | null;
  reach_count: number | null;
  impressions_count: number | null;
  engagement_rate: number | null;
  engagement_basis: string | null;
  provider_name: string | null;
}

/** Kept by triggers; never written by the program. */
export interface PostRangeTable {
  post_id: number;
  first_date: string;
  latest_date: string;
  likes_count: number | null;
  comments_count: number | null;
  views_count: number | null;
  shares_count: number | null;
}

export interface HashtagTable {
  id: Generated<number>;
  tag: string;
  written: string;
}

export interface PostHashtagTable {
  hashtag_id: number;
  post_id: number;
}

export interface ApiUsageTable {
  id: Generated<number>;
  provider_name: string;
  platform: string;
  endpoint: string;
  request_count: Generated<number>;
  success: Flag | null;
  latency_ms: number | null;
  error_message: string | null;
  requested_at: Generated<string>;
  date: string;
  /** What it took from the vendor's quota; the most it may take while it is under way. */
  quota_units: Generated<number>;
}

/** Kept by triggers on `api_usage_tracking`. */
export interface RequestCountTable {
  provider_name: string;
  date: string;
  request_count: number;
  quota_units: Generated<number>;
}

export interface QuotaReportTable {
  provider_name: string;
  quota_limit: number;
  quota_remaining: number;
  /** Our own count of the period when the report came: what was sent since is the difference. */
  our_count: number;
  resets_at: string;
  reported_at: string;
}

export interface FetchJobTable {
  id: Generated<number>;
  account_id: number;
  job_type: Generated<string>;
  status: 'pending' | 'running' | 'completed' | 'failed';
  provider_name: string | null;
  started_at: string | null;
  completed_at: string | null;
  posts_fetched: number | null;
  error_message: string | null;
  date: string;
  run_id: number | null;
  /** Where machines share a database: after this the job's process counts as dead. */
  claimed_until: string | null;
}

/** A run over all accounts. */
export interface FetchRunTable {
  id: Generated<number>;
  started_at: string;
  /** Null while it is under way, and when it died. */
  completed_at: string | null;
  claimed_until: string | null;
}

/** What the user made, longer than a clip. */
export interface VideoTable {
  id: string;
  title: string;
  description: string | null;
  /** Words with or without `#`, separated by blanks. */
  hashtags: string | null;
  /** Seconds. */
  duration: number | null;
  published_at: string | null;
  url: string | null;
  created_at: Generated<string>;
}

/** A part of a video, or something short of its own. */
export interface ClipTable extends VideoTable {
  video_id: string | null;
}

/** Which video or clip a post shows; one row a post. */
export interface ContentMappingTable {
  id: Generated<number>;
  post_id: number;
  video_id: string | null;
  clip_id: string | null;
  confidence_score: Generated<number>;
  matched_by: Generated<string>;
  status: Generated<'confirmed' | 'suggested' | 'rejected'>;
  created_at: Generated<string>;
  decided_by: Generated<'person' | 'rule'>;
  runner_up_score: number | null;
  updated_at: string | null;
}

export interface DailyMetricTable {
  metric_id: Generated<number>;
  account_id: number;
  platform: string;
  date: string;
  followers: number | null;
  engagement_rate: number | null;
  reach: number | null;
  impressions: number | null;
  shares: number | null;
  comments: number | null;
  likes: number | null;
  clicks: number | null;
  saves: number | null;
  video_views: number | null;
  profile_visits: number | null;
  mentions: number | null;
  created_at: Generated<string>;
  /** The provider that reported it; null where a person alone did. */
  provider_name: string | null;
  /** What a person recorded: a JSON array of columns. */
  recorded_columns: string | null;
}

export interface AudienceTable {
  id: Generated<number>;
  account_id: number;
  platform: string;
  date: string;
  age_13_17: number | null;
  age_18_24: number | null;
  age_25_34: number | null;
  age_35_44: number | null;
  age_45_54: number | null;
  age_55_64: number | null;
  age_65_plus: number | null;
  male_percentage: number | null;
  female_percentage: number | null;
  /** JSON arrays. */
  top_countries: string | null;
  top_cities: string | null;
  created_at: Generated<string>;
  provider_name: string | null;
  recorded_columns: string | null;
}

export interface CampaignTable {
  id: Generated<number>;
  campaign_id: string;
  account_id: number | null;
  platform: string | null;
  start_date: string | null;
  end_date: string | null;
  total_reach: number | null;
  total_impressions: number | null;
  total_engagement: number | null;
  engagement_rate: number | null;
  conversion_rate: number | null;
  cost: number | null;
  conversions: number | null;
  cost_per_conversion: number | null;
  cost_per_engagement: number | null;
  cost_per_reach: number | null;
  revenue_generated: number | null;
  roi: number | null;
  roas: number | null;
  created_at: Generated<string>;
  /** Three letters; null is not known. Applies to cost and revenue. */
  currency: string | null;
  video_id: string | null;
  updated_at: string | null;
}

export interface AuditLogTable {
  id: Generated<number>;
  actor: string;
  action: string;
  table_name: string;
  row_id: string | null;
  happened_at: Generated<string>;
  before_json: string | null;
  after_json: string | null;
}

/** What to be told about. */
export interface AlertRuleTable {
  id: Generated<number>;
  /** A key of `RULE_KINDS`. */
  kind: string;
  account_id: number | null;
  platform: string | null;
  brand: string | null;
  metric: string | null;
  threshold: number | null;
  days: number | null;
  cooldown_days: number;
  /** A JSON array of names. */
  channels: Generated<string>;
  created_at: Generated<string>;
}

/** What a rule found, once each. */
export interface AlertEventTable {
  id: Generated<number>;
  rule_id: number;
  event_key: string;
  subject: string;
  account_id: number | null;
  date: string;
  title: string;
  /** A JSON object. */
  details: string;
  fired_at: string;
}

/** An event on its way to a channel. */
export interface AlertDeliveryTable {
  id: Generated<number>;
  event_id: number;
  channel: string;
  /** The same at every try. */
  message_id: string;
  status: Generated<'pending' | 'sent' | 'failed'>;
  attempts: Generated<number>;
  next_attempt_at: string;
  /** Until then it is in a process's hands. */
  claimed_until: string | null;
  sent_at: string | null;
  error_message: string | null;
}

/** Who may ask the API over the network. */
export interface ApiTokenTable {
  id: Generated<number>;
  name: string;
  /** SHA-256 in hexadecimal: the token itself is nowhere. */
  token_hash: string;
  scope: 'read' | 'write';
  created_at: Generated<string>;
  last_used_at: string | null;
  expires_at: string | null;
  revoked_at: string | null;
}

/** The tables that the program reads or writes, as Kysely sees them. */
export interface Database {
  social_media_accounts: AccountTable;
  social_media_analytics_snapshots: SnapshotTable;
  social_media_posts: PostTable;
  social_media_post_analytics: PostAnalyticsTable;
  social_media_post_range: PostRangeTable;
  social_media_hashtags: HashtagTable;
  social_media_post_hashtags: PostHashtagTable;
  api_usage_tracking: ApiUsageTable;
  api_request_counts: RequestCountTable;
  api_quota_reports: QuotaReportTable;
  analytics_fetch_jobs: FetchJobTable;
  analytics_fetch_runs: FetchRunTable;
  videos: VideoTable;
  clips: ClipTable;
  social_media_content_mapping: ContentMappingTable;
  social_media_daily_metrics: DailyMetricTable;
  audience_demographics: AudienceTable;
  campaign_social_metrics: CampaignTable;
  audit_log: AuditLogTable;
  alert_rules: AlertRuleTable;
  alert_events: AlertEventTable;
  alert_deliveries: AlertDeliveryTable;
  api_tokens: ApiTokenTable;
}
