import { createConnection } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { SmstatsError } from '../../src/core/errors.ts';
import { isLoopback } from '../../src/core/loopback.ts';
import { explainListenError, listen } from '../../src/server/listen.ts';
import { createToken } from '../../src/store/token.ts';
import { makeParts, type TestParts } from '../helper/guarded-app.ts';

async function open(host: string, parts?: TestParts) {
  const { context } = parts ?? (await makeParts({ flags: { quiet: true } }));
  const server = await listen(context, { host, port: 0 });
  onTestFinished(() => server.close(AbortSignal.abort()));
  return server;
}

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['[::1]', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.5', false],
  ['127.0.0.1.evil.example', false],
  ['1270.0.0.1', false],
  ['localhost', false],
  ['', false],
])('%s is loopback: %s', (address, expected) => expect(isLoopback(address)).toBe(expected));

describe('a server', () => {
  test.each(['127.0.0.1', 'localhost', '127.0.0.2'])('on %s is for this machine, without a token', async (host) => {
    const server = await open(host);
    expect(server.isOpen).toBe(true);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.[12]:\d+$/);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  test('for others does not start without a token in force', async () => {
    const parts = await makeParts({ flags: { quiet: true } });
    const { db } = parts.store;
    await expect(open('0.0.0.0', parts)).rejects.toMatchObject({ ending: 'usage' });
    await createToken(db, { name: 'old', scope: 'write', expiresAt: parts.clock.now }, parts.clock.now);
    await expect(open('0.0.0.0', parts)).rejects.toMatchObject({ hint: expect.stringContaining('token create') });
    await createToken(db, { name: 'new', scope: 'read', expiresAt: null }, parts.clock.now);
    expect(await open('0.0.0.0', parts)).toMatchObject({ isOpen: false });
  });

  test.each(['', 'a b', 'no-such-host.invalid'])('does not start on "%s"', async (host) => {
    await expect(open(host)).rejects.toMatchObject({ ending: 'usage', message: expect.stringContaining('no host') });
  });

  test('lets go of a stream when its client is gone, however it went', async () => {
    const parts = await makeParts({ flags: { quiet: true } });
    const server = await open('127.0.0.1', parts);
    const streams = async () => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return Number(/^smstats_event_streams (\d+)$/m.exec(text)?.[1]);
    };
    const { port } = server.address;
    const sockets = Array.from({ length: 20 }, () => {
      const socket = createConnection(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`GET /api/social-media/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
      return socket;
    });
    await vi.waitFor(async () => expect(await streams()).toBe(20), 5_000);
    for (const [index, socket] of sockets.entries()) {
      if (index % 2 === 0) socket.resetAndDestroy();
      else socket.end();
    }
    await vi.waitFor(async () => expect(await streams()).toBe(0), 5_000);
  });
});

test.each([
  ['EADDRINUSE', /Port 80 on 0\.0\.0\.0 is in use/, /--port 8001/],
  ['EACCES', /Port 80 is for the system's own services/, /--port 8001/],
  ['EADDRNOTAVAIL', /0\.0\.0\.0 is no address of this machine/, /--host 127\.0\.0\.1/],
])('%s is explained', (code, message, hint) => {
  const error = explainListenError(Object.assign(new Error(code), { code }), { host: '0.0.0.0', port: 80 });
  expect(error).toBeInstanceOf(SmstatsError);
  expect(error).toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
});

test('anything else stays what it is', () => {
  const error = new Error('?');
  expect(explainListenError(error, { host: '127.0.0.1', port: 1 })).toBe(error);
});
