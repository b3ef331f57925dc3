import { describe, expect, test } from 'vitest';
import { clientKey, createLimiter } from '../../src/server/rate-limit.ts';
import { createToken } from '../../src/store/token.ts';
import { ask, guardedApp, makeParts } from '../helper/guarded-app.ts';

describe('a limiter', () => {
  test('lets a minute of requests through at once, then as many as the time allows', () => {
    let now = 0;
    const limiter = createLimiter(60, () => now);
    expect(Array.from({ length: 60 }, () => limiter.take('a'))).toEqual(Array(60).fill(0));
    expect(limiter.take('a')).toBe(1);
    expect(limiter.take('b')).toBe(0);
    now += 999;
    expect(limiter.take('a')).toBe(1);
    now += 1;
    expect(limiter.take('a')).toBe(0);
    expect(limiter.take('a')).toBe(1);
    now += 3_600_000;
    expect(Array.from({ length: 61 }, () => limiter.take('a')).filter((wait) => wait > 0)).toHaveLength(1);
  });

  test('says how long to wait, and who waits so long may ask', () => {
    let now = 0;
    const limiter = createLimiter(1, () => now);
    limiter.take('a');
    expect(limiter.take('a')).toBe(60);
    now += 60_000;
    expect(limiter.take('a')).toBe(0);
  });

  test('is not fooled by a clock that is set back', () => {
    let now = 1e12;
    const limiter = createLimiter(2, () => now);
    limiter.take('a');
    now -= 86_400_000;
    expect(limiter.take('a')).toBe(0);
    expect(limiter.take('a')).toBeGreaterThan(0);
  });

  test('forgets who asked longest ago rather than fill the memory', () => {
    const limiter = createLimiter(1, () => 0);
    limiter.take('first');
    for (let key = 0; key < 20_000; key++) limiter.take(String(key));
    expect(limiter.take('first')).toBe(0);
    expect(limiter.take('19999')).toBeGreaterThan(0);
  });
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['local', 'local'],
])('%s is the client %s', (address, key) => expect(clientKey(address)).toBe(key));

test('who asks too much is told when to come back; health always answers, and others are not touched', async () => {
  const parts = await makeParts({ host: '192.168.1.5' });
  await parts.context.config();
  (await parts.context.config()).api.requestsPerMinute = 5;
  const made = await createToken(parts.store.db, { name: 'a', scope: 'read', expiresAt: null }, parts.clock.now);
  const app = guardedApp(parts);
  const host = '192.168.1.5:8001';
  const headers = { host, authorization: `Bearer ${made?.token}` };
  const statuses = async (count: number, of: Record<string, string>, path = '/api/echo') => {
    const all = [];
    for (let index = 0; index < count; index++) all.push((await ask(app, 'GET', path, of)).status);
    return all;
  };
  expect(await statuses(6, headers)).toEqual([200, 200, 200, 200, 200, 429]);
  // Without a token it is the address that counts, right or wrong.
  expect(await statuses(6, { host, authorization: 'Bearer smst_guess' })).toEqual([401, 401, 401, 401, 401, 429]);
  expect(await statuses(20, { host }, '/healthz')).toEqual(Array(20).fill(200));
  const refused = await ask(app, 'GET', '/api/echo', headers);
  expect(refused.headers.get('retry-after')).toBe('12');
  expect(await refused.json()).toEqual({
    success: false,
    message: 'Too many requests: try again in 12 s.',
    error: 'too_many_requests',
  });
  parts.clock.now = new Date(parts.clock.now.getTime() + 12_000);
  expect(await statuses(2, headers)).toEqual([200, 429]);
  expect(parts.log()).not.toContain('smst_');
});

test('a token cannot be guessed at the door: ten tries a minute of one address, right or wrong', async () => {
  const parts = await makeParts({ host: '192.168.1.5' });
  const made = await createToken(parts.store.db, { name: 'a', scope: 'read', expiresAt: null }, parts.clock.now);
  const app = guardedApp(parts);
  const headers = { host: '192.168.1.5:8001', 'content-type': 'application/json' };
  const enter = async (token: unknown) =>
    (await ask(app, 'POST', '/session', headers, JSON.stringify({ token }))).status;
  for (let index = 0; index < 9; index++) expect(await enter(`smst_${index}`)).toBe(401);
  expect(await enter(made?.token)).toBe(200);
  expect(await enter(made?.token)).toBe(429);
  parts.clock.now = new Date(parts.clock.now.getTime() + 6_000);
  expect(await enter(made?.token)).toBe(200);
});
