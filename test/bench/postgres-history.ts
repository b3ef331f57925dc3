import type SqliteDatabase from 'better-sqlite3';
import { CompiledQuery, type Kysely, type Transaction } from 'kysely';
import { addDays } from '../../src/core/time.ts';
import { openPostgres } from '../../src/store/postgres/open.ts';
import type { Store } from '../../src/store/open.ts';
import type { Database } from '../../src/store/schema.ts';
import { APP_VERSION, characterOf, LAST_DAY, openBenchStore, POST_ANALYTICS_COLUMNS, PROVIDER } from './history.ts';
import { FULL } from './reference.ts';

/** Everything that is small enough to be carried over row by row, what is referred to first. */
const COPIED = [
  'social_media_accounts',
  'social_media_posts',
  'social_media_hashtags',
  'social_media_post_hashtags',
  'social_media_analytics_snapshots',
  'social_media_post_range',
  'api_usage_tracking',
  'api_request_counts',
  'analytics_fetch_jobs',
];
const CHUNK = 10_000;

/** Opens a PostgreSQL database as the program does; in an empty one it makes the tables. */
export function openPostgresBenchStore(url: string): Promise<Store> {
  return openPostgres({ database: url, create: true, appVersion: APP_VERSION });
}

/** Runs a statement as it is written. */
export async function query<Row>(db: Kysely<Database>, sql: string, parameters: unknown[] = []): Promise<Row[]> {
  return (await db.executeQuery<Row>(CompiledQuery.raw(sql, parameters) as CompiledQuery<Row>)).rows;
}

/** Runs the rest of a transaction without triggers and without a look at foreign keys. */
export async function withoutTriggers(trx: Transaction<Database>): Promise<void> {
  await query(trx, 'SET LOCAL session_replication_role = replica');
}

/** Fills a new PostgreSQL database with the rows that `buildHistory` put into a file. */
export async function buildPostgresHistory(url: string, file: string, days: number): Promise<void> {
  const store = await openPostgresBenchStore(url);
  const { connection, close } = await openBenchStore(file);
  await store.db.transaction().execute(async (trx) => {
    await withoutTriggers(trx);
    for (const table of COPIED) await copyTable(trx, connection, table);
    await insertPostAnalytics(trx, days);
  });
  await query(store.db, 'VACUUM (ANALYZE)');
  await query(store.db, 'CHECKPOINT');
  await close();
  await store.close();
}

async function copyTable(trx: Transaction<Database>, from: SqliteDatabase.Database, table: string): Promise<void> {
  const columns = from.pragma(`table_info(${table})`) as { name: string }[];
  const list = columns.map(({ name }) => name).join(', ');
  const sql = `INSERT INTO ${table} (${list}) SELECT ${list} FROM json_populate_recordset(null::${table}, $1)`;
  let rows: unknown[] = [];
  for (const row of from.prepare(`SELECT ${list} FROM ${table}`).iterate()) {
    if (rows.push(row) < CHUNK) continue;
    await query(trx, sql, [JSON.stringify(rows)]);
    rows = [];
  }
  await query(trx, sql, [JSON.stringify(rows)]);
  if (!columns.some(({ name }) => name === 'id')) return;
  await query(trx, `SELECT setval(pg_get_serial_sequence('${table}', 'id'), max(id)) FROM ${table}`);
}

/** The rows of `analyticsRow`, computed by the server: the same operations on the same numbers in the same order. */
async function insertPostAnalytics(trx: Transaction<Database>, days: number): Promise<void> {
  const posts = Array.from({ length: FULL.accounts * FULL.posts }, (_, at) => ({
    post_id: at + 1,
    ...characterOf(at + 1),
  }));
  const types = { post_id: 'integer', ...typeAll(['views', 'age', 'pace', 'likes', 'comments'], 'double precision') };
  const declared = Object.entries(types).map((column) => column.join(' '));
  await query(
    trx,
    `CREATE TEMPORARY TABLE characters ON COMMIT DROP AS
     SELECT * FROM json_to_recordset($1) AS c (${declared.join(', ')}) ORDER BY post_id`,
    [JSON.stringify(posts)],
  );
  for (let index = 0; index < days; index++) {
    // Day by day, as runs add them: on the disk a day's rows are side by side.
    await query(
      trx,
      `INSERT INTO social_media_post_analytics (${POST_ANALYTICS_COLUMNS.join(', ')})
       SELECT $1::date, c.post_id, n.likes, n.comments, v.views, n.shares, n.saves, NULL, NULL,
         (n.likes + n.comments + n.shares + n.saves) / nullif(v.views, 0) * 100,
         CASE WHEN v.views > 0 THEN 'views' END, '${PROVIDER}'
       FROM characters c
       CROSS JOIN LATERAL (SELECT c.age + $2::integer AS days) a
       CROSS JOIN LATERAL (SELECT floor(c.views * a.days / (a.days + c.pace)) AS views) v
       CROSS JOIN LATERAL (SELECT floor(v.views * c.likes) AS likes, floor(v.views * c.comments) AS comments,
         floor(v.views * 0.004::float8) AS shares, floor(v.views * 0.006::float8) AS saves) n`,
      [addDays(LAST_DAY, 1 - days + index), index],
    );
  }
}

function typeAll(names: readonly string[], type: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, type]));
}
