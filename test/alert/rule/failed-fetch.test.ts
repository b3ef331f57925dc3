import { beforeEach, describe, expect, test } from 'vitest';
import { failedFetch } from '../../../src/alert/rule/failed-fetch.ts';
import type { Store } from '../../../src/store/open.ts';
import { openTempStore, seedAccount } from '../../helper/temp-store.ts';
import { daysAgo, EVERYONE, STANDARD, TODAY, worldOf } from './world.ts';

let store: Store;
let anna: number;
beforeEach(async () => {
  store = await openTempStore();
  anna = await seedAccount(store, 'anna');
});

const find = (threshold: number | null = null, today = TODAY) =>
  failedFetch.find(worldOf(store, { today }), { ...STANDARD, threshold }, EVERYONE);

/** Fetches in their order: how many days ago, and how they ended. */
async function seedJobs(
  account: number,
  ...jobs: [ago: number, status: 'failed' | 'completed' | 'running', why?: string][]
) {
  for (const [ago, status, why] of jobs)
    await store.db
      .insertInto('analytics_fetch_jobs')
      .values({ account_id: account, date: daysAgo(ago), status, error_message: why ?? null })
      .execute();
}

test('tells the latest reason, the days and the tries, once for a streak', async () => {
  await seedJobs(
    anna,
    [5, 'failed', 'old'],
    [4, 'completed'],
    [2, 'failed', 'first'],
    [1, 'failed'],
    [1, 'failed', 'No\u0007 answer.'],
  );
  const expected = {
    subject: `account:${anna}`,
    key: `account:${anna}:after:2`,
    accountId: anna,
    day: daysAgo(1),
    title: `tiktok @anna could not be fetched on 2 days, from ${daysAgo(2)} to ${daysAgo(1)}: No\\u{7} answer`,
    facts: [
      { label: 'Failed since', value: daysAgo(2) },
      { label: 'Tries', value: '3 on 2 days' },
      { label: 'Latest numbers', value: 'none' },
    ],
    doubts: [],
    url: null,
    values: expect.objectContaining({ failed_days: 2, failed_fetches: 3, error_message: 'No\\u{7} answer.' }),
  };
  expect(await find()).toEqual([expected]);
  expect(await find(2)).toEqual([expected]);
  expect(await find(3)).toEqual([]);
  await seedJobs(anna, [0, 'failed', 'again']);
  expect(await find()).toMatchObject([{ key: expected.key, day: TODAY }]);
});

test('is told again of a streak that begins on the day on which another ended', async () => {
  await seedJobs(anna, [0, 'failed']);
  const [first] = await find();
  await seedJobs(anna, [0, 'completed'], [0, 'failed']);
  const [second] = await find();
  expect(first?.key).not.toBe(second?.key);
  await seedJobs(anna, [0, 'failed']);
  expect(await find()).toMatchObject([{ key: second?.key, values: { failed_fetches: 2 } }]);
});

test('counts days, not tries, and an account that never succeeded', async () => {
  await seedJobs(anna, [0, 'failed'], [0, 'failed'], [0, 'failed']);
  expect(await find(2)).toEqual([]);
  expect(await find()).toMatchObject([
    { title: `tiktok @anna could not be fetched on ${TODAY}: no reason is known`, values: { error_message: null } },
  ]);
});

describe('does not tell', () => {
  test('what succeeded since, or is under way for the first time', async () => {
    await seedJobs(anna, [2, 'failed'], [1, 'failed'], [0, 'completed']);
    await seedJobs(await seedAccount(store, 'bert'), [0, 'running']);
    await seedAccount(store, 'newt');
    expect(await find()).toEqual([]);
  });

  test('accounts that are paused, or competitors', async () => {
    await seedJobs(await seedAccount(store, 'zoe', { is_active: 0 }), [0, 'failed']);
    await seedJobs(await seedAccount(store, 'rival', { is_competitor: 1 }), [0, 'failed']);
    expect(await find()).toEqual([]);
  });

  test('history', async () => {
    await seedJobs(anna, [4, 'failed']);
    expect(await find()).toEqual([]);
  });
});

test('a streak after a success is another event, and a try under way changes nothing', async () => {
  await seedJobs(anna, [3, 'failed'], [2, 'completed'], [1, 'failed', 'why'], [0, 'running']);
  expect(await find()).toMatchObject([{ key: `account:${anna}:after:2`, title: expect.stringMatching(/: why$/) }]);
});
