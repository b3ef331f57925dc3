import { beforeEach, describe, expect, test } from 'vitest';
import { findAccount } from '../../src/query/find-account.ts';
import { findLatestProvider } from '../../src/query/find-latest-provider.ts';
import { listAccounts } from '../../src/query/list-accounts.ts';
import { listDueAccounts } from '../../src/query/list-due-accounts.ts';
import { listFailedJobs } from '../../src/query/list-failed-jobs.ts';
import { setAccountActive } from '../../src/store/account.ts';
import { completeJob, failJob, startJob } from '../../src/store/job.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore } from '../helper/temp-store.ts';
import { seedHistory, type History } from './history.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
let store: Store;
let ids: History;
beforeEach(async () => {
  store = await openTempStore();
  ids = await seedHistory(store);
});

describe('listDueAccounts', () => {
  const names = async (filter = {}) => (await listDueAccounts(store.db, filter)).map(({ username }) => username);

  test('are the active ones, those that waited longest first', async () => {
    expect(await names()).toEqual(['newt', 'bert', 'nasa', 'anna']);
  });

  test('without those that have numbers of the day', async () => {
    expect(await names({ withoutSnapshotOn: '2026-11-22' })).toEqual(['newt', 'bert']);
    expect(await names({ withoutSnapshotOn: '2026-11-23' })).toEqual(['newt', 'bert', 'nasa', 'anna']);
  });

  test('of one platform, or competitors alone', async () => {
    expect(await names({ platform: 'instagram' })).toEqual(['nasa']);
    expect(await names({ competitorsOnly: true })).toEqual(['bert']);
    expect(await names({ competitorsOnly: true, withoutSnapshotOn: '2026-11-21' })).toEqual([]);
  });
});

test('listAccounts shows all of them, with how fresh they are and why the last fetch failed', async () => {
  const job = await startJob(store.db, ids.bert, '2026-11-22', NOW);
  await failJob(store.db, job, 'the provider was down', NOW);
  expect(await listAccounts(store.db)).toMatchObject([
    { platform: 'instagram', username: 'nasa', days: 2, posts: 1, last_snapshot_date: '2026-11-22', last_error: null },
    { username: 'anna', brand: 'anna', is_active: true, is_competitor: false, days: 4, posts: 5, last_error: null },
    { username: 'bert', is_competitor: true, days: 1, posts: 1, last_error: 'the provider was down' },
    { username: 'newt', days: 0, posts: 0, last_snapshot_date: null, last_fetched_at: null },
    { username: 'zoe', is_active: false, days: 1 },
  ]);
});

test('listFailedJobs shows an active account until a later fetch works', async () => {
  const job = await startJob(store.db, ids.anna, '2026-11-22', NOW);
  await failJob(store.db, job, 'down', NOW);
  expect(await listFailedJobs(store.db)).toEqual([
    { platform: 'tiktok', username: 'anna', completed_at: NOW.toISOString(), error_message: 'down' },
  ]);
  await setAccountActive(store.db, ids.anna, false, NOW);
  expect(await listFailedJobs(store.db)).toEqual([]);
  await setAccountActive(store.db, ids.anna, true, NOW);
  const later = await startJob(store.db, ids.anna, '2026-11-22', NOW);
  await completeJob(store.db, later, { providerName: 'test', posts: 1, note: null }, NOW);
  expect(await listFailedJobs(store.db)).toEqual([]);
});

test('findAccount and findLatestProvider find one or none', async () => {
  expect(await findAccount(store.db, { platform: 'tiktok', username: 'zoe' })).toMatchObject({ is_active: 0 });
  expect(await findAccount(store.db, { platform: 'instagram', username: 'zoe' })).toBeUndefined();
  expect(await findLatestProvider(store.db, ids.bert)).toBe('sample');
  expect(await findLatestProvider(store.db, ids.anna)).toBe('test');
  expect(await findLatestProvider(store.db, 999)).toBeNull();
});
