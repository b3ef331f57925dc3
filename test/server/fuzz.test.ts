import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createApp } from '../../src/server/app.ts';
import { listen } from '../../src/server/listen.ts';
import { createCheck, readReply } from '../helper/api.ts';
import { makeParts, type TestParts } from '../helper/guarded-app.ts';
import { runSql } from '../helper/temp-store.ts';
import { checksumTables, createGenerator, LEAK, type MadeUp } from './fuzz.ts';
import { seedMonths } from './seed.ts';

const SEED = 20_261_122;

async function open(): Promise<{ parts: TestParts; routes: string[]; app: ReturnType<typeof createApp> }> {
  const parts = await makeParts({ flags: { quiet: true } });
  (await parts.context.config()).api.requestsPerMinute = 10_000_000;
  await seedMonths(parts.store);
  const app = createApp(parts, { isOpen: true });
  const paths = app.routes.filter(({ method }) => method !== 'ALL').map(({ path }) => path);
  return { parts, app, routes: [...new Set(paths)].filter((path) => path !== '/api/social-media/events') };
}

/** What another connection sees change with each transaction of the server. */
async function versionOf({ store }: TestParts): Promise<unknown> {
  return (await runSql<{ data_version: number }>(store, 'PRAGMA data_version'))[0]?.data_version;
}

test(
  '10,000 made-up requests: no bug, nothing of our inside in any answer, no trace of what was refused',
  { timeout: 300_000 },
  async () => {
    const { parts, app, routes } = await open();
    const make = createGenerator(SEED, routes);
    const check = createCheck(await (await app.request('/openapi.json')).json());
    const statuses = new Map<number, number>();
    let version = await versionOf(parts);
    let checksum = await checksumTables(parts.store);
    for (let sent = 0; sent < 10_000;) {
      const { method, target, headers, body } = make();
      let request: Request;
      try {
        request = new Request(new URL(target, 'http://127.0.0.1:8001'), {
          method,
          headers: [['host', '127.0.0.1:8001'], ...headers],
          ...(body !== undefined && { body }),
        });
      } catch {
        // What no client can send.
        continue;
      }
      sent += 1;
      const response = await readReply(await app.fetch(request));
      const { text } = response;
      const what = JSON.stringify({
        method,
        target,
        headers,
        body: body?.slice(0, 500),
        status: response.status,
        text: text.slice(0, 500),
      });
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      expect([500, 503], what).not.toContain(response.status);
      // Whatever came in, what goes out is as the API describes itself.
      check(method.toUpperCase(), new URL(request.url).pathname, response);
      // Pages and the description quote paths of their own.
      if (!/^\/(docs|assets|openapi)|^\/$/.test(new URL(request.url).pathname)) expect(text, what).not.toMatch(LEAK);
      const now = await versionOf(parts);
      if (response.status >= 400) {
        expect(now, what).toBe(version);
        expect(JSON.parse(text || '{"success":false}'), what).toMatchObject({ success: false });
        if (sent % 100 === 0) expect(await checksumTables(parts.store), what).toBe(checksum);
      } else if (now !== version) checksum = await checksumTables(parts.store);
      version = now;
    }
    // A fuzzer that is always refused at the door tests the door alone.
    expect(statuses.get(200)).toBeGreaterThan(1_000);
    expect(statuses.get(400)).toBeGreaterThan(1_000);
    expect([...statuses.keys()].toSorted()).toEqual(expect.arrayContaining([200, 400, 403, 404, 405, 415]));
  },
);

test(
  '1,000 of them over sockets, byte for byte as they were made up: each is answered or cut off, and none is a bug',
  { timeout: 120_000 },
  async () => {
    const { parts, routes } = await open();
    const stop = new AbortController();
    const server = await listen(parts.context, { host: '127.0.0.1', port: 0 });
    onTestFinished(() => server.close(stop.signal));
    onTestFinished(() => stop.abort());
    const make = createGenerator(SEED + 1, routes);
    const requests = Array.from({ length: 1_000 }, make);
    const statuses = new Map<string, number>();
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let request = requests.pop(); request; request = requests.pop()) {
          const reply = await send(server.address.port, request);
          const status = /^HTTP\/1\.1 (\d+)/.exec(reply)?.[1] ?? (reply === '' ? 'none' : 'junk');
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          const what = JSON.stringify({ ...request, body: request.body?.slice(0, 300), reply: reply.slice(0, 600) });
          expect(['500', '503', 'junk'], what).not.toContain(status);
          if (!/^\/(docs|assets|openapi)|^\/(\?|$)/.test(request.target)) expect(reply, what).not.toMatch(LEAK);
        }
      }),
    );
    expect(statuses.get('200')).toBeGreaterThan(100);
    expect(statuses.get('400')).toBeGreaterThan(100);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  },
);

function send(port: number, { method, target, headers, body = '' }: MadeUp): Promise<string> {
  const bytes = Buffer.from(body);
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: close',
    ...(bytes.length > 0 ? [`Content-Length: ${bytes.length}`] : []),
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    let reply = '';
    socket.on('data', (each) => (reply += each.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => done(reply));
    socket.setTimeout(15_000, () => socket.destroy());
    socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]));
  });
}
