import SqliteDatabase from 'better-sqlite3';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { createKysely } from '../../../src/store/sqlite/dialect.ts';
import { inTransaction } from '../../../src/store/transaction.ts';
import { openFile } from './open-file.ts';

/** How often a timer of one millisecond comes around while `work` is under way. */
async function countTicks(work: () => Promise<unknown>): Promise<number> {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await work().finally(() => clearInterval(timer));
  return ticks;
}

test('many questions one after the other keep nobody from anything else', async () => {
  const { db } = await openFile();
  const count = sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) SELECT sum(i) FROM n`;
  const ticks = await countTicks(async () => {
    const start = performance.now();
    while (performance.now() - start < 300) await count.execute(db);
  });
  expect(ticks).toBeGreaterThan(3);
});

test('who waits until another process has written keeps nobody from reading, and then writes', async () => {
  const store = await openFile();
  const other = new SqliteDatabase(store.path);
  onTestFinished(() => void other.close());
  other.exec('BEGIN IMMEDIATE');
  const version = () => sql`SELECT max(version) FROM schema_migrations`.execute(store.db);
  let hasWritten = false;
  const written = inTransaction(store.db, (trx) =>
    sql`UPDATE schema_migrations SET version = version`.execute(trx),
  ).then(() => (hasWritten = true));
  const ticks = await countTicks(async () => {
    const start = performance.now();
    while (performance.now() - start < 200) {
      await version();
      await new Promise((done) => setTimeout(done, 5));
    }
  });
  expect(ticks).toBeGreaterThan(10);
  expect(hasWritten).toBe(false);
  other.exec('COMMIT');
  await written;
});

test('and gives up when that takes too long', async () => {
  const { path } = await openFile();
  const [own, other] = [new SqliteDatabase(path, { timeout: 50 }), new SqliteDatabase(path)];
  onTestFinished(() => [own, other].forEach((each) => each.close()));
  const db = createKysely(own);
  other.exec('BEGIN IMMEDIATE');
  await expect(inTransaction(db, async () => {})).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
  other.exec('COMMIT');
  await inTransaction(db, async () => {});
});
