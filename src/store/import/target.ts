import type { DatasetName } from '../../core/dataset.ts';

/** A column that is a row id in the table and names in the file. */
export interface Reference {
  column: string;
  table: 'social_media_accounts' | 'social_media_posts';
  /** The names in the dataset, in the order of `key`. */
  names: readonly string[];
  /** The columns of the table that they are. */
  key: readonly string[];
  /** May be empty in the file, and then is unknown. */
  isOptional?: true;
}

/** How rows of a dataset become rows of a table. */
export interface Target {
  table: string;
  reference?: Reference;
  /** The columns that tell which row is meant. */
  key: readonly string[];
  /** What stands for an unknown value in the unique key. */
  unknownKey?: Readonly<Record<string, '0' | "''">>;
  /** Columns of the dataset that the table has not. */
  without?: readonly string[];
  /** Only rows of which this column has this value. */
  only?: readonly [column: string, value: string];
  /** What a new row has where the file says nothing; `now` is the instant. */
  defaults?: Readonly<Record<string, string | number>>;
  /** Rows may refer to these of the user's own content. */
  content?: Readonly<Record<string, 'videos' | 'clips'>>;
}

/** Stands for the instant of the import. */
export const NOW = 'now';

const ACCOUNT = {
  column: 'account_id',
  table: 'social_media_accounts',
  names: ['platform', 'username'],
  key: ['platform', 'username'],
} as const;

const POST = {
  column: 'post_id',
  table: 'social_media_posts',
  names: ['platform', 'external_post_id'],
  key: ['platform', 'external_post_id'],
} as const;

/** What importing does; requests are not imported: they would count as sent from here, against the quota. */
export const TARGETS: Record<Exclude<DatasetName, 'usage'>, readonly Target[]> = {
  accounts: [
    {
      table: 'social_media_accounts',
      key: ['platform', 'username'],
      defaults: { is_active: 1, is_competitor: 0, created_at: NOW, updated_at: NOW },
    },
  ],
  snapshots: [
    {
      table: 'social_media_analytics_snapshots',
      reference: ACCOUNT,
      key: ['account_id', 'snapshot_date'],
      without: ['platform', 'username'],
      defaults: { captured_at: NOW },
    },
  ],
  posts: [
    {
      table: 'social_media_posts',
      reference: ACCOUNT,
      key: ['platform', 'external_post_id'],
      without: ['username'],
      defaults: { created_at: NOW },
    },
  ],
  'post-metrics': [
    {
      table: 'social_media_post_analytics',
      reference: POST,
      key: ['snapshot_date', 'post_id'],
      without: ['platform', 'username', 'external_post_id'],
    },
  ],
  'daily-metrics': [
    {
      table: 'social_media_daily_metrics',
      reference: ACCOUNT,
      key: ['account_id', 'date'],
      without: ['username'],
      defaults: { created_at: NOW },
    },
  ],
  audience: [
    {
      table: 'audience_demographics',
      reference: ACCOUNT,
      key: ['account_id', 'date'],
      without: ['username'],
      defaults: { created_at: NOW },
    },
  ],
  campaigns: [
    {
      table: 'campaign_social_metrics',
      reference: { ...ACCOUNT, names: ['account_platform', 'username'], isOptional: true },
      key: ['campaign_id', 'account_id', 'platform', 'video_id'],
      unknownKey: { account_id: '0', platform: "''", video_id: "''" },
      without: ['account_platform', 'username'],
      defaults: { created_at: NOW },
      content: { video_id: 'videos' },
    },
  ],
  content: [
    {
      table: 'videos',
      key: ['id'],
      without: ['type', 'video_id'],
      only: ['type', 'video'],
      defaults: { created_at: NOW },
    },
    {
      table: 'clips',
      key: ['id'],
      without: ['type'],
      only: ['type', 'clip'],
      defaults: { created_at: NOW },
      content: { video_id: 'videos' },
    },
  ],
  mapping: [
    {
      table: 'social_media_content_mapping',
      reference: POST,
      key: ['post_id'],
      without: ['platform', 'username', 'external_post_id'],
      defaults: {
        confidence_score: 1,
        matched_by: 'manual',
        status: 'confirmed',
        decided_by: 'person',
        created_at: NOW,
      },
      content: { video_id: 'videos', clip_id: 'clips' },
    },
  ],
};
