import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listAudit } from '../../src/query/list-audit.ts';
import { createToken, revokeToken } from '../../src/store/token.ts';
import { ask, guardedApp, makeParts, type TestParts } from '../helper/guarded-app.ts';
import { makeHome, NOW, runCli } from '../helper/run-cli.ts';
import { runSql } from '../helper/temp-store.ts';

const HOST = '192.168.1.5';
const DAY_MS = 86_400_000;

async function open(): Promise<{
  parts: TestParts;
  token: string;
  get(headers: object, path?: string): Promise<Response>;
}> {
  const parts = await makeParts({ host: HOST });
  const expiresAt = new Date(NOW.getTime() + DAY_MS);
  const made = await createToken(parts.store.db, { name: 'grafana', scope: 'read', expiresAt }, NOW);
  const app = guardedApp(parts);
  const get = (headers: object, path = '/api/echo') => ask(app, 'GET', path, { host: `${HOST}:8001`, ...headers });
  return { parts, token: made?.token as string, get };
}

describe('a token', () => {
  test('lets in until it is over or revoked, and no longer', async () => {
    const { parts, token, get } = await open();
    const headers = { authorization: `Bearer ${token}` };
    expect((await get(headers)).status).toBe(200);
    expect((await get({ authorization: `bearer ${token}` })).status).toBe(200);
    for (const wrong of [token.slice(0, -1), `${token}A`, token.toLowerCase(), token.slice(5), ` ${token} x`, '']) {
      expect((await get({ authorization: `Bearer ${wrong}` })).status, wrong).toBe(401);
    }
    expect((await get({}, `/api/echo?token=${token}`)).status).toBe(401);
    parts.clock.now = new Date(NOW.getTime() + DAY_MS - 1);
    expect((await get(headers)).status).toBe(200);
    parts.clock.now = new Date(NOW.getTime() + DAY_MS);
    expect((await get(headers)).status).toBe(401);
    parts.clock.now = NOW;
    await revokeToken(parts.store.db, 'grafana', NOW);
    expect((await get(headers)).status).toBe(401);
  });

  test('says when it was used last, written at most once a minute', async () => {
    const { parts, token, get } = await open();
    const headers = { authorization: `Bearer ${token}` };
    const lastUsed = async () =>
      (await runSql(parts.store, 'SELECT last_used_at FROM api_tokens'))[0]?.['last_used_at'];
    expect(await lastUsed()).toBeNull();
    await get(headers);
    expect(await lastUsed()).toBe('2026-11-22T10:00:00.000Z');
    parts.clock.now = new Date(NOW.getTime() + 59_999);
    await get(headers);
    expect(await lastUsed()).toBe('2026-11-22T10:00:00.000Z');
    parts.clock.now = new Date(NOW.getTime() + 60_000);
    await get(headers);
    expect(await lastUsed()).toBe('2026-11-22T10:01:00.000Z');
  });

  test('has a name of its own among those in force; each change is in the audit, without its hash', async () => {
    const { parts } = await open();
    const again = { name: 'grafana', scope: 'write', expiresAt: null } as const;
    expect(await createToken(parts.store.db, again, NOW)).toBeUndefined();
    expect(await revokeToken(parts.store.db, 'grafana', NOW)).toMatchObject({ name: 'grafana', scope: 'read' });
    expect(await revokeToken(parts.store.db, 'grafana', NOW)).toBeUndefined();
    expect(await createToken(parts.store.db, again, NOW)).toMatchObject({ entry: { scope: 'write' } });
    const audit = await listAudit(parts.store.db, { limit: 10, table: 'api_tokens', timezone: 'UTC' });
    expect(audit.map(({ action }) => action)).toEqual(['add', 'revoke', 'add']);
    expect(JSON.stringify(audit)).not.toMatch(/hash|smst_|[0-9a-f]{64}/);
  });
});

describe('a browser', () => {
  const JSON_TYPE = { 'content-type': 'application/json' };

  async function enter(parts: TestParts, token: unknown, more: Record<string, string> = {}) {
    const headers = { host: `${HOST}:8001`, ...JSON_TYPE, ...more };
    const app = guardedApp(parts);
    const reply = await ask(app, 'POST', '/session', headers, JSON.stringify({ token }));
    const cookie = reply.headers.get('set-cookie')?.split(';')[0] ?? '';
    return { app, reply, cookie };
  }

  test('is let in by a cookie that no script reads and no other site sends, and that is not the token', async () => {
    const { parts, token } = await open();
    const { app, reply, cookie } = await enter(parts, token);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({ success: true, scope: 'read' });
    const set = reply.headers.get('set-cookie') as string;
    expect(set).toMatch(/^smstats_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(set).not.toContain(token.slice(5));
    const headers = { host: `${HOST}:8001`, cookie };
    expect((await ask(app, 'GET', '/api/echo', headers)).status).toBe(200);
    expect((await ask(app, 'POST', '/api/echo', { ...headers, ...JSON_TYPE }, '{}')).status).toBe(403);
    expect((await ask(app, 'GET', '/api/echo', { ...headers, cookie: `${cookie}x` })).status).toBe(401);
    // Who has the cookie and comes from elsewhere has a browser that does not know SameSite.
    expect((await ask(app, 'GET', '/api/echo', { ...headers, origin: 'https://evil.example' })).status).toBe(403);
    const left = await ask(app, 'DELETE', '/session', headers);
    expect(left.headers.get('set-cookie')).toMatch(/^smstats_session=; Max-Age=0;/);
    expect((await ask(app, 'GET', '/api/echo', headers)).status).toBe(401);
  });

  test('behind a proxy with TLS gets a cookie for TLS alone', async () => {
    const { parts, token } = await open();
    const { reply } = await enter(parts, token, { host: 'stats.example', origin: 'https://stats.example' });
    expect(reply.headers.get('set-cookie')).toContain('; Secure');
  });

  test.each([
    [
      'a session of yesterday',
      async (parts: TestParts) => void (parts.clock.now = new Date(NOW.getTime() + DAY_MS / 2)),
    ],
    ['a session of a token that was revoked', async (parts: TestParts) => revokeToken(parts.store.db, 'grafana', NOW)],
  ])('is not let in by %s', async (_, change) => {
    const { parts, token } = await open();
    const { app, cookie } = await enter(parts, token);
    await change(parts);
    expect((await ask(app, 'GET', '/api/echo', { host: `${HOST}:8001`, cookie })).status).toBe(401);
  });

  test.each([
    [undefined, 400],
    [7, 400],
    [{}, 400],
    ['', 401],
    ['smst_wrong', 401],
    ["' OR 1=1 --", 401],
  ])('is not let in by %j', async (token, status) => {
    const { parts } = await open();
    const { reply } = await enter(parts, token);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('set-cookie')).toBeNull();
  });
});

describe('smstats token', () => {
  test('prints a token once; the database holds its hash alone', async () => {
    const home = makeHome();
    const made = await runCli(['token', 'create', 'ci', '--expires', '90d'], { home });
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('shown once') });
    const token = made.stdout.trimEnd();
    expect(token).toMatch(/^smst_[\w-]{43}$/);
    for (const name of readdirSync(home).filter((each) => statSync(join(home, each)).isFile())) {
      const bytes = readFileSync(join(home, name), 'latin1');
      for (const form of [token, token.slice(5), token.slice(5, 25)]) expect(bytes, name).not.toContain(form);
    }
    const listed = await runCli(['token', 'list', '--json'], { home });
    expect(listed.stdout).not.toContain(token.slice(5));
    expect(JSON.parse(listed.stdout).data).toEqual([
      {
        id: 1,
        name: 'ci',
        scope: 'write',
        created_at: '2026-11-22T10:00:00.000Z',
        last_used_at: null,
        expires_at: '2027-02-20T10:00:00.000Z',
        revoked_at: null,
      },
    ]);
    const audit = await runCli(['audit', '--json'], { home });
    expect(audit.stdout).not.toContain(token.slice(5));
  });

  test('as JSON is one document', async () => {
    const home = makeHome();
    const { stdout } = await runCli(['token', 'create', 'ci', '--read-only', '--json'], { home });
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'token create',
      data: { name: 'ci', scope: 'read', token: expect.stringMatching(/^smst_/), expires_at: null },
    });
  });

  test('refuses what it cannot do, with what to do instead', async () => {
    const home = makeHome();
    await runCli(['token', 'create', 'ci'], { home });
    const cases: [string[], number, RegExp][] = [
      [['create', 'ci'], 1, /There is a token "ci" already.*smstats token revoke ci/s],
      [['create', 'a b'], 2, /"a b" is no name/],
      [['create', '-'.repeat(65)], 2, /./],
      [['create', 'x', '--expires', 'soon'], 2, /--expires must be an age/],
      [['create', 'x', '--expires', '0d'], 2, /--expires must be an age/],
      [['revoke', 'nobody'], 7, /There is no token "nobody" in force/],
    ];
    for (const [argv, code, message] of cases) {
      const ended = await runCli(['token', ...argv], { home });
      expect(ended.code, argv.join(' ')).toBe(code);
      expect(ended.stderr).toMatch(message);
    }
    expect((await runCli(['token', 'revoke', 'ci'], { home })).code).toBe(0);
    expect((await runCli(['token'], { home })).stdout).toMatch(/ci +write/);
    expect((await runCli(['token', 'create', 'ci'], { home })).code).toBe(0);
  });
});
