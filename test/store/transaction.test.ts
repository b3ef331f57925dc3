import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { inTransaction } from '../../src/store/transaction.ts';
import { openTempStore, seedAccount } from '../helper/temp-store.ts';

const failure = (code: string) => Object.assign(new Error(`failed with ${code}`), { code });

test('a transaction that fails leaves nothing, and the connection goes on', async () => {
  const store = await openTempStore();
  const failing = store.db.transaction().execute(async (trx) => {
    await trx.insertInto('social_media_accounts').values({ platform: 'tiktok', username: 'anna' }).execute();
    await sql`SELECT * FROM no_such_table`.execute(trx);
  });
  await expect(failing).rejects.toThrow(/no_such_table/);
  await seedAccount(store, 'bert');
  expect(await store.db.selectFrom('social_media_accounts').select('username').execute()).toEqual([
    { username: 'bert' },
  ]);
});

describe('inTransaction', () => {
  test.each(['40001', '40P01'])('runs its work again when the database rolled it back with %s', async (code) => {
    const { db } = await openTempStore();
    let attempt = 0;
    const result = await inTransaction(db, async (trx) => {
      await trx.insertInto('social_media_accounts').values({ platform: 'tiktok', username: 'anna' }).execute();
      if (++attempt < 3) throw failure(code);
      return attempt;
    });
    expect(result).toBe(3);
    expect(await db.selectFrom('social_media_accounts').select('username').execute()).toEqual([{ username: 'anna' }]);
  });

  test('gives up in the end', async () => {
    const { db } = await openTempStore();
    let attempts = 0;
    const work = inTransaction(db, () => {
      attempts++;
      return Promise.reject(failure('40001'));
    });
    await expect(work).rejects.toThrow('failed with 40001');
    expect(attempts).toBe(5);
  });

  test.each(['23505', 'SQLITE_BUSY', 'SQLITE_CONSTRAINT'])('runs its work once when it fails with %s', async (code) => {
    const { db } = await openTempStore();
    let attempts = 0;
    const work = inTransaction(db, () => {
      attempts++;
      return Promise.reject(failure(code));
    });
    await expect(work).rejects.toThrow(code);
    expect(attempts).toBe(1);
  });
});
