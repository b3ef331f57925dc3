import { beforeEach, expect, test } from 'vitest';
import { listAudience } from '../../src/query/list-audience.ts';
import { listAudit } from '../../src/query/list-audit.ts';
import { saveAudit } from '../../src/store/audit.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore, runSql, seedAccount } from '../helper/temp-store.ts';

let store: Store;
beforeEach(async () => {
  store = await openTempStore();
});

test('listAudience gives the latest day of each account that has one, paused ones too', async () => {
  const [anna, zoe] = [await seedAccount(store), await seedAccount(store, 'zoe', { is_active: 0 })];
  await seedAccount(store, 'newt');
  await store.db
    .insertInto('audience_demographics')
    .values([
      { account_id: anna, platform: 'tiktok', date: '2026-11-01', age_18_24: 40 },
      { account_id: anna, platform: 'tiktok', date: '2026-11-02', age_18_24: 41.5, top_countries: '["USA", "UK"]' },
      { account_id: zoe, platform: 'tiktok', date: '2026-10-01', male_percentage: 0, top_cities: '{"by": "hand"}' },
    ])
    .execute();
  expect(await listAudience(store.db)).toMatchObject([
    {
      username: 'anna',
      date: '2026-11-02',
      age_18_24: 41.5,
      age_25_34: null,
      top_countries: ['USA', 'UK'],
      top_cities: null,
    },
    { username: 'zoe', date: '2026-10-01', male_percentage: 0, top_cities: { by: 'hand' } },
  ]);
  expect(await listAudience(store.db, { username: 'zoe' })).toHaveLength(1);
  expect(await listAudience(store.db, { platform: 'instagram' })).toEqual([]);
});

test('listAudit gives the newest first, of a table, and since a day of the time zone', async () => {
  await saveAudit(store.db, { action: 'add', table: 'videos', rowId: 'v1', after: { id: 'v1' } });
  await saveAudit(
    store.db,
    { action: 'record', table: 'campaign_social_metrics', rowId: 5, before: { cost: 1 }, after: { cost: 2 } },
    'api',
  );
  await runSql(store, "UPDATE audit_log SET happened_at = '2026-11-20T23:30:00.000Z' WHERE table_name = 'videos'");
  await runSql(store, "UPDATE audit_log SET happened_at = '2026-11-21T12:00:00.000Z' WHERE table_name <> 'videos'");
  const all = await listAudit(store.db, { limit: 10, timezone: 'UTC' });
  expect(all).toMatchObject([
    {
      actor: 'api',
      action: 'record',
      row_id: '5',
      happened_at: '2026-11-21T12:00:00.000Z',
      before: { cost: 1 },
      after: { cost: 2 },
    },
    { actor: 'cli', action: 'add', row_id: 'v1', before: null, after: { id: 'v1' } },
  ]);
  expect(await listAudit(store.db, { limit: 1, timezone: 'UTC' })).toEqual(all.slice(0, 1));
  expect(await listAudit(store.db, { limit: 10, table: 'videos', timezone: 'UTC' })).toEqual(all.slice(1));
  expect(await listAudit(store.db, { limit: 10, since: '2026-11-21', timezone: 'UTC' })).toEqual(all.slice(0, 1));
  expect(await listAudit(store.db, { limit: 10, since: '2026-11-21', timezone: 'Europe/Berlin' })).toEqual(all);
});
