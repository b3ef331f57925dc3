import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { forgetCampaign } from '../../src/record/campaign.ts';
import { readRecords } from '../../src/record/read.ts';
import { recordAll, type RecordOptions } from '../../src/record/record.ts';
import { removeAccount } from '../../src/store/account.ts';
import type { Store } from '../../src/store/open.ts';
import { databaseOf, makeDirectory, openTempStore, runSql, seedAccount } from '../helper/temp-store.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const WHO = { actor: 'cli', now: new Date('2026-11-22T10:00:00Z') };

let store: Store;
beforeEach(async () => {
  store = await openTempStore();
});

async function keep(fields: Record<string, unknown>, options: RecordOptions = {}) {
  const { records, problems } = readRecords(
    'campaign',
    [{ fields: { campaign: 'spring', ...fields }, where: '' }],
    'json',
    '2026-11-22',
  );
  expect(problems).toEqual([]);
  const [outcome] = await recordAll(store.db, records, options, WHO);
  return outcome;
}

const all = () => runSql(store, 'SELECT * FROM campaign_social_metrics ORDER BY id');
const count = async (table: string) => (await runSql(store, `SELECT * FROM ${table}`)).length;

test('the check numbers are stored unrounded', async () => {
  await keep({
    cost: 5000,
    revenue: 25_000,
    conversions: 150,
    impressions: 500_000,
    reach: 150_000,
    engagement: 7500,
    currency: 'EUR',
  });
  expect(await all()).toMatchObject([
    {
      campaign_id: 'spring',
      account_id: null,
      platform: null,
      video_id: null,
      currency: 'EUR',
      roi: 400,
      roas: 5,
      conversion_rate: 0.03,
      cost_per_conversion: 5000 / 150,
      cost_per_reach: 5000 / 150_000,
      cost_per_engagement: 5000 / 7500,
      engagement_rate: 5,
      updated_at: '2026-11-22T10:00:00.000Z',
    },
  ]);
});

test('what is left out stays, and the ratios follow', async () => {
  await keep({ cost: 100 });
  expect(await all()).toMatchObject([{ cost: 100, roi: null, revenue_generated: null }]);
  await keep({ revenue: 150, conversions: 4 });
  expect(await all()).toMatchObject([{ cost: 100, revenue_generated: 150, roi: 50, cost_per_conversion: 25 }]);
  await keep({ cost: 50, conversions: null });
  expect(await all()).toMatchObject([
    { cost: 50, revenue_generated: 150, roi: 200, conversions: 4, cost_per_conversion: 12.5 },
  ]);
  await keep({ conversions: 0 });
  expect(await all()).toMatchObject([{ conversions: 0, cost_per_conversion: null }]);
  const entries = await runSql<{ before_json: string | null; after_json: string }>(
    store,
    'SELECT before_json, after_json FROM audit_log ORDER BY id',
  );
  expect(
    entries.map(({ before_json, after_json }) =>
      [before_json && JSON.parse(before_json), JSON.parse(after_json)].map(
        (row) => (row as { cost: number } | null)?.cost,
      ),
    ),
  ).toEqual([
    [undefined, 100],
    [100, 100],
    [100, 50],
    [50, 50],
  ]);
});

test('the same again changes nothing', async () => {
  await keep({ cost: 100, revenue: 33.3, currency: 'EUR' });
  const before = await all();
  const again = await keep({ cost: 100, revenue: 33.3, currency: 'eur' });
  expect(again?.saved.isChanged).toBe(false);
  expect(await all()).toEqual(before);
  expect(await count('audit_log')).toBe(1);
});

test('an account, a platform and a video make rows of their own', async () => {
  await seedAccount(store);
  await runSql(store, "INSERT INTO videos (id, title) VALUES ('v1', 'One')");
  await keep({ cost: 1 });
  await keep({ cost: 2, platform: 'tiktok' });
  await keep({ cost: 3, account: 'tiktok:anna' });
  await keep({ cost: 4, video: 'v1' });
  await keep({ cost: 5, account: 'tiktok:anna', video: 'v1' });
  await keep({ cost: 30, account: 'tiktok:anna', platform: 'tiktok' });
  expect((await all()).map((row) => row['cost'])).toEqual([1, 2, 30, 4, 5]);
});

test.each([
  ['a video that is not there', { video: 'v9' }, /There is no video v9/],
  ['an account that is not there', { account: 'tiktok:nobody' }, /nobody is not tracked/],
])('%s is refused', async (_, fields, message) => {
  await expect(keep({ cost: 1, ...fields })).rejects.toMatchObject({
    ending: 'not_found',
    message: expect.stringMatching(message),
  });
  expect(await all()).toEqual([]);
});

test('an end before the stored start is refused', async () => {
  await keep({ cost: 1, start: '2026-11-10' });
  await expect(keep({ end: '2026-11-09' })).rejects.toThrow(
    /the end \(2026-11-09\) is before the start \(2026-11-10\)/,
  );
});

describe('the currency', () => {
  test('is what is said, else the configured one, else none', async () => {
    await keep({ campaign: 'a', cost: 1, currency: 'USD' }, { currency: 'EUR' });
    await keep({ campaign: 'b', cost: 1 }, { currency: 'EUR' });
    await keep({ campaign: 'c', cost: 1 });
    await keep({ campaign: 'd', conversions: 1 }, { currency: 'EUR' });
    expect((await all()).map((row) => row['currency'])).toEqual(['USD', 'EUR', null, null]);
  });

  test('may change with both amounts, or when there is none yet', async () => {
    await keep({ cost: 1, revenue: 2, currency: 'USD' });
    await keep({ cost: 3, revenue: 4, currency: 'EUR' });
    expect(await all()).toMatchObject([{ cost: 3, revenue_generated: 4, currency: 'EUR' }]);
    await keep({ campaign: 'b', conversions: 1, currency: 'USD' });
    await keep({ campaign: 'b', cost: 1, currency: 'EUR' });
  });

  test('may be said later of amounts that had none', async () => {
    await keep({ cost: 1 });
    await keep({ currency: 'EUR' });
    expect(await all()).toMatchObject([{ cost: 1, currency: 'EUR' }]);
  });

  test.each([
    ['said', { cost: 3, currency: 'EUR' }, {}],
    ['said without an amount', { currency: 'EUR' }, {}],
    ['configured', { cost: 3 }, { currency: 'EUR' }],
  ])('is refused when it is %s and an amount of the other one would stay', async (_, fields, options) => {
    await keep({ cost: 1, revenue: 2, currency: 'USD' });
    await expect(keep(fields, options)).rejects.toThrow(/stored in USD; it cannot become EUR by itself/);
    expect(await all()).toMatchObject([{ cost: 1, revenue_generated: 2, currency: 'USD' }]);
  });

  test('of the configuration does not name that of an amount without one', async () => {
    await keep({ revenue: 2 });
    await expect(keep({ cost: 3 }, { currency: 'EUR' })).rejects.toThrow(
      /revenue of spring is stored without a currency/,
    );
    await keep({ conversions: 3 }, { currency: 'EUR' });
    expect(await all()).toMatchObject([{ currency: null, conversions: 3 }]);
  });
});

test('a dry run works everything out and keeps nothing', async () => {
  await keep({ cost: 100 });
  const tried = await keep({ revenue: 300, account: 'tiktok:new' }, { dryRun: true, create: true });
  expect(tried?.ratios?.roi).toEqual({ value: null, reason: 'cost is not known' });
  expect((await keep({ revenue: 300 }, { dryRun: true }))?.ratios?.roi.value).toBe(200);
  expect(await all()).toMatchObject([{ cost: 100, revenue_generated: null }]);
  expect(await count('social_media_accounts')).toBe(0);
  expect(await count('audit_log')).toBe(1);
});

test('what is removed stays in the audit', async () => {
  await keep({ cost: 1 });
  await keep({ cost: 2, platform: 'tiktok' });
  await keep({ campaign: 'autumn', cost: 3 });
  expect(await forgetCampaign(store.db, 'spring', WHO)).toBe(2);
  expect(await forgetCampaign(store.db, 'spring', WHO)).toBe(0);
  expect(await all()).toMatchObject([{ campaign_id: 'autumn' }]);
  const removed = await runSql<{ before_json: string; after_json: null }>(
    store,
    "SELECT before_json, after_json FROM audit_log WHERE action = 'remove' ORDER BY id",
  );
  expect(
    removed.map(({ before_json, after_json }) => [(JSON.parse(before_json) as { cost: number }).cost, after_json]),
  ).toEqual([
    [1, null],
    [2, null],
  ]);
});

test('names with quotes, escapes and other scripts are kept as they are', async () => {
  const names = [`Frühling "26'; DROP TABLE x;--`, '\u001b[31mred', '日本 🌸', 'a\nb'];
  for (const campaign of names) await keep({ campaign, cost: 1 });
  expect((await all()).map((row) => row['campaign_id'])).toEqual(names);
  // The same name, decomposed.
  await keep({ campaign: names[0]?.normalize('NFD'), cost: 2 });
  expect(await all()).toHaveLength(4);
});

test('of two processes that record the same campaign at once, neither loses what the other one knew', async () => {
  const database = await databaseOf(store);
  const run = (...argv: string[]) => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', 'src/cli.ts', '--db', database, 'roi', '--campaign', 'spring', ...argv],
      {
        cwd: ROOT,
        env: { ...process.env, SMSTATS_HOME: makeDirectory() },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let errors = '';
    child.stderr.on('data', (text) => (errors += String(text)));
    return once(child, 'exit').then(([code]) => ({ code: code as number, errors }));
  };
  const ended = await Promise.all([
    run('--cost', '100'),
    run('--revenue', '150'),
    run('--conversions', '4'),
    run('--impressions', '1000'),
  ]);
  expect(ended.map(({ code, errors }) => `${code} ${errors}`)).toEqual(['0 ', '0 ', '0 ', '0 ']);
  expect(await all()).toMatchObject([
    { cost: 100, revenue_generated: 150, conversions: 4, total_impressions: 1000, roi: 50, cost_per_conversion: 25 },
  ]);
  expect(await count('audit_log')).toBe(4);
}, 60_000);

test('an account or a video that is deleted by hand leaves each campaign under a name of its own', async () => {
  const accounts = [await seedAccount(store, 'one'), await seedAccount(store, 'two')];
  await runSql(store, "INSERT INTO videos (id, title) VALUES ('v1', 'One'), ('v2', 'Two')");
  for (const account of accounts) {
    await runSql(
      store,
      `INSERT INTO campaign_social_metrics (campaign_id, account_id, cost) VALUES ('c', ${account}, 5)`,
    );
  }
  await runSql(
    store,
    "INSERT INTO campaign_social_metrics (campaign_id, video_id, cost) VALUES ('d', 'v1', 7), ('d', 'v2', 7)",
  );
  for (const account of accounts) await runSql(store, `DELETE FROM social_media_accounts WHERE id = ${account}`);
  await runSql(store, 'DELETE FROM videos');
  const rows = await store.db
    .selectFrom('campaign_social_metrics')
    .select(['id', 'campaign_id', 'cost'])
    .orderBy('id')
    .execute();
  expect(rows.map(({ id, campaign_id: name, cost }) => [name.replace(` #${id}`, ' #'), cost])).toEqual([
    ['c #', 5],
    ['c #', 5],
    ['d #', 7],
    ['d #', 7],
  ]);
});

test('an account that is removed takes its campaigns along, and the audit keeps them', async () => {
  const account = await seedAccount(store, 'one');
  await runSql(
    store,
    `INSERT INTO campaign_social_metrics (campaign_id, account_id, cost) VALUES ('c', ${account}, 5)`,
  );
  expect(await removeAccount(store.db, account)).toMatchObject({ campaigns: 1 });
  expect(await store.db.selectFrom('campaign_social_metrics').selectAll().execute()).toEqual([]);
  const [kept] = await store.db.selectFrom('audit_log').select(['action', 'before_json']).execute();
  expect(kept?.action).toBe('remove');
  expect(JSON.parse(kept?.before_json ?? '')).toMatchObject({ campaign_id: 'c', cost: 5 });
});
