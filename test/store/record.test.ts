import { beforeEach, describe, expect, test } from 'vitest';
import type { Form } from '../../src/record/field.ts';
import type { RecordKind } from '../../src/record/kind.ts';
import { readRecords } from '../../src/record/read.ts';
import { recordAll, type RecordOptions } from '../../src/record/record.ts';
import type { Store } from '../../src/store/open.ts';
import {
  openAnother,
  openTempStore,
  runSql,
  seedAccount,
  seedDay,
  seedPost,
  seedPostDay,
} from '../helper/temp-store.ts';

const WHO = { actor: 'api', now: new Date('2026-11-22T10:00:00Z') };
const DAY = '2026-11-22';
const ANNA = { account: 'tiktok:anna' };

let store: Store;
let anna: number;
beforeEach(async () => {
  store = await openTempStore();
  anna = await seedAccount(store);
});

/** Records what is valid. */
async function record(
  kind: RecordKind,
  items: Record<string, unknown>[],
  options: RecordOptions = {},
  form: Form = 'json',
  on = store,
) {
  const raws = items.map((fields, at) => ({ fields, where: items.length === 1 ? '' : `record ${at + 1}` }));
  const { records, problems } = readRecords(kind, raws, form, DAY);
  expect(problems).toEqual([]);
  return recordAll(on.db, records, options, WHO);
}

const all = (table: string) => runSql(store, `SELECT * FROM ${table} ORDER BY 1`);
const audits = async () =>
  (
    await runSql<{
      action: string;
      table_name: string;
      actor: string;
      row_id: string;
      before_json: string | null;
      after_json: string;
    }>(store, 'SELECT * FROM audit_log ORDER BY id')
  ).map(({ action, table_name, actor, row_id, before_json, after_json }) => ({
    is: `${actor} ${action} ${table_name} ${row_id}`,
    before: before_json === null ? null : (JSON.parse(before_json) as Record<string, unknown>),
    after: JSON.parse(after_json) as Record<string, unknown>,
  }));

describe('a day of an account', () => {
  test('keeps the newest known values, and what was not given', async () => {
    await record('daily', [{ ...ANNA, followers: 1200, reach: 50, engagement_rate: 2.5 }]);
    const [outcome] = await record('daily', [{ ...ANNA, followers: 1300, clicks: 0, reach: null }]);
    expect(outcome?.saved).toMatchObject({ isChanged: true, before: { followers: 1200 }, after: { followers: 1300 } });
    expect(await all('social_media_daily_metrics')).toMatchObject([
      {
        account_id: anna,
        platform: 'tiktok',
        date: DAY,
        followers: 1300,
        reach: 50,
        engagement_rate: 2.5,
        clicks: 0,
        saves: null,
      },
    ]);
  });

  test('the same again changes nothing and is not in the audit', async () => {
    const same = [{ ...ANNA, followers: 1200, reach: 0 }];
    await record('daily', same);
    const [again] = await record('daily', same);
    expect(again?.saved.isChanged).toBe(false);
    expect(await audits()).toHaveLength(1);
  });

  test('is in the audit as it was and as it is', async () => {
    await record('daily', [{ ...ANNA, followers: 1200 }]);
    await record('daily', [{ ...ANNA, followers: 1300 }]);
    const [row] = await all('social_media_daily_metrics');
    expect(await audits()).toMatchObject([
      { is: 'api record social_media_daily_metrics 1', before: null, after: { followers: 1200, reach: null } },
      { is: 'api record social_media_daily_metrics 1', before: { followers: 1200 }, after: row },
    ]);
  });

  test('holds counts far beyond 32 bits', async () => {
    await record('daily', [{ ...ANNA, impressions: 9_007_199_254_740_991 }]);
    expect(await all('social_media_daily_metrics')).toMatchObject([{ impressions: 9_007_199_254_740_991 }]);
  });
});

describe('the account', () => {
  test('is found by its row id, if the platform fits', async () => {
    await record('daily', [
      { account_id: anna, followers: 1 },
      { account_id: anna, platform: 'tiktok', date: '2026-11-21', followers: 1 },
    ]);
    expect(await all('social_media_daily_metrics')).toHaveLength(2);
    await expect(record('daily', [{ account_id: anna, platform: 'instagram', followers: 1 }])).rejects.toMatchObject({
      ending: 'not_found',
    });
    await expect(record('daily', [{ account_id: 999_999_999, followers: 1 }])).rejects.toMatchObject({
      ending: 'not_found',
    });
  });

  test('that is not there is an error with the next step, and nothing of the others is kept', async () => {
    const items = [
      { ...ANNA, followers: 1 },
      { account: 'tiktok:nobody', followers: 2 },
    ];
    await expect(record('daily', items)).rejects.toMatchObject({
      ending: 'not_found',
      message: 'record 2: tiktok @nobody is not tracked. Nothing was stored.',
      hint: expect.stringContaining('--create'),
    });
    expect(await all('social_media_daily_metrics')).toEqual([]);
    expect(await audits()).toEqual([]);
  });

  test('is added where that is asked for, not active, and once', async () => {
    const items = [
      { account: 'myforum:bert', followers: 1 },
      { account: 'MyForum:@Bert', date: '2026-11-21', followers: 2 },
    ];
    const outcomes = await record('daily', items, { create: true });
    expect(outcomes.map(({ isNewAccount }) => isNewAccount)).toEqual([true, false]);
    expect(
      await runSql(
        store,
        "SELECT platform, username, brand, is_active, is_competitor FROM social_media_accounts WHERE username = 'bert'",
      ),
    ).toEqual([{ platform: 'myforum', username: 'bert', brand: 'bert', is_active: 0, is_competitor: 0 }]);
    expect((await audits()).map(({ is }) => is.replace(/ \d+$/, ''))).toEqual([
      'api add social_media_accounts',
      'api record social_media_daily_metrics',
      'api record social_media_daily_metrics',
    ]);
  });
});

describe('an audience', () => {
  test('keeps lists as JSON and percentages of one day together', async () => {
    await record('audience', [{ ...ANNA, age_18_24: 60, male_percentage: 55.5, top_countries: "['USA', 'UK']" }]);
    await record('audience', [{ ...ANNA, age_25_34: 40.5, top_cities: ['Köln'] }]);
    expect(await all('audience_demographics')).toMatchObject([
      {
        account_id: anna,
        date: DAY,
        age_18_24: 60,
        age_25_34: 40.5,
        male_percentage: 55.5,
        top_countries: '["USA","UK"]',
        top_cities: '["Köln"]',
      },
    ]);
  });

  test('is refused when it adds up to more than all with what is stored', async () => {
    await record('audience', [{ ...ANNA, age_18_24: 60 }]);
    await expect(record('audience', [{ ...ANNA, age_25_34: 41 }])).rejects.toThrow(/ages add up to 101 %/);
    expect(await all('audience_demographics')).toMatchObject([{ age_18_24: 60, age_25_34: null }]);
  });
});

describe("a post's day", () => {
  const URL = 'https://www.tiktok.com/@anna/video/7429779620297231647';

  test('adds the post with its hashtags, and works the rate out', async () => {
    await record('content', [
      {
        ...ANNA,
        post: URL,
        views: 200,
        likes: 7,
        shares: 1,
        caption: 'Hello #DIY',
        posted_at: '2026-11-20T10:00:00+02:00',
      },
    ]);
    expect(await all('social_media_posts')).toMatchObject([
      {
        account_id: anna,
        platform: 'tiktok',
        external_post_id: '7429779620297231647',
        post_url: URL,
        caption: 'Hello #DIY',
        posted_at: '2026-11-20T08:00:00.000Z',
      },
    ]);
    expect(await all('social_media_post_analytics')).toMatchObject([
      {
        snapshot_date: DAY,
        views_count: 200,
        likes_count: 7,
        shares_count: 1,
        comments_count: null,
        engagement_rate: 4,
        engagement_basis: 'views',
        provider_name: 'manual',
      },
    ]);
    expect(await runSql(store, 'SELECT tag FROM social_media_hashtags')).toEqual([{ tag: 'diy' }]);
    expect((await audits()).map(({ is }) => is)).toEqual([
      'api record social_media_posts 1',
      `api record social_media_post_analytics 1 ${DAY}`,
    ]);
  });

  test('goes by the rules of fetching: newest known values, a rate of all that is known', async () => {
    const post = await seedPost(store, anna, '7429779620297231647', { caption: 'kept' });
    await seedPostDay(store, post, DAY, {
      views_count: 100,
      likes_count: 5,
      engagement_rate: 5,
      engagement_basis: 'views',
    });
    await record('content', [{ ...ANNA, post: URL, likes: 9, reach: 90, comments: null }]);
    expect(await all('social_media_posts')).toMatchObject([{ caption: 'kept', post_url: URL }]);
    expect(await all('social_media_post_analytics')).toMatchObject([
      {
        views_count: 100,
        likes_count: 9,
        reach_count: 90,
        engagement_rate: 10,
        engagement_basis: 'reach',
        provider_name: 'manual',
      },
    ]);
  });

  test.each([
    ['fetched', 500],
    ['recorded', 400],
  ])('its rate is of the followers that were %s, where nothing else is known', async (which, followers) => {
    await record('daily', [{ ...ANNA, followers: 400 }]);
    if (which === 'fetched') await seedDay(store, anna, DAY, { followers_count: 500 });
    await record('content', [{ ...ANNA, post: '1', likes: 20 }]);
    expect(await all('social_media_post_analytics')).toMatchObject([
      { engagement_rate: 2000 / followers, engagement_basis: 'followers' },
    ]);
  });

  test('a rate that is given stays until counts say more; nothing turns it into NULL', async () => {
    await record('content', [{ ...ANNA, post: '1', engagement_rate: 3.5, engagement_basis: 'reach' }]);
    await record('content', [{ ...ANNA, post: '1', views: 0 }]);
    expect(await all('social_media_post_analytics')).toMatchObject([
      { engagement_rate: 3.5, engagement_basis: 'reach', views_count: 0 },
    ]);
    await record('content', [{ ...ANNA, post: '1', views: 10, likes: 1 }]);
    expect(await all('social_media_post_analytics')).toMatchObject([
      { engagement_rate: 10, engagement_basis: 'views' },
    ]);
  });

  test('the same again is not in the audit; a post alone makes no day', async () => {
    const items = [{ ...ANNA, post: '1', views: 10, likes: 1, caption: 'Hi' }];
    await record('content', items);
    const [again] = await record('content', items);
    expect(again?.saved.isChanged).toBe(false);
    expect(await audits()).toHaveLength(2);
    await record('content', [{ ...ANNA, post: '2', caption: 'only words' }]);
    expect(await all('social_media_post_analytics')).toHaveLength(1);
    expect(await all('social_media_posts')).toHaveLength(2);
  });

  test.each([
    ['https://www.instagram.com/p/Cabc123/', /is a post of instagram, not of tiktok/],
    ['https://vm.tiktok.com/ZMabc/', /is a short link/],
    ['https://example.com/x', /is not the URL of a post/],
  ])('%s is refused', async (post, message) => {
    await expect(record('content', [{ ...ANNA, post, views: 1 }])).rejects.toThrow(message);
  });

  test('a post of somebody else is refused', async () => {
    await seedPost(store, await seedAccount(store, 'bert'), '1');
    await expect(record('content', [{ ...ANNA, post: '1', views: 1 }])).rejects.toThrow(/stored under @bert/);
  });

  test('the numbers of the sample are left alone', async () => {
    await seedPostDay(store, await seedPost(store, anna, '1'), DAY, { views_count: 5, provider_name: 'sample' });
    await expect(record('content', [{ ...ANNA, post: '1', views: 1 }])).rejects.toThrow(/are the sample's/);
  });

  test.each([
    ['alone', { caption: 'changed #tag' }],
    ['with numbers of the day', { caption: 'changed #tag', views: 1 }],
    ['with numbers of another day', { caption: 'changed #tag', views: 1, date: '2026-11-21' }],
    ['when it was published', { posted_at: '2026-11-01T10:00:00Z' }],
  ])('so is what it says of its posts: %s', async (_, fields) => {
    const post = await seedPost(store, anna, '1', { caption: 'kept' });
    await seedPostDay(store, post, DAY, { views_count: 5, provider_name: 'sample' });
    const before = await all('social_media_posts');
    await expect(record('content', [{ ...ANNA, post: '1', ...fields }])).rejects.toMatchObject({
      ending: 'usage',
      message: expect.stringContaining("are the sample's"),
    });
    expect(await all('social_media_posts')).toEqual(before);
    expect(await all('social_media_post_analytics')).toHaveLength(1);
    expect(await all('social_media_hashtags')).toEqual([]);
    expect(await audits()).toEqual([]);
    // A post of one's own beside it is not the sample's.
    await record('content', [{ ...ANNA, post: '2', caption: 'mine' }]);
    await record('content', [{ ...ANNA, post: '2', caption: 'mine, changed' }]);
  });
});

test('of two that record at once, neither loses what the other one knew', async () => {
  // Two connections of one process to one file would wait for each other for ever; campaign.test.ts has two processes.
  const another = store.engine === 'sqlite' ? store : await openAnother(store);
  const fields = ['followers', 'reach', 'impressions', 'likes', 'comments', 'shares', 'saves', 'clicks'];
  await Promise.all(
    fields.map((field, at) => record('daily', [{ ...ANNA, [field]: at + 1 }], {}, 'json', at % 2 ? another : store)),
  );
  expect(await all('social_media_daily_metrics')).toMatchObject([
    Object.fromEntries(fields.map((field, at) => [field, at + 1])),
  ]);
  const posts = ['views', 'likes', 'comments', 'shares'];
  await Promise.all(
    posts.map((field, at) =>
      record('content', [{ ...ANNA, post: '1', [field]: 10 }], {}, 'json', at % 2 ? another : store),
    ),
  );
  expect(await all('social_media_post_analytics')).toMatchObject([
    {
      views_count: 10,
      likes_count: 10,
      comments_count: 10,
      shares_count: 10,
      engagement_rate: 300,
      engagement_basis: 'views',
    },
  ]);
});
