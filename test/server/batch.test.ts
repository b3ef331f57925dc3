import { expect, test } from 'vitest';
import { openApi } from '../helper/api.ts';
import { breakTable, runSql } from '../helper/temp-store.ts';

const METRICS = '/api/social-media/metrics';
const WHOSE = { account_id: 1, platform: 'instagram' };

test('a batch is stored as a whole', async () => {
  const api = await openApi();
  const days = Array.from({ length: 1000 }, (_, at) => ({
    ...WHOSE,
    date: new Date(Date.UTC(2024, 0, 1 + at)).toISOString().slice(0, 10),
    followers: 1000 + at,
  }));
  expect((await api.post(`${METRICS}/daily/batch`, days)).text).toBe(
    '{"success":true,"message":"Daily metrics recorded","count":1000}',
  );
  const posts = [
    { ...WHOSE, post_id: '1790000000000001', likes: 1 },
    { ...WHOSE, post_id: '1790000000000002', likes: 2 },
  ];
  expect((await api.post(`${METRICS}/content/batch`, posts)).text).toBe(
    '{"success":true,"message":"Content performance recorded","count":2}',
  );
  const audiences = [{ ...WHOSE, top_countries: ['DE'] }];
  expect((await api.post(`${METRICS}/audience/batch`, audiences)).text).toBe(
    '{"success":true,"message":"Demographics recorded","count":1}',
  );
  const [{ n } = { n: 0 }] = await runSql<{ n: number }>(
    api.store,
    'SELECT count(*) AS n FROM social_media_daily_metrics',
  );
  expect(Number(n)).toBe(1000);
  expect(await runSql(api.store, 'SELECT id FROM social_media_accounts')).toEqual([{ id: 1 }]);
});

test('one bad item stores nothing, and every bad one is named', async () => {
  const api = await openApi();
  const reply = await api.post(`${METRICS}/daily/batch`, [
    { ...WHOSE, followers: 1 },
    { ...WHOSE, followers: 'many', likes: -1 },
    'nothing',
    { account_id: 1, followers: 1 },
    { ...WHOSE, folowers: 1 },
  ]);
  expect(reply.status).toBe(400);
  expect(reply.body).toEqual({
    success: false,
    message: 'Nothing was stored: 4 of 5 items are wrong.',
    error: 'bad_request',
    items: [
      { index: 1, field: 'followers', message: expect.stringContaining('followers must be a whole number') as string },
      { index: 1, field: 'likes', message: expect.stringContaining('likes must be a whole number') as string },
      { index: 2, field: null, message: 'it must be an object' },
      { index: 3, field: 'platform', message: 'platform is missing' },
      { index: 4, field: 'folowers', message: 'there is no field "folowers"; did you mean followers?' },
    ],
  });
  expect(await runSql(api.store, 'SELECT * FROM social_media_accounts')).toEqual([]);
  expect(await runSql(api.store, 'SELECT * FROM audit_log')).toEqual([]);
});

test('what only the database can refuse takes all others back, and is named', async () => {
  const api = await openApi();
  const reply = await api.post(`${METRICS}/content/batch`, [
    { ...WHOSE, post_id: '1790000000000001', likes: 1 },
    { ...WHOSE, post: 'https://www.tiktok.com/@anna/video/7429779620297231648', likes: 1 },
  ]);
  expect(reply.status).toBe(400);
  expect(reply.body).toMatchObject({
    items: [{ index: 1, field: null, message: expect.stringContaining('is a post of tiktok') as string }],
  });
  expect(await runSql(api.store, 'SELECT * FROM social_media_posts')).toEqual([]);
  const only = await api.post(`${METRICS}/content/batch`, [{ ...WHOSE, post: 'https://vm.tiktok.com/ZM1/', likes: 1 }]);
  expect(only.body).toMatchObject({ items: [{ index: 0 }] });
});

test('nothing, too many and no array are refused', async () => {
  const api = await openApi();
  const messageOf = async (body: unknown) => {
    const reply = await api.post(`${METRICS}/daily/batch`, body);
    return [reply.status, (reply.body as { message: string }).message];
  };
  expect(await messageOf([])).toEqual([400, 'The array is empty.']);
  expect(await messageOf({ ...WHOSE, followers: 1 })).toEqual([400, 'The body must be a JSON array.']);
  const many = Array.from({ length: 1001 }, () => ({ ...WHOSE, followers: 1 }));
  expect(await messageOf(many)).toEqual([400, 'There are 1001 items; send 1000 at most.']);
  expect((await api.post(`${METRICS}/roi/batch`, [])).status).toBe(404);
});

test('a fault of the database is no fault of the request, and tells nothing', async () => {
  const api = await openApi();
  await breakTable(api.store, 'audit_log', 'secret detail');
  const reply = await api.post(`${METRICS}/daily/batch`, [{ ...WHOSE, followers: 1 }]);
  expect(reply.body).toMatchObject({ success: false, error: 'internal' });
  expect(reply.text).not.toContain('secret');
  expect(api.said()).toContain('secret detail');
  expect(await runSql(api.store, 'SELECT * FROM social_media_daily_metrics')).toEqual([]);
});
