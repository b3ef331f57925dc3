import { beforeEach, describe, expect, test } from 'vitest';
import type { QuotaRule } from '../../src/core/quota.ts';
import { findQuota } from '../../src/query/find-quota.ts';
import { listUsage, listUsageErrors } from '../../src/query/list-usage.ts';
import { saveQuotaReport } from '../../src/store/ledger.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore } from '../helper/temp-store.ts';

let store: Store;
beforeEach(async () => {
  store = await openTempStore();
  const add = (
    provider: string,
    day: string,
    success: number | null,
    latency: number | null,
    error: string | null,
    n = 1,
  ) =>
    store.db
      .insertInto('api_usage_tracking')
      .values({
        provider_name: provider,
        platform: 'tiktok',
        endpoint: '/user/info',
        request_count: n,
        quota_units: n,
        success,
        latency_ms: latency,
        error_message: error,
        requested_at: `${day}T10:00:00.000Z`,
        date: day,
      })
      .execute();
  await add('one', '2026-10-31', 1, 100, null);
  await add('one', '2026-11-15', 1, 100, null);
  await add('one', '2026-11-21', 1, 200, null, 5);
  await add('one', '2026-11-22', 0, 300, 'is failing (503)');
  await add('one', '2026-11-22', 0, 500, 'is failing (503)');
  await add('one', '2026-11-22', null, null, null);
  await add('two', '2026-11-22', 1, 50, null);
});

describe('listUsage', () => {
  test('adds up requests from a day on, busiest first', async () => {
    expect(await listUsage(store.db, '2026-11-16')).toEqual([
      {
        provider_name: 'one',
        platform: 'tiktok',
        requests: 8,
        units: 8,
        succeeded: 5,
        failed: 2,
        unknown: 1,
        average_latency_ms: 1000 / 3,
        last_request_at: '2026-11-22T10:00:00.000Z',
      },
      expect.objectContaining({ provider_name: 'two', requests: 1, succeeded: 1, failed: 0, unknown: 0 }),
    ]);
    expect(await listUsage(store.db, '2026-11-23')).toEqual([]);
  });

  test('of one provider', async () => {
    expect(await listUsage(store.db, '2026-01-01', 'two')).toHaveLength(1);
    expect(await listUsage(store.db, '2026-01-01', 'three')).toEqual([]);
  });
});

test('listUsageErrors says what went wrong and how often', async () => {
  expect(await listUsageErrors(store.db, '2026-11-16')).toEqual([
    {
      provider_name: 'one',
      endpoint: '/user/info',
      error_message: 'is failing (503)',
      times: 2,
      last_at: '2026-11-22T10:00:00.000Z',
    },
  ]);
  expect(await listUsageErrors(store.db, '2026-11-16', 'two')).toEqual([]);
});

describe('findQuota', () => {
  const day: QuotaRule = { limit: 10, period: 'day', safetyMargin: 0.8 };
  const month: QuotaRule = { limit: 100, period: 'month', safetyMargin: 0.8 };
  const now = new Date('2026-11-22T12:00:00Z');
  const report = {
    provider_name: 'one',
    quota_limit: 100,
    quota_remaining: 25,
    our_count: 5,
    resets_at: '2026-12-01T00:00:00.000Z',
    reported_at: '2026-11-22T09:00:00.000Z',
  };

  test('counts the requests of the period', async () => {
    expect(await findQuota(store.db, 'one', day, 'UTC', now)).toMatchObject({
      used: 3,
      left: 5,
      leftToday: 5,
    });
    expect(await findQuota(store.db, 'one', month, 'UTC', now)).toMatchObject({ used: 9, left: 71 });
    expect(await findQuota(store.db, 'one', month, 'UTC', new Date('2026-10-31T12:00:00Z'))).toMatchObject({
      used: 1,
      left: 79,
    });
    expect(await findQuota(store.db, 'new', month, 'UTC', now)).toMatchObject({ used: 0, left: 80 });
  });

  test('takes what the vendor counts beyond that, and what was sent since it said so', async () => {
    await saveQuotaReport(store.db, report);
    // They allow 80 and count 75; 9 - 5 = 4 were sent since.
    expect(await findQuota(store.db, 'one', month, 'UTC', now)).toMatchObject({
      used: 9,
      left: 1,
      leftToday: 1,
    });
    expect(await findQuota(store.db, 'two', month, 'UTC', now)).toMatchObject({ left: 79 });
  });

  test('forgets what the vendor said once its count has started again', async () => {
    await saveQuotaReport(store.db, { ...report, resets_at: '2026-11-22T11:59:59.000Z' });
    expect(await findQuota(store.db, 'one', month, 'UTC', now)).toMatchObject({ left: 71 });
  });

  test('does not believe a vendor who counts less', async () => {
    await saveQuotaReport(store.db, { ...report, quota_remaining: 100, our_count: 9 });
    expect(await findQuota(store.db, 'one', month, 'UTC', now)).toMatchObject({ left: 71 });
  });
});
