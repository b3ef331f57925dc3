import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { makeAccount, startTikwmServer, type TikwmServer } from '../helper/tikwm-server.ts';
import { CERTIFICATE, PASSWORD, startPostgres, type PostgresServer, type UrlParts } from './postgres.ts';
import { configure, makeDirectory, run, start, type Ended } from './process.ts';

const POSTS = 40;

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

let server: TikwmServer;
let home: string;
beforeEach(async () => {
  server = await startTikwmServer({ anna: makeAccount(POSTS, 1) });
  home = makeDirectory();
  configure(home, server.url);
});
afterEach(() => server.close());

/** The password in the forms that it may travel in; what most of them have in common is looked for as well. */
const FORMS = [
  'canary',
  'Pw-93f1',
  Buffer.from(PASSWORD).toString('base64').replace(/=+$/, ''),
  Buffer.from(PASSWORD).toString('base64url'),
  Buffer.from(PASSWORD).toString('hex'),
];

function expectNoLeak(what: string, { stdout, stderr }: Ended): void {
  expect(
    FORMS.filter((form) => `${stdout}${stderr}`.includes(form)),
    what,
  ).toEqual([]);
}

/** Runs the program on a database; nothing it says holds the password. */
async function runOn(url: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const ended = await run(args, { home, env: { SMSTATS_DATABASE_URL: url, ...env } });
  expectNoLeak(args.join(' '), ended);
  return ended;
}

const FETCH = ['fetch', 'tiktok', 'anna'];
const OVERVIEW = ['report', 'overview'];

/** One line that says what is wrong, and one that says what to do. */
function expectLine(ended: Ended, code: number, message: RegExp): void {
  expect(ended.code, ended.stderr).toBe(code);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toMatch(/^smstats: .+\n {2}→ .+\n$/);
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).not.toMatch(/\n {4}at |bug in smstats/);
}

/** A command fails with that message in every form, and no command lets the password out. */
async function expectTrouble(url: string, code: number, message: RegExp, args = FETCH, env = {}): Promise<void> {
  expectLine(await runOn(url, args, env), code, message);
  const verbose = await runOn(url, [...args, '--verbose'], env);
  expect([verbose.code, verbose.stderr]).toEqual([code, expect.stringMatching(message)]);
  const json = await runOn(url, [...args, '--json'], env);
  expect(json.code).toBe(code);
  expect(JSON.parse(json.stderr)).toEqual({
    error: { code: expect.any(String), exit_code: code, message: expect.any(String), hint: expect.any(String) },
  });
  const doctor = await runOn(url, ['doctor'], env);
  expect([doctor.code, doctor.stderr]).toEqual([1, '']);
  expect(doctor.stdout).toMatch(/^failed +database/m);
  await runOn(url, ['doctor', '--json', '--verbose'], env);
  for (const look of [
    ['config', 'list'],
    ['config', 'list', '--json'],
    ['config', 'get', 'database'],
    ['config', 'get', 'database', '--json'],
  ]) {
    expect((await runOn(url, look, env)).code).toBe(0);
  }
  expect(server.requests, 'nobody was asked for what could not be stored').toEqual([]);
}

/** A database with an account of yesterday. */
async function makeHistory(): Promise<string> {
  const name = await postgres.createDatabase();
  const ended = await runOn(postgres.url(name), FETCH);
  expect(ended.code, ended.stderr).toBe(0);
  for (const [table, column] of [
    ['social_media_analytics_snapshots', 'snapshot_date'],
    ['social_media_post_analytics', 'snapshot_date'],
    ['social_media_post_range', 'first_date'],
    ['social_media_post_range', 'latest_date'],
  ]) {
    await postgres.query(name, `UPDATE ${table} SET ${column} = ${column} - 1`);
  }
  server.requests.length = 0;
  server.accounts.set('anna', { ...makeAccount(POSTS + 2, 1), followers: 2222 });
  return name;
}

interface Stored {
  /** The days with what belongs to each. */
  snapshots: { followers: string; numbers: number }[];
  posts: number;
  ranges: number;
  days: number;
}

async function readStored(name: string): Promise<Stored> {
  const snapshots = await postgres.query<Stored['snapshots'][number]>(
    name,
    `SELECT followers_count AS followers,
       (SELECT count(*)::int FROM social_media_post_analytics a WHERE a.snapshot_date = s.snapshot_date) AS numbers
     FROM social_media_analytics_snapshots s ORDER BY snapshot_date`,
  );
  const [rest] = await postgres.query<Omit<Stored, 'snapshots'>>(
    name,
    `SELECT (SELECT count(*)::int FROM social_media_posts) AS posts,
       (SELECT count(*)::int FROM social_media_post_range) AS ranges,
       (SELECT count(DISTINCT snapshot_date)::int FROM social_media_post_analytics) AS days`,
  );
  return { snapshots, ...(rest as Omit<Stored, 'snapshots'>) };
}

const OLD: Stored = { snapshots: [{ followers: '1001', numbers: 40 }], posts: 40, ranges: 40, days: 1 };
const NEW: Stored = {
  snapshots: [
    { followers: '1001', numbers: 40 },
    { followers: '2222', numbers: 42 },
  ],
  posts: 42,
  ranges: 42,
  days: 2,
};

const statuses = async (name: string) =>
  (await postgres.query<{ status: string }>(name, 'SELECT status FROM analytics_fetch_jobs ORDER BY id')).map(
    ({ status }) => status,
  );

/** Holds the answer to the first request for posts back. */
function stallPosts(): { reached: Promise<void>; release(): void } {
  let release: () => void = () => {};
  const released = new Promise<void>((done) => (release = done));
  const reached = new Promise<void>((asked) => {
    server.fault = async ({ path }) => {
      if (path !== '/user/posts') return false;
      asked();
      await released;
      return false;
    };
  });
  return { reached, release };
}

describe('a server that cannot be reached', () => {
  test('because nobody listens there', async () => {
    const url = postgres.url('smstats', { port: 1 });
    await expectTrouble(url, 6, /postgres@127\.0\.0\.1:1\/smstats cannot be reached: connect ECONNREFUSED/);
  });

  test('because its name is unknown', async () => {
    const url = postgres.url('smstats', { host: 'no-such-host.invalid' });
    await expectTrouble(url, 6, /no-such-host\.invalid:\d+\/smstats cannot be reached: getaddrinfo E/);
  });

  test('because its socket is not there', async () => {
    const url = postgres.url('smstats', { options: { host: makeDirectory() } });
    await expectTrouble(url, 6, /cannot be reached: connect ENOENT/);
  });
});

describe('a login that is refused', () => {
  test('because the password is wrong', async () => {
    const url = postgres.url('postgres', { password: `${PASSWORD}-not` });
    await expectTrouble(url, 4, /refused the login: password authentication failed for user "postgres"/);
  });

  test('because there is no password', async () => {
    const url = postgres.url('postgres', { password: null });
    await expectTrouble(url, 4, /asks for a password, and there is none/, FETCH, { HOME: makeDirectory() });
  });

  test('because there is no such user', async () => {
    await expectTrouble(postgres.url('postgres', { user: 'nobody_here' }), 4, /refused the login/);
  });

  test('because the password file is open to others', async () => {
    const name = await postgres.createDatabase();
    const directory = makeDirectory();
    writeFileSync(join(directory, '.pgpass'), passLine(), { mode: 0o644 });
    const ended = await runOn(postgres.url(name, { password: null }), FETCH, { HOME: directory });
    expect(ended.code, ended.stderr).toBe(4);
    expect(ended.stderr).toMatch(/^WARNING: password file .* has group or world access/);
    expect(ended.stderr).toMatch(/^smstats: .* asks for a password, and there is none\.\n {2}→ .+\n$/m);
  });
});

/** A line of ~/.pgpass that fits every database; two characters are escaped in it. */
const passLine = () => `127.0.0.1:${postgres.port}:*:*:${PASSWORD.replaceAll(/[\\:]/g, (found) => `\\${found}`)}\n`;

describe('the password, the user and the host', () => {
  test('come from the environment when the URL does not say', async () => {
    const name = await postgres.createDatabase();
    const url = postgres.url(name, { password: null });
    const ended = await runOn(url, FETCH, { PGPASSWORD: PASSWORD });
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/stored with 40 posts/)]);
    const env = { PGHOST: '127.0.0.1', PGPORT: String(postgres.port), PGUSER: 'postgres', PGPASSWORD: PASSWORD };
    const bare = await runOn(`postgres:///${name}`, OVERVIEW, env);
    expect([bare.code, bare.stdout], bare.stderr).toEqual([0, expect.stringContaining('anna')]);
  });

  test('come from the environment after the URL', async () => {
    const name = await postgres.createDatabase();
    const env = { PGHOST: '127.0.0.3', PGPORT: '1', PGUSER: 'nobody', PGPASSWORD: 'another-password' };
    expect((await runOn(postgres.url(name), FETCH, env)).code).toBe(0);
  });

  test('come from ~/.pgpass, which its owner alone can read', async () => {
    const name = await postgres.createDatabase();
    const directory = makeDirectory();
    writeFileSync(join(directory, '.pgpass'), passLine(), { mode: 0o600 });
    const url = postgres.url(name, { password: null });
    expect((await runOn(url, FETCH, { HOME: directory })).code).toBe(0);
    expect((await runOn(url, ['doctor'], { HOME: directory })).stdout).toMatch(/^ok +database/m);
    const elsewhere = join(makeDirectory(), 'passwords');
    writeFileSync(elsewhere, passLine());
    chmodSync(elsewhere, 0o600);
    expect((await runOn(url, OVERVIEW, { PGPASSFILE: elsewhere })).code).toBe(0);
  });

  test('may stand in config.toml, and are shown by no command', async () => {
    const name = await postgres.createDatabase();
    const file = join(home, 'config.toml');
    configure(home, server.url);
    const ended = await run(['config', 'set', 'database', postgres.url(name)], { home });
    expectNoLeak('config set', ended);
    expect(ended.code).toBe(0);
    for (const args of [
      FETCH,
      [...FETCH, '--verbose'],
      ['config', 'list'],
      ['config', 'list', '--json'],
      ['config', 'get', 'database'],
      ['config', 'get', 'database', '--json'],
      ['doctor'],
      ['doctor', '--json'],
      ['usage'],
      ['init', '--yes'],
      ['init', '--sample', '--yes'],
    ]) {
      const shown = await run(args, { home });
      expectNoLeak(args.join(' '), shown);
      expect(shown.code, `${args.join(' ')}: ${shown.stderr}`).toBe(0);
    }
    writeFileSync(file, `database = "postgres://postgres:${PASSWORD}@127.0.0.1:x/y"\n`, { mode: 0o600 });
    for (const args of [FETCH, ['config', 'list'], ['config', 'get', 'database'], ['doctor'], ['doctor', '--json']]) {
      expectNoLeak(args.join(' '), await run([...args, '--verbose'], { home }));
    }
  });

  test('of a URL that cannot be read are not quoted', async () => {
    for (const url of [
      `postgres://postgres:${PASSWORD}@127.0.0.1:99999999/smstats`,
      `postgres://postgres:${PASSWORD}@[::1/smstats`,
      `postgres://postgres:5432/${PASSWORD}@127.0.0.1/smstats`,
      `postgres://postgres:${encodeURIComponent(PASSWORD)}@127.0.0.1:${postgres.port}/smstats?sslmode=maybe`,
      `postgres://postgres:${encodeURIComponent(PASSWORD)}%ZZ@127.0.0.1:${postgres.port}/smstats`,
    ]) {
      const ended = await runOn(url, FETCH);
      expect([2, 4, 6], ended.stderr).toContain(ended.code);
      expect(ended.stderr).not.toMatch(/\n {4}at |bug in smstats/);
      await runOn(url, [...FETCH, '--verbose']);
      await runOn(url, [...FETCH, '--json']);
      await runOn(url, ['config', 'list']);
      await runOn(url, ['config', 'get', 'database', '--json']);
      await runOn(url, ['doctor', '--json']);
    }
  });
});

describe('a database that is not there for us', () => {
  test('because nobody made it', async () => {
    await expectTrouble(postgres.url('no_such_database'), 2, /There is no such database: database "no_such_database"/);
  });

  test('because it has no tables yet is told by what reads, and made by what writes', async () => {
    const name = await postgres.createDatabase();
    expectLine(await runOn(postgres.url(name), OVERVIEW), 2, /There are no tables of smstats in .* yet/);
    expect((await runOn(postgres.url(name), FETCH)).code).toBe(0);
    expect((await runOn(postgres.url(name), OVERVIEW)).code).toBe(0);
  });

  test('because it is the one of another program is left as it is', async () => {
    const name = await postgres.createDatabase();
    await postgres.query(name, `CREATE TABLE schema_migrations (version text PRIMARY KEY)`);
    await postgres.query(name, `INSERT INTO schema_migrations VALUES ('20240101000000')`);
    await postgres.query(name, `CREATE TABLE videos (id serial)`);
    const relations = () =>
      postgres.query(name, `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname`);
    const before = await relations();
    await expectTrouble(postgres.url(name), 2, /belongs to another program .* left as it is/);
    expectLine(await runOn(postgres.url(name), ['init', '--yes']), 2, /belongs to another program/);
    expect(await relations()).toEqual(before);
    expect(await postgres.query(name, 'SELECT * FROM schema_migrations')).toEqual([{ version: '20240101000000' }]);
  });

  test('because another program has a table of one of our names is left as it is', async () => {
    const name = await postgres.createDatabase();
    await postgres.query(name, `CREATE TABLE videos (id serial)`);
    await expectTrouble(postgres.url(name), 2, /holds something of another program: relation "videos" already exists/);
    expect(await postgres.query(name, `SELECT to_regclass('social_media_accounts') AS made`)).toEqual([{ made: null }]);
  });

  test('because a newer version wrote it', async () => {
    const name = await makeHistory();
    await postgres.query(
      name,
      `INSERT INTO schema_migrations (version, name, sha256, app_version) VALUES (9999, 'next', 'x', '9.9.9')`,
    );
    await expectTrouble(postgres.url(name), 2, /was written by a newer smstats \(schema 9999; this one knows \d+\)/);
    expectLine(await runOn(postgres.url(name), OVERVIEW), 2, /newer smstats/);
    expect(await readStored(name)).toEqual(OLD);
  });
});

describe('a user', () => {
  test('who may not create tables is told so, and no table is made', async () => {
    const name = await postgres.createDatabase();
    const user = await postgres.createUser();
    await expectTrouble(postgres.url(name, { user }), 4, /lacks a right .*: permission denied for schema public/);
    expectLine(await runOn(postgres.url(name, { user }), ['init', '--sample', '--yes']), 4, /permission denied/);
    expect(await postgres.query(name, `SELECT to_regclass('schema_migrations') AS made`)).toEqual([{ made: null }]);
  });

  test('with a schema of its own needs nothing else', async () => {
    const name = await postgres.createDatabase();
    const user = await postgres.createUser();
    await postgres.query(name, `CREATE SCHEMA ${user} AUTHORIZATION ${user}`);
    const url = postgres.url(name, { user });
    expect((await runOn(url, FETCH)).code).toBe(0);
    expect((await runOn(url, OVERVIEW)).stdout).toContain('anna');
    expect((await runOn(url, ['doctor'])).stdout).toMatch(/^ok +database/m);
    expect(await postgres.query(name, `SELECT to_regclass('public.social_media_posts') AS made`)).toEqual([
      { made: null },
    ]);
  });

  test('who may only read gets reports, and is refused a fetch before anything is asked', async () => {
    const name = await makeHistory();
    const user = await postgres.createUser();
    await postgres.query(name, `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${user}`);
    const url = postgres.url(name, { user });
    for (const args of [
      OVERVIEW,
      ['report', 'posts'],
      ['usage'],
      ['accounts', 'list'],
      ['report', 'trends', '--json'],
    ]) {
      const ended = await runOn(url, args);
      expect(ended.code, ended.stderr).toBe(0);
    }
    await expectTrouble(url, 4, /lacks a right .*: permission denied for table/);
    expectLine(await runOn(url, ['fetch']), 4, /permission denied for table/);
    expect(server.requests).toEqual([]);
    expect(await readStored(name)).toEqual(OLD);
  });

  test('who may read and write but make nothing fetches', async () => {
    const name = await makeHistory();
    const user = await postgres.createUser();
    await postgres.query(name, `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${user}`);
    const ended = await runOn(postgres.url(name, { user }), FETCH);
    expect(ended.code, ended.stderr).toBe(0);
    expect(await readStored(name)).toEqual(NEW);
  });

  test('of a server that is a standby or set to read only gets reports, and is refused a fetch', async () => {
    const name = await makeHistory();
    await postgres.query(name, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    expect((await runOn(postgres.url(name), OVERVIEW)).code).toBe(0);
    await expectTroubleOfWriting(postgres.url(name), /read-only transaction/);
  });
});

/** Like `expectTrouble`, for a database that can be read. */
async function expectTroubleOfWriting(url: string, message: RegExp): Promise<void> {
  expectLine(await runOn(url, FETCH), 4, message);
  await runOn(url, [...FETCH, '--verbose']);
  await runOn(url, [...FETCH, '--json']);
  expect(server.requests).toEqual([]);
}

/** Locks a table until the test ends. */
async function lockTable(name: string, table: string): Promise<pg.Client> {
  const session = await postgres.connect(name);
  onTestFinished(() => session.end());
  await session.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  return session;
}

describe('a table that another session has locked', () => {
  test('for long is told after ten seconds', async () => {
    const name = await makeHistory();
    await lockTable(name, 'social_media_accounts');
    for (const args of [FETCH, OVERVIEW, ['accounts', 'list']]) {
      const began = Date.now();
      expectLine(
        await runOn(postgres.url(name), args),
        11,
        /is locked by another program: canceling statement due to lock/,
      );
      expect(Date.now() - began).toBeGreaterThan(9900);
      expect(Date.now() - began).toBeLessThan(14_000);
    }
    expect(server.requests).toEqual([]);
  });

  test('when the answer is to be stored is told, and the account is as it was', async () => {
    const name = await makeHistory();
    const stall = stallPosts();
    const fetching = start(FETCH, { home, env: { SMSTATS_DATABASE_URL: postgres.url(name) } });
    await stall.reached;
    const session = await lockTable(name, 'social_media_posts');
    stall.release();
    const ended = await fetching.ended;
    expectNoLeak('fetch', ended);
    expect(ended.code, ended.stderr).toBe(11);
    expect(ended.stderr).toMatch(/is locked by another program/);
    await session.query('ROLLBACK');
    expect(await readStored(name)).toEqual(OLD);
  });

  test('for a moment only delays', async () => {
    const name = await makeHistory();
    const session = await lockTable(name, 'social_media_accounts');
    const fetching = runOn(postgres.url(name), FETCH);
    await sleep(3000);
    await session.query('ROLLBACK');
    expect((await fetching).code).toBe(0);
    expect(await readStored(name)).toEqual(NEW);
  });
});

describe('a server that goes away in the middle of a fetch', () => {
  test('is told, leaves no half account, and the next run finishes what was in hand', async () => {
    const name = await makeHistory();
    const stall = stallPosts();
    const fetching = start(['fetch'], { home, env: { SMSTATS_DATABASE_URL: postgres.url(name) } });
    await stall.reached;
    await postgres.stop();
    stall.release();
    const ended = await fetching.ended;
    expectNoLeak('fetch', ended);
    expectLine(ended, 6, /cannot be reached|ended the connection|was lost/);
    await postgres.start();
    expect(await readStored(name)).toEqual(OLD);
    expect(await statuses(name)).toEqual(['completed', 'running']);

    server.fault = undefined;
    const next = await runOn(postgres.url(name), ['fetch']);
    expect(next.code, next.stderr).toBe(0);
    expect(await readStored(name)).toEqual(NEW);
    expect(await statuses(name)).toEqual(['completed', 'failed', 'completed']);
  });

  test('and comes back before the answer is there is not noticed', async () => {
    const name = await makeHistory();
    const stall = stallPosts();
    const fetching = start(FETCH, { home, env: { SMSTATS_DATABASE_URL: postgres.url(name) } });
    await stall.reached;
    await postgres.stop();
    await postgres.start();
    stall.release();
    const ended = await fetching.ended;
    expectNoLeak('fetch', ended);
    expect(ended.code, ended.stderr).toBe(0);
    expect(await readStored(name)).toEqual(NEW);
    expect(await statuses(name)).toEqual(['completed', 'completed']);
  });

  test('connections that are cut again and again leave the account wholly old or wholly new', async () => {
    const name = await makeHistory();
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND application_name = 'smstats'`;
    const session = await postgres.connect('postgres');
    const seen = new Set<number | null>();
    for (let index = 0; index < 20; index++) {
      const fetching = start(FETCH, { home, env: { SMSTATS_DATABASE_URL: postgres.url(name) } });
      const end = new AbortController();
      void fetching.ended.then(() => end.abort());
      const cutting = (async () => {
        await sleep(150 + index * 12);
        while (!end.signal.aborted) {
          await session.query(cut);
          await sleep(10 + index * 4);
        }
      })();
      const ended = await fetching.ended;
      await cutting;
      expectNoLeak('fetch', ended);
      seen.add(ended.code);
      expect([0, 6, 11], ended.stderr).toContain(ended.code);
      // What was stored before is told first.
      expect(ended.stderr).toMatch(ended.code === 0 ? /stored with 42 posts/ : /(^|\n)smstats: .+\n {2}→ .+\n$/);
      expect(ended.stderr).not.toMatch(/\n {4}at |bug in smstats/);
      const stored = await readStored(name);
      expect([OLD, NEW]).toContainEqual(stored);
      if (ended.code === 0) expect(stored).toEqual(NEW);
      // What a broken run had in hand is free again at once.
      await postgres.query(
        name,
        `UPDATE analytics_fetch_jobs SET claimed_until = '-infinity' WHERE status = 'running'`,
      );
    }
    await session.end();
    expect(seen).toContain(6);
    const next = await runOn(postgres.url(name), FETCH);
    expect(next.code, next.stderr).toBe(0);
    expect(await readStored(name)).toEqual(NEW);
    expect((await statuses(name)).filter((status) => status === 'running')).toEqual([]);
  });
});

test('kill -9 at any moment of a fetch leaves the account wholly old or wholly new, and the next run completes', async () => {
  const seen = new Set<boolean>();
  // On a busy machine it takes longer until a kill comes after the commit.
  for (let index = 0; index < 16 || (seen.size < 2 && index < 40); index++) {
    const name = await makeHistory();
    const fetching = start(FETCH, { home, env: { SMSTATS_DATABASE_URL: postgres.url(name) } });
    // From the first request to some moment after the last one.
    while (server.requests.length === 0) await sleep(2);
    await sleep(index * (index < 16 ? 6 : 25));
    fetching.kill('SIGKILL');
    await fetching.ended;
    // The server may still be at the last statement that it was given.
    await sleep(100);
    const stored = await readStored(name);
    expect([OLD, NEW]).toContainEqual(stored);
    seen.add(stored.days === 2);
    await postgres.query(name, `UPDATE analytics_fetch_jobs SET claimed_until = '-infinity' WHERE status = 'running'`);
    const next = await runOn(postgres.url(name), FETCH);
    expect(next.code, next.stderr).toBe(0);
    expect(await readStored(name)).toEqual(NEW);
    expect((await statuses(name)).filter((status) => status === 'running')).toEqual([]);
    server.accounts.set('anna', makeAccount(POSTS, 1));
  }
  expect(seen.size).toBe(2);
});

describe('a server without a free connection', () => {
  let small: PostgresServer;
  beforeAll(async () => {
    small = await startPostgres({ maxConnections: 6 });
  });
  afterAll(() => small.remove());

  test('is told, and works again when one is free', async () => {
    const name = await small.createDatabase();
    const user = await small.createUser();
    await small.query(name, `GRANT ALL ON SCHEMA public TO ${user}`);
    const url = small.url(name, { user });
    expect((await runOn(url, FETCH)).code).toBe(0);
    server.requests.length = 0;
    const sessions: pg.Client[] = [];
    onTestFinished(async () => void (await Promise.all(sessions.map((session) => session.end()))));
    for (let index = 0; index < 6; index++) sessions.push(await small.connect('postgres'));
    await expectTrouble(url, 6, /takes no further connection: sorry, too many clients already/);
    expectLine(await runOn(url, OVERVIEW), 6, /takes no further connection/);
    await Promise.all(sessions.splice(0).map((session) => session.end()));
    expect((await runOn(url, OVERVIEW)).code).toBe(0);
  });
});

describe('an encrypted connection', () => {
  let encrypted: PostgresServer;
  let name: string;
  beforeAll(async () => {
    encrypted = await startPostgres({ tls: true });
    name = await encrypted.createDatabase();
  });
  afterAll(() => encrypted.remove());
  const url = (parts: UrlParts) => encrypted.url(name, parts);

  test('is made where it is required, to a server whose certificate nobody signed', async () => {
    const ended = await runOn(url({ options: { sslmode: 'require' } }), FETCH);
    expect(ended.code, ended.stderr).toBe(0);
  });

  test('is made to another machine without a word about it', async () => {
    // To the program, everything but 127.0.0.1 and localhost is another machine.
    const ended = await runOn(url({ host: '127.0.0.2' }), FETCH);
    expect(ended.code, ended.stderr).toBe(0);
    server.requests.length = 0;
    await expectTrouble(
      postgres.url('postgres', { host: '127.0.0.2' }),
      6,
      /The encrypted connection to .* failed: The server does not support SSL connections/,
    );
  });

  test.each(['127.0.0.1', 'localhost'])('with verify-full is made to %s, which the certificate names', async (host) => {
    const ended = await runOn(url({ host, options: { sslmode: 'verify-full', sslrootcert: CERTIFICATE } }), FETCH);
    expect(ended.code, ended.stderr).toBe(0);
    const env = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: CERTIFICATE };
    expect((await runOn(url({ host }), FETCH, env)).code).toBe(0);
  });

  test('with verify-full is not made to a name that is not in the certificate', async () => {
    const options = { sslmode: 'verify-full', sslrootcert: CERTIFICATE };
    await expectTrouble(
      url({ host: '127.0.0.2', options }),
      6,
      /The encrypted connection to .* failed: .*127\.0\.0\.2/,
    );
    const ca = await runOn(url({ host: '127.0.0.2', options: { ...options, sslmode: 'verify-ca' } }), FETCH);
    expect(ca.code, ca.stderr).toBe(0);
  });

  test('with verify-full is not made to a certificate that no known authority signed', async () => {
    await expectTrouble(url({ options: { sslmode: 'verify-full' } }), 6, /encrypted connection .* self[- ]signed/);
  });

  test('with an authority whose file is missing is not made', async () => {
    const options = { sslmode: 'verify-full', sslrootcert: join(home, 'no-such-ca.pem') };
    await expectTrouble(url({ options }), 2, /The database URL cannot be used: .*no-such-ca\.pem/);
  });

  test('is told to be missing by a server that takes no other', async () => {
    await expectTrouble(url({ options: { sslmode: 'disable' } }), 4, /no encryption/);
  });

  test('is told to be impossible where it is required and the server has none', async () => {
    await expectTrouble(
      postgres.url('postgres', { options: { sslmode: 'require' } }),
      6,
      /The encrypted connection to .* failed: The server does not support SSL connections/,
    );
  });
});
