import { describe, expect, test } from 'vitest';
import { openApi, type Api } from '../helper/api.ts';
import { addAccount } from '../../src/store/account.ts';
import { runSql, seedAccount, seedDay, seedPost, seedPostDay } from '../helper/temp-store.ts';

const METRICS = '/api/social-media/metrics';
const WHOSE = { account_id: 1, platform: 'instagram' };
const QUERY = 'account_id=1&platform=instagram';

type Row = Record<string, unknown>;
const recorded = async (api: Api, body: Row) => (await api.post(`${METRICS}/daily`, { ...WHOSE, ...body })).status;
const daysOf = async (api: Api, more = '') =>
  ((await api.get(`${METRICS}/daily?${QUERY}${more}`)).body as { metrics: Row[] }).metrics;
const summaryOf = async (api: Api) => ((await api.get(`${METRICS}/summary?${QUERY}`)).body as { summary: Row }).summary;
const bestOf = async (api: Api, more = '') =>
  ((await api.get(`${METRICS}/content?${QUERY}${more}`)).body as { top_content: Row[] }).top_content;
const accountsOf = (api: Api) =>
  runSql(api.store, 'SELECT id, platform, username, brand, is_active FROM social_media_accounts ORDER BY id');

test('the eight routes work on an empty database, in these very words', async () => {
  const api = await openApi();
  const text = async (name: string, body: Row) => (await api.post(`${METRICS}/${name}`, { ...WHOSE, ...body })).text;
  expect(await text('daily', { followers: 15250, engagement_rate: 4.2, reach: 8500, impressions: 12000 })).toBe(
    '{"success":true,"message":"Daily metrics recorded","date":"2026-11-22"}',
  );
  expect(await text('content', { post_id: '17900000000000001', likes: 350, comments: 42, reach: 8500 })).toBe(
    '{"success":true,"message":"Content performance recorded"}',
  );
  expect(await text('audience', { age_18_24: 35, top_countries: "['USA', 'UK']" })).toBe(
    '{"success":true,"message":"Demographics recorded"}',
  );
  const campaign = { cost: 5000, revenue: 25000, conversions: 150, impressions: 500000, reach: 150000 };
  expect(await text('roi', { campaign_id: 'summer', ...campaign })).toBe(
    '{"success":true,"roi":400,"roas":5,"conversion_rate":0.03,"cost_per_conversion":33.33,"cost_per_reach":0.0333}',
  );

  const daily = await api.get(`${METRICS}/daily?${QUERY}&days=30`);
  expect(daily.text).toMatch(/^\{"success":true,"metrics":\[\{.*\}\],"count":1,"platform":"instagram"\}$/);
  expect(await daysOf(api)).toMatchObject([{ date: '2026-11-22', followers: 15250, reach: 8500, clicks: null }]);
  expect((await api.get(`${METRICS}/summary?${QUERY}`)).text).toBe(
    '{"success":true,"summary":{"platform":"instagram","current_followers":15250,"growth_30d":null,"growth_rate":null,' +
      '"avg_engagement":4.2,"reach_30d":8500,"impressions_30d":12000,"latest_update":"2026-11-22"}}',
  );
  const content = await api.get(`${METRICS}/content?${QUERY}&limit=10`);
  expect(content.text).toMatch(/^\{"success":true,"top_content":\[\{.*\}\],"count":1\}$/);
  expect(await bestOf(api)).toMatchObject([
    { post_id: '17900000000000001', likes: 350, views: null, engagement_basis: 'reach' },
  ]);
  const audience = await api.get(`${METRICS}/audience?${QUERY}`);
  expect(audience.text).toMatch(/^\{"success":true,"demographics":\{/);
  expect(audience.body).toMatchObject({
    demographics: { age_18_24: 35, age_25_34: null, top_countries: ['USA', 'UK'] },
  });

  const [account, ...others] = await accountsOf(api);
  expect(account).toMatchObject({ id: 1, platform: 'instagram', username: 'account_1' });
  expect(others).toEqual([]);
});

describe('an id and a platform', () => {
  test('name the account of the same brand, which is added and found again', async () => {
    const api = await openApi();
    const tiktok = await seedAccount(api.store, 'isaiah_dupree');
    expect(tiktok).toBe(1);
    expect((await api.get(`${METRICS}/summary?${QUERY}`)).status).toBe(404);
    expect(await recorded(api, { followers: 10 })).toBe(200);
    expect(await recorded(api, { followers: 11 })).toBe(200);
    const [first, second, ...others] = await accountsOf(api);
    expect(first).toMatchObject({ id: 1, platform: 'tiktok' });
    expect(second).toMatchObject({ platform: 'instagram', username: 'isaiah_dupree', brand: 'isaiah_dupree' });
    expect([Boolean(second?.['is_active']), others]).toEqual([false, []]);
    expect(await summaryOf(api)).toMatchObject({ platform: 'instagram', current_followers: 11 });
    // Nothing of it went to the account that has the id.
    expect(await runSql(api.store, 'SELECT account_id FROM social_media_daily_metrics')).toEqual([
      { account_id: second?.['id'] },
    ]);
    expect((await api.get(`${METRICS}/summary?account_id=1&platform=tiktok`)).status).toBe(404);
    const [added] = await runSql(
      api.store,
      `SELECT actor, action FROM audit_log WHERE table_name = 'social_media_accounts'`,
    );
    expect(added).toEqual({ actor: 'api', action: 'add' });
  });

  test('of two clients are two accounts, however many platforms each has', async () => {
    const api = await openApi();
    const post = (account_id: number, platform: string, followers: number) =>
      api.post(`${METRICS}/daily`, { account_id, platform, followers });
    for (const id of [1, 2, 3])
      for (const [at, platform] of ['instagram', 'tiktok', 'youtube'].entries())
        expect((await post(id, platform, id * 100 + at)).status).toBe(200);
    for (const id of [1, 2, 3])
      for (const [at, platform] of ['instagram', 'tiktok', 'youtube'].entries()) {
        const { body } = await api.get(`${METRICS}/summary?account_id=${id}&platform=${platform}`);
        expect(body).toMatchObject({ summary: { current_followers: id * 100 + at } });
      }
    const ids = (await accountsOf(api)).map(({ id }) => Number(id));
    expect(ids.filter((id) => id < 1000)).toEqual([1, 2, 3]);
    expect(new Set(ids).size).toBe(9);
    // Whoever is added by name goes on from those that are called.
    expect((await addAccount(api.store.db, { platform: 'tiktok', username: 'zoe' })).account.id).toBe(4);
  });

  test('take an account of the brand under another name, and any name that is free', async () => {
    const api = await openApi();
    await seedAccount(api.store, 'anna', { brand: 'studio' });
    const art = await seedAccount(api.store, 'anna.art', { brand: 'studio', platform: 'instagram' });
    await seedAccount(api.store, 'anna', { brand: 'another', platform: 'youtube' });
    expect(await recorded(api, { followers: 5 })).toBe(200);
    expect(await runSql(api.store, 'SELECT account_id FROM social_media_daily_metrics')).toEqual([{ account_id: art }]);
    const video = { account_id: 1, platform: 'youtube', followers: 6 };
    expect((await api.post(`${METRICS}/daily`, video)).status).toBe(200);
    expect((await api.post(`${METRICS}/daily`, video)).status).toBe(200);
    expect((await accountsOf(api)).slice(3)).toMatchObject([
      { username: 'account_1', brand: 'studio', platform: 'youtube' },
    ]);
  });

  test('that nobody has seen become an account of that id, and others follow it', async () => {
    const api = await openApi();
    const far = { account_id: '77', platform: 'IG', followers: 1 };
    expect((await api.post(`${METRICS}/daily`, far)).status).toBe(200);
    expect(await accountsOf(api)).toMatchObject([{ id: 77, username: 'account_77' }]);
    expect((await api.get(`${METRICS}/summary?account_id=77&platform=ig`)).status).toBe(200);
    expect((await api.post(`${METRICS}/daily`, { account_id: 5, platform: 'tiktok', followers: 1 })).status).toBe(200);
    expect(await seedAccount(api.store, 'next')).toBe(78);
    expect((await api.post(`${METRICS}/daily`, { account_id: 77, platform: 'own-net', followers: 1 })).status).toBe(
      200,
    );
    expect((await api.get(`${METRICS}/summary?account_id=77&platform=own-net`)).status).toBe(200);
  });

  test('may be a name instead', async () => {
    const api = await openApi();
    const named = { platform: 'tiktok', username: '@Anna', followers: 3 };
    expect((await api.post(`${METRICS}/daily`, named)).status).toBe(200);
    expect((await api.post(`${METRICS}/daily`, { account: 'tiktok:anna', reach: 9 })).status).toBe(200);
    expect(await accountsOf(api)).toMatchObject([{ id: 1, username: 'anna', brand: 'anna' }]);
  });

  test('name nobody where the configuration does not let the API add accounts', async () => {
    const api = await openApi({ toml: '[api]\ncreate_accounts = false\n' });
    const reply = await api.post(`${METRICS}/daily`, { ...WHOSE, followers: 1 });
    expect(reply).toMatchObject({ status: 404, body: { success: false, error: 'not_found' } });
    await seedAccount(api.store, 'anna', { platform: 'instagram' });
    expect(await recorded(api, { followers: 1 })).toBe(200);
    expect(await accountsOf(api)).toHaveLength(1);
  });

  test('at the same time make one account', async () => {
    const api = await openApi();
    const statuses = await Promise.all(
      [1, 2, 3, 4].map((reach) => recorded(api, { date: `2026-11-0${reach}`, reach })),
    );
    expect(statuses).toEqual([200, 200, 200, 200]);
    expect(await accountsOf(api)).toHaveLength(1);
    expect(await daysOf(api)).toHaveLength(4);
  });
});

describe('daily', () => {
  test('the same day again updates what is given; zero is a number, null is not', async () => {
    const api = await openApi();
    await recorded(api, { date: '2026-11-20', followers: 5, reach: 7, likes: 2 });
    await recorded(api, { date: '2026-11-20', followers: 0, reach: null });
    expect(await daysOf(api)).toMatchObject([{ date: '2026-11-20', followers: 0, reach: 7, likes: 2, shares: null }]);
  });

  test('today is that of the time zone', async () => {
    const api = await openApi({ env: { SMSTATS_TIMEZONE: 'Pacific/Auckland' }, now: new Date('2026-11-22T23:30:00Z') });
    const reply = await api.post(`${METRICS}/daily`, { ...WHOSE, followers: 1 });
    expect(reply.body).toMatchObject({ date: '2026-11-23' });
  });

  test('shows fetched days too, newest first, and counts back from the newest', async () => {
    const api = await openApi();
    const id = await seedAccount(api.store, 'anna', { platform: 'instagram' });
    await seedDay(api.store, id, '2026-10-01', { followers_count: 90 });
    await seedDay(api.store, id, '2026-11-01', { followers_count: 100 });
    await seedDay(api.store, id, '2026-11-02', { followers_count: 101 });
    await recorded(api, { date: '2026-11-02', followers: 105 });
    await recorded(api, { date: '2026-11-03', reach: 9 });
    expect((await daysOf(api)).map(({ date, followers, reach }) => [date, followers, reach])).toEqual([
      ['2026-11-03', null, 9],
      ['2026-11-02', 105, null],
      ['2026-11-01', 100, null],
    ]);
    expect(await daysOf(api, '&days=1')).toHaveLength(1);
    expect(await daysOf(api, '&days=90')).toHaveLength(4);
  });
});

describe('summary', () => {
  test('growth starts on the nearest day at or before, fetched or reported', async () => {
    const api = await openApi();
    const id = await seedAccount(api.store, 'anna', { platform: 'instagram' });
    await seedDay(api.store, id, '2026-10-20', { followers_count: 14750 });
    await recorded(api, { date: '2026-10-30', followers: 15000 });
    await recorded(api, { followers: 15250 });
    expect(await summaryOf(api)).toMatchObject({ current_followers: 15250, growth_30d: 500, growth_rate: 3.39 });
  });

  test('reach adds up over 30 days, engagement is weighted by it', async () => {
    const api = await openApi();
    await recorded(api, { date: '2026-10-01', reach: 1_000_000, engagement_rate: 90 });
    await recorded(api, { date: '2026-11-21', reach: 3000, engagement_rate: 4, impressions: 10 });
    await recorded(api, { date: '2026-11-22', reach: 1000, engagement_rate: 8 });
    expect(await summaryOf(api)).toMatchObject({ reach_30d: 4000, impressions_30d: 10, avg_engagement: 5 });
  });

  test('of a fetched account; what is not known is null', async () => {
    const api = await openApi();
    const id = await seedAccount(api.store, 'anna', { platform: 'instagram' });
    await seedDay(api.store, id, '2026-11-20', {
      followers_count: 0,
      engagement_rate: 2.555,
      engagement_basis: 'views',
    });
    expect(await summaryOf(api)).toEqual({
      platform: 'instagram',
      current_followers: 0,
      growth_30d: null,
      growth_rate: null,
      avg_engagement: 2.56,
      reach_30d: null,
      impressions_30d: null,
      latest_update: '2026-11-20',
    });
  });
});

test('content: ids above 2^53, URLs, the newest numbers, best first', async () => {
  const api = await openApi();
  const post = async (body: string) =>
    api.request(`${METRICS}/content`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"account_id":1,"platform":"tiktok",${body}}`,
    });
  expect((await post('"post_id":7429779620297231647,"views":100,"likes":10,"caption":"#b and #a"')).status).toBe(200);
  const url = 'https://www.tiktok.com/@anna/video/7429779620297231648';
  expect((await post(`"post":"${url}","views":300,"shares":3,"engagement_rate":7.5`)).status).toBe(200);
  expect((await post('"post_id":"7429779620297231647","views":120,"likes":12,"date":"2026-11-23"')).status).toBe(200);
  const reply = await api.get(`${METRICS}/content?account_id=1&platform=tiktok&limit=10`);
  expect(reply.body).toMatchObject({
    count: 2,
    top_content: [
      { post_id: '7429779620297231648', views: 300, engagement_rate: 7.5, post_url: url },
      { post_id: '7429779620297231647', views: 120, hashtags: 'a b', engagement_basis: 'views' },
    ],
  });
  const limited = await api.get(`${METRICS}/content?account_id=1&platform=tiktok&limit=1`);
  expect(limited.body).toMatchObject({ count: 1 });
});

test('content takes the words of platforms, and hashtags beside the caption', async () => {
  const api = await openApi();
  const post = { ...WHOSE, post_id: '1790000000000003', post_type: 'reel', caption: 'one #a', likes: 1 };
  expect((await api.post(`${METRICS}/content`, { ...post, hashtags: ['#b', 'c d'] })).status).toBe(200);
  expect(await bestOf(api)).toMatchObject([{ post_type: 'video', hashtags: 'a b c d' }]);
  expect((await api.post(`${METRICS}/content`, { ...WHOSE, post_id: post.post_id, hashtags: '#x #y' })).status).toBe(
    200,
  );
  expect(await bestOf(api)).toMatchObject([{ caption: 'one #a', hashtags: 'a x y', likes: 1 }]);
});

test('content is named as in the view content_performance', async () => {
  const api = await openApi();
  const id = await seedAccount(api.store, 'anna', { platform: 'instagram' });
  const post = await seedPost(api.store, id, 'p1', { platform: 'instagram', caption: 'one', media_type: 'image' });
  await seedPostDay(api.store, post, '2026-11-20', { likes_count: 3, reach_count: 30 });
  const [row] = await runSql(api.store, 'SELECT * FROM content_performance');
  const [best] = await bestOf(api);
  expect(Object.keys(best ?? {}).slice(0, Object.keys(row ?? {}).length)).toEqual(Object.keys(row ?? {}));
  expect(best).toMatchObject({ content_id: post, post_id: 'p1', likes: 3, reach: 30 });
});

test('roi: a missing or zero denominator gives null, and what is known stays', async () => {
  const api = await openApi();
  const roi = async (body: Row) => (await api.post(`${METRICS}/roi`, { campaign_id: 'c', ...body })).body;
  const none = { roas: null, conversion_rate: null, cost_per_conversion: null, cost_per_reach: null };
  expect(await roi({ cost: 0, revenue: 10 })).toEqual({ success: true, roi: null, ...none });
  expect(await roi({ cost: 10 })).toEqual({ success: true, roi: 0, ...none, roas: 1 });
  expect(await runSql(api.store, 'SELECT campaign_id, account_id, cost FROM campaign_social_metrics')).toEqual([
    { campaign_id: 'c', account_id: null, cost: 10 },
  ]);
});

describe('what is refused', () => {
  const REFUSED: [string, Row | string, string][] = [
    ['daily', { followers: 1 }, 'account_id is missing; platform is missing.'],
    ['daily', { account_id: 1, followers: 1 }, 'platform is missing'],
    ['daily', { platform: 'tiktok', followers: 1 }, 'account_id is missing.'],
    ['daily', { ...WHOSE, platform: 'in sta', followers: 1 }, 'platform must be the name of one, such as instagram.'],
    ['daily', { ...WHOSE, platform: '../x', followers: 1 }, 'platform must be the name of one, such as instagram.'],
    ['daily', { ...WHOSE, platform: 5, followers: 1 }, 'platform must be text'],
    ['daily', WHOSE, 'There is nothing to record'],
    ['daily', { ...WHOSE, folowers: 1 }, 'There is no field "folowers"; did you mean followers?'],
    ['daily', { ...WHOSE, followers: '15250' }, 'followers must be a whole number'],
    ['daily', { ...WHOSE, followers: -1 }, 'followers must be a whole number'],
    ['daily', { ...WHOSE, followers: 1.5 }, 'followers must be a whole number'],
    ['daily', { ...WHOSE, followers: 1, date: '2026-02-30' }, 'date must be a day'],
    ['daily', { ...WHOSE, followers: 1, date: '2026-12-01' }, 'is in the future'],
    ['daily', { ...WHOSE, account_id: 0, followers: 1 }, 'account_id must be the id of a row, 1 to 2147483647, not 0.'],
    ['daily', { ...WHOSE, account_id: 'me', followers: 1 }, 'account_id must be the id of a row'],
    ['daily', { ...WHOSE, account_id: 3e9, followers: 1 }, 'account_id must be the id of a row'],
    ['daily', '[1]', 'The body must be a JSON object'],
    ['daily', '{"followers":', 'The body is not valid JSON'],
    ['daily', '', 'The body is empty'],
    ['content', { ...WHOSE, likes: 1 }, 'It names no post'],
    [
      'content',
      { ...WHOSE, post: 'https://www.tiktok.com/@a/video/7429779620297231648', likes: 1 },
      'is a post of tiktok',
    ],
    ['audience', { ...WHOSE, age_18_24: 60, age_25_34: 60 }, 'The ages add up to 120 %'],
    ['audience', { ...WHOSE, top_countries: "['USA'" }, 'top_countries must be a list'],
    ['roi', { cost: 1 }, 'It names no campaign'],
    ['roi', { campaign_id: 'c', cost: -1 }, 'cost must be an amount'],
    ['roi', { campaign_id: 'c', cost: 1, start: '2026-02-01', end: '2026-01-01' }, 'is before the start'],
  ];
  test('records that say nothing or something wrong, and nothing of them is stored', async () => {
    const api = await openApi();
    for (const [name, body, message] of REFUSED) {
      const reply = await api.request(`${METRICS}/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      expect(reply.status, message).toBe(400);
      expect((reply.body as { message: string }).message).toContain(message);
    }
    expect(await accountsOf(api)).toEqual([]);
    expect(await runSql(api.store, 'SELECT * FROM audit_log')).toEqual([]);
  });

  test('parameters that are missing, wrong, unknown or given twice', async () => {
    const api = await openApi();
    await recorded(api, { followers: 1 });
    const refused: [string, string][] = [
      ['summary?platform=instagram', 'account_id is missing'],
      ['summary?account_id=1', 'platform is missing'],
      ['summary', 'account_id is missing; platform is missing'],
      ['summary?account_id=x&platform=instagram', 'account_id must be a whole number'],
      ['summary?account_id=0&platform=instagram', 'account_id must be from 1'],
      ['summary?account_id=1&platform=', 'platform must be the name of one'],
      [`daily?${QUERY}&days=0`, 'days must be a whole number from 1 to 3650'],
      [`daily?${QUERY}&days=ten`, 'days must be a whole number'],
      [`daily?${QUERY}&day=3`, 'There is no parameter "day"; did you mean days?'],
      [`daily?${QUERY}&days=1&days=2`, 'days is given twice'],
      [`content?${QUERY}&limit=1001`, 'limit must be a whole number from 1 to 1000'],
    ];
    for (const [path, message] of refused) {
      const reply = await api.get(`${METRICS}/${path}`);
      expect([reply.status, (reply.body as { message: string }).message]).toEqual([
        400,
        expect.stringContaining(message),
      ]);
    }
  });

  test('accounts that are not there, and accounts of which nothing is known', async () => {
    const api = await openApi();
    for (const name of ['daily', 'summary', 'content', 'audience']) {
      expect((await api.get(`${METRICS}/${name}?${QUERY}`)).status, name).toBe(404);
    }
    await seedAccount(api.store, 'anna', { platform: 'instagram' });
    const statuses = await Promise.all(
      ['daily', 'summary', 'content', 'audience'].map(
        async (name) => (await api.get(`${METRICS}/${name}?${QUERY}`)).status,
      ),
    );
    expect(statuses).toEqual([200, 404, 200, 404]);
    expect(await daysOf(api)).toEqual([]);
  });

  test('other types, other methods, other paths', async () => {
    const api = await openApi();
    const send = async (method: string, path: string, type?: string, body?: string) =>
      api.request(path, { method, ...(type && { headers: { 'content-type': type } }), ...(body && { body }) });
    const json = JSON.stringify({ ...WHOSE, followers: 1 });
    const form = 'application/x-www-form-urlencoded';
    expect((await send('POST', `${METRICS}/daily`, form, json)).status).toBe(200);
    expect((await send('POST', `${METRICS}/daily`, form, 'followers=1')).status).toBe(415);
    expect((await send('POST', `${METRICS}/daily`, form, `${json},`)).status).toBe(400);
    expect((await send('POST', `${METRICS}/daily`, 'text/csv', 'followers\n1')).status).toBe(415);
    const large = JSON.stringify({ ...WHOSE, caption: 'x'.repeat(1_100_000) });
    expect((await send('POST', `${METRICS}/content`, 'application/json', large)).status).toBe(413);
    const wrong = await send('DELETE', `${METRICS}/daily`);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST, GET, HEAD']);
    expect((await send('POST', `${METRICS}/summary`, 'application/json', json)).status).toBe(405);
    expect(await send('GET', '/api/social-media/nothing')).toMatchObject({ status: 404, body: { error: 'not_found' } });
    expect((await send('GET', `${METRICS}/daily/?${QUERY}`)).status).toBe(200);
    const head = await send('HEAD', `${METRICS}/daily?${QUERY}`);
    expect([head.status, head.text]).toEqual([200, '']);
    const options = await send('OPTIONS', `${METRICS}/daily`);
    expect([options.status, options.headers.get('access-control-allow-origin')]).toEqual([405, null]);
  });
});
