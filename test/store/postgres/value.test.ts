import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openTempStore, runSql, seedAccount, seedDay } from '../../helper/temp-store.ts';

test.each([
  ['true', 1],
  ['false', 0],
  ['NULL::boolean', null],
  ['7::smallint', 7],
  ['9007199254740991::bigint', 9007199254740991],
  ['12.50::numeric', 12.5],
  ['0.1::double precision', 0.1],
  ["'2026-11-22'::date", '2026-11-22'],
  ["'2026-11-22T10:00:00Z'::timestamptz", '2026-11-22T10:00:00.000Z'],
  ["'2026-11-22T10:00:00.5Z'::timestamptz", '2026-11-22T10:00:00.500Z'],
  ["'2026-11-22T10:00:00.123456Z'::timestamptz", '2026-11-22T10:00:00.123Z'],
  ["'2026-11-22T10:00:00+05:30'::timestamptz", '2026-11-22T04:30:00.000Z'],
  ["'infinity'::timestamptz", 'infinity'],
  [`'{"b": 1,  "a": [2]}'::json`, '{"b": 1,  "a": [2]}'],
  ["'x'::text", 'x'],
])('%s is read as %j', async (expression, value) => {
  const store = await openTempStore();
  expect(await runSql(store, `SELECT ${expression} AS value`)).toEqual([{ value }]);
});

test.each(['Asia/Kolkata', 'America/St_Johns', 'Europe/Berlin'])(
  'an instant is the same where the session is in %s',
  async (zone) => {
    const { db } = await openTempStore();
    const { rows } = await db.transaction().execute(async (trx) => {
      await sql`SELECT set_config('timezone', ${zone}, true)`.execute(trx);
      return sql`SELECT '2026-11-22T23:59:59.9Z'::timestamptz AS at`.execute(trx);
    });
    expect(rows).toEqual([{ at: '2026-11-22T23:59:59.900Z' }]);
  },
);

test('counts and sums are numbers, and an average is one', async () => {
  const store = await openTempStore();
  const id = await seedAccount(store);
  await seedDay(store, id, '2026-11-21', { total_views: 4_000_000_000_000 });
  await seedDay(store, id, '2026-11-22', { total_views: 4_000_000_000_001 });
  const row = await store.db
    .selectFrom('social_media_analytics_snapshots')
    .select(({ fn }) => [
      fn.countAll<number>().as('days'),
      fn.sum<number>('total_views').as('sum'),
      fn.avg<number>('total_views').as('average'),
      fn.max('snapshot_date').as('latest'),
    ])
    .executeTakeFirst();
  expect(row).toEqual({ days: 2, sum: 8_000_000_000_001, average: 4_000_000_000_000.5, latest: '2026-11-22' });
});

test('flags are written as 0 and 1', async () => {
  const store = await openTempStore();
  await seedAccount(store, 'anna', { is_competitor: 1, is_active: 0, is_verified: null });
  expect(
    await runSql(store, 'SELECT is_competitor, is_active, is_verified FROM social_media_accounts WHERE NOT is_active'),
  ).toEqual([{ is_competitor: 1, is_active: 0, is_verified: null }]);
});
