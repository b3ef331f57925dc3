/** What the values of an exported column are. */
export type ValueKind = 'text' | 'count' | 'decimal' | 'flag' | 'day' | 'instant';

/** A column of an exported dataset. */
export interface DatasetColumn {
  name: string;
  kind: ValueKind;
  /** A row is nothing without it. */
  isRequired?: true;
  /** All that it may be. */
  choices?: readonly string[];
}

/** Rows as the values of their columns, in the order of the dataset. */
export type DatasetRow = readonly (string | number | null)[];

/** One kind of rows that leaves the database as a file and comes back from it. */
export interface Dataset {
  /** What a row is, for the help. */
  summary: string;
  /** Accounts and posts are called by their names, not by row ids: another database numbers them otherwise. */
  columns: readonly DatasetColumn[];
  /** The column that `--since` compares; without it there is no such filter. */
  since?: string;
  /** Rows belong to accounts: `--platform`, and `--account` unless only the platform is known. */
  belongsTo?: 'account' | 'platform';
}

const text = columns('text');
const count = columns('count');
const decimal = columns('decimal');
const flag = columns('flag');
const day = columns('day');
const instant = columns('instant');

/** Every dataset by its name. Columns are only ever added. */
export const DATASETS = {
  accounts: {
    summary: 'the accounts that are tracked',
    columns: [
      ...required(text('platform', 'username')),
      ...text('display_name', 'bio', 'profile_pic_url', 'external_id'),
      ...flag('is_verified', 'is_business', 'is_active', 'is_competitor'),
      ...text('brand'),
      ...instant('created_at', 'updated_at', 'last_fetched_at'),
    ],
    belongsTo: 'account',
  },
  snapshots: {
    summary: 'an account on a day',
    columns: [
      ...required([...text('platform', 'username'), ...day('snapshot_date')]),
      ...count('followers_count', 'following_count', 'posts_count'),
      ...count('total_likes', 'total_comments', 'total_views', 'total_shares'),
      ...decimal('engagement_rate'),
      ...text('engagement_basis'),
      ...decimal('avg_likes_per_post', 'avg_comments_per_post'),
      ...text('provider_name'),
      ...instant('captured_at'),
    ],
    since: 'snapshot_date',
    belongsTo: 'account',
  },
  posts: {
    summary: 'the posts of the accounts',
    columns: [
      ...required(text('platform', 'username', 'external_post_id')),
      ...text('post_url', 'caption', 'media_type', 'thumbnail_url', 'media_url'),
      ...count('duration'),
      ...instant('posted_at', 'created_at'),
    ],
    since: 'posted_at',
    belongsTo: 'account',
  },
  'post-metrics': {
    summary: 'a post on a day',
    columns: [
      ...required([...text('platform', 'username', 'external_post_id'), ...day('snapshot_date')]),
      ...count('likes_count', 'comments_count', 'views_count', 'shares_count', 'saves_count'),
      ...count('reach_count', 'impressions_count'),
      ...decimal('engagement_rate'),
      ...text('engagement_basis', 'provider_name'),
    ],
    since: 'snapshot_date',
    belongsTo: 'account',
  },
  'daily-metrics': {
    summary: 'what a platform or a person reports for an account on a day',
    columns: [
      ...required([...text('platform', 'username'), ...day('date')]),
      ...count('followers'),
      ...decimal('engagement_rate'),
      ...count('reach', 'impressions', 'shares', 'comments', 'likes', 'clicks', 'saves', 'video_views'),
      ...count('profile_visits', 'mentions'),
      ...instant('created_at'),
      ...text('provider_name', 'recorded_columns'),
    ],
    since: 'date',
    belongsTo: 'account',
  },
  audience: {
    summary: 'an audience on a day',
    columns: [
      ...required([...text('platform', 'username'), ...day('date')]),
      ...decimal('age_13_17', 'age_18_24', 'age_25_34', 'age_35_44', 'age_45_54', 'age_55_64', 'age_65_plus'),
      ...decimal('male_percentage', 'female_percentage'),
      ...text('top_countries', 'top_cities'),
      ...instant('created_at'),
      ...text('provider_name', 'recorded_columns'),
    ],
    since: 'date',
    belongsTo: 'account',
  },
  campaigns: {
    summary: 'what campaigns cost and brought',
    columns: [
      ...required(text('campaign_id')),
      ...text('account_platform', 'username', 'platform', 'video_id'),
      ...day('start_date', 'end_date'),
      ...count('total_reach', 'total_impressions', 'total_engagement'),
      ...decimal('engagement_rate', 'conversion_rate', 'cost'),
      ...count('conversions'),
      ...decimal('cost_per_conversion', 'cost_per_engagement', 'cost_per_reach', 'revenue_generated', 'roi', 'roas'),
      ...text('currency'),
      ...instant('created_at', 'updated_at'),
    ],
    since: 'start_date',
    belongsTo: 'account',
  },
  content: {
    summary: 'your own videos and clips',
    columns: [
      ...required([{ name: 'type', kind: 'text', choices: ['video', 'clip'] }, ...text('id', 'title')]),
      ...text('video_id', 'description', 'hashtags'),
      ...count('duration'),
      ...instant('published_at'),
      ...text('url'),
      ...instant('created_at'),
    ],
    since: 'published_at',
  },
  mapping: {
    summary: 'which post shows which video or clip',
    columns: [
      ...required(text('platform', 'username', 'external_post_id')),
      ...text('video_id', 'clip_id'),
      ...decimal('confidence_score'),
      ...text('matched_by', 'status', 'decided_by'),
      ...decimal('runner_up_score'),
      ...instant('created_at', 'updated_at'),
    ],
    since: 'created_at',
    belongsTo: 'account',
  },
  usage: {
    summary: 'requests to providers',
    columns: [
      ...required([...text('provider_name', 'platform', 'endpoint'), ...instant('requested_at'), ...day('date')]),
      ...count('request_count', 'quota_units'),
      ...flag('success'),
      ...count('latency_ms'),
      ...text('error_message'),
    ],
    since: 'date',
    belongsTo: 'platform',
  },
} as const satisfies Record<string, Dataset>;

export type DatasetName = keyof typeof DATASETS;

export const DATASET_NAMES = Object.keys(DATASETS) as DatasetName[];

/** A dataset with all that it may have. */
export function datasetOf(name: DatasetName): Dataset {
  return DATASETS[name];
}

function columns(kind: ValueKind) {
  return (...names: string[]): DatasetColumn[] => names.map((name) => ({ name, kind }));
}

function required(given: readonly DatasetColumn[]): DatasetColumn[] {
  return given.map((column) => ({ ...column, isRequired: true }));
}
