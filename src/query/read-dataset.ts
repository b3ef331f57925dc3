import { sql, type Kysely, type RawBuilder } from 'kysely';
import { datasetOf, type DatasetName, type DatasetRow } from '../core/dataset.ts';
import type { Database } from '../store/schema.ts';
import { isFiltering, selectPostIds, type PostFilter } from './post-filter.ts';

/** Which rows of a dataset are read; all by default. Rows of posts are chosen by their post as well. */
export interface DatasetFilter extends Omit<PostFilter, 'postedSince' | 'postedBefore'> {
  /** On or after this day or instant, whichever the dataset's `since` column is. What is not known is left out. */
  since?: string | undefined;
  /** Before this day or instant. */
  before?: string | undefined;
  /** Of each post or account all days but the latest. */
  isBeforeLatest?: boolean;
}

/** Where the rows of a dataset come from, page by page in the order of a key. */
interface Origin {
  table: string;
  key: readonly string[];
  /** What is joined to a page: `t` is the page. */
  joins: string;
  /** The value of each column that is no column of `t` under its own name. */
  values?: Readonly<Record<string, string>>;
  /** The platform of a row of `t`, where it is known without its account. */
  platform?: string;
  /** The column that has the account. */
  account?: 'account_id' | 'id';
  /** The column that has the post, where rows are of posts. */
  post?: 'post_id' | 'id';
  /** What holds for all days of a post or account but the latest. */
  isBeforeLatest?: string;
}

const OF_ACCOUNT = {
  joins: 'CROSS JOIN social_media_accounts a WHERE a.id = t.account_id',
  values: { platform: 'a.platform', username: 'a.username' },
  account: 'account_id',
} as const;

const OF_POST = {
  joins: `CROSS JOIN social_media_posts p CROSS JOIN social_media_accounts a
    WHERE p.id = t.post_id AND a.id = p.account_id`,
  values: { platform: 'p.platform', username: 'a.username', external_post_id: 'p.external_post_id' },
  post: 'post_id',
} as const;

const ORIGINS: Record<DatasetName, readonly Origin[]> = {
  accounts: [{ table: 'social_media_accounts', key: ['id'], joins: '', account: 'id' }],
  snapshots: [
    {
      table: 'social_media_analytics_snapshots',
      key: ['account_id', 'snapshot_date'],
      ...OF_ACCOUNT,
      isBeforeLatest: `snapshot_date < (SELECT max(x.snapshot_date) FROM social_media_analytics_snapshots x
        WHERE x.account_id = social_media_analytics_snapshots.account_id)`,
    },
  ],
  posts: [{ table: 'social_media_posts', key: ['id'], ...OF_ACCOUNT, values: { username: 'a.username' }, post: 'id' }],
  'post-metrics': [
    {
      table: 'social_media_post_analytics',
      key: ['snapshot_date', 'post_id'],
      ...OF_POST,
      isBeforeLatest: `snapshot_date < (SELECT r.latest_date FROM social_media_post_range r
        WHERE r.post_id = social_media_post_analytics.post_id)`,
    },
  ],
  'daily-metrics': [{ table: 'social_media_daily_metrics', key: ['metric_id'], ...OF_ACCOUNT }],
  audience: [{ table: 'audience_demographics', key: ['id'], ...OF_ACCOUNT }],
  campaigns: [
    {
      table: 'campaign_social_metrics',
      key: ['id'],
      joins: 'LEFT JOIN social_media_accounts a ON a.id = t.account_id',
      values: { account_platform: 'a.platform', username: 'a.username' },
      platform: 'platform',
      account: 'account_id',
    },
  ],
  content: [
    { table: 'videos', key: ['id'], joins: '', values: { type: "'video'", video_id: 'NULL' } },
    { table: 'clips', key: ['id'], joins: '', values: { type: "'clip'" } },
  ],
  mapping: [{ table: 'social_media_content_mapping', key: ['id'], ...OF_POST }],
  usage: [{ table: 'api_usage_tracking', key: ['id'], joins: '', platform: 'platform' }],
};

const ROWS_PER_PAGE = 250;

/**
 * The rows of a dataset in the order of their primary key, page by page, so that no more than a page is in memory. Run it
 * in a transaction that sees one state of the database.
 */
export async function* readDataset(
  db: Kysely<Database>,
  name: DatasetName,
  filter: DatasetFilter = {},
): AsyncGenerator<DatasetRow[]> {
  for (const origin of ORIGINS[name]) yield* readOrigin(db, name, origin, filter);
}

/** How many rows `readDataset` gives. */
export async function countDataset(
  db: Kysely<Database>,
  name: DatasetName,
  filter: DatasetFilter = {},
): Promise<number> {
  let count = 0;
  for (const origin of ORIGINS[name]) {
    const { rows } = await sql<{ rows: number }>`
      SELECT count(*) AS rows FROM ${sql.table(origin.table)} ${where(conditions(db, name, origin, filter))}`.execute(
      db,
    );
    count += rows[0]?.rows ?? 0;
  }
  return count;
}

async function* readOrigin(
  db: Kysely<Database>,
  name: DatasetName,
  origin: Origin,
  filter: DatasetFilter,
): AsyncGenerator<DatasetRow[]> {
  const columns = datasetOf(name).columns.map((column) => column.name);
  const values = columns.map((column) => `${origin.values?.[column] ?? `t.${column}`} AS ${column}`);
  const keys = sql.join(origin.key.map((key) => sql.ref(key)));
  const fixed = conditions(db, name, origin, filter);
  // Of each page the table alone is read first, by its key: as one join PostgreSQL might sort all of it for each page.
  const page = (after: RawBuilder<unknown>[]) => sql<Record<string, string | number | null>>`
    SELECT ${sql.raw(values.join(', '))}, ${sql.join(origin.key.map((key, at) => sql`t.${sql.ref(key)} AS ${sql.ref(`key_${at}`)}`))}
    FROM (SELECT * FROM ${sql.table(origin.table)} ${where([...fixed, ...after])}
      ORDER BY ${keys} LIMIT ${sql.lit(ROWS_PER_PAGE)}) AS t
    ${sql.raw(origin.joins)} ORDER BY ${sql.join(origin.key.map((key) => sql`t.${sql.ref(key)}`))}`;
  let after: (string | number)[] | undefined;
  for (;;) {
    const { rows } = await page(after === undefined ? [] : [sql`(${keys}) > (${sql.join(after)})`]).execute(db);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => columns.map((column) => row[column] ?? null));
    after = origin.key.map((_, at) => last[`key_${at}`] as string | number);
  }
}

function conditions(db: Kysely<Database>, name: DatasetName, origin: Origin, filter: DatasetFilter) {
  const { since, before, isBeforeLatest = false, ...posts } = filter;
  const { platform, username } = posts;
  const found: RawBuilder<unknown>[] = [];
  const { since: column } = datasetOf(name);
  if (since !== undefined && column !== undefined) found.push(sql`${sql.ref(column)} >= ${since}`);
  if (before !== undefined && column !== undefined) found.push(sql`${sql.ref(column)} < ${before}`);
  if (isBeforeLatest && origin.isBeforeLatest !== undefined) found.push(sql.raw(origin.isBeforeLatest));
  if (origin.post !== undefined) {
    if (isFiltering(posts)) found.push(sql`${sql.ref(origin.post)} IN (${selectPostIds(db, posts)})`);
    return found;
  }
  if (origin.platform !== undefined && platform !== undefined && username === undefined) {
    found.push(sql`${sql.ref(origin.platform)} = ${platform}`);
  } else if (origin.account !== undefined && (platform !== undefined || username !== undefined)) {
    const accounts = where([
      ...(platform === undefined ? [] : [sql`platform = ${platform}`]),
      ...(username === undefined ? [] : [sql`username = ${username}`]),
    ]);
    found.push(sql`${sql.ref(origin.account)} IN (SELECT id FROM social_media_accounts ${accounts})`);
  }
  return found;
}

function where(found: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return found.length === 0 ? sql`` : sql`WHERE ${sql.join(found, sql` AND `)}`;
}
