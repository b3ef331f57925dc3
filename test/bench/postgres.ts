import { deepStrictEqual } from 'node:assert';
import { addDays } from '../../src/core/time.ts';
import { tiktokScraper7 } from '../../src/provider/tiktok-scraper7.ts';
import type { Store } from '../../src/store/open.ts';
import type { SqliteStore } from '../../src/store/sqlite/open.ts';
import { answerOf, listStoredPosts, openJob, saveDay } from './account-day.ts';
import type { Board } from './board.ts';
import { analyticsRow, LAST_DAY, openBenchStore, POST_ANALYTICS_COLUMNS } from './history.ts';
import { nextDays, perSecond, writeDay, type DayOf } from './ingest.ts';
import { buildPostgresHistory, openPostgresBenchStore, query, withoutTriggers } from './postgres-history.ts';
import { findPostgres, withPostgres, type PostgresServer } from './postgres-server.ts';
import { askWithin, QUESTIONS } from './question.ts';
import { compare } from './ratio.ts';
import { ALL_POSTS, DAYS, FULL, type References } from './reference.ts';

const ROUNDS = 11;
/** Accounts that a run saves at the same time. */
const CONCURRENCY = tiktokScraper7.concurrency;
/** Days at which reading a whole history looks about as cheap to the server's planner as looking up what is needed of it. */
const TEMPTING_DAYS = 240;

/** A history in both kinds of database. */
interface Pair {
  sqlite: SqliteStore;
  postgres: Store;
}

/** PostgreSQL over the same histories: writing beside one statement by hand, questions beside SQLite. */
export async function benchPostgres(board: Board, references: References): Promise<void> {
  const bin = findPostgres();
  if (bin === undefined) return board.fail('a server to measure', 'no PostgreSQL server is installed on this machine');
  await withPostgres(bin, async (server) => {
    board.note('server', server.version);
    const full = await openPair(server, references, 'full');
    const tenth = await openPair(server, references, 'tenth');
    const young = await openPair(server, references, 'young');
    const [size] = await query<{ size: number }>(
      full.postgres.db,
      'SELECT pg_database_size(current_database()) AS size',
    );
    board.note('size of the database of 7.3 M rows', `${Number(size?.size).toLocaleString('en-US')} bytes`);
    await assertSameRows(full);
    await benchQuestionsOf(board, full, tenth);
    await benchRows(board, young.postgres);
    await benchGrownTable(board, young, full);
    await benchTemptingSize(board, full.postgres, tenth.postgres);
    for (const { sqlite, postgres } of [full, tenth, young]) {
      await sqlite.close();
      await postgres.close();
    }
  });
}

async function openPair(server: PostgresServer, references: References, name: keyof typeof DAYS): Promise<Pair> {
  const file = await references[name]();
  process.stdout.write(`  building ${name} on PostgreSQL\n`);
  const url = await server.createDatabase(name);
  await buildPostgresHistory(url, file, DAYS[name]);
  return { sqlite: await openBenchStore(file), postgres: await openPostgresBenchStore(url) };
}

/** The sums of every day, and every value of the last one. */
async function assertSameRows({ sqlite, postgres }: Pair): Promise<void> {
  const table = 'social_media_post_analytics';
  const sums = POST_ANALYTICS_COLUMNS.slice(2, 9).map((name) => `sum(${name}) AS ${name}`);
  for (const sql of [
    `SELECT snapshot_date, count(*) AS posts, ${sums.join(', ')} FROM ${table} GROUP BY snapshot_date ORDER BY 1`,
    `SELECT * FROM ${table} WHERE snapshot_date = '${LAST_DAY}' ORDER BY post_id`,
  ]) {
    deepStrictEqual(await query(postgres.db, sql), sqlite.connection.prepare(sql).all(), 'the histories differ');
  }
}

async function benchQuestionsOf(board: Board, full: Pair, tenth: Pair): Promise<void> {
  for (const { name, ask } of QUESTIONS) {
    deepStrictEqual(await ask(full.postgres), await ask(full.sqlite), `${name} answers differently on PostgreSQL`);
    const ms = await compare(ROUNDS, {
      postgres: () => discard(ask(full.postgres)),
      sqlite: () => discard(ask(full.sqlite)),
    });
    board.atMost(`${name}: of the same on SQLite`, 30, ms.postgres / ms.sqlite);
    board.note('  ms', `${ms.postgres.toFixed(2)}, ${ms.sqlite.toFixed(2)}`);
  }
  await benchGrowth(board, 'a year', full.postgres, tenth.postgres);
}

/** A question costs what it asks about, not what is kept. */
async function benchGrowth(board: Board, size: string, long: Store, short: Store): Promise<void> {
  for (const { name, ask } of QUESTIONS) {
    const within = askWithin(name, ask);
    const ms = await compare(2 * ROUNDS, { long: () => discard(within(long)), short: () => discard(within(short)) });
    board.atMost(`${name}: ${size}, of a tenth of a year`, 1.5, ms.long / ms.short);
  }
}

/** The planner chooses by size: a question that is fast over little and over much can be slow in between. */
async function benchTemptingSize(board: Board, store: Store, tenth: Store): Promise<void> {
  const firstDay = addDays(LAST_DAY, 1 - TEMPTING_DAYS);
  await store.db.transaction().execute(async (trx) => {
    await withoutTriggers(trx);
    const outside = `snapshot_date NOT BETWEEN '${firstDay}' AND '${LAST_DAY}'`;
    for (const table of ['social_media_post_analytics', 'social_media_analytics_snapshots']) {
      await query(trx, `DELETE FROM ${table} WHERE ${outside}`);
    }
    // The days that were written since are gone: the last one of the history is the latest again.
    await query(
      trx,
      `UPDATE social_media_post_range r SET first_date = '${firstDay}', latest_date = a.snapshot_date, likes_count = a.likes_count,
         comments_count = a.comments_count, views_count = a.views_count, shares_count = a.shares_count
       FROM social_media_post_analytics a WHERE a.snapshot_date = '${LAST_DAY}' AND a.post_id = r.post_id`,
    );
  });
  await query(store.db, 'VACUUM (FULL, ANALYZE)');
  await query(store.db, 'VACUUM');
  await benchGrowth(board, `${TEMPTING_DAYS} days`, store, tenth);
}

/** A day's rows: a transaction an account, beside one statement for all of them. */
async function benchRows(board: Board, store: Store): Promise<void> {
  const next = nextDays();
  // What the triggers update leaves dead rows behind; each starts without those of the one before.
  const tidied = async (write: () => Promise<number>) => {
    await query(store.db, 'VACUUM social_media_post_range');
    return write();
  };
  const ms = await compare(ROUNDS, {
    app: () => tidied(() => writeDay(store, next(), CONCURRENCY)),
    single: () => tidied(() => writeDay(store, next())),
    raw: () => tidied(() => writeDayRaw(store, next())),
    bare: () => tidied(() => writeDayRaw(store, next(), { triggers: false })),
    often: () => tidied(() => writeDayRaw(store, next(), { perCommit: FULL.posts })),
  });
  // Two hundred commits that are waited for one by one take longer than everything else; a run waits for several at once.
  board.atLeast(`post analytics, ${CONCURRENCY} accounts at a time: of one statement by hand`, 0.6, ms.raw / ms.app);
  board.atLeast('  one at a time: of a statement and a transaction an account by hand', 0.6, ms.often / ms.single);
  board.note('  one at a time: of one statement by hand', `${(ms.raw / ms.single).toFixed(2)}x`);
  board.note(`  ${CONCURRENCY} at a time: of one statement without our triggers`, `${(ms.bare / ms.app).toFixed(2)}x`);
  const figures = [ms.app, ms.single, ms.raw, ms.often, ms.bare].map((each) => perSecond(ALL_POSTS, each));
  board.note(
    `  rows/s: ${CONCURRENCY} at a time, one; by hand at once, by account, without triggers`,
    figures.join(', '),
  );
}

async function benchGrownTable(board: Board, young: Pair, full: Pair): Promise<void> {
  const next = nextDays(100);
  const rows = await compare(ROUNDS, {
    young: () => writeDay(young.postgres, next()),
    full: () => writeDay(full.postgres, next()),
  });
  board.atLeast('rows/s at 7.3 M rows, of rows/s at 0.2 M', 0.8, rows.young / rows.full);
  const accounts = await compare(3, {
    young: () => saveAccounts(young, next()),
    full: () => saveAccounts(full, next()),
  });
  board.atLeast('whole accounts a second at 7.3 M rows, of at 0.2 M', 0.8, accounts.young / accounts.full);
  board.note('  ms an account', (accounts.full / FULL.accounts).toFixed(2));
}

/** Milliseconds of saving whole accounts as the pipeline does; what is stored of them is the same in both databases. */
async function saveAccounts({ sqlite, postgres }: Pair, { day, index }: DayOf): Promise<number> {
  const accounts = [];
  for (const account of listStoredPosts(sqlite.connection)) {
    const id = await openJob(postgres, account.id, day);
    accounts.push({ account, answer: answerOf(account, day, index), job: { id, day } });
  }
  const start = performance.now();
  for (const { account, answer, job } of accounts) await saveDay(postgres, account, answer, job);
  return performance.now() - start;
}

const TYPES = ['date', 'integer', ...Array.from({ length: 7 }, () => 'bigint'), 'double precision', 'text', 'text'];
const UPSERT_ANALYTICS = `INSERT INTO social_media_post_analytics AS old (${POST_ANALYTICS_COLUMNS.join(', ')})
  SELECT * FROM unnest(${TYPES.map((type, at) => `$${at + 1}::${type}[]`).join(', ')})
  ON CONFLICT (snapshot_date, post_id) DO UPDATE SET
    ${POST_ANALYTICS_COLUMNS.slice(2)
      .map((name) => `${name} = coalesce(excluded.${name}, old.${name})`)
      .join(', ')}`;

/** Milliseconds of the limit: one array a column, by default one statement for the whole day. */
async function writeDayRaw(
  { db }: Store,
  { day, index }: DayOf,
  { triggers = true, perCommit = ALL_POSTS } = {},
): Promise<number> {
  const chunks = Array.from({ length: ALL_POSTS / perCommit }, (_, chunk) => {
    const rows = Array.from({ length: perCommit }, (__, at) => analyticsRow(day, index, chunk * perCommit + at + 1));
    return POST_ANALYTICS_COLUMNS.map((___, column) => rows.map((row) => row[column]));
  });
  const start = performance.now();
  for (const columns of chunks) {
    await db.transaction().execute(async (trx) => {
      if (!triggers) await withoutTriggers(trx);
      await query(trx, UPSERT_ANALYTICS, columns);
    });
  }
  return performance.now() - start;
}

async function discard(work: Promise<unknown>): Promise<void> {
  await work;
}
