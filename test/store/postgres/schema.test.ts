import { expect, test } from 'vitest';
import type { Store } from '../../../src/store/open.ts';
import { openTempStore, runSql, seedAccount, seedPost, seedPostDay } from '../../helper/temp-store.ts';
import { openFile } from '../sqlite/open-file.ts';

/** The columns of every table and view. */
async function columnsOf({ db }: Store): Promise<Record<string, string[]>> {
  const tables = await db.introspection.getTables();
  return Object.fromEntries(
    tables.map(({ name, isView, columns }) => [
      `${isView ? 'view' : 'table'} ${name}`,
      columns.map((column) => column.name).toSorted(),
    ]),
  );
}

test('tables and views have the columns that they have in SQLite', async () => {
  const columns = await columnsOf(await openTempStore());
  expect(Object.keys(columns)).toContain('view content_performance');
  expect(columns).toEqual(await columnsOf(await openFile()));
});

test('what is checked of a database is put into words', async () => {
  const store = await openTempStore();
  expect(await store.check()).toMatch(/^postgres:\/\/\S+, PostgreSQL [\d.]+.*, schema \d+, [\d,]+ kB$/);
});

test('numbers that belong to no post are found', async () => {
  const store = await openTempStore();
  const post = await seedPost(store, await seedAccount(store), '1');
  await runSql(store, 'ALTER TABLE social_media_post_analytics DISABLE TRIGGER USER');
  await seedPostDay(store, post, '2026-11-22');
  await runSql(store, 'ALTER TABLE social_media_post_analytics ENABLE TRIGGER USER');
  await expect(store.check()).rejects.toThrow(`${store.name} has 1 rows that belong to nothing`);
});
