import { expect, test } from 'vitest';
import { countRequest, saveQuotaReport, settleRequests } from '../../src/store/ledger.ts';
import { databaseOf, openTempStore } from '../helper/temp-store.ts';
import { startChild } from './start-child.ts';

const request = {
  providerName: 'tiktok-scraper7',
  platform: 'tiktok',
  endpoint: '/user/info',
  day: '2026-11-22',
  now: new Date('2026-11-22T10:00:00Z'),
};

test('two processes with a quota of 10 x 0.8 count exactly 8 requests together', async () => {
  for (let round = 0; round < 2; round++) {
    const store = await openTempStore();
    const database = await databaseOf(store);
    const children = await Promise.all([startChild('count', database), startChild('count', database)]);
    const sent = await Promise.all(children.map((child) => child.go()));
    expect(Number(sent[0]) + Number(sent[1])).toBe(8);
    await Promise.all(children.map((child) => child.end()));
    const rows = await store.db.selectFrom('api_usage_tracking').select(['request_count', 'success']).execute();
    expect(rows).toEqual(Array.from({ length: 8 }, () => ({ request_count: 1, success: null })));
    expect(await store.db.selectFrom('api_request_counts').selectAll().execute()).toEqual([
      { provider_name: 'tiktok-scraper7', date: '2026-11-22', request_count: 8 },
    ]);
  }
}, 60_000);

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
    { provider_name: 'tiktok-api23', date: '2026-11-22', request_count: 1 },
    { provider_name: 'tiktok-scraper7', date: '2026-11-22', request_count: 3 },
    { provider_name: 'tiktok-scraper7', date: '2026-11-23', request_count: 1 },
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
