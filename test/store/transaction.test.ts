import { expect, test } from 'vitest';
import { commitSoon } from '../../src/store/transaction.ts';
import { openTempStore } from '../helper/temp-store.ts';

const handle = { platform: 'tiktok', username: 'anna' };

test('commitSoon commits what the next reader sees, and does not wait for the disk meanwhile', async () => {
  const store = await openTempStore();
  const synchronous = () => store.connection.pragma('synchronous', { simple: true });
  const during = await commitSoon(store.db, async (trx) => {
    await trx.insertInto('social_media_accounts').values(handle).execute();
    return synchronous();
  });
  expect(during).toBe(1);
  expect(synchronous()).toBe(2);
  const other = await openTempStore(store.path);
  expect(await other.db.selectFrom('social_media_accounts').select('username').execute()).toEqual([
    { username: 'anna' },
  ]);
});

test('commitSoon waits for the disk again after a failure too, of which nothing stays', async () => {
  const store = await openTempStore();
  const failing = commitSoon(store.db, async (trx) => {
    await trx.insertInto('social_media_accounts').values(handle).execute();
    throw new Error('the test breaks it');
  });
  await expect(failing).rejects.toThrow('the test breaks it');
  expect(store.connection.pragma('synchronous', { simple: true })).toBe(2);
  expect(await store.db.selectFrom('social_media_accounts').select('username').execute()).toEqual([]);
});

test('a full commit that is asked for meanwhile waits its turn and waits for the disk', async () => {
  const store = await openTempStore();
  const seen: unknown[] = [];
  const look = () => void seen.push(store.connection.pragma('synchronous', { simple: true }));
  await Promise.all([
    commitSoon(store.db, async () => look()),
    store.db.transaction().execute(async () => look()),
    commitSoon(store.db, async () => look()),
    store.db.transaction().execute(async () => look()),
  ]);
  expect(seen).toEqual([1, 2, 1, 2]);
});

test('without a WAL every commit waits for the disk', async () => {
  const store = await openTempStore();
  store.connection.pragma('journal_mode = DELETE');
  store.connection.pragma('synchronous = EXTRA');
  const during = await commitSoon(store.db, async () => store.connection.pragma('synchronous', { simple: true }));
  expect(during).toBe(3);
});
