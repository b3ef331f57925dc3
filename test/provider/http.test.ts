import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseRetryAfter, type Failure } from '../../src/provider/client/failure.ts';
import { askJson, RequestError, type HttpRequest, type Timeouts } from '../../src/provider/client/http.ts';
import { createFakeWorld, type FakeWorld } from '../helper/fake-http.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, index: number) => void;

/** The garbage collector, to be called at the worst moment. */
function createCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

const PATIENT: Timeouts = { headersMs: 10_000, idleMs: 10_000, totalMs: 120_000 };
const HASTY: Timeouts = { ...PATIENT, headersMs: 150, idleMs: 150 };
const KEY = { 'x-secret-key': 'canary' };
const GOOD = '{"ok":true}';

let handler: Handler;
let requests: IncomingMessage[] = [];
let hits = 0;
const server = createServer((request, response) => {
  requests.push(request);
  handler(request, response, hits++);
});

/** Another origin: the same host, another port. Nothing may arrive there. */
let foreignHits = 0;
const foreign = createServer((_, response) => {
  foreignHits++;
  response.end(GOOD);
});

async function listen(which: { listen: typeof server.listen; address: typeof server.address }): Promise<number> {
  await new Promise<void>((resolve) => which.listen(0, '127.0.0.1', resolve));
  return (which.address() as AddressInfo).port;
}

let origin = '';
let foreignOrigin = '';

beforeAll(async () => {
  origin = `http://127.0.0.1:${await listen(server)}`;
  foreignOrigin = `http://127.0.0.1:${await listen(foreign)}`;
});

beforeEach(() => {
  requests = [];
  hits = 0;
  foreignHits = 0;
});

afterAll(async () => {
  for (const each of [server, foreign]) {
    each.closeAllConnections();
    await new Promise((resolve) => each.close(resolve));
  }
});

/** What a request came to. */
interface Result {
  body?: unknown;
  failure?: Failure;
  world: FakeWorld;
  attempts: number;
  settled: (Failure | undefined)[];
}

/** GETs from the real server over the real network stack. Only the clock and the waits between attempts are not real. */
async function get(
  given: Handler,
  options: Partial<HttpRequest> & { world?: Partial<FakeWorld> } = {},
): Promise<Result> {
  const before = hits;
  handler = (incoming, response, index) => given(incoming, response, index - before);
  const { world: changes, ...request } = options;
  const world = Object.assign(createFakeWorld(fetch), { timeouts: PATIENT }, changes);
  const result: Result = { world, attempts: 0, settled: [] };
  try {
    const reply = await askJson(world, {
      url: new URL('/data', origin),
      headers: KEY,
      maxBytes: 1024 * 1024,
      classify: () => undefined,
      onAttempt: async () => {
        result.attempts++;
        return ({ failure }) => void result.settled.push(failure);
      },
      ...request,
    });
    result.body = reply.body;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    result.failure = error.failure;
    expect(error.message).not.toContain('canary');
  }
  return result;
}

const send =
  (status: number, body: string | Buffer = '', headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);

/** Fails as given for the first requests, and answers the others well. */
const thenFine =
  (fault: Handler, times: number): Handler =>
  (request, response, index) =>
    index < times ? fault(request, response, index) : send(200, GOOD)(request, response, index);

/** Answers the first bytes of a longer body, and leaves the rest to the test. */
function startBody(response: ServerResponse, sent: string, length = 1_000): void {
  response.writeHead(200, { 'content-length': String(length) });
  response.write(sent);
}

const stallBeforeHeaders: Handler = () => {};
const stallInBody: Handler = (_, response) => startBody(response, '{"a":');
const resetInBody: Handler = (_, response) => {
  startBody(response, '{"a":');
  setTimeout(() => response.socket?.resetAndDestroy(), 5);
};
const endTooEarly: Handler = (_, response) => {
  startBody(response, GOOD);
  setTimeout(() => response.socket?.end(), 5);
};
const hangUp: Handler = (request) => void request.socket.destroy();

describe('faults that pass', () => {
  const faults: Record<string, [Handler, string, Timeouts?]> = {
    'silence instead of headers': [stallBeforeHeaders, 'did not answer in time', HASTY],
    'silence in the middle of a body': [stallInBody, 'stopped in the middle of its answer', HASTY],
    'a reset in the middle of a body': [resetInBody, 'broke off the connection'],
    'a body shorter than announced': [endTooEarly, 'broke off the connection'],
    'a connection closed without an answer': [hangUp, 'broke off the connection'],
    'a body longer than announced': [send(200, GOOD, { 'content-length': '5' }), 'cut off or broken'],
    'a broken compression': [send(200, 'no gzip', { 'content-encoding': 'gzip' }), 'broke off the connection'],
    'a NaN literal': [send(200, '{"a":NaN}'), 'cut off or broken'],
    'two million brackets': [send(200, '['.repeat(2_000_000)), 'cut off or broken'],
    '408': [send(408), 'is failing (408)'],
    '425': [send(425), 'is failing (425)'],
    '429': [send(429), 'asks to slow down (429)'],
    '500': [send(500, '<html>'), 'is failing (500)'],
    '502': [send(502), 'is failing (502)'],
    '503': [send(503, '{"error":"busy"}'), 'is failing (503)'],
    '504': [send(504), 'is failing (504)'],
    '529': [send(529), 'is failing (529)'],
  };

  test.each(Object.entries(faults))(
    '%s: asked three times, with a wait that grows',
    async (_, [fault, message, timeouts = PATIENT]) => {
      const options = { maxBytes: 4 * 1024 * 1024, world: { timeouts } };
      const twice = await get(thenFine(fault, 2), options);
      expect(twice).toMatchObject({ body: { ok: true }, attempts: 3 });
      expect(twice.world.sleeps).toEqual([500, 1_000]);
      expect(twice.settled.map((each) => each === undefined)).toEqual([false, false, true]);
      expect(hits).toBe(3);

      const always = await get(fault, options);
      expect(always.failure?.message).toContain(message);
      expect(always.failure?.retry).toBe(true);
      expect(hits).toBe(6);
      expect(always.world.sleeps).toEqual([500, 1_000]);
    },
  );

  test('a refused connection: asked three times, and the address is what to check', async () => {
    const closed = createServer();
    const port = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    const { failure, attempts, world } = await get(stallBeforeHeaders, { url: new URL(`http://127.0.0.1:${port}/`) });
    expect(failure).toMatchObject({ problem: 'unavailable', message: 'does not accept connections (ECONNREFUSED)' });
    expect(failure?.hint).toContain('base_url');
    expect(attempts).toBe(3);
    expect(world.sleeps).toEqual([500, 1_000]);
  });

  test('a name that does not resolve: asked three times', async () => {
    const missing = Object.assign(new TypeError('fetch failed'), {
      cause: Object.assign(new Error('getaddrinfo ENOTFOUND api.example'), { code: 'ENOTFOUND' }),
    });
    const { failure, attempts } = await get(stallBeforeHeaders, { world: { fetch: () => Promise.reject(missing) } });
    expect(failure?.message).toBe('could not be found on the network (ENOTFOUND)');
    expect(attempts).toBe(3);
  });
});

describe('faults that stay', () => {
  const html = '<!doctype html><p>hello</p>';
  const faults: Record<string, [Handler, Partial<Failure>]> = {
    '204': [send(204), { problem: 'malformed', message: 'sent an empty answer' }],
    'an empty body': [send(200), { problem: 'malformed', message: 'sent an empty answer' }],
    'a body of spaces': [send(200, ' \r\n '), { problem: 'malformed', message: 'sent an empty answer' }],
    HTML: [send(200, html), { problem: 'malformed', message: 'sent a web page (HTML) instead of JSON' }],
    'plain text': [send(200, 'ok'), { problem: 'malformed', message: 'sent something that is not JSON' }],
    '400': [send(400, GOOD), { problem: 'malformed', message: 'answered 400' }],
    '401': [send(401, GOOD), { problem: 'refused', message: 'refused the key (401)' }],
    '402': [send(402, GOOD), { problem: 'quota', message: 'asks for payment (402)' }],
    '403': [send(403, html), { problem: 'refused', message: 'refused the key (403)' }],
    '404': [send(404, GOOD), { problem: 'malformed', message: 'does not know the address that was asked (404)' }],
    '410': [send(410), { problem: 'malformed', message: 'does not know the address that was asked (410)' }],
    '501': [send(501), { problem: 'unavailable', message: 'is failing (501)' }],
    '505': [send(505), { problem: 'unavailable', message: 'is failing (505)' }],
    '304 without a location': [send(304), { problem: 'malformed', message: 'answered 304' }],
  };

  test.each(Object.entries(faults))('%s: asked once', async (_, [fault, expected]) => {
    const { failure, attempts, world } = await get(fault);
    expect(failure).toMatchObject({ ...expected, retry: false });
    expect([attempts, hits]).toEqual([1, 1]);
    expect(world.sleeps).toEqual([]);
  });

  test('a small body that unpacks to a large one is not unpacked to its end', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
    expect(bomb.length).toBeLessThan(100_000);
    const { failure, attempts } = await get(send(200, bomb, { 'content-encoding': 'gzip' }));
    expect(failure).toMatchObject({ problem: 'malformed', retry: false });
    expect(failure?.message).toBe('sent a body larger than 1 MB; reading stopped there');
    expect(attempts).toBe(1);
  });

  test('a body without end and without length is cut off at the limit', async () => {
    const { failure, attempts } = await get((_, response) => {
      response.on('error', () => {});
      const pump = () => {
        while (!response.destroyed && response.write(' '.repeat(64 * 1024)));
        if (!response.destroyed) response.once('drain', pump);
      };
      pump();
    });
    expect(failure?.message).toContain('larger than 1 MB');
    expect(attempts).toBe(1);
  });

  test('a body of exactly the limit is read, one byte more is not', async () => {
    const exactly = `"${'x'.repeat(98)}"`;
    expect((await get(send(200, exactly), { maxBytes: 100 })).body).toHaveLength(98);
    expect((await get(send(200, exactly), { maxBytes: 99 })).failure?.message).toContain('larger than');
  });

  test('a certificate that nobody vouches for: asked once, and nothing is sent', async () => {
    const read = (name: string) => readFileSync(join(import.meta.dirname, '../fixture/tls', name));
    let reached = 0;
    const tls = createTlsServer(
      { key: read('self-signed-key.pem'), cert: read('self-signed-cert.pem') },
      (_, response) => (reached++, response.end(GOOD)),
    );
    const port = await listen(tls);
    try {
      const { failure, attempts, world } = await get(stallBeforeHeaders, {
        url: new URL(`https://127.0.0.1:${port}/`),
      });
      expect(failure).toMatchObject({ problem: 'unavailable', retry: false });
      expect(failure?.message).toContain('SELF_SIGNED');
      expect([attempts, reached]).toEqual([1, 0]);
      expect(world.sleeps).toEqual([]);
    } finally {
      tls.closeAllConnections();
      await new Promise((resolve) => tls.close(resolve));
    }
  });
});

describe('redirects', () => {
  const to = (location: string, status = 302): Handler => send(status, '', { location });

  test('are followed on the same origin, key included', async () => {
    const { body, attempts } = await get((request, response, index) =>
      request.url === '/data'
        ? to('/v2/data?x=1', 308)(request, response, index)
        : send(200, GOOD)(request, response, index),
    );
    expect(body).toEqual({ ok: true });
    expect(attempts).toBe(1);
    expect(requests.map(({ url, headers }) => [url, headers['x-secret-key']])).toEqual([
      ['/data', 'canary'],
      ['/v2/data?x=1', 'canary'],
    ]);
  });

  test('to another origin are refused, and nothing arrives there', async () => {
    const targets = [
      `${foreignOrigin}/data`,
      foreignOrigin.replace('http:', ''),
      'https://127.0.0.1/',
      'http://%',
      'data:,x',
    ];
    for (const target of targets) {
      const { failure, attempts } = await get(to(target));
      expect(failure).toMatchObject({ problem: 'malformed', retry: false });
      expect(failure?.message).toMatch(/redirects to another host .* the key stayed here/);
      expect(attempts).toBe(1);
    }
    expect(foreignHits).toBe(0);
    expect(hits).toBe(targets.length);
  });

  test('to another origin are refused also after one on the same', async () => {
    const { failure } = await get((request, response, index) =>
      to(index === 0 ? '/second' : `${foreignOrigin}/`)(request, response, index),
    );
    expect(failure?.message).toContain('another host');
    expect([hits, foreignHits]).toEqual([2, 0]);
  });

  test('with a user name are refused at once', async () => {
    for (const user of ['u:p', 'u', ':p']) {
      const { failure, attempts } = await get(to(`${origin.replace('//', `//${user}@`)}/data`));
      expect(failure).toMatchObject({ problem: 'malformed', retry: false });
      expect(failure?.message).toBe('redirects to an address with a user name in it; it was not followed');
      expect(attempts).toBe(1);
    }
    expect(hits).toBe(3);
  });

  test('in a circle end after three', async () => {
    const { failure, attempts } = await get(to('/data'));
    expect(failure).toMatchObject({ problem: 'malformed', message: 'redirects in a circle', retry: false });
    expect([attempts, hits]).toEqual([1, 4]);
  });
});

describe('patience', () => {
  test('ends when a body trickles on without end', async () => {
    const timers = new Set<NodeJS.Timeout>();
    const trickle: Handler = (_, response) => {
      startBody(response, '{"a":"');
      const timer = setInterval(() => response.write('x'), 10);
      timers.add(timer);
      response.on('close', () => clearInterval(timer));
    };
    const { failure, attempts } = await get(trickle, { world: { timeouts: { ...PATIENT, totalMs: 150 } } });
    for (const timer of timers) clearInterval(timer);
    expect(failure).toMatchObject({ problem: 'unavailable', message: 'did not finish its answer in time' });
    // The first wait alone, 500 ms, is longer than all attempts may take together.
    expect([attempts, hits]).toEqual([1, 1]);
  });

  test('lasts for a slow body that goes on', async () => {
    const slow: Handler = (_, response) => {
      let at = 1;
      startBody(response, GOOD.slice(0, 1), GOOD.length);
      const timer = setInterval(() => {
        response.write(GOOD[at++]);
        if (at < GOOD.length) return;
        clearInterval(timer);
        response.end();
      }, 50);
    };
    const { body, attempts } = await get(slow, { world: { timeouts: { ...PATIENT, idleMs: 350 } } });
    expect(body).toEqual({ ok: true });
    expect(attempts).toBe(1);
  });

  test('is one deadline for all attempts together', async () => {
    const world = createFakeWorld(fetch);
    const slow: Handler = (request, response, index) => {
      world.advance(70_000);
      send(503)(request, response, index);
    };
    const { failure, attempts } = await get(slow, { world: { ...world, timeouts: undefined } });
    expect(failure?.message).toBe('is failing (503)');
    expect(attempts).toBe(2);
  });

  test('is not shortened nor stretched by a clock that is set back', async () => {
    const world = createFakeWorld(fetch);
    const { body, attempts } = await get(
      thenFine((request, response, index) => {
        world.advance(-86_400_000);
        send(503)(request, response, index);
      }, 1),
      { world },
    );
    expect(body).toEqual({ ok: true });
    expect(attempts).toBe(2);
  });
});

describe('an abort', () => {
  const aborted = async (fault: Handler, changes: Partial<FakeWorld> = {}) => {
    const controller = new AbortController();
    const reason = new Error('the run is over');
    const result = get(
      (request, response, index) => {
        fault(request, response, index);
        setTimeout(() => controller.abort(reason), 20);
      },
      {
        signal: controller.signal,
        world: { timeouts: { headersMs: 4_000, idleMs: 4_000, totalMs: 4_000 }, ...changes },
      },
    );
    await expect(result).rejects.toBe(reason);
    return hits;
  };

  test('before the headers rejects at once', async () => {
    expect(await aborted(stallBeforeHeaders)).toBe(1);
  });

  test('in the middle of a body rejects at once', async () => {
    expect(await aborted(stallInBody)).toBe(1);
  });

  test('in a wait between two attempts rejects at once', async () => {
    const sleep: FakeWorld['sleep'] = (_, signal) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    expect(await aborted(send(503), { sleep })).toBe(1);
  });

  test('in the last attempt is an abort too, and no failure of the host', async () => {
    let asked = 0;
    const controller = new AbortController();
    const result = get(
      (request, response, index) => {
        asked++;
        if (index < 2) return send(503)(request, response, index);
        controller.abort(new Error('the run is over'));
      },
      { signal: controller.signal },
    );
    await expect(result).rejects.toThrow('the run is over');
    expect(asked).toBe(3);
  });

  test('before the start sends nothing', async () => {
    const result = get(send(200, GOOD), { signal: AbortSignal.abort(new Error('already over')) });
    await expect(result).rejects.toThrow('already over');
    expect(hits).toBe(0);
  });
});

describe('a good answer', () => {
  test('is read with a byte order mark, whatever its content type', async () => {
    const { body } = await get(send(200, `\ufeff{"name":"Zoë 💧"}`, { 'content-type': 'text/plain' }));
    expect(body).toEqual({ name: 'Zoë 💧' });
  });

  test('is read when its characters are cut by the network', async () => {
    const bytes = Buffer.from('{"name":"💧💧"}');
    const { body } = await get((_, response) => {
      response.write(bytes.subarray(0, 11));
      setTimeout(() => response.end(bytes.subarray(11)), 10);
    });
    expect(body).toEqual({ name: '💧💧' });
  });

  test('may be JSON null, zero, false or empty text', async () => {
    for (const [text, value] of [
      ['null', null],
      ['0', 0],
      ['false', false],
      ['""', ''],
    ] as const) {
      expect((await get(send(200, text))).body).toBe(value);
    }
  });

  test('that the vendor calls a failure is one, and sent again if he says so', async () => {
    const classify: HttpRequest['classify'] = ({ body, status, text }) =>
      status === 200 && text.includes('busy') && body !== undefined
        ? { problem: 'unavailable', message: 'is busy', retry: true, waitMs: 2_500 }
        : undefined;
    const { body, world } = await get(thenFine(send(200, '{"busy":1}'), 1), { classify });
    expect(body).toEqual({ ok: true });
    expect(world.sleeps).toEqual([2_500]);
  });

  test('is not asked for when the attempt is refused beforehand', async () => {
    const refusal = new Error('no quota left');
    await expect(get(send(200, GOOD), { onAttempt: () => Promise.reject(refusal) })).rejects.toBe(refusal);
    expect(hits).toBe(0);
  });
});

describe('the wait', () => {
  test('is random up to a bound that doubles', async () => {
    for (const [random, sleeps] of [
      [0, [0, 0]],
      [0.999, [999, 1_998]],
    ] as const) {
      const { world } = await get(send(503), { world: { random: () => random } });
      expect(world.sleeps).toEqual(sleeps);
    }
  });

  test('is what the host asks for, if that is longer', async () => {
    const { world } = await get(thenFine(send(503, '', { 'retry-after': '60' }), 1));
    expect(world.sleeps).toEqual([60_000]);
    const short = await get(thenFine(send(503, '', { 'retry-after': '0' }), 1));
    expect(short.world.sleeps).toEqual([500]);
  });

  test('is not begun when the host asks for more than a minute', async () => {
    const { failure, attempts, world } = await get(send(503, '', { 'retry-after': '61' }));
    expect(failure).toMatchObject({
      problem: 'unavailable',
      waitMs: 61_000,
      message: 'is failing (503, back in 61 s)',
    });
    expect(attempts).toBe(1);
    expect(world.sleeps).toEqual([]);
  });
});

describe('Retry-After', () => {
  const NOW = new Date('2026-11-22T10:00:00Z');
  const shapes: [string, string, number | undefined, string?][] = [
    ['seconds', '120', 120_000],
    ['zero', '0', 0],
    ['seconds between spaces', ' 7 ', 7_000],
    ['a day', '86400', 86_400_000],
    ['more than a day', '86401', undefined],
    ['an epoch in milliseconds', '1795341600000', undefined],
    ['a negative number', '-5', undefined],
    ['a fraction', '1.5', undefined],
    ['a word', 'soon', undefined],
    ['nothing', '', undefined],
    ['a date by our clock', 'Sun, 22 Nov 2026 10:02:00 GMT', 120_000],
    ['a date by the host’s clock', 'Sun, 22 Nov 2026 08:00:30 GMT', 30_000, 'Sun, 22 Nov 2026 08:00:00 GMT'],
    ['a date that has passed', 'Sun, 22 Nov 2026 09:00:00 GMT', 0],
    ['a date by a clock that cannot be read', 'Sun, 22 Nov 2026 10:00:10 GMT', 10_000, 'yesterday'],
    ['a date of another form', '2026-11-22T10:02:00Z', undefined],
    ['a date that does not exist', 'Sun, 99 Nov 2026 10:02:00 GMT', undefined],
    ['a number in hex', '0x10', undefined],
  ];

  test.each(shapes)('with %s ("%s") means %s', (_, value, expected, date) => {
    const headers = new Headers({ 'retry-after': value, ...(date !== undefined && { date }) });
    expect(parseRetryAfter(headers, NOW)).toBe(expected);
  });

  test('that is missing means nothing', () => {
    expect(parseRetryAfter(new Headers(), NOW)).toBeUndefined();
  });
});

test('a further attempt that is refused leaves the failure that made it necessary', async () => {
  let attempts = 0;
  const refuseSecond = async () => {
    if (++attempts > 1) throw new Error('the quota is spent');
    return () => {};
  };
  const { failure } = await get(send(503), { onAttempt: refuseSecond });
  expect(failure).toMatchObject({ problem: 'unavailable', message: 'is failing (503)' });
  expect(attempts).toBe(2);
  attempts = 1;
  await expect(get(send(200, GOOD), { onAttempt: refuseSecond })).rejects.toThrow('the quota is spent');
});

test('a body that drips for ever is given up in time, even after what was listening was collected', async () => {
  const collect = (globalThis as { gc?: () => void }).gc ?? createCollector();
  const drips: NodeJS.Timeout[] = [];
  const drip: Handler = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    drips.push(setInterval(() => (response.write(' '), collect()), 20));
  };
  const patience = { headersMs: 5_000, idleMs: 5_000, totalMs: 400 };
  const { failure, attempts } = await get(drip, { world: { timeouts: patience } });
  for (const timer of drips) clearInterval(timer);
  expect(failure).toMatchObject({ problem: 'unavailable', message: 'did not finish its answer in time' });
  expect(attempts).toBeGreaterThan(0);
});
