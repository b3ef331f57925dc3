import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type SqliteDatabase from 'better-sqlite3';
import { addDays } from '../../src/core/time.ts';
import { openSqlite, type SqliteStore } from '../../src/store/sqlite/open.ts';

/** How large a history is. */
export interface HistorySize {
  accounts: number;
  /** Posts per account. */
  posts: number;
  days: number;
}

/** The last day of every history. */
export const LAST_DAY = '2026-11-21';

/** What the databases are told that makes them. */
export const APP_VERSION = '0.0.0-bench';

/** What the histories' numbers come from. */
export const PROVIDER = 'tiktok-scraper7';

const TAGS = 400;

/** Makes a directory for a suite's files, and removes it when the suite is over. */
export async function withDirectory<Result>(use: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'smstats-bench-'));
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Opens a database file as the program does; a new one when there is none. */
export function openBenchStore(path: string): Promise<SqliteStore> {
  return openSqlite({ database: path, create: true, appVersion: APP_VERSION });
}

/** Makes a database with the real schema and a history of that size, by plain SQL. Every account has every day. */
export async function buildHistory(path: string, size: HistorySize): Promise<void> {
  const { connection, close } = await openBenchStore(path);
  connection.pragma('synchronous = OFF');
  connection.pragma('foreign_keys = OFF');
  const firstDay = addDays(LAST_DAY, 1 - size.days);
  connection.transaction(() => {
    insertAccounts(connection, size);
    insertLedger(connection, size, firstDay);
    insertSnapshots(connection, size, firstDay);
  })();
  insertPostAnalytics(connection, size, firstDay);
  connection.pragma('wal_checkpoint(TRUNCATE)');
  await close();
}

/** Adds accounts and their posts with captions and hashtags; the ids of posts count up from 1. */
function insertAccounts(connection: SqliteDatabase.Database, { accounts, posts }: HistorySize): void {
  const account = connection.prepare(
    `INSERT INTO social_media_accounts (id, platform, username, display_name, brand, last_fetched_at)
     VALUES (?, 'tiktok', ?, ?, ?, ?)`,
  );
  const post = connection.prepare(
    `INSERT INTO social_media_posts
       (id, account_id, platform, external_post_id, post_url, caption, media_type, duration, posted_at)
     VALUES (?, ?, 'tiktok', ?, ?, ?, 'video', ?, ?)`,
  );
  const tag = connection.prepare('INSERT INTO social_media_hashtags (id, tag, written) VALUES (?, ?, ?)');
  const link = connection.prepare(
    'INSERT OR IGNORE INTO social_media_post_hashtags (hashtag_id, post_id) VALUES (?, ?)',
  );
  for (let id = 1; id <= TAGS; id++) tag.run(id, `topic${id}`, `Topic${id}`);
  for (let id = 1; id <= accounts; id++) {
    const name = `user${id}`;
    account.run(id, name, `User ${id}`, name, `${LAST_DAY}T03:00:00.000Z`);
    for (let index = 0; index < posts; index++) {
      const postId = (id - 1) * posts + index + 1;
      const externalId = String(7_400_000_000_000_000_000n + BigInt(postId) * 1_000_003n);
      const tags = [1, 7, 31].map((step) => 1 + ((postId * step + ((postId * 13) % 17)) % TAGS));
      const caption = `How to do thing number ${index} well, part ${postId} ${tags.map((each) => `#Topic${each}`).join(' ')}`;
      const postedAt = `${addDays('2025-11-01', -(index % 700))}T12:00:00.000Z`;
      const url = `https://www.tiktok.com/@${name}/video/${externalId}`;
      post.run(postId, id, externalId, url, caption, 15 + (index % 60), postedAt);
      for (const each of tags) link.run(each, postId);
    }
  }
}

function insertSnapshots(
  connection: SqliteDatabase.Database,
  { accounts, posts, days }: HistorySize,
  firstDay: string,
): void {
  const snapshot = connection.prepare(
    `INSERT INTO social_media_analytics_snapshots
       (account_id, snapshot_date, followers_count, following_count, posts_count, total_likes, total_comments, total_views,
        total_shares, engagement_rate, engagement_basis, avg_likes_per_post, avg_comments_per_post, provider_name, captured_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'views', ?, ?, '${PROVIDER}', ?)`,
  );
  for (let id = 1; id <= accounts; id++) {
    for (let index = 0; index < days; index++) {
      const day = addDays(firstDay, index);
      const likes = posts * (400 + index * 3 + id);
      const comments = posts * (20 + (index >> 3));
      const views = posts * (9000 + index * 40 + id * 11);
      const numbers = [10_000 + id * 37 + index * 12, 180, posts, likes, comments, views, posts * (30 + (index >> 2))];
      snapshot.run(id, day, ...numbers, (likes / views) * 100, likes / posts, comments / posts, `${day}T03:00:00.000Z`);
    }
  }
}

/** A year of jobs and requests as daily runs leave them. */
function insertLedger(connection: SqliteDatabase.Database, { accounts, days }: HistorySize, firstDay: string): void {
  const request = connection.prepare(
    `INSERT INTO api_usage_tracking (provider_name, platform, endpoint, success, latency_ms, error_message, requested_at, date)
     VALUES ('${PROVIDER}', 'tiktok', ?, ?, ?, ?, ?, ?)`,
  );
  const job = connection.prepare(
    `INSERT INTO analytics_fetch_jobs (account_id, status, provider_name, started_at, completed_at, posts_fetched, date)
     VALUES (?, 'completed', '${PROVIDER}', ?, ?, 100, ?)`,
  );
  for (let index = 0; index < days; index++) {
    const day = addDays(firstDay, index);
    const at = `${day}T03:00:00.000Z`;
    for (let id = 1; id <= accounts; id++) {
      job.run(id, at, at, day);
      for (let page = 0; page < 4; page++) {
        const failed = (index * accounts + id + page) % 97 === 0;
        const endpoint = page === 0 ? '/user/info' : '/user/posts';
        request.run(endpoint, failed ? 0 : 1, 200 + ((id * 31) % 400), failed ? 'is failing (503)' : null, at, day);
      }
    }
  }
}

/** Triggers are put aside while a year of rows goes in, and what they keep is written by one statement after it. */
function insertPostAnalytics(connection: SqliteDatabase.Database, size: HistorySize, firstDay: string): void {
  const triggers = connection
    .prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'social_media_post_analytics'`)
    .all() as { name: string; sql: string }[];
  for (const { name } of triggers) connection.exec(`DROP TRIGGER ${name}`);
  const row = connection.prepare(INSERT_POST_ANALYTICS);
  const insertDay = connection.transaction((day: string, index: number) => {
    for (let postId = 1; postId <= size.accounts * size.posts; postId++) row.run(analyticsRow(day, index, postId));
  });
  for (let index = 0; index < size.days; index++) insertDay(addDays(firstDay, index), index);
  connection.transaction(() => {
    connection.exec(
      `INSERT INTO social_media_post_range
       SELECT post_id, '${firstDay}', snapshot_date, likes_count, comments_count, views_count, shares_count
       FROM social_media_post_analytics WHERE snapshot_date = '${LAST_DAY}'`,
    );
    for (const { sql } of triggers) connection.exec(sql);
  })();
}

/** The columns of post analytics in their order. */
export const POST_ANALYTICS_COLUMNS = [
  'snapshot_date',
  'post_id',
  'likes_count',
  'comments_count',
  'views_count',
  'shares_count',
  'saves_count',
  'reach_count',
  'impressions_count',
  'engagement_rate',
  'engagement_basis',
  'provider_name',
] as const;

const INSERT_POST_ANALYTICS = `INSERT INTO social_media_post_analytics (${POST_ANALYTICS_COLUMNS.join(', ')})
  VALUES (${POST_ANALYTICS_COLUMNS.map(() => '?').join(', ')})`;

/** What makes a post small or large, young or old, liked or not. */
export interface Character {
  views: number;
  age: number;
  pace: number;
  likes: number;
  comments: number;
}

/** Views are log-normal around 3,000, as they are on most platforms: a few posts have most of them. */
export function characterOf(postId: number): Character {
  const chance = (salt: number) => unit(postId * 8 + salt);
  const normal = Math.sqrt(-2 * Math.log(1 - chance(1))) * Math.cos(2 * Math.PI * chance(2));
  return {
    views: 3000 * Math.exp(1.8 * normal),
    age: 1 + Math.floor(chance(3) * 300),
    pace: 1 + 6 * chance(4),
    likes: 0.02 + 0.08 * chance(5),
    comments: 0.002 + 0.01 * chance(6),
  };
}

/** A number in [0, 1) that looks like chance and is the same in every run. */
function unit(seed: number): number {
  let hash = Math.imul(seed + 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** A row of a post on a day of its history: its numbers grow slower and slower. */
export function analyticsRow(day: string, dayIndex: number, postId: number) {
  const post = characterOf(postId);
  const age = post.age + dayIndex;
  const views = Math.floor((post.views * age) / (age + post.pace));
  const likes = Math.floor(views * post.likes);
  const comments = Math.floor(views * post.comments);
  const shares = Math.floor(views * 0.004);
  const saves = Math.floor(views * 0.006);
  const rate = views === 0 ? null : ((likes + comments + shares + saves) / views) * 100;
  const basis = rate === null ? null : 'views';
  return [day, postId, likes, comments, views, shares, saves, null, null, rate, basis, PROVIDER] as const;
}
