import { beforeEach, describe, expect, test } from 'vitest';
import { stale } from '../../../src/alert/rule/stale.ts';
import type { Store } from '../../../src/store/open.ts';
import { openTempStore, seedAccount } from '../../helper/temp-store.ts';
import { counter, daysAgo, EVERYONE, quiet, seedCounters, STANDARD, TODAY, worldOf } from './world.ts';

let store: Store;
let anna: number;
beforeEach(async () => {
  store = await openTempStore();
  anna = await seedAccount(store, 'anna', { created_at: '2026-01-01T00:00:00.000Z' });
});

const find = (parameters = {}, today = TODAY) =>
  stale.find(worldOf(store, { today }), { ...STANDARD, ...parameters }, EVERYONE);

describe('no new numbers', () => {
  test('are told once, by the day since which', async () => {
    await seedCounters(store, anna, { views: counter(quiet(60)), endsAgo: 4 });
    expect(await find()).toEqual([
      {
        subject: `account:${anna}`,
        key: `account:${anna}:silent:${daysAgo(4)}`,
        accountId: anna,
        day: TODAY,
        title: `tiktok @anna has no new numbers since ${daysAgo(4)}, for 4 days`,
        facts: [
          { label: 'Latest numbers', value: daysAgo(4) },
          { label: 'Fires after', value: '3 days' },
        ],
        doubts: [],
        url: null,
        values: {
          reason: 'no_numbers',
          since: daysAgo(4),
          days: 4,
          last_snapshot_date: daysAgo(4),
          threshold_days: 3,
        },
      },
    ]);
    expect((await find({}, '2026-12-20')).map(({ key }) => key)).toEqual([`account:${anna}:silent:${daysAgo(4)}`]);
    expect(await find({ days: 4 })).toEqual([]);
  });

  test('an account that never had any counts from the day on which it was added, in the zone', async () => {
    await store.db
      .updateTable('social_media_accounts')
      .set({ created_at: '2026-11-18T23:30:00.000Z' })
      .where('id', '=', anna)
      .execute();
    expect(await find()).toMatchObject([{ title: 'tiktok @anna was added on 2026-11-18 and has no numbers yet' }]);
    const berlin = worldOf(store, { timezone: 'Europe/Berlin' });
    expect(await stale.find(berlin, STANDARD, EVERYONE)).toEqual([]);
  });

  test('of paused accounts and competitors are none', async () => {
    await seedCounters(store, anna, { views: counter(quiet(60)) });
    await seedAccount(store, 'zoe', { is_active: 0, created_at: '2026-01-01T00:00:00.000Z' });
    await seedAccount(store, 'rival', { is_competitor: 1, created_at: '2026-01-01T00:00:00.000Z' });
    expect(await find()).toEqual([]);
  });
});

describe('numbers that never change', () => {
  const moving = quiet(60);
  const stood = (days: number) => counter([...moving, ...Array.from({ length: days }, () => 0)]);

  test('are told once it is too long to believe, with the same key until they move', async () => {
    await seedCounters(store, anna, { views: stood(3), followers: counter(quiet(63)) });
    const [told] = await find();
    expect(told).toMatchObject({
      subject: `account:${anna}`,
      key: `account:${anna}:stands:total_views:${daysAgo(3)}`,
      day: TODAY,
      title: `The views of tiktok @anna have not moved since ${daysAgo(3)}, for 3 days, though they moved on 98 % of the days before: the numbers may be old ones`,
      values: { reason: 'stands_still', metric: 'total_views', since: daysAgo(3), is_open: false },
    });
    const bert = await seedAccount(store, 'bert');
    await seedCounters(store, bert, { views: stood(20), followers: stood(19) });
    expect(await find()).toMatchObject([
      { accountId: anna },
      {
        key: `account:${bert}:stands:total_views:${daysAgo(20)}`,
        title: expect.stringContaining('The views and followers'),
      },
    ]);
  });

  test('are no news while a counter is known to stand so long', async () => {
    await seedCounters(store, anna, { views: stood(2), followers: counter(quiet(62)) });
    const slow = Array.from({ length: 63 }, (_, at) => (at % 6 === 0 ? 5 : 0));
    await seedCounters(store, await seedAccount(store, 'bert'), { views: counter(slow) });
    expect(await find()).toEqual([]);
  });

  test('unknown is no stand', async () => {
    await seedCounters(store, anna, { views: [...counter(moving), null, null, null], followers: counter(quiet(63)) });
    await seedCounters(store, await seedAccount(store, 'bert'), { followers: Array.from({ length: 60 }, () => null) });
    expect(await find()).toEqual([]);
  });

  test('a counter that was never seen to move is told by its first day; one that stands since before the history is not', async () => {
    await seedCounters(store, anna, { views: Array.from({ length: 30 }, () => 5) });
    await seedCounters(store, await seedAccount(store, 'bert'), { views: Array.from({ length: 500 }, () => 5) });
    expect(await find()).toMatchObject([
      { key: `account:${anna}:stands:total_views:${daysAgo(29)}`, values: { is_open: true, moving_share: null } },
    ]);
  });
});
