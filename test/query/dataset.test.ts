import { expect, test } from 'vitest';
import { DATASET_NAMES, datasetOf, type DatasetName, type DatasetRow } from '../../src/core/dataset.ts';
import { countDataset, readDataset, type DatasetFilter } from '../../src/query/read-dataset.ts';
import { inSnapshot } from '../../src/store/snapshot-of.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore, runSql, seedAccount, seedPost, seedPostDay } from '../helper/temp-store.ts';
import { seedHistory } from './history.ts';

async function readAll(
  { db }: Store,
  name: DatasetName,
  filter: DatasetFilter = {},
): Promise<Record<string, unknown>[]> {
  const rows: DatasetRow[] = [];
  await inSnapshot(db, async (snapshot) => {
    for await (const batch of readDataset(snapshot, name, filter)) rows.push(...batch);
    expect(await countDataset(snapshot, name, filter)).toBe(rows.length);
  });
  const { columns } = datasetOf(name);
  return rows.map((row) => Object.fromEntries(row.map((value, at) => [columns[at]?.name, value])));
}

test('every dataset can be read, also when it is empty', async () => {
  const store = await openTempStore();
  for (const name of DATASET_NAMES) expect(await readAll(store, name), name).toEqual([]);
  await seedHistory(store);
  for (const name of ['accounts', 'snapshots', 'posts', 'post-metrics'] as const)
    expect((await readAll(store, name)).length, name).toBeGreaterThan(0);
});

test('rows name their account and post; what is not known is null', async () => {
  const store = await openTempStore();
  await seedHistory(store);
  const days = await readAll(store, 'snapshots', { platform: 'tiktok', username: 'anna' });
  expect(days.map(({ snapshot_date, followers_count }) => [snapshot_date, followers_count])).toEqual([
    ['2026-11-01', 100],
    ['2026-11-08', 110],
    ['2026-11-15', null],
    ['2026-11-22', 121],
  ]);
  const [first] = await readAll(store, 'post-metrics', { platform: 'instagram' });
  expect(first).toMatchObject({
    platform: 'instagram',
    username: 'nasa',
    external_post_id: 'n1',
    views_count: 10,
    saves_count: null,
  });
});

test('filters are those of the questions, and the days of the rows', async () => {
  const store = await openTempStore();
  await seedHistory(store);
  const ids = (rows: Record<string, unknown>[]) => rows.map((row) => row['external_post_id']);
  expect(ids(await readAll(store, 'posts', { hashtag: 'diy' }))).toEqual(['a1', 'a2', 'n1']);
  expect(
    ids(
      await readAll(store, 'post-metrics', {
        username: 'anna',
        platform: 'tiktok',
        since: '2026-11-02',
        before: '2026-11-22',
      }),
    ),
  ).toEqual(['a1', 'a3', 'a4']);
  expect(ids(await readAll(store, 'post-metrics', { minimums: { views: 5000 } }))).toEqual(['n1', 'n1']);
  expect(ids(await readAll(store, 'posts', { since: '2026-10-03T00:00:00.000Z' }))).toEqual(['a2', 'a4', 'a5']);
  const old = await readAll(store, 'post-metrics', { before: '2026-11-22', isBeforeLatest: true });
  expect(old.map((row) => [row['external_post_id'], row['snapshot_date']])).toEqual([
    ['n1', '2026-10-01'],
    ['a1', '2026-11-01'],
    ['a1', '2026-11-15'],
    ['a3', '2026-11-15'],
    ['a4', '2026-11-15'],
  ]);
});

test('more than a page is read whole, once and in order', async () => {
  const store = await openTempStore();
  const account = await seedAccount(store);
  const post = await seedPost(store, account, '1');
  await seedPost(store, account, '2');
  const rows = Array.from({ length: 2500 }, (_, at) => new Date(Date.UTC(2015, 0, 1 + at)).toISOString().slice(0, 10));
  for (const day of rows.slice(0, 3)) await seedPostDay(store, post, day);
  const values = rows.slice(3).map((day) => `('${day}', ${post})`);
  await runSql(store, `INSERT INTO social_media_post_analytics (snapshot_date, post_id) VALUES ${values.join(', ')}`);
  expect((await readAll(store, 'post-metrics')).map((row) => row['snapshot_date'])).toEqual(rows);
});

test('a snapshot does not see what is written meanwhile', async () => {
  const store = await openTempStore();
  await seedAccount(store, 'anna');
  await inSnapshot(store.db, async (snapshot) => {
    expect(await countDataset(snapshot, 'accounts')).toBe(1);
  });
  // The connection is free again.
  await seedAccount(store, 'bert');
  expect(await countDataset(store.db, 'accounts')).toBe(2);
});
