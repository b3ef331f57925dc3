import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { StoreError } from '../../../src/core/errors.ts';
import { readMigrations } from '../../../src/store/migration.ts';
import { openStore, type Store } from '../../../src/store/open.ts';
import { SCHEMA_VERSION } from '../../../src/store/schema.ts';
import { runOnServer, testDatabaseUrl } from '../../helper/postgres.ts';
import { runSql } from '../../helper/temp-store.ts';
import { startChild } from '../start-child.ts';

const appVersion = '0.0.0-test';
const migrations = readMigrations('postgres');

let database: string;
beforeEach(async () => {
  database = (await testDatabaseUrl()) as string;
});

async function open(options: { create?: boolean; onMigrate?: (message: string) => void } = {}): Promise<Store> {
  const store = await openStore({ database, appVersion, ...options });
  onTestFinished(() => store.close());
  return store;
}

async function refusal(create = false): Promise<StoreError> {
  const error = await open({ create }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StoreError);
  return error as StoreError;
}

const tables = async () =>
  (
    await runOnServer(database, `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1`)
  ).map(({ relname }) => relname);

/** What an older version of the program left: the first `count` files applied, and an account. */
async function makeOlder(count: number): Promise<void> {
  const statements = migrations.slice(0, count).map(
    ({ version, name, sha256, sql }) => `${sql};
      INSERT INTO schema_migrations (version, name, sha256, app_version) VALUES (${version}, '${name}', '${sha256}', '0.0.1');`,
  );
  await runOnServer(
    database,
    `CREATE TABLE schema_migrations (version integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL,
       applied_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(), app_version text NOT NULL);
     ${statements.join('\n')}
     INSERT INTO social_media_accounts (platform, username) VALUES ('tiktok', 'anna')`,
  );
}

/** Columns, indexes, constraints, triggers, functions and views, as the server describes them. */
const describeSchema = () =>
  runOnServer(
    database,
    `SELECT 'column' AS kind, attrelid::regclass::text AS of, attname AS name,
            concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity, pg_get_expr(adbin, adrelid)) AS is
     FROM pg_attribute JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND attnum > 0
     UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
     UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace
     UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
     UNION ALL SELECT 'function', '', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
     UNION ALL SELECT 'view', '', viewname, definition FROM pg_views WHERE schemaname = 'public'
     ORDER BY 1, 2, 3, 4`,
  );

test('the files are numbered as those of SQLite are, and named alike', () => {
  const names = (engine: 'sqlite' | 'postgres') => readMigrations(engine).map(({ name }) => name);
  expect(names('postgres')).toEqual(names('sqlite'));
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  expect(migrations).toHaveLength(SCHEMA_VERSION);
});

test('a fresh database has every migration, with its checksum and the version that applied it', async () => {
  const messages: string[] = [];
  const store = await open({ create: true, onMigrate: (message) => messages.push(message) });
  expect(await runSql(store, 'SELECT version, name, sha256, app_version FROM schema_migrations ORDER BY 1')).toEqual(
    migrations.map(({ version, name, sha256 }) => ({ version, name, sha256, app_version: appVersion })),
  );
  expect(messages).toEqual([]);
});

test('a database without tables of ours is refused unless it is to be made, and none are made', async () => {
  const error = await refusal();
  expect(error.message).toMatch(/^There are no tables of smstats in postgres:\/\/\S+ yet\.$/);
  expect(error).toMatchObject({ ending: 'usage', hint: expect.stringMatching(/^smstats init/) as string });
  expect(await tables()).toEqual([]);
});

describe.each(migrations.slice(0, -1).map(({ version }) => version))('a database of schema %i', (version) => {
  test('is brought up to date with its rows', async () => {
    await open({ create: true });
    const fresh = await describeSchema();
    await testDatabaseUrl();
    await makeOlder(version);
    const messages: string[] = [];
    const store = await open({ onMigrate: (message) => messages.push(message) });
    expect(messages).toEqual([`bringing the database from schema ${version} up to date`]);
    expect(await describeSchema()).toEqual(fresh);
    expect(await runSql(store, 'SELECT username FROM social_media_accounts')).toEqual([{ username: 'anna' }]);
  });
});

test('requests of before units were counted have one unit each', async () => {
  await makeOlder(9);
  await runOnServer(
    database,
    `INSERT INTO api_usage_tracking (provider_name, platform, endpoint, request_count, success, date) VALUES
     ('one', 'tiktok', '/a', 1, true, '2026-11-22'), ('one', 'tiktok', '/a', 40, false, '2026-10-01'),
     ('one', 'tiktok', '/b', 0, NULL, '2026-11-22'), ('two', 'tiktok', '/a', 2, NULL, '2026-11-22');
     DELETE FROM api_usage_tracking WHERE provider_name = 'two'`,
  );
  const rows = (table: string) => runOnServer(database, `SELECT * FROM ${table} ORDER BY 1, 2`);
  const [before, counts] = [await rows('api_usage_tracking'), await rows('api_request_counts')];
  await open();
  const withUnits = (row: Record<string, unknown>) => ({ ...row, quota_units: String(row['request_count']) });
  expect(await rows('api_usage_tracking')).toEqual(before.map(withUnits));
  expect(await rows('api_request_counts')).toEqual(counts.map(withUnits));
  expect(counts).toHaveLength(3);
});

test.each([
  ['an empty database', () => Promise.resolve(), 0],
  ['an older one', () => makeOlder(2), 1],
])('several who open %s at once all get the whole schema', async (_, prepare, accounts) => {
  await prepare();
  const stores = await Promise.all([1, 2, 3, 4].map(() => open({ create: true })));
  for (const store of stores) {
    expect(await runSql(store, 'SELECT count(*) AS n FROM schema_migrations')).toEqual([{ n: SCHEMA_VERSION }]);
    expect(await runSql(store, 'SELECT count(*) AS n FROM social_media_accounts')).toEqual([{ n: accounts }]);
  }
});

test('two processes that open an empty database at once both get the whole schema', async () => {
  const children = await Promise.all([startChild('open', database), startChild('open', database)]);
  const answers = await Promise.all(children.map((child) => child.go()));
  expect(answers).toEqual([`schema-${SCHEMA_VERSION}`, `schema-${SCHEMA_VERSION}`]);
  expect(await Promise.all(children.map((child) => child.end()))).toEqual([0, 0]);
}, 60_000);

test('the database of another program is refused and left as it is', async () => {
  await runOnServer(database, 'CREATE TABLE schema_migrations (version varchar(255) PRIMARY KEY)');
  await runOnServer(database, "INSERT INTO schema_migrations VALUES ('20240101000000')");
  for (const create of [false, true]) {
    const error = await refusal(create);
    expect(error.message).toMatch(/belongs to another program .*It was left as it is\.$/);
    expect(error.ending).toBe('usage');
  }
  expect(await runOnServer(database, 'SELECT * FROM schema_migrations')).toEqual([{ version: '20240101000000' }]);
  expect(await tables()).toEqual(['schema_migrations', 'schema_migrations_pkey']);
});

test('a newer schema is refused and left as it is', async () => {
  await open({ create: true });
  const newer = SCHEMA_VERSION + 1;
  await runOnServer(database, `INSERT INTO schema_migrations VALUES (${newer}, 'x', 'y', now(), '99.0.0')`);
  const error = await refusal(true);
  expect(error.message).toContain(`newer smstats (schema ${newer}; this one knows ${SCHEMA_VERSION})`);
  expect(error.hint).toBe('npm install -g smstats@latest');
});

test('a migration that was edited after it was applied is refused, and nothing changes', async () => {
  await makeOlder(3);
  await runOnServer(database, "UPDATE schema_migrations SET sha256 = 'another' WHERE version = 2");
  const before = await describeSchema();
  expect((await refusal()).message).toMatch(/^Migration 0002_\w+ was applied in another form/);
  expect(await describeSchema()).toEqual(before);
});

test('a migration that fails leaves no table behind, and a later one goes through', async () => {
  await runOnServer(database, 'CREATE TABLE videos (mine text)');
  await expect(open({ create: true })).rejects.toThrow(/"videos" already exists/);
  const left = (await tables()).filter((name) => !String(name).startsWith('schema_migrations'));
  expect(left).toEqual(['videos']);
  expect((await refusal()).message).toMatch(/^There are no tables of smstats/);
  await runOnServer(database, 'DROP TABLE videos');
  await open({ create: true });
  await expect(open()).resolves.toBeDefined();
});

test('a migration of an older database that fails leaves it as it was', async () => {
  await makeOlder(5);
  await runOnServer(database, 'CREATE TABLE audit_log (mine text)');
  const before = await describeSchema();
  await expect(open()).rejects.toThrow(/"audit_log" already exists/);
  expect(await describeSchema()).toEqual(before);
  expect(await runOnServer(database, 'SELECT max(version) AS version FROM schema_migrations')).toEqual([
    { version: 5 },
  ]);
});
