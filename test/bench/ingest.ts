import { statSync } from 'node:fs';
import { join } from 'node:path';
import type SqliteDatabase from 'better-sqlite3';
import { addDays } from '../../src/core/time.ts';
import type { Store } from '../../src/store/open.ts';
import { savePostAnalytics } from '../../src/store/post.ts';
import type { SqliteStore } from '../../src/store/sqlite/open.ts';
import { answerOf, listStoredPosts, openJob, saveDay } from './account-day.ts';
import { megabytes, type Board } from './board.ts';
import { bundle, runNode, writePeakReporter, writeRawScript } from './child.ts';
import { analyticsRow, LAST_DAY, openBenchStore, POST_ANALYTICS_COLUMNS, PROVIDER } from './history.ts';
import { compare, median } from './ratio.ts';
import { ALL_POSTS, FULL, type References } from './reference.ts';

const ROUNDS = 7;
/** Rows that are written with a commit each: enough to tell, few enough to wait for. */
const SLOW_ROWS = 1000;

/** Writing days of 200 accounts x 100 posts, beside raw prepared statements that write the same rows. */
export async function benchIngest(board: Board, references: References): Promise<void> {
  await benchRows(board, references);
  await benchAccounts(board, references);
  await benchGrownTable(board, references);
  await benchBytesWritten(board, references);
  await benchBytesPerRow(board, references);
  await benchMemory(board, references);
}

async function benchRows(board: Board, references: References): Promise<void> {
  const young = await references.young();
  const app = await openBenchStore(references.copy(young, 'rows-app'));
  const raw = await openBenchStore(references.copy(young, 'rows-raw'));
  const [appDay, rawDay] = [nextDays(), nextDays()];
  const synchronous = (mode: string) => {
    for (const { connection } of [app, raw]) connection.pragma(`synchronous = ${mode}`);
  };
  // A disk that is waited for 200 times would drown the rest: what the program adds shows where none of them waits.
  synchronous('NORMAL');
  const ms = await compare(ROUNDS, {
    app: () => writeDay(app, appDay()),
    raw: () => writeDayRaw(raw.connection, rawDay()),
  });
  board.atLeast('post analytics: of raw prepared statements, one transaction', 0.6, ms.raw / ms.app);
  board.note('  rows/s of smstats, of raw', `${perSecond(ALL_POSTS, ms.app)}, ${perSecond(ALL_POSTS, ms.raw)}`);

  synchronous('FULL');
  const full = await compare(ROUNDS, {
    app: () => writeDay(app, appDay()),
    raw: () => writeDayRaw(raw.connection, rawDay(), FULL.posts),
    slow: () => writeRowByRow(app, appDay()),
  });
  board.atLeast('the same, every account on the disk before the next', 0.6, full.raw / full.app);
  board.note('  rows/s of smstats, of raw', `${perSecond(ALL_POSTS, full.app)}, ${perSecond(ALL_POSTS, full.raw)}`);
  board.atLeast('post analytics: of Kysely with a commit per row', 15, full.slow / SLOW_ROWS / (full.app / ALL_POSTS));
  for (const store of [app, raw]) await store.close();
}

async function benchAccounts(board: Board, references: References): Promise<void> {
  const young = await references.young();
  const app = await openBenchStore(references.copy(young, 'accounts-app'));
  const raw = await openBenchStore(references.copy(young, 'accounts-raw'));
  const [appDay, rawDay] = [nextDays(), nextDays()];
  const ms = await compare(5, {
    app: () => saveAccounts(app, appDay()),
    raw: () => saveAccountsRaw(raw.connection, rawDay()),
  });
  board.note('whole accounts: of the same three upserts raw, one transaction', `${(ms.raw / ms.app).toFixed(2)}x`);
  board.note('  ms an account', (ms.app / FULL.accounts).toFixed(2));
  for (const store of [app, raw]) await store.close();
}

async function benchGrownTable(board: Board, references: References): Promise<void> {
  const young = await openBenchStore(references.copy(await references.young(), 'grown-young'));
  const full = await openBenchStore(references.copy(await references.full(), 'grown-full'));
  const [youngDay, fullDay] = [nextDays(), nextDays()];
  const ms = await compare(ROUNDS, {
    young: () => writeDay(young, youngDay()),
    full: () => writeDay(full, fullDay()),
  });
  board.atLeast('rows/s at 7.3 M rows, of rows/s at 0.2 M', 0.8, ms.young / ms.full);
  for (const store of [young, full]) await store.close();
}

/** What goes to the log in one day; checkpoints write at most as much again. */
async function benchBytesWritten(board: Board, references: References): Promise<void> {
  const store = await openBenchStore(references.copy(await references.young(), 'bytes'));
  const { connection, path } = store;
  const next = nextDays();
  connection.pragma('wal_autocheckpoint = 0');
  connection.pragma('journal_size_limit = 0');
  const logged = async (write: () => unknown): Promise<number> => {
    connection.pragma('wal_checkpoint(TRUNCATE)');
    await write();
    return statSync(`${path}-wal`).size;
  };
  const one = await logged(() => writeDayRaw(connection, next()));
  // The limit is of a table without basis and provider: rows that leave them empty compare with it.
  const comparable = await logged(() => {
    const { day, index } = next();
    const upsert = connection.prepare(UPSERT_ANALYTICS);
    connection.transaction(() => {
      for (let id = 1; id <= ALL_POSTS; id++) upsert.run(analyticsRow(day, index, id).with(10, null).with(11, null));
    })();
  });
  const perAccount = await logged(() => writeDay(store, next()));
  const whole = await logged(() => saveAccounts(store, next()));
  board.note('written to the log a day of 20,000 rows, one transaction', megabytes(one));
  board.atMost('  of rows without engagement_basis and provider_name', 2, comparable / 1024 / 1024, ' MB');
  board.atMost('written to the log a day of 20,000 rows, one an account', 8, perAccount / 1024 / 1024, ' MB');
  board.note('  with profiles, posts, snapshots and jobs', megabytes(whole));
  await store.close();
}

/** The table beside bare ones of the same rows: no index, no trigger, no check. */
async function benchBytesPerRow(board: Board, references: References): Promise<void> {
  const { connection, close } = await openBenchStore(references.copy(await references.young(), 'size'));
  const key = 'PRIMARY KEY (snapshot_date, post_id)';
  const table = 'social_media_post_analytics';
  // The limit in bytes was measured on a table without these three.
  const newer = new Set<string>(['engagement_basis', 'provider_name', 'impressions_count']);
  const variants = {
    bare: POST_ANALYTICS_COLUMNS,
    nine: POST_ANALYTICS_COLUMNS.filter((name) => !newer.has(name)),
  };
  for (const [name, columns] of Object.entries(variants)) {
    connection.exec(`CREATE TABLE ${name} (${columns.join(', ')}, ${key}) WITHOUT ROWID`);
    connection.exec(`INSERT INTO ${name} SELECT ${columns.join(', ')} FROM ${table} ORDER BY snapshot_date, post_id`);
  }
  const rows = connection.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
  const size = connection.prepare('SELECT sum(pgsize) FROM dbstat WHERE name = ?').pluck();
  const bytes = (name: string) => (size.get(name) as number) / rows;
  board.note('bytes a row of post analytics', bytes(table).toFixed(1));
  board.atMost('bytes a row, of a bare table of the same columns', 1.05, bytes(table) / bytes('bare'));
  board.atMost('bytes a row without engagement_basis, provider_name, impressions_count', 46, bytes('nine'), ' B');
  await close();
}

async function benchMemory(board: Board, references: References): Promise<void> {
  const { directory } = references;
  const database = references.copy(await references.young(), 'memory');
  const script = join(directory, 'ingest-process.cjs');
  await bundle(join(import.meta.dirname, 'ingest-process.ts'), script);
  const reporter = writePeakReporter(directory);
  const bare = writeRawScript(
    directory,
    'idle',
    database,
    `db.prepare('SELECT count(*) FROM social_media_accounts').get();`,
  );
  // V8 lets the space for young objects grow with the sum of all that ever survived, whatever is still in use. Kept at
  // 1 MB it leaves what saving holds at a time; the figures without that are printed beside.
  const pinned = ['--max-semi-space-size=1', ...reporter];
  let days = 0;
  const nextDay = () => addDays(LAST_DAY, ++days);
  const peakOf = (run: () => string[]) => median(Array.from({ length: 5 }, () => runNode(run()).peakMb));
  const idle = peakOf(() => [...pinned, script, database]);
  const saving = peakOf(() => [...pinned, script, database, nextDay()]);
  board.atMost('peak memory of saving a day, over idle, young generation pinned', 25, saving - idle, ' MB');
  const free = [
    peakOf(() => [...reporter, script, database, nextDay()]),
    peakOf(() => [...reporter, script, database]),
    peakOf(() => [...reporter, bare]),
  ];
  const shown = free.map((value) => `${value.toFixed(1)} MB`).join(', ');
  board.note('  as V8 likes it: saving, idle, a bare better-sqlite3 script', shown);
}

/** The days after the reference databases' last one, one at each call, with their index in the history. */
export function nextDays(from = 0): () => { day: string; index: number } {
  let count = from;
  return () => ({ day: addDays(LAST_DAY, ++count), index: FULL.days + count });
}

export type DayOf = ReturnType<ReturnType<typeof nextDays>>;

/** A day's rows in the form that the program hands on, by account. */
function rowsByAccount({ day, index }: DayOf) {
  return Array.from({ length: FULL.accounts }, (_, account) =>
    Array.from({ length: FULL.posts }, (__, post) => {
      const row = analyticsRow(day, index, account * FULL.posts + post + 1);
      const [, id, likes, comments, views, shares, saves, reach, impressions, rate, basis] = row;
      return {
        id,
        metrics: { likes, comments, views, shares, saves, reach, impressions },
        engagement: { rate, basis },
      };
    }),
  );
}

/** Milliseconds of the write path: a transaction an account, by default one after the other. */
export async function writeDay({ db }: Store, day: DayOf, concurrency = 1): Promise<number> {
  const accounts = rowsByAccount(day);
  let next = 0;
  async function work(): Promise<void> {
    for (let rows = accounts[next++]; rows; rows = accounts[next++]) {
      const posts = rows;
      await db.transaction().execute((trx) => savePostAnalytics(trx, day.day, PROVIDER, posts));
    }
  }
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  return performance.now() - start;
}

const UPSERT_ANALYTICS = `INSERT INTO social_media_post_analytics (${POST_ANALYTICS_COLUMNS.join(', ')})
  VALUES (${POST_ANALYTICS_COLUMNS.map(() => '?').join(', ')})
  ON CONFLICT (snapshot_date, post_id) DO UPDATE SET
    ${[
      'likes_count',
      'comments_count',
      'views_count',
      'shares_count',
      'saves_count',
      'reach_count',
      'impressions_count',
    ]
      .concat('provider_name')
      .map((name) => `${name} = coalesce(excluded.${name}, ${name})`)
      .join(', ')},
    engagement_rate = excluded.engagement_rate, engagement_basis = excluded.engagement_basis`;

/** Milliseconds of the limit: one prepared statement, by default one transaction. */
function writeDayRaw(connection: SqliteDatabase.Database, { day, index }: DayOf, perCommit = ALL_POSTS): number {
  const rows = Array.from({ length: ALL_POSTS }, (_, post) => analyticsRow(day, index, post + 1));
  const upsert = connection.prepare(UPSERT_ANALYTICS);
  const start = performance.now();
  const write = connection.transaction((from: number) => {
    for (const row of rows.slice(from, from + perCommit)) upsert.run(row);
  });
  for (let from = 0; from < rows.length; from += perCommit) write.immediate(from);
  return performance.now() - start;
}

/** Milliseconds of what a first draft does: the query builder for each row, each its own commit. */
async function writeRowByRow({ db }: Store, { day, index }: DayOf): Promise<number> {
  const rows = Array.from({ length: SLOW_ROWS }, (_, post) => analyticsRow(day, index, post + 1));
  const start = performance.now();
  for (const row of rows) {
    const values = Object.fromEntries(POST_ANALYTICS_COLUMNS.map((name, at) => [name, row[at]])) as never;
    await db
      .insertInto('social_media_post_analytics')
      .values(values)
      .onConflict((conflict) => conflict.columns(['snapshot_date', 'post_id']).doUpdateSet(values))
      .execute();
  }
  return performance.now() - start;
}

/** Milliseconds of saving whole accounts as the pipeline does. */
async function saveAccounts(store: SqliteStore, { day, index }: DayOf): Promise<number> {
  const accounts = [];
  for (const account of listStoredPosts(store.connection)) {
    const id = await openJob(store, account.id, day);
    accounts.push({ account, answer: answerOf(account, day, index), job: { id, day } });
  }
  const start = performance.now();
  for (const { account, answer, job } of accounts) await saveDay(store, account, answer, job);
  return performance.now() - start;
}

/** Milliseconds of the same posts, post analytics and snapshots by prepared statements in one transaction. */
function saveAccountsRaw(connection: SqliteDatabase.Database, { day, index }: DayOf): number {
  const accounts = [...listStoredPosts(connection)];
  const post = connection.prepare(
    `INSERT INTO social_media_posts (account_id, platform, external_post_id, post_url, caption, media_type, duration, posted_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (platform, external_post_id) DO UPDATE SET
       post_url = excluded.post_url, caption = excluded.caption, media_type = excluded.media_type, duration = excluded.duration`,
  );
  const analytics = connection.prepare(UPSERT_ANALYTICS);
  const snapshot = connection.prepare(
    `INSERT INTO social_media_analytics_snapshots
       (account_id, snapshot_date, followers_count, following_count, posts_count, total_likes, total_comments, total_views,
        total_shares, engagement_rate, engagement_basis, avg_likes_per_post, avg_comments_per_post, provider_name)
     VALUES (?, ?, ?, 180, ?, ?, ?, ?, ?, ?, 'views', ?, ?, ?)
     ON CONFLICT (account_id, snapshot_date) DO UPDATE SET followers_count = excluded.followers_count`,
  );
  const start = performance.now();
  connection.transaction(() => {
    for (const { id, platform, posts } of accounts) {
      const sums = { likes: 0, comments: 0, views: 0, shares: 0 };
      for (const each of posts) {
        const postedAt = each.postedAt?.toISOString() ?? null;
        post.run(id, platform, each.externalId, each.url, each.caption, each.mediaType, each.duration, postedAt);
      }
      for (const { rowId } of posts) {
        const row = analyticsRow(day, index, rowId);
        analytics.run(row);
        sums.likes += row[2];
        sums.comments += row[3];
        sums.views += row[4];
        sums.shares += row[5];
      }
      const { likes, comments, views, shares } = sums;
      const means = [(likes / views) * 100, likes / posts.length, comments / posts.length];
      snapshot.run(id, day, 10_000 + id, posts.length, likes, comments, views, shares, ...means, PROVIDER);
    }
  })();
  return performance.now() - start;
}

export function perSecond(rows: number, ms: number): string {
  return Math.round((rows / ms) * 1000).toLocaleString('en-US');
}
