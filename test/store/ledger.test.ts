import { expect, test } from 'vitest';
import type { QuotaRule } from '../../src/core/quota.ts';
import { countRequest, rollUpRequests, saveQuotaReport, settleRequests } from '../../src/store/ledger.ts';
import { databaseOf, openTempStore, runSql } from '../helper/temp-store.ts';
import { startChild } from './start-child.ts';

const request = {
  providerName: 'tiktok-scraper7',
  platform: 'tiktok',
  endpoint: '/user/info',
  units: 1,
  day: '2026-11-22',
  now: new Date('2026-11-22T10:00:00Z'),
};

const ZONED = { zone: 'America/Los_Angeles' };

test.each<[string, QuotaRule, number, number]>([
  ['10 requests a day x 0.8', { limit: 10, period: 'day', safetyMargin: 0.8 }, 1, 8],
  ['50 units a Pacific day x 0.8', { limit: 50, period: 'day', safetyMargin: 0.8, unit: 'units', ...ZONED }, 7, 5],
  ['60 posts in 5 minutes x 0.8', { limit: 60, period: 300, safetyMargin: 0.8, unit: 'posts' }, 5, 9],
])(
  'two processes with a quota of %s never pass it together, and leave no room',
  async (_, rule, units, requests) => {
    for (let round = 0; round < 2; round++) {
      const store = await openTempStore();
      const database = await databaseOf(store);
      const counting = { rule, units };
      const children = await Promise.all([
        startChild('count', database, counting),
        startChild('count', database, counting),
      ]);
      const sent = await Promise.all(children.map((child) => child.go()));
      expect(Number(sent[0]) + Number(sent[1])).toBe(requests);
      await Promise.all(children.map((child) => child.end()));
      const rows = await store.db
        .selectFrom('api_usage_tracking')
        .select(['request_count', 'success', 'quota_units'])
        .execute();
      expect(rows).toEqual(
        Array.from({ length: requests }, () => ({ request_count: 1, success: null, quota_units: units })),
      );
      expect(await store.db.selectFrom('api_request_counts').selectAll().execute()).toEqual([
        {
          provider_name: 'tiktok-scraper7',
          date: '2026-11-22',
          request_count: requests,
          quota_units: requests * units,
        },
      ]);
    }
  },
  60_000,
);

test('settling corrects what was set aside once, and only what it knows', async () => {
  const { db } = await openTempStore();
  const ids = [];
  for (const units of [100, 100, 100, 5, 0]) ids.push(await countRequest(db, { ...request, units }));
  const counts = () => db.selectFrom('api_request_counts').select(['request_count', 'quota_units']).execute();
  expect(await counts()).toEqual([{ request_count: 5, quota_units: 305 }]);
  const outcome = { success: true, latencyMs: 5, error: null };
  const outcomes = [
    { ...outcome, id: ids[0] as number, units: 40 },
    { ...outcome, id: ids[1] as number, units: 0 },
    { ...outcome, id: ids[2] as number, success: false },
    { ...outcome, id: ids[3] as number, units: 7 },
  ];
  await settleRequests(db, outcomes);
  expect(await counts()).toEqual([{ request_count: 5, quota_units: 147 }]);
  await settleRequests(db, outcomes);
  expect(await counts()).toEqual([{ request_count: 5, quota_units: 147 }]);
  const rows = await db.selectFrom('api_usage_tracking').select(['quota_units', 'success']).orderBy('id').execute();
  expect(rows).toEqual([
    { quota_units: 40, success: 1 },
    { quota_units: 0, success: 1 },
    { quota_units: 100, success: 0 },
    { quota_units: 7, success: 1 },
    { quota_units: 0, success: null },
  ]);
});

test('a settlement that is rolled back has corrected nothing', async () => {
  const { db } = await openTempStore();
  const id = await countRequest(db, { ...request, units: 100 });
  const failing = db.transaction().execute(async (trx) => {
    await settleRequests(trx, [{ id, success: true, latencyMs: 5, error: null, units: 3 }]);
    throw new Error('broken off');
  });
  await expect(failing).rejects.toThrow('broken off');
  expect(await db.selectFrom('api_request_counts').select('quota_units').execute()).toEqual([{ quota_units: 100 }]);
});

test('rolling up adds units together, keeps the last instant, and leaves the counts alone', async () => {
  const { db } = await openTempStore();
  for (const [units, minute] of [
    [100, '10'],
    [20, '30'],
    [3, '20'],
  ] as const) {
    const id = await countRequest(db, { ...request, units, now: new Date(`2026-11-22T10:${minute}:00Z`) });
    await settleRequests(db, [{ id, success: true, latencyMs: 10, error: null }]);
  }
  await countRequest(db, { ...request, units: 50 });
  const counts = await db.selectFrom('api_request_counts').selectAll().execute();
  for (let again = 0; again < 2; again++) {
    await rollUpRequests(db, '2026-11-23');
    expect(await db.selectFrom('api_request_counts').selectAll().execute()).toEqual(counts);
    expect(
      await db
        .selectFrom('api_usage_tracking')
        .select(['request_count', 'quota_units', 'requested_at', 'success'])
        .orderBy('id')
        .execute(),
    ).toEqual([
      { request_count: 3, quota_units: 123, requested_at: '2026-11-22T10:30:00.000Z', success: 1 },
      { request_count: 1, quota_units: 50, requested_at: '2026-11-22T10:00:00.000Z', success: null },
    ]);
  }
});

test('a row that a person writes counts as one unit', async () => {
  const store = await openTempStore();
  const write = (columns: string, values: string) =>
    runSql(
      store,
      `INSERT INTO api_usage_tracking (provider_name, platform, endpoint, date${columns})
       VALUES ('mine', 'tiktok', '/', '2026-11-22'${values})`,
    );
  await write('', '');
  await write(', request_count, quota_units', ', 3, 30');
  expect(await store.db.selectFrom('api_request_counts').selectAll().execute()).toEqual([
    { provider_name: 'mine', date: '2026-11-22', request_count: 4, quota_units: 31 },
  ]);
  await expect(write(', quota_units', ', -1')).rejects.toThrow(/check/i);
});

test('a request is counted before its outcome is known, and settled by its own row', async () => {
  const { db } = await openTempStore();
  const first = await countRequest(db, request);
  const second = await countRequest(db, request);
  await settleRequests(db, [{ id: second, success: false, latencyMs: 12.6, error: 'is failing (503)' }]);
  const rows = await db.selectFrom('api_usage_tracking').selectAll().orderBy('id').execute();
  expect(rows).toMatchObject([
    { id: first, success: null, latency_ms: null, error_message: null, requested_at: '2026-11-22T10:00:00.000Z' },
    { id: second, success: 0, latency_ms: 13, error_message: 'is failing (503)', date: '2026-11-22' },
  ]);
});

test('the counts of a day stay when its rows are deleted', async () => {
  const { db } = await openTempStore();
  for (let n = 0; n < 3; n++) await countRequest(db, request);
  await countRequest(db, { ...request, day: '2026-11-23' });
  await countRequest(db, { ...request, providerName: 'tiktok-api23' });
  await db.deleteFrom('api_usage_tracking').execute();
  expect(
    await db.selectFrom('api_request_counts').selectAll().orderBy('provider_name').orderBy('date').execute(),
  ).toEqual([
    { provider_name: 'tiktok-api23', date: '2026-11-22', request_count: 1, quota_units: 1 },
    { provider_name: 'tiktok-scraper7', date: '2026-11-22', request_count: 3, quota_units: 3 },
    { provider_name: 'tiktok-scraper7', date: '2026-11-23', request_count: 1, quota_units: 1 },
  ]);
});

test("only the vendor's last word on its quota is kept", async () => {
  const { db } = await openTempStore();
  const report = {
    provider_name: 'tiktok-scraper7',
    quota_limit: 300,
    quota_remaining: 200,
    our_count: 5,
    resets_at: '2026-12-01T00:00:00.000Z',
    reported_at: '2026-11-22T10:00:00.000Z',
  };
  await saveQuotaReport(db, report);
  await saveQuotaReport(db, { ...report, quota_remaining: 190, our_count: 15 });
  expect(await db.selectFrom('api_quota_reports').selectAll().execute()).toEqual([
    { ...report, quota_remaining: 190, our_count: 15 },
  ]);
});
