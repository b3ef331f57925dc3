import { beforeEach, describe, expect, test } from 'vitest';
import type { Hono } from 'hono';
import type { ServerEnv } from '../../src/server/parts.ts';
import { createToken } from '../../src/store/token.ts';
import { ask, guardedApp, makeParts, type TestParts } from '../helper/guarded-app.ts';

const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';
const LOCAL = '127.0.0.1:8001';
const OWN = 'http://127.0.0.1:8001';
const NET = '192.168.1.5:8001';

interface Row {
  method?: string;
  path?: string;
  host?: string;
  origin?: string;
  site?: string;
  mode?: string;
  type?: string;
  body?: string;
  token?: 'read' | 'write' | 'wrong' | 'malformed' | 'basic';
  forwarded?: string;
  forwardedProto?: string;
  via?: string;
}

const GET: Row = {};
const POST: Row = { method: 'POST', type: JSON_TYPE, body: '{}' };

/** [what, the request, its status on loopback]. */
const ON_LOOPBACK: [string, Row, number][] = [
  ['a program', GET, 200],
  ['by name', { host: 'localhost:8001' }, 200],
  ['in capitals', { host: 'LOCALHOST:8001' }, 200],
  ['over IPv6', { host: '[::1]:8001' }, 200],
  ['another port', { host: '127.0.0.1:8002' }, 421],
  ['no port', { host: '127.0.0.1' }, 421],
  ['no port by name', { host: 'localhost' }, 421],
  ['a name that leads here', { host: 'evil.example:8001' }, 421],
  ['a name of its own that leads here', { host: 'evil.example' }, 421],
  ['a name that begins as ours', { host: 'localhost.evil.example:8001' }, 421],
  ['a name that ends as ours', { host: 'evil-localhost:8001' }, 421],
  ['a dot behind', { host: 'localhost.:8001' }, 421],
  ['another address of loopback', { host: '127.0.0.2:8001' }, 421],
  ['every address', { host: '0.0.0.0:8001' }, 421],
  ['a number', { host: '2130706433:8001' }, 421],
  ['a user before it', { host: 'a@127.0.0.1:8001' }, 421],
  ['two of them', { host: '127.0.0.1:8001, evil.example' }, 421],
  ['the other host and our origin', { host: 'evil.example:8001', origin: 'http://evil.example:8001' }, 421],
  ['the page of another name for us', { host: 'evil.example:8001', origin: OWN }, 421],
  ['our page', { origin: OWN, site: 'same-origin', mode: 'cors' }, 200],
  ['our page by the other name', { origin: 'http://localhost:8001' }, 200],
  ['a page of nowhere', { origin: 'null' }, 403],
  ['an empty origin', { origin: '' }, 403],
  ['another site', { origin: 'https://evil.example' }, 403],
  ['another port of ours', { origin: 'http://127.0.0.1:3000' }, 403],
  ['https of ours', { origin: 'https://127.0.0.1:8001' }, 403],
  ['a file', { origin: 'file://' }, 403],
  ['an extension', { origin: 'chrome-extension://abc' }, 403],
  ['an origin that begins as ours', { origin: 'http://127.0.0.1:8001.evil.example' }, 403],
  ['typed into the address bar', { site: 'none', mode: 'navigate' }, 200],
  ['a picture on another site', { site: 'cross-site', mode: 'no-cors' }, 403],
  ['a picture on another port', { site: 'same-site', mode: 'no-cors' }, 403],
  ['a link to the API on another site', { site: 'cross-site', mode: 'navigate' }, 403],
  ['a link to the page on another site', { path: '/', site: 'cross-site', mode: 'navigate' }, 200],
  ['the page in a frame elsewhere', { path: '/', site: 'cross-site', mode: 'no-cors' }, 403],
  ['a script of ours elsewhere', { path: '/assets/main.js', site: 'cross-site', mode: 'no-cors' }, 403],
  ['a word that browsers do not know', { site: 'nowhere' }, 403],
  ['metrics from another site', { path: '/metrics', site: 'cross-site', mode: 'navigate' }, 403],
  ['JSON', POST, 200],
  ['JSON with a charset', { ...POST, type: 'application/json; charset=utf-8' }, 200],
  ['JSON in capitals', { ...POST, type: 'Application/JSON' }, 200],
  ['JSON of our page', { ...POST, origin: OWN, site: 'same-origin' }, 200],
  ['JSON of another site', { ...POST, origin: 'https://evil.example', site: 'cross-site' }, 403],
  ['JSON of a page of nowhere', { ...POST, origin: 'null', site: 'cross-site' }, 403],
  ['JSON with the origin left out', { ...POST, site: 'cross-site' }, 403],
  ['curl -d', { ...POST, type: FORM }, 200],
  ['curl -d with an array', { ...POST, type: FORM, body: '[1]' }, 200],
  ['curl -d with a form', { ...POST, type: FORM, body: 'a=b' }, 415],
  ['curl -d with a comma too many', { ...POST, type: FORM, body: '{"a":1,}' }, 400],
  ['curl -d with a number', { ...POST, type: FORM, body: '7' }, 415],
  ['text that is JSON', { ...POST, type: 'text/plain' }, 200],
  ['no type at all', { ...POST, type: '' }, 200],
  ['a form of our page', { ...POST, type: FORM, origin: OWN }, 415],
  ['text of our page', { ...POST, type: 'text/plain', origin: OWN, site: 'same-origin' }, 415],
  ['text of a page that hides its origin', { ...POST, type: 'text/plain', site: 'same-origin' }, 415],
  ['something like JSON', { ...POST, type: 'application/json-patch', origin: OWN }, 415],
  ['nothing', { method: 'POST' }, 200],
  ['broken JSON', { ...POST, body: '{' }, 200],
  ['deep JSON', { ...POST, body: `${'['.repeat(500)}${']'.repeat(500)}` }, 400],
  ['brackets in a string', { ...POST, body: `{"a":"${'['.repeat(500)}\\"${'['.repeat(500)}"}` }, 200],
  ['a delete', { method: 'DELETE' }, 200],
  ['a delete of another site', { method: 'DELETE', origin: 'https://evil.example' }, 403],
  ['a method that we do not have', { method: 'PUT' }, 405],
  ['what browsers ask before', { method: 'OPTIONS', origin: 'https://evil.example' }, 405],
  ['a method of nobody', { method: 'BREW' }, 405],
  ['a token that is not needed', { token: 'write' }, 200],
  ['a wrong token that is not needed', { token: 'wrong' }, 200],
  ['a proxy on this machine', { forwarded: '203.0.113.9' }, 401],
  ['a proxy that tells its own name', { via: '1.1 proxy' }, 401],
  ['a proxy that tells the scheme', { forwardedProto: 'https' }, 401],
  ['a proxy on this machine with a token', { forwarded: '203.0.113.9', token: 'read' }, 200],
];

/** The same where others can reach it. */
const ON_A_NETWORK: [string, Row, number][] = [
  ['nobody', GET, 401],
  ['a reader', { token: 'read' }, 200],
  ['a writer', { token: 'write' }, 200],
  ['who guesses', { token: 'wrong' }, 401],
  ['who sends something else', { token: 'malformed' }, 401],
  ['who has a password', { token: 'basic' }, 401],
  ['a reader who records', { ...POST, token: 'read' }, 403],
  ['a writer who records', { ...POST, token: 'write' }, 200],
  ['nobody who records', POST, 401],
  ['a reader who deletes', { method: 'DELETE', token: 'read' }, 403],
  ['a form with a token', { ...POST, type: FORM, token: 'write' }, 415],
  ['under any name', { host: 'stats.example', token: 'read' }, 200],
  ['under a name that is none', { host: 'a b', token: 'read' }, 421],
  ['the page behind a proxy', { host: 'stats.example', origin: 'https://stats.example', token: 'read' }, 200],
  ['the page', { origin: `http://${NET}`, token: 'read' }, 200],
  ['another site with a token', { origin: 'https://evil.example', token: 'read' }, 403],
  ['a page of nowhere with a token', { origin: 'null', token: 'read' }, 403],
  ['another site that hides its origin', { site: 'cross-site', token: 'read' }, 403],
  ['health', { path: '/healthz' }, 200],
  ['the empty page', { path: '/' }, 200],
  ['its files', { path: '/assets/main.js' }, 200],
  ['metrics', { path: '/metrics' }, 401],
  ['events', { path: '/api/social-media/events' }, 401],
  ['metrics with a token', { path: '/metrics', token: 'read' }, 200],
  ['what is not there', { path: '/nothing' }, 401],
  ['what is not there, with a token', { path: '/nothing', token: 'read' }, 404],
];

const tokens = { wrong: `smst_${'A'.repeat(43)}`, malformed: 'smst_ä§', read: '', write: '', basic: '' };
let parts: TestParts;
let app: Hono<ServerEnv>;

async function open(host: string): Promise<void> {
  parts = await makeParts({ host });
  app = guardedApp(parts);
  for (const scope of ['read', 'write'] as const) {
    const made = await createToken(parts.store.db, { name: scope, scope, expiresAt: null }, parts.clock.now);
    tokens[scope] = made?.token as string;
  }
}

async function send(row: Row, host: string): Promise<Response> {
  const shown = row.token === 'basic' ? `Basic ${btoa('a:b')}` : row.token && `Bearer ${tokens[row.token]}`;
  const headers = {
    host: row.host ?? host,
    origin: row.origin,
    'sec-fetch-site': row.site,
    'sec-fetch-mode': row.mode,
    'content-type': row.type,
    'x-forwarded-for': row.forwarded,
    'x-forwarded-proto': row.forwardedProto,
    via: row.via,
    authorization: shown && Buffer.from(shown).toString('latin1'),
  };
  return ask(app, row.method ?? 'GET', row.path ?? '/api/echo', headers, row.body);
}

test('there are enough rows', () => expect(ON_LOOPBACK.length + ON_A_NETWORK.length).toBeGreaterThanOrEqual(60));

describe.each([
  ['on loopback', '127.0.0.1', LOCAL, ON_LOOPBACK],
  ['on a network', '192.168.1.5', NET, ON_A_NETWORK],
])('%s', (_, address, host, rows) => {
  test('every row of the matrix has its status, its error in JSON, and every header', async () => {
    await open(address);
    for (const [what, row, status] of rows) {
      const response = await send(row, host);
      expect(response.status, what).toBe(status);
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(response.headers.get('x-content-type-options'), what).toBe('nosniff');
      expect(response.headers.get('content-security-policy'), what).toContain("default-src 'none'");
      expect(response.headers.get('x-request-id'), what).toMatch(/^[0-9a-f-]{36}$/);
      if (status < 400) continue;
      expect(await response.json(), what).toEqual({
        success: false,
        message: expect.any(String),
        error: expect.stringMatching(/^[a-z_]+$/),
      });
    }
  });
});

describe('what is sent here', () => {
  beforeEach(() => open('127.0.0.1'));

  test('asks for a token in the words of HTTP', async () => {
    await open('192.168.1.5');
    const response = await send(GET, NET);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="smstats"');
  });

  test('reaches the routes as JSON when it is', async () => {
    const response = await ask(app, 'POST', '/api/echo', { 'content-type': FORM }, '{"a":1}');
    expect(await response.json()).toEqual({ success: true, type: JSON_TYPE, length: 7 });
  });

  test('is not said again', async () => {
    for (const path of [
      '/%00',
      '/a%00b',
      '/a/..%2f..%2fetc%2fpasswd',
      '/%5c%5cevil',
      '/%2e%2e%2f',
      '/a%0d%0ab',
      '/%zz',
    ]) {
      const response = await ask(app, 'GET', path);
      expect([400, 404], path).toContain(response.status);
      const text = await response.text();
      expect(text, path).not.toMatch(/etc|evil|%|zz/);
    }
    const response = await ask(app, 'GET', '/<script>alert(1)</script>');
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('script');
  });

  test('is refused by its size before it is read, and by what arrives when nobody said', async () => {
    const headers = { 'content-type': JSON_TYPE };
    const said = await ask(app, 'POST', '/api/echo', { ...headers, 'content-length': '10000000' }, '{}');
    expect(said.status).toBe(413);
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
    const unsaid = await ask(app, 'POST', '/api/echo', headers, endless);
    expect(unsaid.status).toBe(413);
    expect(sent).toBeLessThan(2_000_000);
    const lied = await ask(app, 'POST', '/api/echo', { ...headers, 'content-length': '2' }, ' '.repeat(1_000_001));
    expect(lied.status).toBe(413);
    const fits = await ask(app, 'POST', '/api/echo', headers, ' '.repeat(1_000_000));
    expect(fits.status).toBe(200);
  });

  test('has to be UTF-8', async () => {
    const body = Buffer.from([0x22, 0xff, 0x22]);
    expect((await ask(app, 'POST', '/api/echo', { 'content-type': JSON_TYPE }, body)).status).toBe(400);
  });

  test('may not be kept, unless it says so', async () => {
    expect((await ask(app, 'GET', '/api/echo')).headers.get('cache-control')).toBe('no-store');
    expect((await ask(app, 'GET', '/assets/x')).headers.get('cache-control')).toBe('max-age=9');
  });

  test('a bug says nothing of itself to the client, and all but secrets to the log', async () => {
    const response = await ask(app, 'GET', '/api/broken?token=abcdef123456');
    expect(response.status).toBe(500);
    const id = response.headers.get('x-request-id');
    expect(await response.text()).not.toMatch(/secret|place|abcdef/);
    const line = JSON.parse(parts.log().trimEnd().split('\n').at(-1) as string);
    expect(line).toMatchObject({ id, method: 'GET', route: '/api/broken', status: 500, client: 'local' });
    expect(line.error).toBe('at /secret/place.ts: token=***');
  });
});

test('the log holds a line for each request whatever it asks for, and nothing that was sent', async () => {
  await open('192.168.1.5');
  const secret = tokens.read;
  const headers = { host: NET, authorization: `Bearer ${secret}` };
  await ask(app, 'GET', `/api/echo?token=${secret}&a=%0d%0aforged`, headers);
  await ask(app, 'GET', '/api/%0a{"forged":1}', headers);
  await ask(app, 'POST', '/session', { host: NET, 'content-type': JSON_TYPE }, JSON.stringify({ token: secret }));
  const lines = parts.log().trimEnd().split('\n');
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  expect(lines.map((line) => (JSON.parse(line) as { route: string }).route)).toEqual(['/api/echo', 'none', '/session']);
  expect(parts.log()).not.toMatch(/forged|smst_/);
});

test.each([
  ['a person', { isTTY: true }, /^10:00:00 GET \/api\/echo 200 \d+\.\d ms\n$/],
  ['a person who wants all', { isTTY: true, flags: { verbose: true } }, /^{"time":"2026-11-22T10:00:00.000Z",/],
  ['a file', {}, /^{"time":/],
  ['nobody', { flags: { quiet: true } }, /^$/],
])('the log is for %s', async (_, options, expected) => {
  parts = await makeParts(options);
  await ask(guardedApp(parts), 'GET', '/api/echo');
  expect(parts.log()).toMatch(expected);
});
