/** A table that a copy takes along. */
export interface CopiedTable {
  table: string;
  /** The primary key: rows are read in its order. */
  key: readonly string[];
  /** The key is a number that the database hands out. */
  isNumbered?: true;
}

/** Every table but the list of migrations, each after those that it refers to. */
export const COPIED_TABLES: readonly CopiedTable[] = [
  { table: 'social_media_accounts', key: ['id'], isNumbered: true },
  { table: 'social_media_analytics_snapshots', key: ['account_id', 'snapshot_date'] },
  { table: 'social_media_posts', key: ['id'], isNumbered: true },
  { table: 'social_media_post_range', key: ['post_id'] },
  { table: 'social_media_post_analytics', key: ['snapshot_date', 'post_id'] },
  { table: 'social_media_hashtags', key: ['id'], isNumbered: true },
  { table: 'social_media_post_hashtags', key: ['hashtag_id', 'post_id'] },
  { table: 'videos', key: ['id'] },
  { table: 'clips', key: ['id'] },
  { table: 'social_media_content_mapping', key: ['id'], isNumbered: true },
  { table: 'api_usage_tracking', key: ['id'], isNumbered: true },
  { table: 'api_request_counts', key: ['provider_name', 'date'] },
  { table: 'api_quota_reports', key: ['provider_name'] },
  { table: 'analytics_fetch_runs', key: ['id'], isNumbered: true },
  { table: 'analytics_fetch_jobs', key: ['id'], isNumbered: true },
  { table: 'social_media_daily_metrics', key: ['metric_id'], isNumbered: true },
  { table: 'audience_demographics', key: ['id'], isNumbered: true },
  { table: 'campaign_social_metrics', key: ['id'], isNumbered: true },
  { table: 'audit_log', key: ['id'], isNumbered: true },
  { table: 'alert_rules', key: ['id'], isNumbered: true },
  { table: 'alert_events', key: ['id'], isNumbered: true },
  { table: 'alert_deliveries', key: ['id'], isNumbered: true },
  { table: 'api_tokens', key: ['id'], isNumbered: true },
];
