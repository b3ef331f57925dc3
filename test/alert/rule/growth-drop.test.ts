import { beforeEach, describe, expect, test } from 'vitest';
import { growthDrop } from '../../../src/alert/rule/growth-drop.ts';
import type { Store } from '../../../src/store/open.ts';
import { openTempStore, seedAccount } from '../../helper/temp-store.ts';
import { counter, daysAgo, EVERYONE, quiet, seedCounters, STANDARD, TODAY, worldOf } from './world.ts';

let store: Store;
let anna: number;
beforeEach(async () => {
  store = await openTempStore();
  anna = await seedAccount(store, 'anna', { brand: 'acme' });
});

const find = (scope = EVERYONE, parameters = {}) =>
  growthDrop.find(worldOf(store), { ...STANDARD, ...parameters }, scope);

const steady = Array.from({ length: 60 }, () => 100);
const dropped = counter([...steady, 20, 20, 20, 20, 20, 20, 20]);

test('tells fewer followers than in the week before, with both windows', async () => {
  await seedCounters(store, anna, { followers: dropped });
  expect(await find()).toEqual([
    {
      subject: `account:${anna}`,
      key: `account:${anna}:${TODAY}`,
      accountId: anna,
      day: TODAY,
      title: 'tiktok @anna gained 140 followers in 7 days, 80 % fewer than the 700 of the 7 days before',
      facts: [
        { label: 'Followers', value: '26,140' },
        { label: '2026-11-15 to 2026-11-22', value: '+140, 7 of 7 days known' },
        { label: '2026-11-08 to 2026-11-15', value: '+700, 7 of 7 days known' },
        { label: 'Difference needed', value: '50 %, and 26 followers' },
      ],
      doubts: [],
      url: null,
      values: expect.objectContaining({ gain: 140, gain_before: 700, drop_percent: 80, threshold: 50, days: 7 }),
    },
  ]);
  expect(await find(EVERYONE, { threshold: 81 })).toEqual([]);
});

test('a loss is a drop beyond 100 %, and one after a loss or a stand has no percentage', async () => {
  await seedCounters(store, anna, { followers: counter([...steady, ...Array.from({ length: 7 }, () => -30)]) });
  expect(await find(EVERYONE, { threshold: 110 })).toMatchObject([
    {
      title: 'tiktok @anna lost 210 followers in 7 days, after gaining 700 in the 7 days before',
      values: { drop_percent: 130 },
    },
  ]);
  const bert = await seedAccount(store, 'bert');
  const falls = Array.from({ length: 30 }, () => -10);
  await seedCounters(store, bert, { followers: counter([...falls, ...Array.from({ length: 7 }, () => -30)]) });
  expect(await find({ ...EVERYONE, accountId: bert })).toMatchObject([
    {
      title: 'tiktok @bert lost 210 followers in 7 days, after losing 70 in the 7 days before',
      values: { drop_percent: null },
    },
  ]);
});

describe('does not tell', () => {
  test('quiet weeks, nor a difference of a few followers', async () => {
    await seedCounters(store, anna, { followers: counter(quiet(60)) });
    await seedCounters(store, await seedAccount(store, 'bert'), {
      followers: counter([2, 1, 2, 1, 2, 1, 2, 0, 0, 1, 0, 0, 1, 0]),
    });
    expect(await find()).toEqual([]);
  });

  test('a window of which too few days are known', async () => {
    const gaps = dropped.map((value, at) => (dropped.length - at <= 13 && at % 2 === 0 ? null : value));
    await seedCounters(store, anna, { followers: gaps });
    expect(await find()).toEqual([]);
  });

  test('two weeks of which one is not there yet', async () => {
    await seedCounters(store, anna, { followers: counter([100, 100, 100, 20, 20, 20, 20, 20, 20, 20]) });
    expect(await find()).toEqual([]);
  });

  test('steps of rounding, or a counter at a stand that the provider does not read', async () => {
    const rounded = counter(quiet(60, 1000), 1_230_000).map((value) => Math.floor(value / 10_000) * 10_000);
    await seedCounters(store, anna, { followers: rounded });
    await seedCounters(store, await seedAccount(store, 'bert'), { followers: counter([...steady, 0, 0, 0, 0, 0, 0]) });
    expect(await find()).toEqual([]);
  });

  test('history: an import of old numbers is no news', async () => {
    await seedCounters(store, anna, { followers: dropped, endsAgo: 4 });
    expect(await find()).toEqual([]);
  });

  test('competitors, unless one is named, and paused accounts not even then', async () => {
    const rival = await seedAccount(store, 'rival', { is_competitor: 1 });
    const paused = await seedAccount(store, 'paused', { is_active: 0 });
    await seedCounters(store, rival, { followers: dropped });
    await seedCounters(store, paused, { followers: dropped });
    expect(await find()).toEqual([]);
    expect(await find({ ...EVERYONE, accountId: rival })).toHaveLength(1);
    expect(await find({ ...EVERYONE, accountId: paused })).toEqual([]);
  });
});

test('watches a platform or a brand', async () => {
  await seedCounters(store, anna, { followers: dropped });
  const grace = await seedAccount(store, 'grace', { platform: 'instagram' });
  await seedCounters(store, grace, { followers: dropped });
  const who = async (scope: object) => (await find({ ...EVERYONE, ...scope })).map(({ accountId }) => accountId);
  expect(await who({ platform: 'instagram' })).toEqual([grace]);
  expect(await who({ brand: 'acme' })).toEqual([anna]);
  expect(await who({ brand: 'acme', platform: 'instagram' })).toEqual([]);
});

test('a day without followers is judged no other than the day before it', async () => {
  await seedCounters(store, anna, { followers: [...dropped, null] });
  expect(await find()).toMatchObject([{ key: `account:${anna}:${daysAgo(1)}`, day: daysAgo(1) }]);
});

test('says that the provider changed', async () => {
  await seedCounters(store, anna, { followers: dropped, providerOf: (ago) => (ago < 4 ? 'b' : 'a') });
  expect(await find()).toMatchObject([{ doubts: ['provider changed from a to b'] }]);
});

test('replays each day with what was known on it', async () => {
  await seedCounters(store, anna, { followers: dropped });
  const told = await growthDrop.replay?.(worldOf(store), STANDARD, EVERYONE, 30);
  // 4 days of 20 and 3 of 100: 380 against 700 is the first that is half.
  expect(told?.map(({ day }) => day)).toEqual([daysAgo(2), daysAgo(1), TODAY]);
  for (const finding of told ?? []) {
    const then = await growthDrop.replay?.(worldOf(store, { today: finding.day }), STANDARD, EVERYONE, 1);
    expect(then).toEqual([finding]);
  }
});
