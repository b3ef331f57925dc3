import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { QuotaRule } from '../../src/core/quota.ts';
import { addDays, dayIn } from '../../src/core/time.ts';
import { findQuota, findRoomAt } from '../../src/query/find-quota.ts';
import { countRequest, rollUpRequests, saveQuotaReport, settleRequests } from '../../src/store/ledger.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore } from '../helper/temp-store.ts';

/** A request as the ledger leaves it. */
interface Sent {
  at: Date;
  units: number;
  isDone: boolean;
}

const DAY_MS = 86_400_000;
const ZONES = ['UTC', 'America/Los_Angeles', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Kiritimati'];
/** Clocks change, months and years end. */
const TURNS = ['2026-03-08T08:00Z', '2026-03-29T01:00Z', '2026-11-01T07:00Z', '2026-12-31T08:00Z', '2028-02-29T23:00Z'];

let store: Store;
let provider: string;
let round = 0;
beforeEach(async () => {
  store = await openTempStore();
  provider = `provider-${round++}`;
});

async function insert(requests: readonly Sent[], timezone: string): Promise<void> {
  if (requests.length === 0) return;
  await store.db
    .insertInto('api_usage_tracking')
    .values(
      requests.map(({ at, units, isDone }) => ({
        provider_name: provider,
        platform: 'tiktok',
        endpoint: '/a',
        success: isDone ? 1 : null,
        quota_units: units,
        requested_at: at.toISOString(),
        date: dayIn(timezone, at),
      })),
    )
    .execute();
}

/** What counts, by looking at each request. */
function bruteForce(requests: readonly Sent[], rule: QuotaRule, timezone: string, now: Date): number {
  const { period, zone = timezone } = rule;
  const name = (at: Date) => dayIn(zone, at).slice(0, period === 'month' ? 7 : 10);
  const counts = ({ at }: Sent) =>
    typeof period === 'number' ? now.getTime() - at.getTime() < period * 1000 : name(at) === name(now);
  return requests.filter(counts).reduce((sum, { units }) => sum + units, 0);
}

const zone = fc.constantFrom(...ZONES);
const period = fc.oneof(fc.constantFrom<QuotaRule['period']>('day', 'month'), fc.integer({ min: 1, max: 3 * 86_400 }));
const now = fc
  .tuple(fc.constantFrom(...TURNS), fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }))
  .map(([turn, ms]) => new Date(Date.parse(turn) + ms));
const age = fc.oneof(fc.nat(60_000), fc.nat(600_000), fc.nat(2 * DAY_MS), fc.nat(40 * DAY_MS));
const ages = fc.array(fc.record({ age, units: fc.nat(50), isDone: fc.boolean() }), { maxLength: 40 });
const RUNS = process.env['SMSTATS_TEST_DATABASE'] ? 40 : 200;

test('every kind of rule counts what counting each request counts, also after a roll-up', async () => {
  await fc.assert(
    fc.asyncProperty(
      now,
      zone,
      fc.option(zone, { nil: undefined }),
      period,
      ages,
      async (at, user, vendor, of, list) => {
        provider = `provider-${round++}`;
        const sent = list.map((each) => ({ ...each, at: new Date(at.getTime() - each.age) }));
        await insert(sent, user);
        const rule: QuotaRule = { limit: 1000, period: of, safetyMargin: 0.8, ...(vendor && { zone: vendor }) };
        const expected = bruteForce(sent, rule, user, at);
        const found = await findQuota(store.db, provider, rule, user, at);
        expect(found).toMatchObject({ allowed: 800, used: expected, left: Math.max(0, 800 - expected) });

        const before = await store.db.selectFrom('api_request_counts').selectAll().execute();
        const oldest = addDays(dayIn(user, at), -30);
        await rollUpRequests(store.db, oldest);
        expect(await store.db.selectFrom('api_request_counts').selectAll().execute()).toEqual(before);
        const after = await findQuota(store.db, provider, rule, user, at);
        // On the day on which a long vendor month began, what was sent before it can no longer be told apart.
        const apart = sent.filter((each) => dayIn(user, each.at) < oldest).reduce((sum, { units }) => sum + units, 0);
        expect(after.used).toBeGreaterThanOrEqual(expected);
        expect(after.used).toBeLessThanOrEqual(expected + (of === 'month' && vendor ? apart : 0));
        expect(after).toMatchObject({ resetsAt: found.resetsAt, resetsOn: found.resetsOn });
        await store.db.deleteFrom('api_usage_tracking').execute();
        await store.db.deleteFrom('api_request_counts').execute();
      },
    ),
    { numRuns: RUNS },
  );
}, 120_000);

test('there is room exactly when it is said to be, for every kind of rule', async () => {
  const margin = fc.constantFrom(0.5, 0.8, 1);
  await fc.assert(
    fc.asyncProperty(now, zone, period, ages, fc.nat(60), margin, async (at, user, of, list, units, safetyMargin) => {
      provider = `provider-${round++}`;
      const sent = list.map((each) => ({ ...each, at: new Date(at.getTime() - each.age) }));
      await insert(sent, user);
      const rule: QuotaRule = { limit: 100, period: of, safetyMargin, zone: 'America/Los_Angeles' };
      const allowed = 100 * safetyMargin;
      const roomAt = await findRoomAt(store.db, provider, rule, user, at, units);
      if (units > allowed) {
        expect(roomAt).toBeUndefined();
        return;
      }
      // What takes nothing always has room.
      const isFree = (when: Date) => units === 0 || bruteForce(sent, rule, user, when) + units <= allowed;
      expect(roomAt && isFree(roomAt)).toBe(true);
      if (isFree(at)) expect(roomAt).toEqual(at);
      else expect(isFree(new Date(Number(roomAt) - 1))).toBe(false);
    }),
    { numRuns: RUNS / 2 },
  );
}, 120_000);

describe('a Pacific day', () => {
  const rule: QuotaRule = {
    limit: 10_000,
    period: 'day',
    safetyMargin: 0.8,
    unit: 'units',
    zone: 'America/Los_Angeles',
  };
  const send = (at: string, units: number) =>
    countRequest(store.db, {
      providerName: provider,
      platform: 'youtube',
      endpoint: '/channels',
      units,
      day: dayIn('Europe/Berlin', new Date(at)),
      now: new Date(at),
    });
  const used = async (at: string) => (await findQuota(store.db, provider, rule, 'Europe/Berlin', new Date(at))).used;

  test('of 23 hours begins and ends at its own midnights, in the middle of the days of Berlin', async () => {
    await send('2026-03-08T07:59:59.999Z', 1);
    expect(await used('2026-03-08T07:59:59.999Z')).toBe(1);
    await send('2026-03-08T08:00:00.000Z', 20);
    await send('2026-03-09T06:59:59.999Z', 300);
    expect(await used('2026-03-08T12:00:00Z')).toBe(320);
    expect(await used('2026-03-09T06:59:59.999Z')).toBe(320);
    await send('2026-03-09T07:00:00.000Z', 4000);
    expect(await used('2026-03-09T07:00:00.000Z')).toBe(4000);
  });

  test('counts a request with what it really took once that is known', async () => {
    const id = await send('2026-11-22T09:00:00Z', 100);
    expect(await used('2026-11-22T10:00:00Z')).toBe(100);
    await settleRequests(store.db, [{ id, success: true, latencyMs: 5, error: null, units: 3 }]);
    expect(await used('2026-11-22T10:00:00Z')).toBe(3);
  });

  test('counts too much rather than too little where requests were deleted', async () => {
    await send('2026-11-22T07:00:00Z', 5);
    await send('2026-11-22T09:00:00Z', 7);
    expect(await used('2026-11-22T10:00:00Z')).toBe(7);
    await store.db.deleteFrom('api_usage_tracking').execute();
    expect(await used('2026-11-22T10:00:00Z')).toBe(12);
  });
});

describe("the vendor's own count of a window", () => {
  const rule: QuotaRule = { limit: 100, period: 300, safetyMargin: 0.8 };
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 10) + seconds * 1000);
  const find = (seconds: number) => findQuota(store.db, provider, rule, 'UTC', at(seconds));
  const send = (seconds: number, units: number) => insert([{ at: at(seconds), units, isDone: true }], 'UTC');

  test('lowers what is left, less what was sent since, until its window is over', async () => {
    await send(0, 30);
    await send(290, 10);
    await saveQuotaReport(store.db, {
      provider_name: provider,
      quota_limit: 100,
      quota_remaining: 50,
      our_count: 40,
      resets_at: at(500).toISOString(),
      reported_at: at(290).toISOString(),
    });
    expect(await find(291)).toMatchObject({ used: 40, left: 30 });
    await send(310, 20);
    // What was sent first has left the window; the vendor has not said so.
    expect(await find(310)).toMatchObject({ used: 30, left: 10 });
    expect(await findRoomAt(store.db, provider, rule, 'UTC', at(310), 11)).toEqual(at(500));
    expect(await find(500)).toMatchObject({ used: 30, left: 50 });
  });

  test('never raises it', async () => {
    await send(0, 80);
    await saveQuotaReport(store.db, {
      provider_name: provider,
      quota_limit: 1000,
      quota_remaining: 1000,
      our_count: 80,
      resets_at: at(300).toISOString(),
      reported_at: at(0).toISOString(),
    });
    expect(await find(10)).toMatchObject({ left: 0, resetsAt: at(300), resetsOn: null });
    expect(await findRoomAt(store.db, provider, rule, 'UTC', at(10), 1)).toEqual(at(300));
  });
});

test("a day's share of a month has room again tomorrow", async () => {
  const rule: QuotaRule = { limit: 3000, period: 'month', safetyMargin: 1, unit: 'posts', zone: 'UTC' };
  const at = new Date('2026-11-22T10:00:00Z');
  await insert([{ at, units: 95, isDone: true }], 'Europe/Berlin');
  expect(await findQuota(store.db, provider, rule, 'Europe/Berlin', at)).toMatchObject({ left: 2905, leftToday: 5 });
  expect(await findRoomAt(store.db, provider, rule, 'Europe/Berlin', at, 6)).toEqual(new Date('2026-11-22T23:00:00Z'));
});
