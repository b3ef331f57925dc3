import { beforeEach, expect, test } from 'vitest';
import { anomaly } from '../../../src/alert/rule/anomaly.ts';
import { listAnomalies } from '../../../src/query/list-anomalies.ts';
import type { Store } from '../../../src/store/open.ts';
import { openTempStore, seedAccount } from '../../helper/temp-store.ts';
import { counter, daysAgo, EVERYONE, quiet, seedCounters, STANDARD, TODAY, worldOf } from './world.ts';

let store: Store;
let anna: number;
beforeEach(async () => {
  store = await openTempStore();
  anna = await seedAccount(store, 'anna');
});

const find = (parameters = {}) => anomaly.find(worldOf(store), { ...STANDARD, ...parameters }, EVERYONE);

test('tells what the report flags on the last day, by account, counter and day', async () => {
  await seedCounters(store, anna, {
    views: counter([...quiet(70), 900]),
    followers: counter([...quiet(70), -400]),
    likes: counter(quiet(71)),
  });
  const told = await find();
  const [report] = await listAnomalies(store.db, 1);
  const flagged = report?.series.flatMap(({ metric, anomalies }) => anomalies.map((each) => ({ metric, ...each })));
  expect(told.map(({ values }) => values)).toEqual(
    flagged?.map(({ metric, change, days, observed, expected, low, high, score, method, n }) => {
      return { metric, change, days, observed, expected, low, high, score, method, n };
    }),
  );
  expect(told.map(({ subject, key }) => [subject, key])).toEqual([
    [`account:${anna}:followers_count`, `account:${anna}:followers_count:${TODAY}`],
    [`account:${anna}:total_views`, `account:${anna}:total_views:${TODAY}`],
  ]);
  expect(told[0]?.title).toBe('tiktok @anna lost 400 followers on 2026-11-22; −27 to 128 was expected');
  expect(told[0]?.facts.map(({ label }) => label)).toEqual(['Observed', 'Expected', 'Score', 'Method']);
  expect(await find({ metric: 'total_views' })).toHaveLength(1);
  expect(await find({ metric: 'total_likes' })).toEqual([]);
});

test('says what else may explain it', async () => {
  const values = counter([...quiet(70), 100, 100, 9000]);
  await seedCounters(store, anna, {
    views: values.map((value, at) => (at === 71 || at === 72 ? null : value)),
    providerOf: (ago) => (ago === 0 ? 'b' : 'a'),
  });
  expect(await find()).toMatchObject([
    {
      title: expect.stringMatching(/^tiktok @anna gained 9,200 views from 2026-11-19 to 2026-11-22, 3,067 a day; /),
      doubts: ['2 days without numbers before', 'provider changed from a to b'],
    },
  ]);
});

test('tells nothing of quiet days, unknown days and history', async () => {
  await seedCounters(store, anna, { views: counter(quiet(70)), followers: [] });
  await seedCounters(store, await seedAccount(store, 'bert'), { views: [...counter(quiet(70)), null] });
  await seedCounters(store, await seedAccount(store, 'cara'), { views: counter([...quiet(70), 900]), endsAgo: 4 });
  expect(await find()).toEqual([]);
});

test('replays each day with what was known on it', async () => {
  await seedCounters(store, anna, { views: counter([...quiet(70), 900, ...quiet(10), 2, ...quiet(4)]) });
  const told = (await anomaly.replay?.(worldOf(store), STANDARD, EVERYONE, 30)) ?? [];
  expect(told.map(({ day }) => day)).toEqual([daysAgo(15), daysAgo(4)]);
  for (const finding of told)
    expect(await anomaly.replay?.(worldOf(store, { today: finding.day }), STANDARD, EVERYONE, 1)).toEqual([finding]);
});
