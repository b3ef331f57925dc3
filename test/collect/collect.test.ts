import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { collect, type CollectOptions, type CollectWorld, type Progress } from '../../src/collect/collect.ts';
import type { HttpWorld } from '../../src/provider/client/http.ts';
import { tiktokScraper7 } from '../../src/provider/tiktok-scraper7.ts';
import type { DueAccount } from '../../src/query/list-due-accounts.ts';
import { workOn } from '../../src/store/claims.ts';
import { startJob } from '../../src/store/job.ts';
import type { Store } from '../../src/store/open.ts';
import { breakTable, openAnother, openTempStore, runSql, seedAccount } from '../helper/temp-store.ts';
import { makeAccount, sendJson, startTikwmServer, type TikwmServer } from '../helper/tikwm-server.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const OPTIONS = { posts: 50, delayMs: 2000, concurrency: 1 };

let store: Store;
let server: TikwmServer;
let accounts: DueAccount[];
/** The clock of a test; waiting moves it. */
let clock: number;

beforeEach(async () => {
  store = await openTempStore();
  server = await startTikwmServer({ anna: makeAccount(3, 1), bert: makeAccount(3, 2), cora: makeAccount(3, 3) });
  accounts = [];
  for (const username of ['anna', 'bert', 'cora']) {
    accounts.push({ id: await seedAccount(store, username), platform: 'tiktok', username });
  }
  clock = NOW.getTime();
});
afterEach(() => server.close());

const world: HttpWorld = {
  fetch: globalThis.fetch,
  now: () => new Date(clock),
  random: () => 0,
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    clock += ms;
  },
};

function makeRun(parts: Partial<CollectWorld> = {}, quota: Partial<typeof tiktokScraper7.quota> = {}): CollectWorld {
  const source = {
    provider: tiktokScraper7,
    baseUrl: server.url,
    secret: 'test-key',
    quota: { ...tiktokScraper7.quota, requestsPerSecond: 1000, ...quota },
    maxResponseMb: undefined,
  };
  return {
    db: store.db,
    world,
    timezone: 'UTC',
    userAgent: 'smstats/test',
    redact: (text) => text,
    sourcesOf: () => [source],
    ...parts,
  };
}

function collectAll(run: CollectWorld, list: readonly DueAccount[], options: CollectOptions = OPTIONS) {
  const ids = list.map(({ id }) => id);
  return collect(run, list, workOn(ids, store.claims.claim), options);
}

const jobs = () =>
  store.db
    .selectFrom('analytics_fetch_jobs')
    .select(['account_id', 'status', 'posts_fetched', 'error_message', 'date'])
    .orderBy('id')
    .execute();
const days = async () =>
  (
    await store.db
      .selectFrom('social_media_analytics_snapshots')
      .select(['account_id', 'snapshot_date'])
      .orderBy('account_id')
      .execute()
  ).map((row) => `${row.account_id} ${row.snapshot_date}`);

test('every account is stored, in order, with what was asked written down', async () => {
  const events: string[] = [];
  const onProgress = (event: Progress) =>
    events.push(`${event.phase} ${event.account.username} ${event.index}/${event.of}`);
  const outcomes = await collectAll(makeRun({ onProgress }), accounts);
  expect(outcomes).toMatchObject(
    accounts.map((account) => ({ account, status: 'stored', posts: 3, requests: 2, providerName: 'tiktok-scraper7' })),
  );
  expect(events).toEqual(
    ['anna', 'bert', 'cora'].flatMap((name, at) => [`start ${name} ${at}/3`, `end ${name} ${at}/3`]),
  );
  expect(await days()).toEqual(['1 2026-11-22', '2 2026-11-22', '3 2026-11-22']);
  expect((await jobs()).map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
  const usage = await store.db.selectFrom('api_usage_tracking').select(['success', 'error_message']).execute();
  expect(usage).toEqual(Array.from({ length: 6 }, () => ({ success: 1, error_message: null })));
});

test('accounts start two seconds apart', async () => {
  const starts: number[] = [];
  const onProgress = ({ phase }: Progress) => void (phase === 'start' && starts.push(clock - NOW.getTime()));
  await collectAll(makeRun({ onProgress }), accounts);
  expect(starts).toEqual([0, 2000, 4000]);
});

test("one account's failure is its own", async () => {
  server.fault = (request, response) =>
    request.query['unique_id'] === 'bert' && sendJson(response, { message: 'down' }, 503);
  const outcomes = await collectAll(makeRun(), accounts);
  expect(outcomes.map(({ status }) => status)).toEqual(['stored', 'failed', 'stored']);
  expect(outcomes[1]?.error?.message).toMatch(/tiktok-scraper7 is failing \(503\)/);
  expect(await days()).toEqual(['1 2026-11-22', '3 2026-11-22']);
  expect(await jobs()).toMatchObject([
    { status: 'completed', posts_fetched: 3 },
    { status: 'failed', posts_fetched: null, error_message: expect.stringMatching(/503/) as string },
    { status: 'completed' },
  ]);
  const failed = await store.db
    .selectFrom('api_usage_tracking')
    .select('error_message')
    .where('success', '=', 0)
    .execute();
  expect(failed).toHaveLength(3);
});

test('an account that no longer exists is said to be gone, and the others are stored', async () => {
  server.accounts.delete('anna');
  const outcomes = await collectAll(makeRun(), accounts);
  expect(outcomes[0]).toMatchObject({ status: 'failed', error: { ending: 'not_found' } });
  expect(outcomes.slice(1).map(({ status }) => status)).toEqual(['stored', 'stored']);
});

test('an empty list where posts were is a failure, and what is stored stays', async () => {
  await collectAll(makeRun(), accounts.slice(0, 1));
  server.accounts.set('anna', { ...makeAccount(0), videoCount: 0 });
  clock += 86_400_000;
  const [outcome] = await collectAll(makeRun(), accounts.slice(0, 1));
  expect(outcome?.error?.message).toMatch(/listed no posts although 3 are stored; nothing was saved/);
  expect(await days()).toEqual(['1 2026-11-22']);
});

describe('a stop signal', () => {
  test('lets the account in hand finish and takes up no further one', async () => {
    const stop = new AbortController();
    server.fault = (request) => {
      if (request.path === '/user/posts') stop.abort();
      return false;
    };
    const outcomes = await collectAll(makeRun({ stop: stop.signal }), accounts);
    expect(outcomes.map(({ status, requests }) => [status, requests])).toEqual([
      ['stored', 2],
      ['skipped', 0],
      ['skipped', 0],
    ]);
    expect(await days()).toEqual(['1 2026-11-22']);
    expect((await jobs()).map(({ status }) => status)).toEqual(['completed']);
  });

  test('before the first account leaves everything as it was', async () => {
    const outcomes = await collectAll(makeRun({ stop: AbortSignal.abort() }), accounts);
    expect(outcomes.map(({ status }) => status)).toEqual(['skipped', 'skipped', 'skipped']);
    expect(server.requests).toEqual([]);
    expect(await jobs()).toEqual([]);
  });

  test('a second one breaks the account in hand off, which fails and stores nothing', async () => {
    const abort = new AbortController();
    server.fault = (request) => {
      if (request.path === '/user/posts') abort.abort();
      return false;
    };
    const run = makeRun({ stop: abort.signal, abort: abort.signal });
    const outcomes = await collectAll(run, accounts);
    expect(outcomes.map(({ status }) => status)).toEqual(['failed', 'skipped', 'skipped']);
    expect(await days()).toEqual([]);
    expect(await jobs()).toMatchObject([
      { status: 'failed', error_message: expect.stringMatching(/broken off/) as string },
    ]);
  });
});

describe('the day', () => {
  test('is the one on which the answer arrived when a run crosses midnight', async () => {
    clock = Date.parse('2026-11-22T23:59:58Z');
    const outcomes = await collectAll(makeRun(), accounts);
    expect(outcomes.every(({ status }) => status === 'stored')).toBe(true);
    expect(await days()).toEqual(['1 2026-11-22', '2 2026-11-23', '3 2026-11-23']);
  });

  test('is counted in the configured time zone', async () => {
    clock = Date.parse('2026-11-22T23:30:00Z');
    await collectAll(makeRun({ timezone: 'Europe/Berlin' }), accounts.slice(0, 1));
    await collectAll(makeRun({ timezone: 'America/New_York' }), accounts.slice(1, 2));
    expect(await days()).toEqual(['1 2026-11-23', '2 2026-11-22']);
  });

  test('again is the same row, also in an hour that the clock repeats', async () => {
    for (const instant of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']) {
      clock = Date.parse(instant);
      await collectAll(makeRun({ timezone: 'Europe/Berlin' }), accounts.slice(0, 1));
    }
    expect(await days()).toEqual(['1 2026-10-25']);
  });
});

describe('claims and jobs', () => {
  test('an account that another run works on is skipped, without a request', async () => {
    const another = await openAnother(store);
    const claim = await another.claims.claim(2, '2026-11-22', NOW);
    const outcomes = await collectAll(makeRun(), accounts);
    await claim?.release();
    expect(outcomes.map(({ status }) => status)).toEqual(['stored', 'skipped', 'stored']);
    expect(outcomes[1]?.error).toMatchObject({
      ending: 'locked',
      message: 'tiktok @bert is being fetched by another process.',
    });
    expect(server.requests.some(({ query }) => query['unique_id'] === 'bert')).toBe(false);
    expect((await jobs()).map(({ account_id, status }) => [account_id, status])).toEqual([
      [2, 'running'],
      [1, 'completed'],
      [3, 'completed'],
    ]);
  });

  test('the claims are given back, also by accounts that failed', async () => {
    server.fault = (_, response) => sendJson(response, 'no', 500);
    await collectAll(makeRun(), accounts);
    const another = await openAnother(store);
    for (const { id } of accounts) {
      const claim = await another.claims.claim(id, '2026-11-22', NOW);
      expect(claim).toBeDefined();
      await claim?.release();
    }
  });

  test('a job that a dead run left running is marked failed by the next', async () => {
    await startJob(store.db, 1, '2026-11-21', new Date('2026-11-21T10:00:00Z'));
    await collectAll(makeRun(), accounts.slice(0, 1));
    expect(await jobs()).toEqual([
      {
        account_id: 1,
        status: 'failed',
        posts_fetched: null,
        error_message: 'the run ended before this account was done',
        date: '2026-11-21',
      },
      { account_id: 1, status: 'completed', posts_fetched: 3, error_message: null, date: '2026-11-22' },
    ]);
  });

  test("a running job of another account is not this run's to end", async () => {
    await startJob(store.db, 2, '2026-11-21', new Date('2026-11-21T10:00:00Z'));
    await collectAll(makeRun(), accounts.slice(0, 1));
    expect((await jobs()).map(({ account_id, status }) => [account_id, status])).toEqual([
      [2, 'running'],
      [1, 'completed'],
    ]);
  });

  test('the jobs that killed runs left are marked failed, those of accounts in hand are not', async () => {
    for (const id of [1, 3]) await startJob(store.db, id, '2026-11-21', new Date('2026-11-21T10:00:00Z'));
    const another = await openAnother(store);
    const claim = await another.claims.claim(2, '2026-11-21', NOW);
    await store.claims.failAbandoned(NOW);
    expect((await jobs()).map(({ account_id, status }) => [account_id, status])).toEqual([
      [1, 'failed'],
      [3, 'failed'],
      [2, 'running'],
    ]);
    await claim?.release();
    const again = await another.claims.claim(1, '2026-11-22', NOW);
    expect(again).toBeDefined();
    await again?.release();
  });

  test('a broken database ends the run instead of counting as a failed account', async () => {
    await breakTable(store, 'social_media_posts', 'broken');
    await expect(collectAll(makeRun(), accounts)).rejects.toThrow('broken');
    expect(await days()).toEqual([]);
  });
});

describe('the quota', () => {
  test('stops the run where it is spent: what is stored stays, the others wait', async () => {
    // 5 x 0.8 = 4 requests: two accounts of two requests each.
    const run = makeRun({}, { limit: 5, period: 'day', safetyMargin: 0.8 });
    const outcomes = await collectAll(run, accounts);
    expect(outcomes.map(({ status, requests }) => [status, requests])).toEqual([
      ['stored', 2],
      ['stored', 2],
      ['skipped', 0],
    ]);
    expect(outcomes[2]?.error).toMatchObject({
      ending: 'quota',
      message: expect.stringMatching(/has no quota left: 4 requests sent/) as string,
    });
    expect(server.requests).toHaveLength(4);
  });

  test('spent in the middle of an account fails it, and nothing of it is stored', async () => {
    const run = makeRun({}, { limit: 3, period: 'day', safetyMargin: 1 });
    const outcomes = await collectAll(run, accounts);
    expect(outcomes.map(({ status, requests }) => [status, requests])).toEqual([
      ['stored', 2],
      ['failed', 1],
      ['skipped', 0],
    ]);
    expect(server.requests).toHaveLength(3);
    expect(await days()).toEqual(['1 2026-11-22']);
  });

  test('of a day is there again the next day', async () => {
    const quota = { limit: 2, period: 'day', safetyMargin: 1 } as const;
    await collectAll(makeRun({}, quota), accounts);
    clock += 86_400_000;
    const outcomes = await collectAll(makeRun({}, quota), accounts.slice(2));
    expect(outcomes.map(({ status }) => status)).toEqual(['stored']);
  });

  test("of a month is spent by the day: today's share is the thirtieth", async () => {
    // 3,750 x 0.8 = 3,000 a month, 100 a day.
    await runSql(store, "INSERT INTO api_request_counts VALUES ('tiktok-scraper7', '2026-11-22', 98, 98)");
    const quota = { limit: 3750, period: 'month', safetyMargin: 0.8 } as const;
    const outcomes = await collectAll(makeRun({}, quota), accounts);
    expect(outcomes.map(({ status }) => status)).toEqual(['stored', 'skipped', 'skipped']);
    expect(outcomes[1]?.error?.message).toMatch(/has used up today's share of its monthly quota/);
    clock += 86_400_000;
    expect((await collectAll(makeRun({}, quota), accounts.slice(1))).map(({ status }) => status)).toEqual([
      'stored',
      'stored',
    ]);
  });

  test('of a window is waited for when it frees within a minute', async () => {
    // Four requests in 45 seconds: two accounts, and a wait for the third.
    const run = makeRun({}, { limit: 4, period: 45, safetyMargin: 1 });
    const outcomes = await collectAll(run, accounts);
    expect(outcomes.map(({ status }) => status)).toEqual(['stored', 'stored', 'stored']);
    const rows = await store.db.selectFrom('api_usage_tracking').select('requested_at').orderBy('id').execute();
    const seconds = rows.map(({ requested_at }) => Math.floor((Date.parse(requested_at) - NOW.getTime()) / 1000));
    expect(seconds).toEqual([0, 0, 2, 2, 45, 45]);
  });

  test('of a window that frees later skips the accounts that are left, and says when it is free', async () => {
    const run = makeRun({}, { limit: 2, period: 300, safetyMargin: 1 });
    const outcomes = await collectAll(run, accounts);
    expect(outcomes.map(({ status, requests }) => [status, requests])).toEqual([
      ['stored', 2],
      ['skipped', 0],
      ['skipped', 0],
    ]);
    expect(outcomes[1]?.error).toMatchObject({
      ending: 'quota',
      retryAt: new Date(NOW.getTime() + 300_000),
      message:
        'tiktok-scraper7 has no quota left: 2 requests sent, 100 % of 2 in 5 minutes allowed, next on Sun 10:05.',
    });
    expect(server.requests).toHaveLength(2);
  });

  test('is not waited for once the run is to end now', async () => {
    const abort = new AbortController();
    const sleep: HttpWorld['sleep'] = async (ms, signal) => {
      if (ms > 10_000) abort.abort();
      await world.sleep(ms, signal);
    };
    const run = makeRun({ world: { ...world, sleep }, abort: abort.signal }, { limit: 2, period: 45, safetyMargin: 1 });
    const outcomes = await collectAll(run, accounts.slice(0, 2));
    expect(outcomes.map(({ status }) => status)).toEqual(['stored', 'failed']);
    expect(outcomes[1]?.error?.message).toContain('broken off');
  });

  test("the vendor's own count stops the run before ours would", async () => {
    server.fault = (_, response, index) => {
      response.setHeader('x-ratelimit-requests-limit', '100');
      response.setHeader('x-ratelimit-requests-remaining', String(22 - index));
      response.setHeader('x-ratelimit-requests-reset', '86400');
      return false;
    };
    const quota = { limit: 100, period: 'day', safetyMargin: 0.8 } as const;
    const outcomes = await collectAll(makeRun({}, quota), accounts);
    // After the first account they say that 79 of 100 are used, and 80 may be.
    expect(outcomes.map(({ status }) => status)).toEqual(['stored', 'failed', 'skipped']);
    expect(server.requests).toHaveLength(3);
  });
});

test('accounts are fetched at the same time when the provider allows it, each once', async () => {
  const outcomes = await collectAll(makeRun(), accounts, { posts: 50, delayMs: 0, concurrency: 3 });
  expect(outcomes.map(({ status, account }) => [status, account.username])).toEqual([
    ['stored', 'anna'],
    ['stored', 'bert'],
    ['stored', 'cora'],
  ]);
  expect(server.requests).toHaveLength(6);
  expect(await days()).toHaveLength(3);
});

test('no accounts are no work', async () => {
  expect(await collectAll(makeRun(), [])).toEqual([]);
});
