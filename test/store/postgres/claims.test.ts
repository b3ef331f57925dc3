import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Ledger } from '../../../src/collect/ledger.ts';
import { saveAccount } from '../../../src/collect/save-account.ts';
import { LockError } from '../../../src/core/errors.ts';
import type { Claim, Work } from '../../../src/store/claims.ts';
import { completeJob, failJob } from '../../../src/store/job.ts';
import type { Store } from '../../../src/store/open.ts';
import { makeAnswer, makePost, openAnother, openTempStore, runSql, seedAccount } from '../../helper/temp-store.ts';

const DAY = '2026-11-22';
const NOW = new Date('2026-11-22T10:00:00Z');
const RESULT = { providerName: 'test', posts: 1, note: null };

let one: Store;
let two: Store;
let ids: number[];

beforeEach(async () => {
  one = await openTempStore();
  two = await openAnother(one);
  ids = [];
  for (const username of ['anna', 'bert', 'cora', 'dora']) ids.push(await seedAccount(one, username));
});
afterEach(() => void vi.useRealTimers());

const list = () => Promise.resolve(ids);
const openRun = async (store: Store, accounts = list) => (await store.claims.openRun(accounts, DAY, NOW)) as Work;
const jobs = () =>
  runSql(one, 'SELECT account_id, status, run_id FROM analytics_fetch_jobs ORDER BY id') as Promise<
    { account_id: number; status: string; run_id: number | null }[]
  >;
const runs = () =>
  runSql<{ id: number; is_open: number }>(
    one,
    'SELECT id, completed_at IS NULL AS is_open FROM analytics_fetch_runs ORDER BY id',
  );
/** What the server's clock does to those whose process died. */
const expire = (table: 'analytics_fetch_jobs' | 'analytics_fetch_runs') =>
  runSql(one, `UPDATE ${table} SET claimed_until = clock_timestamp() - interval '1 second'`);
const isAlive = async () =>
  (
    await runSql<{ alive: number }>(one, 'SELECT claimed_until > clock_timestamp() AS alive FROM analytics_fetch_jobs')
  )[0]?.alive === 1;

async function complete(claim: Claim | undefined): Promise<void> {
  if (!claim) return;
  await completeJob(one.db, claim.jobId, RESULT, NOW);
  await claim.release();
}

describe('one account', () => {
  test('is claimed by one of two, and by the other once its job has ended', async () => {
    const [id] = ids as [number];
    const claim = (await one.claims.claim(id, DAY, NOW)) as Claim;
    expect(await two.claims.claim(id, DAY, NOW)).toBeUndefined();
    expect(await one.claims.claim(id, DAY, NOW)).toBeUndefined();
    await failJob(one.db, claim.jobId, 'down', NOW);
    await claim.release();
    expect(await two.claims.claim(id, DAY, NOW)).toBeDefined();
    expect(await jobs()).toEqual([
      { account_id: id, status: 'failed', run_id: null },
      { account_id: id, status: 'running', run_id: null },
    ]);
  });

  test('of many who claim it at once exactly one gets it', async () => {
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, index) => (index % 2 ? one : two).claims.claim(ids[0] as number, DAY, NOW)),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await jobs()).toHaveLength(1);
  });

  test('is taken over when its lease has run out, and nothing of the late holder is saved', async () => {
    const [id] = ids as [number];
    const late = (await one.claims.claim(id, DAY, NOW)) as Claim;
    await expire('analytics_fetch_jobs');
    const heir = (await two.claims.claim(id, DAY, NOW)) as Claim;
    expect(heir.jobId).not.toBe(late.jobId);

    const saved = { account: { id, platform: 'tiktok', username: 'anna' }, day: DAY, now: NOW };
    const answered = { answer: makeAnswer([makePost('1', { likes: 1 })]), providerName: 'test', note: null };
    const ledger = { sent: 0, settle: async () => {} } as unknown as Ledger;
    const saving = saveAccount(one.db, { ...saved, claim: late }, answered, ledger);
    await expect(saving).rejects.toThrow(LockError);
    await expect(saving).rejects.toThrow(/took the account over: this one gave no sign of life for 30 seconds/);
    expect(await runSql(one, 'SELECT id FROM social_media_posts')).toEqual([]);
    expect(await runSql(one, 'SELECT last_fetched_at FROM social_media_accounts ORDER BY id LIMIT 1')).toEqual([
      { last_fetched_at: null },
    ]);
    expect((await jobs()).map(({ status }) => status)).toEqual(['failed', 'running']);

    await saveAccount(two.db, { ...saved, claim: heir }, answered, ledger);
    expect((await jobs()).map(({ status }) => status)).toEqual(['failed', 'completed']);
  });

  test('stays with a holder who is alive: the lease is renewed until it is given back', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const claim = await one.claims.claim(ids[0] as number, DAY, NOW);
    await expire('analytics_fetch_jobs');
    vi.advanceTimersByTime(10_000);
    await vi.waitFor(async () => expect(await isAlive()).toBe(true), 5000);
    expect(await two.claims.claim(ids[0] as number, DAY, NOW)).toBeUndefined();
    await claim?.release();
    await expire('analytics_fetch_jobs');
    vi.advanceTimersByTime(10_000);
    await one.db.selectFrom('analytics_fetch_jobs').select('id').execute();
    expect(await isAlive()).toBe(false);
  });
});

describe('a run', () => {
  test('is shared by those who join it: each account is handed out exactly once', async () => {
    const taken: number[] = [];
    const takeAll = async (store: Store) => {
      const work = await openRun(store);
      for (let next = await work.next(DAY, NOW); next; next = await work.next(DAY, NOW)) {
        expect(next.claim).toBeDefined();
        taken.push(next.accountId);
        await complete(next.claim);
      }
      await work.close(NOW);
    };
    await Promise.all([takeAll(one), takeAll(two)]);
    expect(taken.toSorted()).toEqual(ids);
    expect(await runs()).toEqual([{ id: 1, is_open: 0 }]);
    expect(await jobs()).toEqual(ids.map((id) => ({ account_id: id, status: 'completed', run_id: 1 })));
  });

  test('hands out nothing twice to several workers of one process', async () => {
    const work = await openRun(one);
    const taken = await Promise.all(ids.map(() => work.next(DAY, NOW)));
    expect(taken.map((next) => next?.accountId).toSorted()).toEqual(ids);
    expect(await work.next(DAY, NOW)).toBeUndefined();
  });

  test('goes by the order of its list', async () => {
    const wanted = ids.toReversed();
    const work = await openRun(one, () => Promise.resolve(wanted));
    const order = [];
    for (let next = await work.next(DAY, NOW); next; next = await work.next(DAY, NOW)) order.push(next.accountId);
    expect(order).toEqual(wanted);
  });

  test('writes the day on which an account is taken into its job', async () => {
    const work = await openRun(one);
    await work.next('2026-11-23', new Date('2026-11-23T00:00:01Z'));
    const days = await runSql(one, 'SELECT date, started_at FROM analytics_fetch_jobs ORDER BY id LIMIT 2');
    expect(days).toEqual([
      { date: '2026-11-23', started_at: '2026-11-23T00:00:01.000Z' },
      { date: '2026-11-22', started_at: null },
    ]);
  });

  test('gives an account whose process died to another', async () => {
    const [first, second] = [await openRun(one), await openRun(two)];
    const dead = await first.next(DAY, NOW);
    for (let n = 0; n < 3; n++) await complete((await second.next(DAY, NOW))?.claim);
    await expire('analytics_fetch_jobs');
    const heir = await second.next(DAY, NOW);
    expect(heir?.accountId).toBe(dead?.accountId);
    await complete(heir?.claim);
    expect(await second.next(DAY, NOW)).toBeUndefined();
    expect((await jobs()).filter(({ account_id }) => account_id === dead?.accountId)).toEqual([
      { account_id: dead?.accountId, status: 'failed', run_id: 1 },
      { account_id: dead?.accountId, status: 'completed', run_id: 1 },
    ]);
  });

  test('waits for the accounts that others have in hand, until it is told to stop', async () => {
    const [first, second] = [await openRun(one), await openRun(two)];
    for (let n = 0; n < 4; n++) await first.next(DAY, NOW);
    const stop = new AbortController();
    let isDone = false;
    const waiting = second.next(DAY, NOW, stop.signal).then((next) => {
      isDone = true;
      return next;
    });
    await second.untried();
    expect(isDone).toBe(false);
    stop.abort();
    expect(await waiting).toBeUndefined();
  });

  test('whose processes all died is ended: what was under way failed, what was pending never began', async () => {
    await (await openRun(one)).next(DAY, NOW);
    await expire('analytics_fetch_jobs');
    await expire('analytics_fetch_runs');
    const work = await openRun(two, () => Promise.resolve(ids.slice(2)));
    expect(await runs()).toEqual([
      { id: 1, is_open: 0 },
      { id: 2, is_open: 1 },
    ]);
    expect(await jobs()).toEqual([
      { account_id: ids[0], status: 'failed', run_id: 1 },
      { account_id: ids[2], status: 'pending', run_id: 2 },
      { account_id: ids[3], status: 'pending', run_id: 2 },
    ]);
    expect(await work.untried()).toEqual(ids.slice(2));
  });

  test('names an account that a single fetch has in hand, without a claim to it', async () => {
    const [first, second] = ids as [number, number];
    const single = await two.claims.claim(second, DAY, NOW);
    const work = await openRun(one, () => Promise.resolve([first, second]));
    expect(await work.untried()).toEqual([second, first]);
    const next = await work.next(DAY, NOW);
    expect(next).toMatchObject({ accountId: first, claim: { jobId: expect.any(Number) as number } });
    expect(await work.next(DAY, NOW)).toEqual({ accountId: second, claim: undefined });
    expect(await work.next(DAY, NOW)).toBeUndefined();
    await complete(next?.claim);
    await complete(single);
  });

  test('leaves an account to a single fetch that takes it first', async () => {
    const work = await openRun(one, () => Promise.resolve(ids.slice(0, 2)));
    const single = await two.claims.claim(ids[0] as number, DAY, NOW);
    expect(single).toBeDefined();
    const next = await work.next(DAY, NOW);
    expect(next?.accountId).toBe(ids[1]);
    await complete(single);
    await complete(next?.claim);
    expect(await work.next(DAY, NOW)).toBeUndefined();
    expect((await jobs()).map(({ status }) => status)).toEqual(['completed', 'completed']);
  });

  test('ends when no job of it is open any more, whoever closes last', async () => {
    const [first, second] = [await openRun(one), await openRun(two)];
    const claims: (Claim | undefined)[] = [];
    for (let n = 0; n < 4; n++) claims.push((await first.next(DAY, NOW))?.claim);
    await second.close(NOW);
    expect(await runs()).toEqual([{ id: 1, is_open: 1 }]);
    for (const claim of claims) await complete(claim);
    await first.close(NOW);
    expect(await runs()).toEqual([{ id: 1, is_open: 0 }]);
  });

  test('over no accounts leaves no trace', async () => {
    const work = await openRun(one, () => Promise.resolve([]));
    expect(await work.next(DAY, NOW)).toBeUndefined();
    expect(await work.untried()).toEqual([]);
    await work.close(NOW);
    expect(await runs()).toEqual([]);
  });

  test('is opened once by many who open it at once', async () => {
    await Promise.all(Array.from({ length: 6 }, (_, index) => openRun(index % 2 ? one : two)));
    expect(await runs()).toHaveLength(1);
    expect(await jobs()).toHaveLength(4);
  });
});

describe('failAbandoned', () => {
  test('fails what dead processes left, and leaves those that are alive', async () => {
    await one.claims.claim(ids[0] as number, DAY, NOW);
    await expire('analytics_fetch_jobs');
    await two.claims.claim(ids[1] as number, DAY, NOW);
    await one.claims.failAbandoned(NOW);
    expect(await jobs()).toEqual([
      { account_id: ids[0], status: 'failed', run_id: null },
      { account_id: ids[1], status: 'running', run_id: null },
    ]);
  });

  test('leaves a dead account of a run that goes on to those who are in it', async () => {
    const work = await openRun(one);
    await work.next(DAY, NOW);
    await expire('analytics_fetch_jobs');
    await two.claims.failAbandoned(NOW);
    expect((await jobs()).map(({ status }) => status)).toEqual(['running', 'pending', 'pending', 'pending']);
  });

  test('ends a run that nobody is in', async () => {
    await (await openRun(one)).next(DAY, NOW);
    await expire('analytics_fetch_jobs');
    await expire('analytics_fetch_runs');
    await two.claims.failAbandoned(NOW);
    expect(await jobs()).toEqual([{ account_id: ids[0], status: 'failed', run_id: 1 }]);
    expect(await runs()).toEqual([{ id: 1, is_open: 0 }]);
  });
});
