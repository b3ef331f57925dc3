import { beforeEach, describe, expect, test } from 'vitest';
import { spike } from '../../../src/alert/rule/spike.ts';
import type { Store } from '../../../src/store/open.ts';
import { openTempStore, seedAccount, seedPost, seedPostDay } from '../../helper/temp-store.ts';
import { counter, daysAgo, EVERYONE, quiet, seedCounters, STANDARD, TODAY, worldOf, type Counters } from './world.ts';

let store: Store;
let anna: number;
beforeEach(async () => {
  store = await openTempStore();
  anna = await seedAccount(store, 'anna');
});

const find = (parameters = {}) => spike.find(worldOf(store), { ...STANDARD, ...parameters }, EVERYONE);
const seed = (counters: Counters) => seedCounters(store, anna, counters);
const steady = Array.from({ length: 40 }, () => 2000);

test('tells a day of many times the median of the four weeks before', async () => {
  await seed({ views: counter([...steady, 9000], 100_000) });
  expect(await find()).toEqual([
    {
      subject: `account:${anna}:total_views`,
      key: `account:${anna}:total_views:${TODAY}`,
      accountId: anna,
      day: TODAY,
      title: `tiktok @anna gained 9,000 views on ${TODAY}, 4.5 times what a day usually brings (2,000)`,
      facts: [
        { label: 'Change', value: '+9,000' },
        { label: 'Expected', value: '2,000 (median change, n = 28)' },
        { label: 'Fires from', value: '6,000 (28 days before, 3 times)' },
      ],
      doubts: [],
      url: null,
      values: expect.objectContaining({ metric: 'total_views', observed: 9000, expected: 2000, factor: 4.5, n: 28 }),
    },
  ]);
  expect(await find({ threshold: 4.6 })).toEqual([]);
});

test('watches followers and likes where it is asked to', async () => {
  await seed({ followers: counter([...steady, 9000]), likes: counter([...steady, 2000]), views: [] });
  expect(await find()).toEqual([]);
  expect(await find({ metric: 'total_likes' })).toEqual([]);
  expect(await find({ metric: 'followers_count' })).toMatchObject([{ subject: `account:${anna}:followers_count` }]);
});

test('a counter that seldom rises is compared with its rises', async () => {
  const rises = Array.from({ length: 40 }, (_, at) => (at % 4 === 0 ? 30 : 0));
  await seed({ views: counter([...rises, 80]) });
  expect(await find()).toEqual([]);
  const bert = await seedAccount(store, 'bert');
  await seedCounters(store, bert, { views: counter([...rises, 95]) });
  expect(await find()).toMatchObject([
    { accountId: bert, title: expect.stringContaining('3.2 times its usual rise of the four weeks before (30)') },
  ]);
});

describe('does not tell', () => {
  test('quiet days, a small number, or too few days before', async () => {
    await seed({ views: counter(quiet(60)) });
    await seedCounters(store, await seedAccount(store, 'bert'), { views: counter([...steady.map(() => 1), 9]) });
    await seedCounters(store, await seedAccount(store, 'cara'), { views: counter([...steady.slice(0, 13), 9000]) });
    expect(await find()).toEqual([]);
  });

  test('a change across a gap, or across unknown days', async () => {
    const values = counter([...steady, 2000, 2000, 2000, 2000], 0);
    await seed({ views: values.map((value, at) => (at > 40 && at < 44 ? undefined : value)) });
    const bert = await seedAccount(store, 'bert');
    await seedCounters(store, bert, { views: values.map((value, at) => (at > 40 && at < 44 ? null : value)) });
    expect(await find()).toEqual([]);
  });

  test('a change from one provider to another', async () => {
    await seed({ views: counter([...steady, 90_000]), providerOf: (ago) => (ago === 0 ? 'b' : 'a') });
    expect(await find()).toEqual([]);
  });

  test('what was not read for days and then came at once', async () => {
    await seed({ views: counter([...steady, 0, 0, 0, 8000]) });
    expect(await find()).toEqual([]);
    const bert = await seedAccount(store, 'bert');
    await seedCounters(store, bert, { views: counter([...steady, 0, 0, 0, 80_000]) });
    expect(await find()).toMatchObject([{ accountId: bert, doubts: ['it had not moved for 3 days'] }]);
  });

  test('history', async () => {
    await seed({ views: counter([...steady, 9000]), endsAgo: 4 });
    expect(await find()).toEqual([]);
  });
});

describe('posts that were first seen long after they were published', () => {
  const addPost = async (account: number, views: number | null) => {
    const post = await seedPost(store, account, `p${account}`, { posted_at: '2026-10-01T10:00:00.000Z' });
    await seedPostDay(store, post, TODAY, { views_count: views });
  };

  test('are no spike when they explain it', async () => {
    await seed({ views: counter([...steady, 9000]) });
    await addPost(anna, 7000);
    expect(await find()).toEqual([]);
  });

  test('are a doubt when they do not, or when nobody knows what they brought', async () => {
    await seed({ views: counter([...steady, 9000]) });
    await addPost(anna, 1000);
    const bert = await seedAccount(store, 'bert');
    await seedCounters(store, bert, { views: counter([...steady, 9000]) });
    await addPost(bert, null);
    const doubts = ['1 older post fetched for the first time'];
    expect(await find()).toMatchObject([
      { accountId: anna, doubts, values: { change: 9000, observed: 8000 } },
      { accountId: bert, doubts, values: { change: 9000, observed: 9000 } },
    ]);
  });
});

test('replays each day with what was known on it', async () => {
  await seed({ views: counter([...steady, 9000, ...steady.slice(0, 5), 12_000, 2000]) });
  const told = (await spike.replay?.(worldOf(store), STANDARD, EVERYONE, 30)) ?? [];
  expect(told.map(({ day }) => day)).toEqual([daysAgo(7), daysAgo(1)]);
  for (const finding of told)
    expect(await spike.replay?.(worldOf(store, { today: finding.day }), STANDARD, EVERYONE, 1)).toEqual([finding]);
  expect(await spike.replay?.(worldOf(store), STANDARD, EVERYONE, 7)).toHaveLength(1);
});
