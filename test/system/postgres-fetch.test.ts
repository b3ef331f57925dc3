import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeAccount, startTikwmServer, type SeenRequest, type TikwmServer } from '../helper/tikwm-server.ts';
import { startPostgres, type PostgresServer } from './postgres.ts';
import { configure, makeDirectory, run, start, type Ended, type Started } from './process.ts';

/** How long a process that gave no sign of life keeps its account, and what starting and looking take. */
const LEASE_MS = 30_000;
const SLACK_MS = 5000;
const POSTS = 3;

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

let server: TikwmServer;
let home: string;
let database: string;
beforeEach(async () => {
  server = await startTikwmServer();
  home = makeDirectory();
  configure(home, server.url);
  database = await postgres.createDatabase();
});
afterEach(() => server.close());

/** The processes of a test have a key each, so that the server sees who asks. */
const keyOf = (name: string) => `the-key-of-${name}`;
const isFrom = (name: string, { headers }: SeenRequest) => headers['x-rapidapi-key'] === keyOf(name);

function options(name: string) {
  return { home, env: { SMSTATS_DATABASE_URL: postgres.url(database), RAPIDAPI_KEY: keyOf(name) } };
}

/** Makes the tables, and accounts that the server knows. */
async function track(usernames: readonly string[]): Promise<void> {
  const { code, stderr } = await run(['init', '--yes'], options('setup'));
  expect(code, stderr).toBe(0);
  for (const [index, username] of usernames.entries()) server.accounts.set(username, makeAccount(POSTS, index + 1));
  const values = usernames.map((username) => `('tiktok', '${username}')`).join(', ');
  await postgres.query(database, `INSERT INTO social_media_accounts (platform, username) VALUES ${values}`);
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `account${index + 1}`);

/** The only column of the rows. */
async function list(sql: string): Promise<unknown[]> {
  return (await postgres.query(database, sql)).flatMap((row) => Object.values(row));
}

const jobsOf = (username: string) =>
  postgres.query(
    database,
    `SELECT status, error_message FROM analytics_fetch_jobs
     WHERE account_id = (SELECT id FROM social_media_accounts WHERE username = '${username}') ORDER BY id`,
  );

const ABANDONED = 'the run ended before this account was done';

/** Each account has everything of its day, or nothing: posts, their numbers and ranges, the snapshot, the fetch time. */
async function expectWhole(stored: readonly string[]): Promise<void> {
  const rows = await postgres.query<Record<string, unknown>>(
    database,
    `SELECT a.username, a.last_fetched_at IS NOT NULL AS is_fetched,
       (SELECT count(*)::int FROM social_media_analytics_snapshots s WHERE s.account_id = a.id) AS snapshots,
       (SELECT count(*)::int FROM social_media_posts p WHERE p.account_id = a.id) AS posts,
       (SELECT count(*)::int FROM social_media_posts p JOIN social_media_post_analytics x ON x.post_id = p.id
        WHERE p.account_id = a.id) AS numbers,
       (SELECT count(*)::int FROM social_media_posts p JOIN social_media_post_range r ON r.post_id = p.id
        WHERE p.account_id = a.id) AS ranges
     FROM social_media_accounts a ORDER BY a.id`,
  );
  const whole = { is_fetched: true, snapshots: 1, posts: POSTS, numbers: POSTS, ranges: POSTS };
  const nothing = { is_fetched: false, snapshots: 0, posts: 0, numbers: 0, ranges: 0 };
  expect(rows).toEqual(
    rows.map(({ username }) => ({ username, ...(stored.includes(username as string) ? whole : nothing) })),
  );
  expect(await list('SELECT count(*)::int FROM social_media_post_analytics')).toEqual([stored.length * POSTS]);
}

/** How often each account was asked for, in the order of the first time. */
function countAsked(path = '/user/info'): Map<string, number> {
  const counts = new Map<string, number>();
  for (const request of server.requests.filter((each) => each.path === path)) {
    const username = request.query['unique_id'] ?? '';
    counts.set(username, (counts.get(username) ?? 0) + 1);
  }
  return counts;
}

interface Row {
  username: string;
  status: string;
  reason: string | null;
}

const rowsOf = ({ stdout }: Ended): Row[] => (JSON.parse(stdout) as { data: { accounts: Row[] } }).data.accounts;

/** Holds back the answers to which `isHeld` says yes. */
function hold(isHeld: (request: SeenRequest) => boolean): { reached: Promise<SeenRequest>; release(): void } {
  let release: () => void = () => {};
  const released = new Promise<void>((done) => (release = done));
  const reached = new Promise<SeenRequest>((done) => {
    const before = server.fault;
    server.fault = async (request, response, index) => {
      if (isHeld(request)) {
        done(request);
        await released;
      }
      return (await before?.(request, response, index)) ?? false;
    };
  });
  return { reached, release };
}

/** An answer takes a moment, so that every process gets its share. */
function slowDown(): void {
  server.fault = async () => {
    await sleep(15);
    return false;
  };
}

describe('four processes over 200 accounts', () => {
  const PROCESSES = ['one', 'two', 'three', 'four'];
  const startAll = () => Promise.all(PROCESSES.map((name) => run(['fetch', '--json'], options(name))));

  test.each([1, 16])(
    'and %i at a time ask for each once, store all, and name each in one output',
    async (concurrency) => {
      configure(home, server.url, '', concurrency);
      await track(names(200));
      slowDown();
      const began = Date.now();
      const ended = await startAll();
      const seconds = (Date.now() - began) / 1000;
      expect(ended.map(({ code, stderr }) => [code, /bug in smstats/.test(stderr)])).toEqual(
        PROCESSES.map(() => [0, false]),
      );
      const counts = countAsked();
      expect([counts.size, ...new Set(counts.values())]).toEqual([200, 1]);
      expect(server.requests).toHaveLength(400);
      expect(await list('SELECT DISTINCT status FROM analytics_fetch_jobs')).toEqual(['completed']);
      expect(await list('SELECT count(*)::int FROM analytics_fetch_jobs')).toEqual([200]);
      expect(await list('SELECT sum(request_count)::int FROM api_request_counts')).toEqual([400]);
      expect(await list('SELECT count(*)::int FROM api_usage_tracking WHERE success')).toEqual([400]);
      expect(await list('SELECT count(*)::int FROM analytics_fetch_runs WHERE completed_at IS NOT NULL')).toEqual([1]);
      await expectWhole(names(200));

      const rows = ended.map(rowsOf);
      expect(rows.flat().map(({ username }) => username)).toHaveLength(200);
      expect(new Set(rows.flat().map(({ username }) => username))).toEqual(new Set(names(200)));
      expect(rows.flat().every(({ status }) => status === 'stored')).toBe(true);
      // They shared the work.
      for (const share of rows) expect(share.length).toBeGreaterThan(5);
      for (const [index, { stderr }] of ended.entries()) {
        expect(stderr).toContain(`${200 - (rows[index]?.length ?? 0)} of 200 accounts were fetched by other processes`);
      }
      expect(seconds).toBeLessThan(60);
    },
  );

  test('with a quota of 100 x 0.8 send exactly 80 requests together', async () => {
    configure(home, server.url, 'limit = 100\nperiod = "day"\nsafety_margin = 0.8\n');
    await track(names(200));
    slowDown();
    const ended = await startAll();
    for (const { code, stderr } of ended) {
      expect([3, 5]).toContain(code);
      expect(stderr).not.toMatch(/bug in smstats|\n {4}at /);
    }
    expect(server.requests).toHaveLength(80);
    expect(await list('SELECT sum(request_count)::int FROM api_request_counts')).toEqual([80]);
    const rows = ended.flatMap(rowsOf);
    expect(new Set(rows.map(({ username }) => username)).size).toBe(rows.length);
    const stored = rows.filter(({ status }) => status === 'stored').map(({ username }) => username);
    // An account costs two requests; one per process may have got no further than the first.
    expect(stored.length).toBeGreaterThanOrEqual(36);
    expect(stored.length).toBeLessThanOrEqual(40);
    for (const { status, reason } of rows) if (status !== 'stored') expect(reason ?? 'no quota left').toMatch(/quota/);
    await expectWhole(stored);
    expect(await list(`SELECT count(*)::int FROM analytics_fetch_jobs WHERE status = 'completed'`)).toEqual([
      stored.length,
    ]);

    // The next run is refused before it asks.
    expect((await run(['fetch'], options('five'))).code).toBe(5);
    expect(server.requests).toHaveLength(80);
  });

  test('finish the account of one that is killed, within its lease', async () => {
    await track(names(40));
    slowDown();
    let isStalled = false;
    const stall = hold(({ path, query }) => {
      if (isStalled || path !== '/user/posts' || query['unique_id'] !== 'account20') return false;
      return (isStalled = true);
    });
    const started = PROCESSES.map((name) => start(['fetch', '--json'], options(name)));
    const victim = await stall.reached.then((request) => PROCESSES.findIndex((name) => isFrom(name, request)));
    (started[victim] as Started).kill('SIGKILL');
    const killed = Date.now();
    const ended = await Promise.all(started.map((each) => each.ended));
    const waited = Date.now() - killed;
    stall.release();
    expect(ended[victim]?.signal).toBe('SIGKILL');
    const others = ended.filter((_, index) => index !== victim);
    expect(others.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(waited).toBeLessThan(LEASE_MS + SLACK_MS);
    expect(waited).toBeGreaterThan(LEASE_MS - 11_000);

    expect(await jobsOf('account20')).toEqual([
      { status: 'failed', error_message: ABANDONED },
      { status: 'completed', error_message: null },
    ]);
    expect(others.flatMap(rowsOf).filter(({ username }) => username === 'account20')).toHaveLength(1);
    expect(await list(`SELECT count(*)::int FROM analytics_fetch_jobs WHERE status = 'completed'`)).toEqual([40]);
    expect(await list('SELECT count(*)::int FROM analytics_fetch_jobs')).toEqual([41]);
    expect(await list('SELECT count(*)::int FROM analytics_fetch_runs WHERE completed_at IS NOT NULL')).toEqual([1]);
    expect(countAsked()).toEqual(new Map([...countAsked().keys()].map((name) => [name, name === 'account20' ? 2 : 1])));
    await expectWhole(names(40));
  });
});

test('a process that slept over its lease does not write its late answer over the account of another', async () => {
  await track(['anna']);
  const late = hold((request) => isFrom('sleeper', request) && request.path === '/user/posts');
  const sleeper = start(['fetch', '--json'], options('sleeper'));
  await late.reached;
  sleeper.kill('SIGSTOP');
  // What the sleeper was told is no longer what is true.
  server.accounts.set('anna', { ...makeAccount(POSTS, 1), followers: 7777 });
  const taken = hold((request) => isFrom('other', request) && request.path === '/user/posts');
  const stopped = Date.now();
  const other = start(['fetch', '--json'], options('other'));
  await taken.reached;
  expect(Date.now() - stopped).toBeLessThan(LEASE_MS + SLACK_MS);

  // The account is in the other's hand now, and the first one wakes up with its answer.
  late.release();
  sleeper.kill('SIGCONT');
  const woken = await sleeper.ended;
  expect([woken.code, woken.signal], woken.stderr).toEqual([11, null]);
  expect(rowsOf(woken)).toEqual([
    expect.objectContaining({
      username: 'anna',
      status: 'skipped',
      reason: expect.stringMatching(/^Another process took the account over: .* no sign of life for 30 seconds/),
    }),
  ]);
  await expectWhole([]);
  expect(await jobsOf('anna')).toEqual([
    { status: 'failed', error_message: ABANDONED },
    { status: 'running', error_message: null },
  ]);

  taken.release();
  const finished = await other.ended;
  expect(finished.code, finished.stderr).toBe(0);
  expect(rowsOf(finished)).toEqual([expect.objectContaining({ username: 'anna', status: 'stored' })]);
  expect(await list('SELECT followers_count FROM social_media_analytics_snapshots')).toEqual(['7777']);
  expect(await list('SELECT status FROM analytics_fetch_jobs ORDER BY id')).toEqual(['failed', 'completed']);
  await expectWhole(['anna']);
});

test('a process that slept over its lease finds the account done, and leaves it as it is', async () => {
  await track(['anna']);
  const late = hold((request) => isFrom('sleeper', request) && request.path === '/user/posts');
  const sleeper = start(['fetch'], options('sleeper'));
  await late.reached;
  sleeper.kill('SIGSTOP');
  server.accounts.set('anna', { ...makeAccount(POSTS, 1), followers: 7777 });
  expect((await run(['fetch'], options('other'))).code).toBe(0);
  late.release();
  sleeper.kill('SIGCONT');
  expect((await sleeper.ended).code).toBe(11);
  expect(await list('SELECT followers_count FROM social_media_analytics_snapshots')).toEqual(['7777']);
  expect(await list('SELECT status FROM analytics_fetch_jobs ORDER BY id')).toEqual(['failed', 'completed']);
  await expectWhole(['anna']);
});

test('a process that slept for less than its lease keeps its account', async () => {
  await track(['anna']);
  const late = hold((request) => request.path === '/user/posts');
  const sleeper = start(['fetch'], options('sleeper'));
  await late.reached;
  sleeper.kill('SIGSTOP');
  await sleep(12_000);
  expect((await run(['fetch', 'tiktok', 'anna'], options('other'))).code).toBe(11);
  late.release();
  sleeper.kill('SIGCONT');
  expect((await sleeper.ended).code).toBe(0);
  expect(await list('SELECT status FROM analytics_fetch_jobs')).toEqual(['completed']);
  await expectWhole(['anna']);
});

test('an answer that takes longer than the lease is stored: a living process renews it', async () => {
  await track(['anna']);
  // The server sends a piece every now and then, which is slow but no silence.
  server.fault = async (request, response) => {
    if (request.path !== '/user/posts') return false;
    response.writeHead(200, { 'content-type': 'application/json' });
    for (let second = 0; second < 36; second += 4) {
      response.write(' ');
      await sleep(4000);
    }
    const { videos } = makeAccount(POSTS, 1);
    response.end(JSON.stringify({ code: 0, msg: 'success', data: { videos, cursor: '3', hasMore: false } }));
    return true;
  };
  const slow = start(['fetch'], options('slow'));
  await sleep(32_000);
  expect((await run(['fetch', 'tiktok', 'anna'], options('other'))).code).toBe(11);
  const { code, stderr } = await slow.ended;
  expect(code, stderr).toBe(0);
  expect(await list('SELECT status FROM analytics_fetch_jobs')).toEqual(['completed']);
  await expectWhole(['anna']);
});

describe('an account that another process has in hand', () => {
  test('is refused when it is asked for alone, and nothing is sent', async () => {
    await track(['anna', 'bert']);
    const stall = hold(() => true);
    const first = start(['fetch'], options('first'));
    await stall.reached;
    const began = Date.now();
    const second = await run(['fetch', 'tiktok', 'anna'], options('second'));
    expect(second.code).toBe(11);
    expect(second.stdout).toBe('');
    expect(second.stderr).toBe(
      'smstats: tiktok @anna is being fetched by another process.\n  → wait for it to end; one that was killed gives the account up within 30 seconds\n',
    );
    expect(Date.now() - began).toBeLessThan(5000);
    expect(server.requests.filter((request) => isFrom('second', request))).toEqual([]);
    stall.release();
    expect((await first.ended).code).toBe(0);
    expect(await list('SELECT count(*)::int FROM api_usage_tracking')).toEqual([4]);
    await expectWhole(['anna', 'bert']);
  });

  test('is skipped by a run over all, which says so and does the others', async () => {
    await track(['anna', 'bert']);
    const stall = hold((request) => isFrom('first', request));
    const first = start(['fetch', 'tiktok', 'anna'], options('first'));
    await stall.reached;
    const second = await run(['fetch', '--json'], options('second'));
    expect(second.code, second.stderr).toBe(3);
    expect(rowsOf(second).map(({ username, status, reason }) => [username, status, reason])).toEqual([
      ['anna', 'skipped', 'tiktok @anna is being fetched by another process.'],
      ['bert', 'stored', null],
    ]);
    stall.release();
    expect((await first.ended).code).toBe(0);
    expect([...countAsked()]).toEqual([
      ['anna', 1],
      ['bert', 1],
    ]);
    await expectWhole(['anna', 'bert']);
  });
});

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s', (signal, exitCode) => {
  test('lets the account in hand finish and leaves the others to the next fetch', async () => {
    await track(['anna', 'bert', 'cora']);
    const stall = hold((request) => request.path === '/user/posts');
    const fetching = start(['fetch'], options('first'));
    await stall.reached;
    fetching.kill(signal);
    await sleep(300);
    stall.release();
    const { code, signal: endedBy, stderr } = await fetching.ended;
    expect([code, endedBy], stderr).toEqual([exitCode, null]);
    expect(stderr).toMatch(/tiktok @anna: stored with 3 posts/);
    expect([...countAsked().keys()]).toEqual(['anna']);
    expect(await list('SELECT status FROM analytics_fetch_jobs ORDER BY id')).toEqual([
      'completed',
      'pending',
      'pending',
    ]);
    await expectWhole(['anna']);

    server.fault = undefined;
    const next = await run(['fetch', '--if-due'], options('second'));
    expect(next.code, next.stderr).toBe(0);
    expect([...countAsked()]).toEqual([
      ['anna', 1],
      ['bert', 1],
      ['cora', 1],
    ]);
    expect(await list('SELECT status FROM analytics_fetch_jobs')).toEqual(['completed', 'completed', 'completed']);
    await expectWhole(['anna', 'bert', 'cora']);
  });

  test('to one of two processes leaves its share to the other', async () => {
    await track(names(12));
    const stall = hold((request) => isFrom('first', request) && request.path === '/user/posts');
    const first = start(['fetch', '--json'], options('first'));
    await stall.reached;
    const second = start(['fetch', '--json'], options('second'));
    first.kill(signal);
    await sleep(300);
    stall.release();
    expect((await first.ended).code).toBe(exitCode);
    const ended = await second.ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(rowsOf(ended)).toHaveLength(11);
    expect(new Set(countAsked().values())).toEqual(new Set([1]));
    await expectWhole(names(12));
  });

  test('a second time ends at once, with nothing of the account in hand', async () => {
    await track(['anna']);
    const stall = hold((request) => request.path === '/user/posts');
    const fetching = start(['fetch'], options('first'));
    await stall.reached;
    fetching.kill(signal);
    await sleep(300);
    const began = Date.now();
    fetching.kill(signal);
    expect((await fetching.ended).code).toBe(exitCode);
    expect(Date.now() - began).toBeLessThan(3000);
    stall.release();
    await expectWhole([]);
    expect(await list('SELECT status FROM analytics_fetch_jobs')).toEqual(['failed']);
  });
});

test('a lone run that was killed is gone on with by the next one, without a second request for what it had done', async () => {
  await track(['anna', 'bert', 'cora']);
  const stall = hold((request) => isFrom('first', request) && request.query['unique_id'] === 'bert');
  const first = start(['fetch'], options('first'));
  await stall.reached;
  first.kill('SIGKILL');
  await first.ended;
  const began = Date.now();
  const next = await run(['fetch', '--json'], options('second'));
  stall.release();
  expect(next.code, next.stderr).toBe(0);
  expect(Date.now() - began).toBeLessThan(LEASE_MS + SLACK_MS);
  expect(rowsOf(next).map(({ username }) => username)).toEqual(['bert', 'cora']);
  expect([...countAsked()]).toEqual([
    ['anna', 1],
    ['bert', 2],
    ['cora', 1],
  ]);
  expect(await jobsOf('bert')).toEqual([
    { status: 'failed', error_message: ABANDONED },
    { status: 'completed', error_message: null },
  ]);
  await expectWhole(['anna', 'bert', 'cora']);
});

describe('at once on an empty database', () => {
  const TABLES = [
    'SELECT platform, username FROM social_media_accounts',
    `SELECT snapshot_date, followers_count, posts_count, total_views, total_likes, engagement_rate
     FROM social_media_analytics_snapshots ORDER BY snapshot_date`,
    'SELECT external_post_id, caption FROM social_media_posts ORDER BY external_post_id',
    `SELECT p.external_post_id, x.snapshot_date, x.views_count, x.likes_count FROM social_media_post_analytics x
     JOIN social_media_posts p ON p.id = x.post_id ORDER BY x.snapshot_date, p.external_post_id`,
    'SELECT version, name, sha256 FROM schema_migrations ORDER BY version',
  ];
  const contentOf = (name: string) => Promise.all(TABLES.map((sql) => postgres.query(name, sql)));

  test.each([2, 5])('%i times init --sample leave one whole sample', async (count) => {
    const alone = await postgres.createDatabase();
    const lone = { home: makeDirectory(), env: { SMSTATS_DATABASE_URL: postgres.url(alone) } };
    expect((await run(['init', '--sample', '--yes'], lone)).code).toBe(0);
    const ended = await Promise.all(
      Array.from({ length: count }, () =>
        run(['init', '--sample', '--yes'], {
          home: makeDirectory(),
          env: { SMSTATS_DATABASE_URL: postgres.url(database) },
        }),
      ),
    );
    for (const { code, stderr } of ended) {
      expect([0, 11], stderr).toContain(code);
      expect(stderr).not.toMatch(/bug in smstats|\n {4}at /);
    }
    expect(ended.map(({ code }) => code)).toContain(0);
    const [accounts, snapshots, posts] = await contentOf(database);
    expect([accounts?.length, (snapshots?.length ?? 0) > 0, (posts?.length ?? 0) > 0]).toEqual([1, true, true]);
    expect(await contentOf(database)).toEqual(await contentOf(alone));
    expect(await list(`SELECT count(*)::int FROM analytics_fetch_jobs WHERE status <> 'completed'`)).toEqual([0]);
  });

  test('four fetches of one new account make the tables once and ask once', async () => {
    server.accounts.set('anna', makeAccount(POSTS, 1));
    slowDown();
    const ended = await Promise.all(
      ['one', 'two', 'three', 'four'].map((name) => run(['fetch', 'tiktok', 'anna'], options(name))),
    );
    for (const { code, stderr } of ended) expect([0, 11], stderr).toContain(code);
    const stored = ended.filter(({ code }) => code === 0).length;
    expect(stored).toBeGreaterThanOrEqual(1);
    expect(countAsked()).toEqual(new Map([['anna', stored]]));
    await expectWhole(['anna']);
  });
});
