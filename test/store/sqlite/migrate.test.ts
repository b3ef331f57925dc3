import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { readMigrations, verifyMigrations } from '../../../src/store/migration.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from '../../../src/store/schema.ts';
import { listApplied } from '../../../src/store/sqlite/migrate.ts';
import { openSqlite } from '../../../src/store/sqlite/open.ts';
import { makeDirectory } from '../../helper/temp-store.ts';
import { startChild } from '../start-child.ts';
import { openFile } from './open-file.ts';

const SQL = join(import.meta.dirname, '../../../sql/sqlite');
const files = readdirSync(SQL).toSorted();
const appVersion = '0.0.0-test';

/** A database as an older version of the program left it: the first `count` files applied, and an account in it. */
function makeOlder(count: number): string {
  const path = join(makeDirectory(), 'smstats.db');
  const old = new SqliteDatabase(path);
  old.exec(`CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL,
    applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), app_version TEXT NOT NULL) STRICT`);
  for (const file of files.slice(0, count)) {
    const text = readFileSync(join(SQL, file), 'utf8');
    old.exec(text);
    old
      .prepare("INSERT INTO schema_migrations (version, name, sha256, app_version) VALUES (?, ?, ?, '0.0.1')")
      .run(Number(file.slice(0, 4)), file.replace('.sql', ''), createHash('sha256').update(text).digest('hex'));
  }
  old.pragma(`application_id = ${APPLICATION_ID}`);
  old.pragma(`user_version = ${count}`);
  old.exec("INSERT INTO social_media_accounts (platform, username) VALUES ('tiktok', 'anna')");
  old.close();
  return path;
}

function schemaOf(connection: SqliteDatabase.Database): unknown[] {
  return connection
    .prepare(
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name <> 'schema_migrations' ORDER BY type, name",
    )
    .all();
}

test('the files are numbered without a gap, and SCHEMA_VERSION is the newest', () => {
  expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_, index) => index + 1));
  for (const file of files) expect(file).toMatch(/^\d{4}_[a-z0-9_]+\.sql$/);
  expect(SCHEMA_VERSION).toBe(files.length);
});

test('a fresh database has every migration, with its checksum and the version that applied it', async () => {
  const { connection } = await openFile();
  const rows = connection.prepare('SELECT version, name, sha256, app_version FROM schema_migrations').all();
  expect(rows).toEqual(
    files.map((file, index) => ({
      version: index + 1,
      name: file.replace('.sql', ''),
      sha256: createHash('sha256')
        .update(readFileSync(join(SQL, file)))
        .digest('hex'),
      app_version: '0.0.0-test',
    })),
  );
  expect(connection.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
  expect(connection.pragma('integrity_check', { simple: true })).toBe('ok');
});

test('a fresh database needs no backup', async () => {
  const store = await openFile();
  expect(readdirSync(join(store.path, '..')).filter((name) => name.endsWith('.bak'))).toEqual([]);
});

describe.each(files.slice(0, -1).map((_, index) => index + 1))('a database of schema %i', (version) => {
  test('is brought up to date with its rows, and a private backup of the old one is kept', async () => {
    const path = makeOlder(version);
    const messages: string[] = [];
    const store = await openSqlite({ database: path, appVersion, onMigrate: (message) => messages.push(message) });
    const fresh = await openFile();
    expect(schemaOf(store.connection)).toEqual(schemaOf(fresh.connection));
    expect(store.connection.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
    expect(store.connection.prepare('SELECT username FROM social_media_accounts').all()).toEqual([
      { username: 'anna' },
    ]);
    await store.close();

    const backup = `${path}.schema-${version}.bak`;
    expect(messages).toEqual([
      `bringing the database from schema ${version} up to date; the old one is kept as ${backup}`,
    ]);
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    const kept = new SqliteDatabase(backup, { readonly: true });
    expect(kept.pragma('user_version', { simple: true })).toBe(version);
    expect(kept.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(kept.prepare('SELECT username FROM social_media_accounts').all()).toEqual([{ username: 'anna' }]);
    kept.close();
  });
});

test('requests of before units were counted have one unit each', async () => {
  const path = makeOlder(9);
  const old = new SqliteDatabase(path);
  old.exec(`INSERT INTO api_usage_tracking (provider_name, platform, endpoint, request_count, success, date) VALUES
    ('one', 'tiktok', '/a', 1, 1, '2026-11-22'), ('one', 'tiktok', '/a', 40, 0, '2026-10-01'),
    ('one', 'tiktok', '/b', 0, NULL, '2026-11-22'), ('two', 'tiktok', '/a', 2, NULL, '2026-11-22');
    DELETE FROM api_usage_tracking WHERE provider_name = 'two';`);
  const before = old.prepare('SELECT * FROM api_usage_tracking').all() as Record<string, unknown>[];
  const counts = old.prepare('SELECT * FROM api_request_counts').all() as Record<string, unknown>[];
  old.close();
  const { connection } = await openFile(path);
  const withUnits = (row: Record<string, unknown>) => ({ ...row, quota_units: row['request_count'] });
  expect(connection.prepare('SELECT * FROM api_usage_tracking').all()).toEqual(before.map(withUnits));
  expect(connection.prepare('SELECT * FROM api_request_counts').all()).toEqual(counts.map(withUnits));
  expect(counts).toHaveLength(3);
});

test('an earlier backup is not written over', async () => {
  const path = makeOlder(1);
  await (await openSqlite({ database: path, appVersion })).close();
  const first = readFileSync(`${path}.schema-1.bak`);
  for (const each of [path, `${path}-wal`, `${path}-shm`]) rmSync(each, { force: true });
  copyFileSync(makeOlder(1), path);
  await (await openSqlite({ database: path, appVersion })).close();
  expect(readFileSync(`${path}.schema-1.bak`).equals(first)).toBe(true);
  expect(existsSync(`${path}.schema-1.2.bak`)).toBe(true);
});

test('a migration that was edited after it was applied is refused, and nothing changes', async () => {
  const path = makeOlder(3);
  const edited = new SqliteDatabase(path);
  edited.exec("UPDATE schema_migrations SET sha256 = 'another' WHERE version = 2");
  edited.close();
  await expect(openSqlite({ database: path, appVersion })).rejects.toThrow(
    /^Migration 0002_\w+ was applied in another form than the one that ships with this program\.$/,
  );
  const after = new SqliteDatabase(path, { readonly: true });
  expect(after.pragma('user_version', { simple: true })).toBe(3);
  expect(after.prepare('SELECT count(*) AS n FROM schema_migrations').get()).toEqual({ n: 3 });
  after.close();
  expect(readdirSync(join(path, '..')).filter((name) => name.endsWith('.bak'))).toEqual([]);
});

test('a migration that nobody knows is refused', async () => {
  const { connection } = await openFile();
  const verify = () => verifyMigrations(listApplied(connection), readMigrations('sqlite'));
  expect(verify).not.toThrow();
  connection.exec("INSERT INTO schema_migrations (version, name, sha256, app_version) VALUES (99, 'x', 'y', 'z')");
  expect(verify).toThrow(/^Migration x was applied in another form/);
});

test.each([
  ['a file that does not exist', () => join(makeDirectory(), 'smstats.db'), 0],
  ['an older database', () => makeOlder(2), 1],
])(
  'two processes open %s at once and both get the whole schema',
  async (_, makePath, accounts) => {
    for (let round = 0; round < 2; round++) {
      const path = makePath();
      const children = await Promise.all([startChild('open', path), startChild('open', path)]);
      const answers = await Promise.all(children.map((child) => child.go()));
      expect(answers).toEqual([`schema-${SCHEMA_VERSION}`, `schema-${SCHEMA_VERSION}`]);
      expect(await Promise.all(children.map((child) => child.end()))).toEqual([0, 0]);
      const { connection } = await openFile(path);
      expect(connection.prepare('SELECT count(*) AS n FROM schema_migrations').get()).toEqual({ n: SCHEMA_VERSION });
      expect(connection.prepare('SELECT count(*) AS n FROM social_media_accounts').get()).toEqual({ n: accounts });
      expect(connection.pragma('integrity_check', { simple: true })).toBe('ok');
    }
  },
  60_000,
);
