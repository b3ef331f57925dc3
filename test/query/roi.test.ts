import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { shareOut, SPREAD_NUMBERS, type SpreadCampaign } from '../../src/insight/attribution.ts';
import { listCampaignResults } from '../../src/query/list-campaign-results.ts';
import { listCampaigns } from '../../src/query/list-campaigns.ts';
import { listRoi } from '../../src/query/list-roi.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore, seedAccount, seedPost, seedPostDay } from '../helper/temp-store.ts';

let store: Store;
let anna: number;
let nasa: number;
beforeEach(async () => {
  store = await openTempStore();
  anna = await seedAccount(store);
  nasa = await seedAccount(store, 'nasa', { platform: 'instagram' });
  const rival = await seedAccount(store, 'rival', { is_competitor: 1 });
  const zoe = await seedAccount(store, 'zoe', { is_active: 0 });
  await store.db
    .insertInto('videos')
    .values([
      { id: 'v1', title: 'One' },
      { id: 'v2', title: 'Two' },
    ])
    .execute();
  await store.db
    .insertInto('clips')
    .values([
      { id: 'c1', title: 'Part of one', video_id: 'v1' },
      { id: 'c2', title: 'Of its own' },
    ])
    .execute();
  await post(anna, 'a1', '2026-11-01T10:00:00.000Z', 100, { video_id: 'v1' });
  await post(anna, 'a2', '2026-11-10T23:30:00.000Z', 300, { video_id: 'v2' });
  await post(anna, 'a3', '2026-11-20T10:00:00.000Z', 600, {});
  await post(nasa, 'n1', '2026-11-05T10:00:00.000Z', 1000, { clip_id: 'c1' });
  await post(rival, 'r1', '2026-11-05T10:00:00.000Z', 5000, {});
  await post(zoe, 'z1', '2026-11-05T10:00:00.000Z', 1000, { clip_id: 'c2' });
});

async function post(
  account: number,
  id: string,
  postedAt: string | null,
  views: number | null,
  mapping: { video_id?: string; clip_id?: string; status?: 'suggested' },
) {
  const platform = account === nasa ? 'instagram' : 'tiktok';
  const post_id = await seedPost(store, account, id, { platform, posted_at: postedAt });
  await seedPostDay(store, post_id, '2026-11-21', { views_count: views });
  if (Object.keys(mapping).length > 0)
    await store.db
      .insertInto('social_media_content_mapping')
      .values({ post_id, ...mapping })
      .execute();
}

const campaign = (campaign_id: string, values: object) =>
  store.db
    .insertInto('campaign_social_metrics')
    .values({ campaign_id, ...values })
    .execute();

async function rowsOf(by: 'campaign' | 'platform' | 'video', window = {}, timezone = 'UTC') {
  const { rows } = await listRoi(store.db, by, timezone, window);
  return rows.map(({ key, currency, cost, revenue, views }) => [key, currency, cost, revenue, views]);
}

describe('a campaign is spread over the posts it is for', () => {
  test('by their views, to the video that each shows', async () => {
    await campaign('spring', {
      account_id: anna,
      platform: 'tiktok',
      cost: 100,
      revenue_generated: 250,
      currency: 'EUR',
    });
    expect(await rowsOf('video')).toEqual([
      ['v2', 'EUR', 30, 75, 300],
      ['v1', 'EUR', 10, 25, 100],
      [null, 'EUR', 60, 150, 600],
    ]);
    const { unattributed, totals, rows } = await listRoi(store.db, 'video', 'UTC');
    expect(unattributed).toEqual([
      {
        campaign_id: 'spring',
        currency: 'EUR',
        cost: 60,
        revenue: 150,
        reason: 'no video is confirmed for 1 of its 3 posts',
      },
    ]);
    expect(totals).toMatchObject([{ currency: 'EUR', cost: 100, revenue: 250, roi: 150, roas: 2.5, views: 1000 }]);
    expect(rows[0]).toMatchObject({
      title: 'Two',
      roi: 150,
      cpm: null,
      reasons: { cpm: 'impressions not known of spring' },
    });
  });

  test('a clip counts for its video; accounts that are not fetched count, competitors do not', async () => {
    await campaign('all', { cost: 30, conversions: 15, total_impressions: 6000 });
    expect(await rowsOf('video')).toEqual([
      // (100 + 1000) of 3000 views, 300, and 600 + 1000 that no video has.
      ['v1', null, 11, null, 1100],
      ['v2', null, 3, null, 300],
      [null, null, 16, null, 1600],
    ]);
    const { rows } = await listRoi(store.db, 'video', 'UTC');
    expect(rows[0]).toMatchObject({ conversions: 5.5, impressions: 2200, cpm: 5, cost_per_conversion: 2, roi: null });
  });

  test('by platform, where it names none', async () => {
    await campaign('all', { cost: 30 });
    await campaign('there', { cost: 7, platform: 'youtube' });
    expect(await rowsOf('platform')).toEqual([
      ['tiktok', null, 20, null, 2000],
      ['instagram', null, 10, null, 1000],
      ['youtube', null, 7, null, null],
    ]);
  });

  test.each([
    ['both days included', '2026-11-01', '2026-11-10', ['v1', 'v2']],
    ['an open start', null, '2026-11-09', ['v1']],
    ['an open end', '2026-11-02', null, ['v2', null]],
    ['none', '2026-11-11', '2026-11-12', [null]],
  ])('of its days: %s', async (_, start_date, end_date, keys) => {
    await campaign('spring', { account_id: anna, platform: 'tiktok', cost: 100, start_date, end_date });
    expect((await rowsOf('video')).map(([key]) => key).toSorted()).toEqual(keys.toSorted());
  });

  test('days are those of the time zone', async () => {
    await campaign('spring', {
      account_id: anna,
      platform: 'tiktok',
      cost: 100,
      start_date: '2026-11-11',
      end_date: '2026-11-11',
    });
    expect(await rowsOf('video')).toEqual([[null, null, 100, null, null]]);
    // 23:30 UTC is the next day in Berlin.
    expect(await rowsOf('video', {}, 'Europe/Berlin')).toEqual([['v2', null, 100, null, 300]]);
  });

  test('equally where no views are known', async () => {
    const bert = await seedAccount(store, 'bert');
    await post(bert, 'b1', '2026-11-05T10:00:00.000Z', null, { video_id: 'v1' });
    await post(bert, 'b2', '2026-11-05T10:00:00.000Z', null, { video_id: 'v2' });
    await post(bert, 'b3', '2026-11-05T10:00:00.000Z', null, { video_id: 'v2', status: 'suggested' });
    await post(bert, 'b4', null, 100, { video_id: 'v2' });
    await campaign('spring', { account_id: bert, platform: 'tiktok', cost: 100 });
    expect(await rowsOf('video')).toEqual([
      ['v1', null, 33.34, null, null],
      ['v2', null, 33.33, null, null],
      [null, null, 33.33, null, null],
    ]);
  });

  test('over those of known views, where others have none: what these got is not known', async () => {
    const bert = await seedAccount(store, 'bert');
    await post(bert, 'b1', '2026-11-05T10:00:00.000Z', 1, { video_id: 'v1' });
    await post(bert, 'b2', '2026-11-05T10:00:00.000Z', null, { video_id: 'v1' });
    await post(bert, 'b3', '2026-11-05T10:00:00.000Z', null, { video_id: 'v2' });
    await post(bert, 'b4', '2026-11-05T10:00:00.000Z', null, {});
    await campaign('spring', { account_id: bert, platform: 'tiktok', cost: 100, revenue_generated: 300 });
    const { rows, totals, unattributed, unknown_views } = await listRoi(store.db, 'video', 'UTC');
    const reason = 'the views of its posts are not known';
    expect(rows).toMatchObject([
      { key: 'v1', cost: 100, revenue: 300, conversions: null, roi: 200, views: 1 },
      {
        key: 'v2',
        cost: null,
        revenue: null,
        conversions: null,
        roi: null,
        roas: null,
        views: null,
        reasons: { cost: reason, revenue: reason, roi: reason, roas: reason },
      },
      { key: null, cost: null, revenue: null, roi: null },
    ]);
    expect(rows[0]?.reasons).not.toHaveProperty('cost');
    expect(totals).toMatchObject([{ cost: 100, revenue: 300, roi: 200, views: 1 }]);
    expect(totals[0]?.reasons).not.toHaveProperty('cost');
    expect(unattributed).toEqual([
      {
        campaign_id: 'spring',
        currency: null,
        cost: null,
        revenue: null,
        reason: 'no video is confirmed for 1 of its 4 posts, and their views are not known',
      },
    ]);
    expect(unknown_views).toEqual([{ campaign_id: 'spring', posts: 3, of: 4 }]);
    expect((await listRoi(store.db, 'campaign', 'UTC')).unknown_views).toEqual([]);
  });

  test('0 views are known: they take part, posts of unknown views do not', async () => {
    const bert = await seedAccount(store, 'bert');
    await post(bert, 'b1', '2026-11-05T10:00:00.000Z', 0, { video_id: 'v1' });
    await post(bert, 'b2', '2026-11-05T10:00:00.000Z', null, { video_id: 'v2' });
    await campaign('spring', { account_id: bert, platform: 'tiktok', cost: 100 });
    expect(await rowsOf('video')).toEqual([
      ['v1', null, 100, null, 0],
      ['v2', null, null, null, null],
    ]);
  });

  test('a part of which all that is known is 0 is no news, and is in the totals all the same', async () => {
    const bert = await seedAccount(store, 'bert');
    await post(bert, 'b1', '2026-11-05T10:00:00.000Z', 10, { video_id: 'v1' });
    await post(bert, 'b2', '2026-11-05T10:00:00.000Z', 0, {});
    await campaign('spring', { account_id: bert, platform: 'tiktok', cost: 100 });
    await campaign('free', { cost: 0, end_date: '2020-01-01', currency: 'EUR' });
    const { rows, unattributed, totals } = await listRoi(store.db, 'video', 'UTC');
    expect(rows.map(({ key, cost }) => [key, cost])).toEqual([['v1', 100]]);
    expect(unattributed).toEqual([]);
    expect(totals).toMatchObject([
      { currency: 'EUR', cost: 0 },
      { currency: null, cost: 100 },
    ]);
  });

  test('nothing in its days: all of it is not attributed, and why', async () => {
    await campaign('early', { cost: 5, revenue_generated: 1, end_date: '2020-01-01' });
    const { rows, unattributed } = await listRoi(store.db, 'video', 'UTC');
    expect(rows).toMatchObject([{ key: null, cost: 5, revenue: 1, views: null }]);
    expect(unattributed).toMatchObject([{ reason: 'no post was published in its days where it ran' }]);
  });
});

test('a campaign for a video goes to that video', async () => {
  await campaign('spring', { video_id: 'v2', cost: 100, end_date: '2020-01-01', currency: 'EUR' });
  await campaign('more', { video_id: 'v2', account_id: anna, platform: 'tiktok', cost: 1, currency: 'EUR' });
  expect(await rowsOf('video')).toEqual([['v2', 'EUR', 101, null, 300]]);
  expect(await rowsOf('platform')).toEqual([
    ['tiktok', 'EUR', 1, null, 300],
    [null, 'EUR', 100, null, null],
  ]);
});

test('amounts of different currencies, or of none, are never added', async () => {
  await campaign('a', { account_id: anna, platform: 'tiktok', cost: 100, currency: 'EUR' });
  await campaign('b', { account_id: anna, platform: 'tiktok', cost: 50, currency: 'USD' });
  await campaign('b', { account_id: nasa, platform: 'instagram', cost: 7, currency: 'EUR' });
  await campaign('c', { account_id: anna, platform: 'tiktok', cost: 9 });
  expect(await rowsOf('platform')).toEqual([
    ['tiktok', 'EUR', 100, null, 1000],
    ['instagram', 'EUR', 7, null, 1000],
    ['tiktok', 'USD', 50, null, 1000],
    ['tiktok', null, 9, null, 1000],
  ]);
  const { totals } = await listRoi(store.db, 'campaign', 'UTC');
  expect(totals.map(({ currency, cost }) => [currency, cost])).toEqual([
    ['EUR', 107],
    ['USD', 50],
    [null, 9],
  ]);
});

test('amounts of no currency are added to none, in totals and rows; counts are', async () => {
  await campaign('a', { platform: 'tiktok', cost: 5, revenue_generated: 10, conversions: 1 });
  await campaign('b', { platform: 'tiktok', cost: 7, conversions: 2 });
  const reason = 'amounts without a currency are not added up: a, b';
  const summary = {
    currency: null,
    cost: null,
    revenue: null,
    roi: null,
    roas: null,
    cost_per_conversion: null,
    conversions: 3,
    views: 2000,
    reasons: { cost: reason, revenue: reason, roi: reason, roas: reason, cost_per_conversion: reason },
  };
  for (const by of ['campaign', 'platform'] as const)
    expect((await listRoi(store.db, by, 'UTC')).totals).toMatchObject([summary]);
  expect((await listRoi(store.db, 'platform', 'UTC')).rows).toMatchObject([{ key: 'tiktok', ...summary }]);
  expect(await rowsOf('campaign')).toEqual([
    ['b', null, 7, null, 2000],
    ['a', null, 5, 10, 2000],
  ]);
});

test('a rate over campaigns of which one is not known is not known', async () => {
  await campaign('a', { platform: 'tiktok', cost: 100, revenue_generated: 300, currency: 'EUR' });
  await campaign('b', { platform: 'tiktok', cost: 100, currency: 'EUR' });
  const { rows } = await listRoi(store.db, 'platform', 'UTC');
  expect(rows).toMatchObject([{ cost: 200, revenue: 300, roi: null, reasons: { roi: 'revenue not known of b' } }]);
});

test('only campaigns of some days, where that is asked for', async () => {
  await campaign('old', { cost: 1, end_date: '2026-10-31' });
  await campaign('open', { cost: 2 });
  await campaign('coming', { cost: 4, start_date: '2026-12-01' });
  await campaign('edge', { cost: 8, start_date: '2026-11-22', end_date: '2026-11-30' });
  const rows = await rowsOf('campaign', { from: '2026-11-01', to: '2026-11-22' });
  expect(rows.map(([key]) => key)).toEqual(['edge', 'open']);
});

test('sums of many small amounts are exact', async () => {
  for (let n = 0; n < 10; n++) await campaign(`c${n}`, { platform: 'tiktok', cost: 0.1, currency: 'EUR' });
  expect((await rowsOf('platform'))[0]?.[2]).toBe(1);
});

test('whatever the campaigns and posts, the shares add up to what was spread', () => {
  const amount = fc.option(fc.bigInt(0n, 10n ** 15n), { nil: null });
  const day = fc.constantFrom('2026-11-01', '2026-11-02', '2026-11-03');
  const posts = fc.array(
    fc.record({
      id: fc.nat(),
      account_id: fc.nat(3),
      platform: fc.constantFrom('tiktok', 'instagram'),
      is_own: fc.boolean(),
      day,
      views: fc.option(fc.nat(), { nil: null }),
      video_id: fc.option(fc.constantFrom('v1', 'v2'), { nil: null }),
      video_title: fc.constant(null),
    }),
    { maxLength: 40 },
  );
  const campaigns: fc.Arbitrary<SpreadCampaign> = fc.record({
    campaign_id: fc.string(),
    currency: fc.constant(null),
    account_id: fc.option(fc.nat(3), { nil: null }),
    platform: fc.option(fc.constantFrom('tiktok', 'instagram'), { nil: null }),
    video_id: fc.option(fc.constantFrom('v1', 'v2'), { nil: null }),
    video_title: fc.constant(null),
    start_date: fc.option(day, { nil: null }),
    end_date: fc.option(day, { nil: null }),
    amounts: fc.record({ cost: amount, revenue: amount, conversions: amount, impressions: amount }),
  });
  fc.assert(
    fc.property(campaigns, posts, fc.constantFrom('campaign', 'platform', 'video'), (given, reached, by) => {
      const shares = shareOut(given, reached, by);
      for (const name of SPREAD_NUMBERS) {
        const parts = shares.map(({ amounts }) => amounts[name]);
        const isSeen = (seen: readonly { views: number | null }[]) => seen.some(({ views }) => views !== null);
        for (const { amounts, posts: its } of shares.filter(({ basis }) => basis !== 'whole')) {
          const isUnseen = !isSeen(its) && shares.some((share) => isSeen(share.posts));
          expect(amounts[name] === null).toBe(given.amounts[name] === null || isUnseen);
        }
        if (given.amounts[name] === null) expect(parts.every((part) => part === null)).toBe(true);
        else expect(parts.reduce((sum: bigint, part) => sum + (part ?? 0n), 0n)).toBe(given.amounts[name]);
      }
    }),
    { numRuns: 300 },
  );
});

describe('listCampaigns', () => {
  test('the latest start first, without one last, with account and video', async () => {
    await campaign('open', { cost: 1 });
    await campaign('old', { cost: 1, start_date: '2026-01-01', account_id: anna, platform: 'tiktok', video_id: 'v1' });
    await campaign('new', { cost: 1, start_date: '2026-02-01', platform: 'instagram' });
    expect(
      (await listCampaigns(store.db)).map(({ campaign_id, username, video_title }) => [
        campaign_id,
        username,
        video_title,
      ]),
    ).toEqual([
      ['new', null, null],
      ['old', 'anna', 'One'],
      ['open', null, null],
    ]);
    const only = async (filter: object) =>
      (await listCampaigns(store.db, filter)).map(({ campaign_id }) => campaign_id);
    expect(await only({ platform: 'instagram' })).toEqual(['new']);
    expect(await only({ platform: 'tiktok', username: 'anna' })).toEqual(['old']);
    expect(await only({ campaign: 'open' })).toEqual(['open']);
  });

  test('a row that was written by hand gets its ratios and reasons', async () => {
    await campaign('hand', { cost: 10, revenue_generated: 15, total_impressions: 2000, conversions: 0 });
    expect(await listCampaignResults(store.db)).toMatchObject([
      {
        roi: 50,
        roas: 1.5,
        cpm: 5,
        conversion_rate: 0,
        cost_per_reach: null,
        reasons: {
          cost_per_conversion: 'conversions are 0',
          cost_per_engagement: 'engagement is not known',
          cost_per_reach: 'reach is not known',
        },
      },
    ]);
  });
});
