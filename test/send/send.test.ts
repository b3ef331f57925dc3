import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Channel } from '../../src/send/channel.ts';
import { parseRetryAfter } from '../../src/send/post.ts';
import { sendMessage } from '../../src/send/send.ts';
import {
  CERT,
  createSendWorld,
  KEY,
  MESSAGE,
  NOW,
  openReceiver,
  openTcp,
  type Receiver,
  type Received,
} from './receiver.ts';

const PATH = '/services/T0CANARY1/B0CANARY2/canary%2Dthree?token=canary-four';
const SECRETS = ['T0CANARY1', 'B0CANARY2', 'canary%2Dthree', 'canary-three', 'canary-four', '/services'];

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

function slackAt(port: number, scheme = 'http'): Channel {
  return { type: 'slack', name: 'team', url: new URL(`${scheme}://127.0.0.1:${port}${PATH}`), allowPrivate: true };
}

async function answerWith(
  answer: Parameters<typeof openReceiver>[0],
  world = createSendWorld(),
): Promise<{ result: Awaited<ReturnType<typeof sendMessage>>; receiver: Receiver }> {
  const receiver = await openReceiver(answer);
  open.push(receiver);
  return { result: await sendMessage(world, slackAt(receiver.port), MESSAGE), receiver };
}

function status(code: number, headers: Record<string, string> = {}, body = '') {
  return answerWith((response) => response.writeHead(code, headers).end(body));
}

describe('what a status means', () => {
  test.each([200, 201, 202, 204, 299])('%i is sent', async (code) => {
    const { result, receiver } = await status(code);
    expect(result).toEqual({ isSent: true });
    expect(receiver.received[0]).toMatchObject({ method: 'POST', path: PATH });
    expect(receiver.received[0]?.headers).toMatchObject({ 'content-type': 'application/json', connection: 'close' });
  });

  test.each([408, 425, 429, 500, 501, 502, 503, 504, 599])('%i is worth another try', async (code) => {
    const { result } = await status(code, { 'retry-after': '7' });
    expect(result).toMatchObject({ isSent: false, isWorthRetrying: true, waitMs: 7000 });
    expect(result).toHaveProperty('message', expect.stringContaining(String(code)));
  });

  test.each([300, 301, 302, 303, 304, 307, 308])('%i is a redirect, which is not followed', async (code) => {
    const { result } = await status(code, { location: 'https://example.com/' });
    expect(result).toMatchObject({ isWorthRetrying: false, message: expect.stringContaining('not followed') });
  });

  test.each([400, 402, 405, 409, 413, 418, 422, 451])('%i is not worth another try', async (code) => {
    const { result } = await status(code);
    expect(result).toMatchObject({ isWorthRetrying: false, message: `the receiver answered ${code}` });
  });

  test.each([
    [401, 'wants other credentials'],
    [403, 'refused the message'],
    [404, 'knows no such address'],
    [410, 'takes no messages'],
  ])('%i is told with what to do', async (code, words) => {
    const { result } = await status(code, {}, 'no_service');
    expect(result).toMatchObject({ isWorthRetrying: false, message: expect.stringContaining(words) });
    expect(result).toHaveProperty('message', expect.stringContaining('(no_service)'));
    expect(result).toHaveProperty('message', expect.stringMatching(/: smstats config set channels\.team\.url$/));
  });
});

describe('what is told of a reply', () => {
  const told = async (body: string) => {
    const { result } = await status(400, {}, body);
    return result.isSent ? '' : result.message;
  };

  test('is short and safe', async () => {
    expect(await told('invalid_blocks\n')).toBe('the receiver answered 400 (invalid_blocks)');
    const message = await told(`\u001b[2J\u202e${'x'.repeat(5000)}`);
    expect(message).toMatch(/^the receiver answered 400 \(\\u\{1b\}\[2J\\u\{202e\}x+…\)$/u);
    expect(message.length).toBeLessThan(240);
  });

  test('is never the address, however it is repeated', async () => {
    const echoes = [
      PATH,
      `http://127.0.0.1${PATH}`,
      decodeURIComponent(PATH),
      encodeURIComponent(PATH),
      JSON.stringify({ path: PATH }).replaceAll('/', '\\/'),
      Buffer.from(PATH).toString('base64'),
      `${'x'.repeat(190)}${PATH}`,
      PATH.repeat(20),
    ];
    for (const echo of echoes) {
      const message = await told(echo);
      for (const secret of SECRETS) expect(message, echo).not.toContain(secret);
      expect(message).not.toContain(Buffer.from('canary-four').toString('base64').slice(0, 12));
    }
  });

  test('is not its page, nor what was too long to read', async () => {
    expect(await told('<!doctype html><title>x</title>')).toBe('the receiver answered 400');
    expect(await told('x'.repeat(64 * 1024 + 1))).toBe('the receiver answered 400');
    expect(await told(`${' '.repeat(64 * 1024 - 2)}ok`)).toBe('the receiver answered 400 (ok)');
  });

  test('is never the secret of a webhook', async () => {
    const secret = `whsec_${Buffer.alloc(32, 'k').toString('base64')}`;
    const receiver = await openReceiver((response) => response.writeHead(400).end(`${secret} ${secret.slice(6)}`));
    open.push(receiver);
    const url = new URL(`http://127.0.0.1:${receiver.port}/`);
    const result = await sendMessage(
      createSendWorld(),
      { type: 'webhook', name: 'ci', url, allowPrivate: true, secret },
      MESSAGE,
    );
    expect(JSON.stringify(result)).not.toContain(secret.slice(6, 20));
  });
});

describe('a receiver that misbehaves', () => {
  const WORLD = createSendWorld({ timeoutMs: 400 });
  const tcp = async (handle: (socket: Socket) => void) => {
    const server = await openTcp((socket) => socket.once('data', () => handle(socket)));
    open.push(server);
    const began = performance.now();
    const result = await sendMessage(WORLD, slackAt(server.port), MESSAGE);
    expect(performance.now() - began).toBeLessThan(1500);
    for (const secret of SECRETS) expect(JSON.stringify(result)).not.toContain(secret);
    return result;
  };
  const HEAD = 'HTTP/1.1 200 OK\r\n';

  test('says nothing', async () => {
    expect(await tcp(() => {})).toMatchObject({ isWorthRetrying: true, message: 'no answer within 0.4 s' });
  });

  test('drips its headers', async () => {
    const result = await tcp((socket) => {
      socket.write(HEAD);
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect(result).toMatchObject({ isWorthRetrying: true, message: 'no answer within 0.4 s' });
  });

  test('drips the text of a message it took', async () => {
    const result = await tcp((socket) => {
      socket.write(`${HEAD}content-length: 100000\r\n\r\n`);
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect(result).toEqual({ isSent: true });
  });

  test('drips the reason of a refusal', async () => {
    const result = await tcp((socket) => socket.write('HTTP/1.1 400 No\r\ncontent-length: 100\r\n\r\nbecause'));
    expect(result).toMatchObject({ isWorthRetrying: false, message: 'the receiver answered 400' });
  });

  test.each([
    ['200 OK', { isSent: true }],
    ['500 No', { isSent: false, message: 'the receiver answered 500' }],
  ])('answers %s with ten megabytes', async (line, expected) => {
    let sent = 0;
    const result = await tcp((socket) => {
      socket.write(`HTTP/1.1 ${line}\r\ncontent-length: 10485760\r\n\r\n`);
      const chunk = Buffer.alloc(16 * 1024, 120);
      const pump = () => {
        while (!socket.destroyed && sent < 10_485_760 && socket.write(chunk)) sent += chunk.length;
        if (!socket.destroyed && sent < 10_485_760) socket.once('drain', pump);
      };
      pump();
    });
    expect(result).toMatchObject(expected);
    // The rest of what was sent lies in the buffers of the two sockets.
    expect(sent).toBeLessThan(10_485_760);
  });

  test.each([
    ['garbage', 'SSH-2.0-OpenSSH_9.6\r\n\u0000\u0001'],
    ['endless headers', `${HEAD}x: ${'y'.repeat(70_000)}\r\n\r\n`],
    ['two lengths', `${HEAD}content-length: 1\r\ncontent-length: 2\r\n\r\nx`],
  ])('answers %s', async (_, text) => {
    const result = await tcp((socket) => socket.write(text));
    expect(result).toMatchObject({ isWorthRetrying: true, message: expect.stringContaining('not HTTP (HPE_') });
  });

  test('changes the protocol', async () => {
    const result = await tcp((socket) =>
      socket.write('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    );
    expect(result).toMatchObject({ isSent: false, isWorthRetrying: true });
  });

  test('has endless news before its answer', async () => {
    const result = await tcp((socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect(result).toMatchObject({ isWorthRetrying: true, message: 'no answer within 0.4 s' });
  });

  test('hangs up', async () => {
    for (const end of [(s: Socket) => s.resetAndDestroy(), (s: Socket) => s.end()]) {
      expect(await tcp(end)).toMatchObject({ isWorthRetrying: true, message: expect.stringContaining('hung up') });
    }
  });

  test('hangs up amid its text', async () => {
    const result = await tcp((socket) => {
      socket.write(`${HEAD}content-length: 10\r\n\r\nx`);
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    expect(result).toEqual({ isSent: true });
  });

  test('is not there', async () => {
    const server = await openTcp(() => {});
    await server.close();
    const result = await sendMessage(WORLD, slackAt(server.port), MESSAGE);
    expect(result).toMatchObject({ isWorthRetrying: true, message: expect.stringContaining('ECONNREFUSED') });
  });

  test('has a name that nobody knows, or that takes for ever to look up', async () => {
    const channel: Channel = {
      type: 'discord',
      name: 'x',
      url: new URL(`https://gone.example${PATH}`),
      allowPrivate: false,
    };
    const gone = Object.assign(new Error('getaddrinfo ENOTFOUND gone.example'), { code: 'ENOTFOUND' });
    const unknown = await sendMessage({ ...WORLD, lookUp: () => Promise.reject(gone) }, channel, MESSAGE);
    expect(unknown).toMatchObject({
      isWorthRetrying: true,
      message: 'the receiver was not reached: its name cannot be found (ENOTFOUND)',
    });
    const slow = await sendMessage({ ...WORLD, lookUp: () => new Promise(() => {}) }, channel, MESSAGE);
    expect(slow).toMatchObject({ isWorthRetrying: true, message: 'no answer within 0.4 s' });
  });

  test('is given up when the run ends, before and amid', async () => {
    const server = await openTcp(() => {});
    open.push(server);
    const ended = await sendMessage({ ...WORLD, signal: AbortSignal.abort() }, slackAt(server.port), MESSAGE);
    expect(ended).toMatchObject({ isWorthRetrying: true, message: expect.stringContaining('run was ended') });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const amid = await sendMessage({ ...WORLD, signal: stop.signal }, slackAt(server.port), MESSAGE);
    expect(amid).toMatchObject({ isWorthRetrying: true, message: expect.stringContaining('run was ended') });
  });
});

describe('TLS', () => {
  async function openTls(): Promise<{ port: number; received: Received[] }> {
    const receiver = await openReceiver(undefined, true);
    open.push(receiver);
    return receiver;
  }

  test('a receiver that shows a certificate that somebody vouches for is spoken to', async () => {
    const { port, received } = await openTls();
    expect(await sendMessage(createSendWorld({ ca: CERT }), slackAt(port, 'https'), MESSAGE)).toEqual({ isSent: true });
    expect(received).toHaveLength(1);
  });

  test('nobody vouches for it: nothing is said, whatever the environment wishes', async () => {
    const { port, received } = await openTls();
    const saved = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    try {
      const result = await sendMessage(createSendWorld(), slackAt(port, 'https'), MESSAGE);
      expect(result).toMatchObject({
        isSent: false,
        message: expect.stringContaining('not to be trusted (DEPTH_ZERO'),
      });
      expect(received).toEqual([]);
    } finally {
      warn.mockRestore();
      if (saved === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = saved;
    }
  });

  test('it is of another name', async () => {
    const { port, received } = await openTls();
    const url = new URL(`https://other.example:${port}/`);
    const result = await sendMessage(
      createSendWorld({ ca: CERT }),
      { type: 'slack', name: 'team', url, allowPrivate: true },
      MESSAGE,
    );
    expect(result).toMatchObject({
      message: expect.stringContaining('not to be trusted (ERR_TLS_CERT_ALTNAME_INVALID)'),
    });
    expect(received).toEqual([]);
  });

  test('the name that is asked for is named, not the address', async () => {
    const names: string[] = [];
    const server = createTlsServer({
      key: KEY,
      cert: CERT,
      SNICallback: (name, done) => (names.push(name), done(null)),
    });
    server.on('request', (_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(`https://localhost:${(server.address() as AddressInfo).port}/`);
    const result = await sendMessage(
      createSendWorld({ ca: CERT }),
      { type: 'slack', name: 'team', url, allowPrivate: true },
      MESSAGE,
    );
    await new Promise((resolve) => server.close(resolve));
    expect([result, names]).toEqual([{ isSent: true }, ['localhost']]);
  });

  test('plain HTTP where TLS is expected', async () => {
    const receiver = await openReceiver();
    open.push(receiver);
    const result = await sendMessage(createSendWorld(), slackAt(receiver.port, 'https'), MESSAGE);
    expect(result).toMatchObject({ isWorthRetrying: true, message: expect.stringContaining('does not speak TLS') });
  });
});

test.each([
  ['120', undefined, 120_000],
  [' 0 ', undefined, 0],
  ['86400', undefined, 86_400_000],
  ['86401', undefined, undefined],
  ['Sun, 22 Nov 2026 12:01:00 GMT', undefined, 59_100],
  ['Sun, 22 Nov 2026 13:01:00 GMT', 'Sun, 22 Nov 2026 13:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 11:00:00 GMT', undefined, 0],
  ['Sun, 22 Nov 2036 11:00:00 GMT', undefined, undefined],
  ['-1', undefined, undefined],
  ['1.5', undefined, undefined],
  ['1e3', undefined, undefined],
  ['soon', undefined, undefined],
  ['2026-11-22T12:01:00Z', undefined, undefined],
  ['', undefined, undefined],
])('Retry-After: %s, at %s, waits %s ms', (value, date, expected) => {
  expect(parseRetryAfter({ 'retry-after': value, ...(date !== undefined && { date }) }, NOW)).toBe(expected);
});
