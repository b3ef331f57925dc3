import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished, expect, test } from 'vitest';
import { configure, makeDirectory, run, TIMEZONE } from './process.ts';
import { serve } from './serving.ts';
import { makeAccount, startTikwmServer } from '../helper/tikwm-server.ts';

const BIN = resolve(import.meta.dirname, '../../bin/smstats.js');

/** Sends bytes as they are, and waits until the server ends the connection. */
async function sendRaw(port: number, text: string, waitMs = 20_000): Promise<{ reply: string; ms: number }> {
  const start = performance.now();
  const socket = connect(port, '127.0.0.1');
  let reply = '';
  socket.on('data', (bytes) => (reply += bytes.toString('latin1')));
  socket.on('error', () => {});
  socket.write(text);
  await Promise.race([new Promise((done) => socket.on('close', done)), delay(waitMs)]);
  socket.destroy();
  return { reply, ms: performance.now() - start };
}

test('answers on a database that was not there, and says each request on stderr', async () => {
  const home = makeDirectory();
  const server = await serve(home);
  const daily = `${server.url}/api/social-media/metrics/daily`;
  const body = JSON.stringify({ account_id: '1', platform: 'instagram', followers: 15_250 });
  const recorded = await fetch(daily, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(recorded.status).toBe(200);
  expect((await fetch(`${daily}?account_id=1&platform=instagram`)).status).toBe(200);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect(statSync(join(home, 'smstats.db')).mode & 0o777).toBe(0o600);
  server.kill('SIGTERM');
  expect(await server.ended).toEqual({ code: 143, signal: null });
  const lines = server
    .stderr()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { method: 'POST', route: '/api/social-media/metrics/daily', status: 200, client: '127.0.0.1' },
    { method: 'GET', route: '/api/social-media/metrics/daily', status: 200 },
    { route: '/healthz', bytes: expect.any(Number) },
  ]);
  expect(server.stderr()).not.toContain('account_id');
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s lets a request under way end, and ends what only listens', async (signal, code) => {
  const server = await serve(makeDirectory());
  const events = await fetch(`${server.url}/api/social-media/events`);
  const stream = events.text();
  const { reply, headers } = startPost(server.port);
  await headers;
  server.kill(signal);
  await delay(300);
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  reply.finish();
  expect(await reply.answer).toMatchObject({ status: 200 });
  const start = performance.now();
  expect(await server.ended).toEqual({ code, signal: null });
  expect(performance.now() - start).toBeLessThan(3_000);
  expect(await stream).toContain(': listening');
});

test('who never ends is waited for ten seconds', { timeout: 30_000 }, async () => {
  const server = await serve(makeDirectory());
  const { reply, headers } = startPost(server.port);
  await headers;
  const start = performance.now();
  server.kill('SIGTERM');
  expect((await server.ended).code).toBe(143);
  expect(performance.now() - start).toBeGreaterThan(9_000);
  expect(performance.now() - start).toBeLessThan(14_000);
  expect(await reply.answer).toBeUndefined();
});

test('a second signal ends at once', async () => {
  const server = await serve(makeDirectory());
  const { headers } = startPost(server.port);
  await headers;
  server.kill('SIGINT');
  await delay(300);
  const start = performance.now();
  server.kill('SIGINT');
  expect((await server.ended).code).toBe(130);
  expect(performance.now() - start).toBeLessThan(3_000);
});

/** A request of which the last byte is missing until `finish`. */
function startPost(port: number) {
  const body = JSON.stringify({ account_id: '1', platform: 'instagram', followers: 5 });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const outgoing = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/api/social-media/metrics/daily',
    headers,
  });
  const answer = new Promise<{ status: number | undefined } | undefined>((done) => {
    outgoing.on('response', (incoming: IncomingMessage) => {
      incoming.resume();
      incoming.on('end', () => done({ status: incoming.statusCode }));
    });
    outgoing.on('error', () => done(undefined));
  });
  outgoing.write(body.slice(0, -1));
  return { reply: { finish: () => outgoing.end(body.slice(-1)), answer }, headers: delay(300) };
}

test(
  'a request that comes byte by byte is ended after ten seconds, one whose body does after thirty',
  { timeout: 60_000 },
  async () => {
    const server = await serve(makeDirectory());
    const slowHeaders = sendRaw(server.port, 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ');
    const slowBody = sendRaw(
      server.port,
      `POST /session HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
      45_000,
    );
    const headers = await slowHeaders;
    expect(headers.ms).toBeLessThan(13_000);
    expect(headers.reply).toContain('408');
    // Meanwhile everybody else is served.
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await slowBody).ms).toBeLessThan(34_000);
  },
);

test('bombs are refused: headers, bodies, targets', { timeout: 60_000 }, async () => {
  const server = await serve(makeDirectory());
  const host = `Host: 127.0.0.1:${server.port}\r\n`;
  const of = async (text: string) => /^HTTP\/1\.1 (\d+)/.exec((await sendRaw(server.port, text, 5_000)).reply)?.[1];
  expect(await of(`GET / HTTP/1.1\r\n${host}X-A: ${'a'.repeat(20_000)}\r\n\r\n`)).toBe('431');
  expect(await of(`GET / HTTP/1.1\r\n${host}${'X-A: a\r\n'.repeat(5_000)}\r\n`)).toBe('431');
  expect(await of(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`)).toBe('431');
  expect(await of('GET / HTTP/1.1\r\n\r\n')).toBe('400');
  expect(await of('GET /healthz HTTP/1.0\r\n\r\n')).toBe('400');
  expect(await of('GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')).toBe('421');
  expect(await of(`GET http://evil.example/healthz HTTP/1.1\r\n${host}Connection: close\r\n\r\n`)).toBe('421');
  expect(await of(`GET /healthz HTTP/1.1\r\n${host}Host: evil.example\r\nConnection: close\r\n\r\n`)).toBe('421');
  expect(await of(`GET /a\\..\\b HTTP/1.1\r\n${host}Connection: close\r\n\r\n`)).toBe('400');
  expect(await of(`GET /%00 HTTP/1.1\r\n${host}Connection: close\r\n\r\n`)).toBe('400');
  expect(
    await of(`POST /session HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
  ).toBe('400');
  expect(await of(`CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n`)).toBeUndefined();
  const big = Buffer.alloc(10_000_000, 32);
  const refused = await fetch(`${server.url}/api/social-media/metrics/daily/batch`, {
    method: 'POST',
    body: big,
    headers: { 'content-type': 'application/json' },
  });
  expect(refused.status).toBe(413);
  const chunked = await of(
    `POST /session HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n` +
      `100000\r\n${' '.repeat(0x100000)}\r\n`.repeat(2),
  );
  expect(chunked).toBe('413');
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  server.kill('SIGTERM');
  await server.ended;
  expect(server.stderr()).not.toMatch(/at .*\.(c?js|ts):\d/);
});

test('fifty of a hundred who listen are told of a fetch by another process within two seconds; all the others get an answer', async () => {
  const home = makeDirectory();
  const tikwm = await startTikwmServer({ anna: makeAccount(3, 1) });
  onTestFinished(() => tikwm.close());
  configure(home, tikwm.url);
  const server = await serve(home);
  const replies = await Promise.all(Array.from({ length: 100 }, () => fetch(`${server.url}/api/social-media/events`)));
  const streams = replies.filter(({ status }) => status === 200);
  expect(streams).toHaveLength(50);
  expect(replies.filter(({ status }) => status === 503)).toHaveLength(50);
  const told = streams.map(async ({ body }) => {
    let text = '';
    for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(bytes).toString();
      if (text.includes('event: data-changed')) return performance.now();
    }
    return Infinity;
  });
  await delay(1_500);
  expect((await run(['fetch', 'tiktok', 'anna'], { home })).code).toBe(0);
  const done = performance.now();
  for (const at of await Promise.all(told)) expect(at - done).toBeLessThan(2_000);
});

test('a port that is taken is an error with the next step', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await delay(100);
  const { port } = other.address() as AddressInfo;
  const ended = await run(['serve', '--port', String(port)], { home: makeDirectory() });
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain(`Port ${port} on 127.0.0.1 is in use.`);
  expect(ended.stderr).toContain('--port 0');
});

test('others are let in with a token alone: without any the server does not start', async () => {
  const home = makeDirectory();
  const refused = await run(['serve', '--port', '0', '--host', '0.0.0.0'], { home });
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('smstats token create');
  const made = await run(['token', 'create', 'ci', '--read-only'], { home });
  const token = made.stdout.trimEnd();
  const server = await serve(home, ['--host', '0.0.0.0']);
  const url = `http://127.0.0.1:${server.port}/metrics`;
  expect((await fetch(url)).status).toBe(401);
  const authorization = `Bearer ${token}`;
  expect((await fetch(url, { headers: { authorization } })).status).toBe(200);
  expect((await run(['token', 'revoke', 'ci'], { home })).code).toBe(0);
  expect((await fetch(url, { headers: { authorization } })).status).toBe(401);
  server.kill('SIGTERM');
  await server.ended;
  expect(server.stderr()).not.toContain('smst_');
  // What was the last one does not count any more.
  expect((await run(['serve', '--host', '0.0.0.0', '--port', '0'], { home })).code).toBe(2);
});

test.each([
  [['--port', '70000'], 2, '--port must be a whole number'],
  [['--port', 'x'], 2, '--port must be a whole number'],
  [['--host', 'no-such-host.invalid'], 2, 'There is no host'],
])('%j is refused', async (args, code, message) => {
  const ended = await run(['serve', ...args], { home: makeDirectory() });
  expect(ended.code).toBe(code);
  expect(ended.stderr).toContain(message);
});

test('--json says where it is as one document; --quiet says nothing else', async () => {
  const home = makeDirectory();
  const child = spawn(process.execPath, [BIN, 'serve', '--port', '0', '--json', '--quiet'], {
    env: { PATH: process.env['PATH'], SMSTATS_HOME: home, SMSTATS_TIMEZONE: TIMEZONE },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (text) => (stderr += String(text)));
  await new Promise<void>((done) => {
    child.stdout.on('data', (text) => {
      stdout += String(text);
      if (stdout.endsWith('}\n')) done();
    });
  });
  const { data } = JSON.parse(stdout) as { data: { url: string; port: number } };
  expect(data).toEqual({
    url: `http://127.0.0.1:${data.port}`,
    host: '127.0.0.1',
    port: data.port,
    needs_token: false,
  });
  expect((await fetch(`${data.url}/healthz`)).status).toBe(200);
  child.kill('SIGTERM');
  await new Promise((done) => child.on('close', done));
  expect(stderr).toBe('');
  expect(existsSync(join(home, 'smstats.db-wal'))).toBe(false);
});
