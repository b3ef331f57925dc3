import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type Insertable } from 'kysely';
import { onTestFinished } from 'vitest';
import type { AccountAnswer, Post, Profile } from '../../src/core/account.ts';
import type { PostMetrics } from '../../src/core/metric.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import type { AccountTable, PostAnalyticsTable, PostTable, SnapshotTable } from '../../src/store/schema.ts';
import { postgresUrl, testDatabaseUrl } from './postgres.ts';

const appVersion = '0.0.0-test';

/** Makes a directory that goes away with the test. */
export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'smstats-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Opens a real, migrated database of its own; it is closed and removed after the test. */
export async function openTempStore(): Promise<Store> {
  const database = (await testDatabaseUrl()) ?? join(makeDirectory(), 'smstats.db');
  const store = await openStore({ database, create: true, appVersion });
  onTestFinished(() => store.close());
  return store;
}

/** What another process is given to open the same database. */
export async function databaseOf(store: Store): Promise<string> {
  return store.engine === 'sqlite' ? store.name : ((await postgresUrl()) as string);
}

/** Opens the same database again, as another process would. */
export async function openAnother(store: Store): Promise<Store> {
  const another = await openStore({ database: await databaseOf(store), appVersion });
  onTestFinished(() => another.close());
  return another;
}

/** Runs SQL as it is. @returns the rows. */
export async function runSql<Row = Record<string, unknown>>({ db }: Store, text: string): Promise<Row[]> {
  return (await sql.raw<Row>(text).execute(db)).rows;
}

/** Makes every insert into a table fail. @returns what makes them work again. */
export async function breakTable(store: Store, table: string, message: string): Promise<() => Promise<void>> {
  if (store.engine === 'sqlite') {
    await runSql(store, `CREATE TRIGGER broken BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, '${message}'); END`);
    return async () => void (await runSql(store, 'DROP TRIGGER broken'));
  }
  await runSql(
    store,
    `CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '${message}'; END $$`,
  );
  await runSql(store, `CREATE TRIGGER broken BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION broken()`);
  return async () => void (await runSql(store, 'DROP FUNCTION broken CASCADE'));
}

/** Puts an account in the database. @returns its row id. */
export async function seedAccount(
  { db }: Store,
  username = 'anna',
  columns: Partial<Insertable<AccountTable>> = {},
): Promise<number> {
  const row = await db
    .insertInto('social_media_accounts')
    .values({ platform: 'tiktok', username, ...columns })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

/** Puts a post of an account in the database. @returns its row id. */
export async function seedPost(
  { db }: Store,
  accountId: number,
  externalId: string,
  columns: Partial<Insertable<PostTable>> = {},
): Promise<number> {
  const row = await db
    .insertInto('social_media_posts')
    .values({ account_id: accountId, platform: 'tiktok', external_post_id: externalId, ...columns })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

/** Puts an account's numbers of a day in the database. */
export async function seedDay(
  { db }: Store,
  accountId: number,
  day: string,
  columns: Partial<Insertable<SnapshotTable>> = {},
): Promise<void> {
  await db
    .insertInto('social_media_analytics_snapshots')
    .values({ account_id: accountId, snapshot_date: day, provider_name: 'test', ...columns })
    .execute();
}

/** Puts a post's numbers of a day in the database. */
export async function seedPostDay(
  { db }: Store,
  postId: number,
  day: string,
  columns: Partial<Insertable<PostAnalyticsTable>> = {},
): Promise<void> {
  await db
    .insertInto('social_media_post_analytics')
    .values({ post_id: postId, snapshot_date: day, provider_name: 'test', ...columns })
    .execute();
}

/** Metrics of which all that is not given is unknown. */
export function makeMetrics(known: Partial<PostMetrics> = {}): PostMetrics {
  return {
    likes: null,
    comments: null,
    views: null,
    shares: null,
    saves: null,
    reach: null,
    impressions: null,
    ...known,
  };
}

/** A post as a provider answers it. */
export function makePost(externalId: string, metrics: Partial<PostMetrics> = {}, fields: Partial<Post> = {}): Post {
  return {
    externalId,
    url: `https://www.tiktok.com/@anna/video/${externalId}`,
    caption: `Post ${externalId} #clip`,
    mediaType: 'video',
    thumbnailUrl: null,
    mediaUrl: null,
    duration: 30,
    postedAt: new Date('2026-11-01T12:00:00Z'),
    metrics: makeMetrics(metrics),
    ...fields,
  };
}

/** An account as a provider answers it. */
export function makeAnswer(posts: readonly Post[], profile: Partial<Profile> = {}): AccountAnswer {
  return {
    profile: {
      externalId: '6784512390456123397',
      displayName: 'Anna',
      bio: 'A bio.',
      profilePicUrl: null,
      isVerified: true,
      isBusiness: null,
      followers: 1000,
      following: 10,
      posts: posts.length,
      ...profile,
    },
    posts: [...posts],
  };
}
