import type { KyselyPlugin } from 'kysely';
import { expect, test } from 'vitest';
import { startJob } from '../../../src/store/job.ts';
import { createSqliteClaims } from '../../../src/store/sqlite/claims.ts';
import { takeLock } from '../../../src/store/sqlite/lock.ts';
import { seedAccount } from '../../helper/temp-store.ts';
import { openFile } from './open-file.ts';

const DAY = '2026-11-22';
const NOW = new Date('2026-11-22T10:00:00Z');

test('an account is claimed by the lock of its name, which another claim finds held', async () => {
  const store = await openFile();
  const id = await seedAccount(store);
  const claim = await store.claims.claim(id, DAY, NOW);
  expect(takeLock(store.path, `account-${id}`)).toBeUndefined();
  expect(await store.claims.claim(id, DAY, NOW)).toBeUndefined();
  await claim?.release();
  const release = takeLock(store.path, `account-${id}`);
  expect(release).toBeDefined();
  release?.();
});

test('a run is one at a time, and its end is written down', async () => {
  const store = await openFile();
  const id = await seedAccount(store);
  const list = () => Promise.resolve([id]);
  const work = await store.claims.openRun(list, DAY, NOW);
  expect(await store.claims.openRun(list, DAY, NOW)).toBeUndefined();
  const next = await work?.next(DAY, NOW);
  expect(next).toMatchObject({ accountId: id, claim: expect.any(Object) as object });
  await next?.claim?.release();
  expect(await work?.next(DAY, NOW)).toBeUndefined();
  await work?.close(new Date('2026-11-22T10:05:00Z'));
  expect(await store.db.selectFrom('analytics_fetch_runs').selectAll().execute()).toMatchObject([
    { started_at: NOW.toISOString(), completed_at: '2026-11-22T10:05:00.000Z' },
  ]);
  const again = await store.claims.openRun(list, DAY, NOW);
  expect(again).toBeDefined();
  await again?.close(NOW);
});

test('a job that is completed while others are looked at stays completed', async () => {
  const store = await openFile();
  const job = await startJob(store.db, await seedAccount(store), DAY, NOW);
  const completeAfterLook: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: ({ result }) => {
      store.connection.prepare("UPDATE analytics_fetch_jobs SET status = 'completed' WHERE id = ?").run(job);
      return Promise.resolve(result);
    },
  };
  await createSqliteClaims(store.db.withPlugin(completeAfterLook), store.path).failAbandoned(NOW);
  expect(await store.db.selectFrom('analytics_fetch_jobs').select('status').execute()).toEqual([
    { status: 'completed' },
  ]);
});
