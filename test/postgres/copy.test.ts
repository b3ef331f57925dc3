import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { copyDatabase } from '../../src/store/copy/copy.ts';
import { COPIED_TABLES } from '../../src/store/copy/table.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { testDatabaseUrl } from '../helper/postgres.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';
import { seedAccount, seedDay, seedPost, seedPostDay } from '../helper/temp-store.ts';

async function open(database: string): Promise<Store> {
  const store = await openStore({ database, create: true, appVersion: '0.0.0-test' });
  onTestFinished(() => store.close());
  return store;
}

/** A database with a row of everything, and values that are easy to lose. */
async function openSource(): Promise<Store> {
  const path = join(makeHome(), 'source.db');
  await runCli(['init', '--sample'], { home: makeHome(), env: { SMSTATS_DATABASE_URL: path } });
  const store = await open(path);
  const account = await seedAccount(store, 'ünïcode', { display_name: `"quoted" \\ {braces}, 💧\n\ttab`, bio: '' });
  for (let n = 0; n < 40; n++) {
    const post = await seedPost(store, account, `90071992547409931234${n}`, { caption: n % 3 ? `caption ${n}` : null });
    for (const day of ['2026-10-01', '2026-10-03', '2026-11-22']) {
      await seedPostDay(store, post, day, { likes_count: n % 2 ? n : null, views_count: 9_007_199_254_740_991 });
      await sql`UPDATE social_media_post_analytics SET engagement_rate = ${0.1 + 0.2 + n} WHERE post_id = ${post}`.execute(
        store.db,
      );
    }
  }
  await seedDay(store, account, '2026-11-22', { followers_count: 0, avg_likes_per_post: 1 / 3 });
  for (const statement of [
    // What triggers would complete or count again is copied as it is.
    `UPDATE social_media_accounts SET brand = NULL, is_verified = 1 WHERE id = ${account}`,
    `UPDATE api_request_counts SET request_count = 77`,
    `UPDATE social_media_post_range SET likes_count = 4242 WHERE post_id = 3`,
    `INSERT INTO videos (id, title, published_at) VALUES ('v1', 'The video', '2026-11-22T10:00:00Z')`,
    `INSERT INTO clips (id, video_id, title) VALUES ('c1', 'v1', 'The clip')`,
    `INSERT INTO social_media_content_mapping (post_id, video_id, confidence_score, matched_by) VALUES (3, 'v1', 0.95, 'url')`,
    `INSERT INTO api_quota_reports VALUES ('p', 10, 5, 5, '2026-11-23T00:00:00.000Z', '2026-11-22T00:00:00.000Z')`,
    `INSERT INTO analytics_fetch_runs (started_at) VALUES ('2026-11-22T10:00:00.000Z')`,
    `INSERT INTO social_media_daily_metrics (account_id, platform, date, reach) VALUES (${account}, 'tiktok', '2026-11-22', 5)`,
    `INSERT INTO audience_demographics (account_id, platform, date, top_countries) VALUES (${account}, 'tiktok', '2026-11-22', '["USA", {"b":1,"a":2.50}]')`,
    `INSERT INTO campaign_social_metrics (campaign_id, cost, start_date) VALUES ('c', 0.1, '2026-11-22')`,
    `INSERT INTO audit_log (actor, action, table_name, before_json) VALUES ('cli', 'x', 'y', '{"z": [1,  2]}')`,
    `INSERT INTO alert_rules (kind, threshold, cooldown_days, channels) VALUES ('spike', 2.5, 3, '["team", "böse"]')`,
    `INSERT INTO alert_events (rule_id, event_key, subject, date, title, details, fired_at)
     VALUES (1, 'k', 's', '2026-11-22', 'Up', '{"b": 1}', '2026-11-22T10:00:00.000Z')`,
    `INSERT INTO alert_deliveries (event_id, channel, message_id, next_attempt_at)
     VALUES (1, 'team', 'm', '2026-11-22T10:00:00.000Z')`,
    `INSERT INTO api_tokens (name, token_hash, scope, expires_at)
     VALUES ('ci', '${'0f'.repeat(32)}', 'read', '2027-11-22T10:00:00.000Z')`,
  ]) {
    await sql.raw(statement).execute(store.db);
  }
  return store;
}

const emptyTarget = async () => open((await testDatabaseUrl()) as string);
const emptyFile = () => open(join(makeHome(), 'target.db'));

test('a history goes to PostgreSQL and back, and every row is what it was', async () => {
  const source = await openSource();
  const server = await emptyTarget();
  const there = await copyDatabase(source, server);
  expect(there?.map(({ table }) => table)).toEqual(COPIED_TABLES.map(({ table }) => table));
  for (const { table, rows } of there ?? []) expect(rows, table).toBeGreaterThan(0);
  const file = await emptyFile();
  expect(await copyDatabase(server, file)).toEqual(there);
  for (const { table, key } of COPIED_TABLES) {
    const read = (store: Store) =>
      sql`SELECT * FROM ${sql.table(table)} ORDER BY ${sql.join(key.map((name) => sql.ref(name)))}`.execute(store.db);
    const [before, after] = [(await read(source)).rows, (await read(file)).rows];
    // The one instant that was written without milliseconds has got them.
    const expected = before.map((row) => JSON.parse(JSON.stringify(row).replace('10:00:00Z', '10:00:00.000Z')));
    expect(after, table).toEqual(expected);
  }
});

test('what is written after a copy goes on as in the source: row ids, triggers', async () => {
  const source = await openSource();
  const server = await emptyTarget();
  await copyDatabase(source, server);
  for (const store of [source, server]) {
    const account = await seedAccount(store, '@Later');
    const post = await seedPost(store, account, 'later');
    await seedPostDay(store, post, '2026-11-22', { views_count: 5 });
  }
  const read = async (store: Store) =>
    (
      await sql`SELECT a.id, a.username, a.brand, p.id AS post, r.views_count FROM social_media_accounts a
        JOIN social_media_posts p ON p.account_id = a.id JOIN social_media_post_range r ON r.post_id = p.id
        WHERE p.external_post_id = 'later'`.execute(store.db)
    ).rows;
  expect(await read(server)).toEqual(await read(source));
  expect(await read(server)).toMatchObject([{ username: 'later', brand: 'later', views_count: 5 }]);
});

test('a copy that is stopped after any table goes on from there', async () => {
  const source = await openSource();
  for (const stopAfter of [1, 4, 7, 16]) {
    const server = await emptyTarget();
    const stop = new AbortController();
    let batches = 0;
    const onProgress = () => void (++batches === stopAfter && stop.abort());
    expect(await copyDatabase(source, server, { stop: stop.signal, onProgress })).toBeUndefined();
    const copied: string[] = [];
    const rest = await copyDatabase(source, server, {
      onProgress: ({ phase, table }) => void (phase === 'copy' && copied.push(table)),
    });
    expect(rest).toHaveLength(COPIED_TABLES.length);
    expect(copied).toHaveLength(COPIED_TABLES.length - stopAfter);
  }
});

test('a target with rows of its own is refused and stays as it is, one with a part of another source too', async () => {
  const source = await openSource();
  const server = await emptyTarget();
  await seedAccount(server, 'mine');
  await expect(copyDatabase(source, server)).rejects.toMatchObject({ ending: 'usage', message: /already holds rows/ });
  expect(await server.db.selectFrom('social_media_accounts').select('username').execute()).toEqual([
    { username: 'mine' },
  ]);

  const part = await emptyTarget();
  const stop = new AbortController();
  await copyDatabase(source, part, { stop: stop.signal, onProgress: () => stop.abort() });
  await expect(copyDatabase(await openSource(), part)).rejects.toMatchObject({
    message: /holds a part of .*source\.db/,
  });
});

test('a row that was changed in the target is found', async () => {
  const source = await openSource();
  const server = await emptyTarget();
  const stop = new AbortController();
  await copyDatabase(source, server, {
    stop: stop.signal,
    onProgress: ({ table }) => void (table === 'social_media_posts' && stop.abort()),
  });
  await sql`UPDATE social_media_posts SET caption = 'other' WHERE id = 2`.execute(server.db);
  await expect(copyDatabase(source, server)).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(/^social_media_posts is not the same/),
  });
});

test('every table of the schema is copied', async () => {
  const { rows } = await sql<{ name: string }>`
    SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`.execute((await emptyFile()).db);
  const tables = rows.map(({ name }) => name).filter((name) => name !== 'schema_migrations');
  expect(COPIED_TABLES.map(({ table }) => table).toSorted()).toEqual(tables.toSorted());
});

test('smstats copy says what it did, and refuses a database onto itself', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const url = (await testDatabaseUrl()) as string;
  const { code, stdout } = await runCli(['copy', '--to', url, '--json'], { home });
  expect(code).toBe(0);
  const { data } = JSON.parse(stdout) as { data: { rows: number; tables: { table: string; rows: number }[] } };
  expect(data.tables.find(({ table }) => table === 'social_media_posts')?.rows).toBe(36);
  const again = await runCli(['copy', '--from', join(home, 'smstats.db'), '--to', join(home, 'smstats.db')], { home });
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('the same database');
});
