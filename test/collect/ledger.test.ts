import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { createLedger, type Ledger } from '../../src/collect/ledger.ts';
import type { ProviderSource } from '../../src/collect/source.ts';
import { ProviderError } from '../../src/core/errors.ts';
import type { QuotaRule } from '../../src/core/quota.ts';
import type { AttemptOutcome } from '../../src/provider/client/client.ts';
import { tiktokScraper7 } from '../../src/provider/tiktok-scraper7.ts';
import { findQuota } from '../../src/query/find-quota.ts';
import type { Store } from '../../src/store/open.ts';
import { createFakeWorld, type FakeWorld } from '../helper/fake-http.ts';
import { openTempStore } from '../helper/temp-store.ts';

const WINDOW: QuotaRule = { limit: 10, period: 300, safetyMargin: 1 };
const OK: AttemptOutcome = { success: true, latencyMs: 5, error: null, reportedQuota: undefined };
const START = Date.parse('2026-11-22T10:00:00Z');

let store: Store;
let world: FakeWorld;
beforeEach(async () => {
  store = await openTempStore();
  world = createFakeWorld(globalThis.fetch);
});

const sourceOf = (rule: QuotaRule): ProviderSource => ({
  provider: tiktokScraper7,
  baseUrl: undefined,
  secret: 'key',
  quota: { ...rule, requestsPerSecond: 10 },
  maxResponseMb: undefined,
});
const open = (signal?: AbortSignal) =>
  createLedger(store.db, 'Europe/Berlin', world.now, (ms) => world.sleep(ms, signal));
const count = (ledger: Ledger, rule: QuotaRule, units = 1) =>
  ledger.count(sourceOf(rule), { platform: 'tiktok', endpoint: '/user/info', units });
const quotaOf = (rule: QuotaRule) => findQuota(store.db, tiktokScraper7.name, rule, 'Europe/Berlin', world.now());
async function refusal(work: Promise<unknown>): Promise<ProviderError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}

describe('a window that is spent', () => {
  test('is waited for when it frees within a minute', async () => {
    const ledger = open();
    await count(ledger, WINDOW, 4);
    world.advance(250_000);
    await count(ledger, WINDOW, 6);
    await count(ledger, WINDOW, 3);
    expect(world.sleeps).toEqual([50_000]);
    expect(ledger.sent).toBe(3);
    expect(await quotaOf(WINDOW)).toMatchObject({ used: 9, left: 1 });
  });

  test('that frees later ends the asking, and says when', async () => {
    const ledger = open();
    await count(ledger, WINDOW, 10);
    world.advance(239_999);
    const error = await refusal(count(ledger, WINDOW));
    expect(error).toMatchObject({ problem: 'quota', exitCode: 5, retryAt: new Date(START + 300_000) });
    expect(error.message).toBe(
      'has no quota left: 10 requests sent, 100 % of 10 in 5 minutes allowed, next on Sun 11:05',
    );
    expect(world.sleeps).toEqual([]);
    world.advance(1);
    await count(ledger, WINDOW);
    expect(world.sleeps).toEqual([60_000]);
  });

  test('is waited for again when others took what came free, but no longer than a minute in all', async () => {
    const others = open();
    await count(others, WINDOW, 9);
    world.advance(30_000);
    await count(others, WINDOW, 1);
    world.advance(230_000);
    let waits = 0;
    const ledger = createLedger(store.db, 'UTC', world.now, async (ms) => {
      await world.sleep(ms);
      if (waits++ === 0) await count(others, WINDOW, 9);
    });
    const error = await refusal(count(ledger, WINDOW, 2));
    expect(world.sleeps).toEqual([40_000]);
    expect(error.retryAt).toEqual(new Date(START + 600_000));
    expect(ledger.sent).toBe(0);
  });

  test('is not waited for by a clock that stands still', async () => {
    await count(open(), WINDOW, 10);
    world.advance(290_000);
    let waits = 0;
    const ledger = createLedger(store.db, 'UTC', world.now, () => Promise.resolve(void waits++));
    expect((await refusal(count(ledger, WINDOW))).problem).toBe('quota');
    expect(waits).toBe(6);
  });

  test('is not waited for when the run is broken off', async () => {
    await count(open(), WINDOW, 10);
    world.advance(290_000);
    const ledger = open(AbortSignal.abort(new Error('broken off')));
    await expect(count(ledger, WINDOW)).rejects.toThrow('broken off');
    expect(ledger.sent).toBe(0);
  });

  test('is never free for a request that may take more than is allowed', async () => {
    const error = await refusal(count(open(), WINDOW, 11));
    expect(error.retryAt).toBeUndefined();
    expect(error.message).toMatch(/^has 10 requests of its quota left, and the next request may take 11 /);
  });
});

test('a day that ends within a minute is waited for too', async () => {
  const rule: QuotaRule = { limit: 5, period: 'day', safetyMargin: 1, unit: 'units', zone: 'America/Los_Angeles' };
  world.advance(Date.parse('2026-11-23T07:58:00Z') - START);
  const ledger = open();
  await count(ledger, rule, 5);
  const error = await refusal(count(ledger, rule));
  expect(error.message).toBe('has no quota left: 5 units used, 100 % of 5 a day allowed, next on Mon 09:00');
  expect(error.retryAt).toEqual(new Date('2026-11-23T08:00:00Z'));
  world.advance(90_000);
  await count(ledger, rule);
  expect(world.sleeps).toEqual([30_000]);
  expect(await quotaOf(rule)).toMatchObject({ used: 1, left: 4 });
});

test('in any window no more than what is allowed is ever sent, whatever is asked when', async () => {
  const step = fc.record({ gap: fc.nat(120_000), units: fc.nat(12) });
  const rule: QuotaRule = { limit: 13, period: 300, safetyMargin: 0.8, unit: 'posts' };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      await store.db.deleteFrom('api_usage_tracking').execute();
      const ledger = open();
      let refused = 0;
      for (const { gap, units } of steps) {
        world.advance(gap);
        await count(ledger, rule, units).catch((error: unknown) => {
          expect(error).toMatchObject({ problem: 'quota' });
          refused++;
        });
      }
      expect(ledger.sent).toBe(steps.length - refused);
      const rows = await store.db.selectFrom('api_usage_tracking').select(['requested_at', 'quota_units']).execute();
      const sent = rows.map(({ requested_at, quota_units }) => ({ at: Date.parse(requested_at), units: quota_units }));
      for (const { at: end } of sent) {
        const within = sent.filter(({ at }) => at <= end && at > end - 300_000);
        expect(within.reduce((sum, { units }) => sum + units, 0)).toBeLessThanOrEqual(10);
      }
    }),
    { numRuns: 30 },
  );
}, 120_000);

describe('what a request really took', () => {
  const rule: QuotaRule = { limit: 1000, period: 'month', safetyMargin: 0.8, unit: 'posts', zone: 'UTC' };

  test('is set aside first, and corrects the count when the account is settled', async () => {
    const ledger = open();
    const first = await count(ledger, rule, 100);
    const second = await count(ledger, rule, 100);
    await count(ledger, rule, 100);
    first({ ...OK, units: 7 });
    second({ ...OK, success: false, error: 'is failing (503)' });
    expect((await quotaOf(rule)).used).toBe(300);
    await ledger.settle(store.db);
    expect((await quotaOf(rule)).used).toBe(207);
    await ledger.settle(store.db);
    expect((await quotaOf(rule)).used).toBe(207);
  });

  test.each([-1, 1.5, Number.NaN, Infinity])('is left as it was when the reply says %s', async (units) => {
    const ledger = open();
    (await count(ledger, rule, 100))({ ...OK, units });
    await ledger.settle(store.db);
    expect((await quotaOf(rule)).used).toBe(100);
  });
});

describe("the vendor's headers", () => {
  const rule: QuotaRule = { limit: 100, period: 'day', safetyMargin: 1, unit: 'units', zone: 'America/Los_Angeles' };
  const report = (limit: number, remaining: number, resetsInSeconds = 3600) => ({
    ...OK,
    reportedQuota: { limit, remaining, resetsInSeconds },
  });

  test("lower what is left in the rule's unit, and what was taken since is taken off", async () => {
    const ledger = open();
    (await count(ledger, rule, 20))({ ...report(100, 30), units: 10 });
    await ledger.settle(store.db);
    expect(await quotaOf(rule)).toMatchObject({ used: 10, left: 30 });
    await count(ledger, rule, 25);
    expect(await quotaOf(rule)).toMatchObject({ used: 35, left: 5 });
    const error = await refusal(count(ledger, rule, 6));
    expect(error.message).toMatch(/^has 5 units of its quota left, and the next request may take 6 /);
    expect(error.retryAt).toEqual(new Date(START + 3_600_000));
  });

  test('never raise it, and are forgotten once their time has passed', async () => {
    const ledger = open();
    (await count(ledger, rule, 60))(report(1000, 1000));
    await ledger.settle(store.db);
    expect((await quotaOf(rule)).left).toBe(40);
    (await count(ledger, rule, 1))(report(100, 0, 60));
    await ledger.settle(store.db);
    expect((await quotaOf(rule)).left).toBe(0);
    world.advance(60_000);
    expect((await quotaOf(rule)).left).toBe(39);
  });

  test.each([
    [Number.NaN, 5, 60],
    [100, -1, 60],
    [100, 1.5, 60],
    [100, 0, -1],
    [100, 0, Number.NaN],
    [100, 0, Infinity],
  ])('that say %s of %s for %s seconds are passed over', async (limit, remaining, seconds) => {
    const ledger = open();
    (await count(ledger, rule, 1))(report(limit, remaining, seconds));
    await ledger.settle(store.db);
    expect(await quotaOf(rule)).toMatchObject({ used: 1, left: 99 });
  });
});

describe('a month that is cut into days', () => {
  const MONTH: QuotaRule = { limit: 10_000, period: 'month', safetyMargin: 0.8, unit: 'posts' };

  test('lets an account that was begun go beyond the day, and no other one begin', async () => {
    const ledger = open();
    for (const units of [2, 100, 100, 100]) await count(ledger, MONTH, units);
    expect(await quotaOf(MONTH)).toMatchObject({ used: 302, leftToday: 0 });
    const error = await refusal(count(open(), MONTH, 2));
    expect(error.message).toContain("has used up today's share of its monthly quota");
  });

  test('is never passed as a whole', async () => {
    const ledger = open();
    await count(ledger, { ...MONTH, limit: 5_000 }, 100);
    await count(ledger, { ...MONTH, limit: 5_000 }, 3_900);
    await refusal(count(ledger, { ...MONTH, limit: 5_000 }, 1));
  });
});
