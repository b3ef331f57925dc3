import { describe, expect, test } from 'vitest';
import { ProviderError } from '../../src/core/errors.ts';
import { createRedactor, redactShapes } from '../../src/core/redact.ts';
import { type AttemptOutcome, type ClientOptions, createAsk } from '../../src/provider/client/client.ts';
import { findProvider, listProviders, PROVIDERS } from '../../src/provider/index.ts';
import type { Provider, ReadRequest } from '../../src/provider/provider.ts';
import { tiktokScraper7 } from '../../src/provider/tiktok-scraper7.ts';
import { createFakeHttp, createFakeWorld, json } from '../helper/fake-http.ts';

const KEY = 'key-canary-1';

/** What a request is made with where nothing of it matters. */
const quiet = (fetch: typeof globalThis.fetch): ClientOptions => ({
  world: createFakeWorld(fetch),
  provider: tiktokScraper7,
  platform: 'tiktok',
  posts: 1,
  baseUrl: undefined,
  secret: KEY,
  maxResponseMb: undefined,
  userAgent: 'smstats/test',
  redact: createRedactor([KEY]),
  onAttempt: async () => () => {},
});

describe('the address of a request', () => {
  const ask = async (baseUrl: string | undefined, path: string, query: Record<string, string>) => {
    const http = createFakeHttp();
    http.on(() => true, json({ code: 0 }));
    const { get } = createAsk({
      world: createFakeWorld(http.fetch),
      provider: tiktokScraper7,
      platform: 'tiktok',
      posts: 1,
      baseUrl,
      secret: 'some-key',
      maxResponseMb: undefined,
      userAgent: 'smstats/test',
      redact: (text) => text,
      onAttempt: async () => () => {},
    });
    await get(path, query);
    http.verify();
    return http.requests[0]?.url.href;
  };

  test('is the path below the base, with or without a slash at its end', async () => {
    const own = 'https://tiktok-scraper7.p.rapidapi.com/user/info?unique_id=a';
    expect(await ask(undefined, '/user/info', { unique_id: 'a' })).toBe(own);
    expect(await ask('http://127.0.0.1:8080/', '/user/info', {})).toBe('http://127.0.0.1:8080/user/info');
    expect(await ask('https://proxy.example/tiktok/v1', '/user/info', {})).toBe(
      'https://proxy.example/tiktok/v1/user/info',
    );
    expect(await ask('https://proxy.example/tiktok/', '/user/info', {})).toBe('https://proxy.example/tiktok/user/info');
  });

  test('keeps what a name holds inside its parameter', async () => {
    const href = await ask(undefined, '/user/info', { unique_id: 'a&count=9#?/../ü' });
    const url = new URL(href ?? '');
    expect(url.pathname).toBe('/user/info');
    expect([...url.searchParams]).toEqual([['unique_id', 'a&count=9#?/../ü']]);
    expect(url.hash).toBe('');
  });
});

test('a key that comes back in the name of another host stays out of the error and out of the books', async () => {
  const key = 'canary-key-5f2e9a';
  const http = createFakeHttp();
  const location = `https://${key}.elsewhere.example/`;
  http.on({}, () => new Response(null, { status: 302, headers: { location } }));
  const outcomes: AttemptOutcome[] = [];
  const { get } = createAsk({
    world: createFakeWorld(http.fetch),
    provider: tiktokScraper7,
    platform: 'tiktok',
    posts: 1,
    baseUrl: undefined,
    secret: key,
    maxResponseMb: undefined,
    userAgent: 'smstats/test',
    redact: createRedactor([key]),
    onAttempt: async () => (outcome) => void outcomes.push(outcome),
  });
  await expect(get('/user/info', {})).rejects.toThrow('redirects to another host (https://***.elsewhere.example)');
  expect(outcomes.map(({ error }) => error)).toEqual([expect.stringContaining('https://***.elsewhere.example')]);
  http.verify();
});

describe('what a provider must not ask', () => {
  const provider: Provider = {
    ...tiktokScraper7,
    origins: ['https://other.example', /^https:\/\/.*any\.example$/],
    headers: (secret) => ({ 'x-key': secret }),
  };
  /** @returns the failure, after seeing that nothing was sent and nothing counted. */
  const refusal = async (request: ReadRequest, changes: Partial<ClientOptions> = {}) => {
    const http = createFakeHttp();
    let attempts = 0;
    const { send } = createAsk({
      ...quiet(http.fetch),
      provider,
      onAttempt: async () => (attempts++, () => {}),
      ...changes,
    });
    const failure: unknown = await send(request).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProviderError);
    expect([http.requests.length, attempts]).toEqual([0, 0]);
    return failure as ProviderError;
  };

  const paths = [
    '//host/x',
    'https://host/x',
    '\\\\host',
    '/\\host',
    '/\t/host',
    'host',
    '',
    '@host/x',
    ':80/x',
    '?x',
    '\n//h',
  ];
  test.each(paths)('is the path %j', async (path) => {
    for (const baseUrl of [undefined, 'https://proxy.example/v1', 'http://127.0.0.1:8080']) {
      const failure = await refusal({ path }, { baseUrl });
      expect(failure).toMatchObject({ problem: 'schema', provider: 'tiktok-scraper7' });
      expect(failure.message).toContain('which is no path of');
    }
    await refusal({ path, origin: 'https://other.example' });
  });

  test.each([
    'https://undeclared.example',
    'https://other.example/',
    'https://u:p@any.example',
    'https://x any.example',
  ])('is the origin %j', async (origin) => {
    expect(await refusal({ path: '/x', origin })).toMatchObject({ problem: 'schema' });
  });

  test.each([-1000, -1, 0.5, Number.NaN, Infinity])('costs %d units', async (units) => {
    const failure = await refusal({ path: '/x', units });
    expect(failure).toMatchObject({ problem: 'schema' });
    expect(failure.message).toBe(`counts the units of a request as ${units}, which is no whole number`);
  });

  test('costs what is no number of units, as a reply is read', async () => {
    const http = createFakeHttp();
    http.on({}, json({ code: 0 }));
    const { send } = createAsk(quiet(http.fetch));
    await expect(send({ path: '/x', unitsOf: () => -3 })).rejects.toMatchObject({
      name: 'ProviderError',
      problem: 'schema',
    });
  });

  test.each([
    ['a line break', 'some\nkey'],
    ['a line break', 'some\r\nx-other: key'],
    ['a character that cannot be sent', 'some—key'],
    ['a character that cannot be sent', 'some\0key'],
  ])('goes with a key that holds %s', async (what, secret) => {
    const failure = await refusal({ path: '/x' }, { secret });
    expect(failure).toMatchObject({ problem: 'refused', message: `was not asked: its key holds ${what}` });
    expect(failure.hint).toContain('smstats config set credentials.rapidapi_key');
    expect((await refusal({ path: '/x' }, { secret, hasToken: true })).hint).toBe('smstats login tiktok-scraper7');
  });
});

test('a path with slashes further on, or dots, stays on its host', async () => {
  const http = createFakeHttp();
  for (let i = 0; i < 3; i++) http.on(() => true, json({ code: 0 }));
  const endpoints: string[] = [];
  const { send } = createAsk({
    ...quiet(http.fetch),
    onAttempt: async ({ endpoint }) => (endpoints.push(endpoint), () => {}),
  });
  for (const path of ['/a//b', '/..//host/x', '/key-canary-1/x?key=key-canary-1#top']) await send({ path });
  expect(new Set(http.requests.map(({ url }) => url.host))).toEqual(new Set(['tiktok-scraper7.p.rapidapi.com']));
  expect(endpoints).toEqual(['/a//b', '/..//host/x', '/***/x']);
});

describe('a complaint longer than is read', () => {
  const complain = async (text: string, classify: Provider['classify']) => {
    const http = createFakeHttp();
    http.on(() => true, json(text, { status: 400 }));
    const redacted: number[] = [];
    const redact = (each: string) => {
      redacted.push(each.length);
      return createRedactor([KEY])(each);
    };
    const provider = { ...tiktokScraper7, classify };
    const { get } = createAsk({ ...quiet(http.fetch), provider, redact });
    const failure = (await get('/x').catch((error: unknown) => error)) as ProviderError;
    expect(Math.max(...redacted)).toBeLessThanOrEqual(64 * 1024);
    return failure;
  };
  const asText: Provider['classify'] = ({ text }) => ({ problem: 'refused', message: text.slice(-200), retry: false });

  test('is cut before it is gone through, and no part of a key is left at the cut', async () => {
    for (let before = 65_500; before < 65_560; before++) {
      const { message } = await complain(`${'x'.repeat(before)}${KEY}${'y'.repeat(300_000)}`, asText);
      expect(message).toBe('x'.repeat(200));
    }
  });

  test('is described without its words when its beginning means something else', async () => {
    const classify: Provider['classify'] = ({ body }) =>
      body
        ? { problem: 'not_found', message: (body as { said: string }).said.slice(0, 200), retry: false }
        : { problem: 'malformed', message: 'is no JSON', retry: false };
    const text = JSON.stringify({ said: `${'x'.repeat(190)} ${KEY}`, more: 'y'.repeat(100_000) });
    const failure = await complain(text, classify);
    expect(failure).toMatchObject({ problem: 'not_found', message: 'failed (400), in words that could hold the key' });
  });

  test('comes to an end, whatever it holds', async () => {
    for (const unit of ['a+', 'a-', 'a.', ':', '@', '7']) {
      const failure = await complain(unit.repeat(1_000_000 / unit.length), ({ text }) => ({
        problem: 'refused',
        message: redactShapes(text).slice(0, 20),
        retry: false,
      }));
      expect(failure.problem).toBe('refused');
    }
  });
});

describe('the registry', () => {
  test('finds each provider by its name, and nothing by any other', () => {
    for (const provider of Object.values(PROVIDERS)) expect(findProvider(provider.name)).toBe(provider);
    for (const name of ['', 'tiktok', 'toString', 'constructor', '__proto__'])
      expect(findProvider(name)).toBeUndefined();
  });

  test('lists the providers of a platform in their order, and never the sample', () => {
    const names = listProviders('tiktok').map(({ name }) => name);
    expect(names).toEqual([
      'tiktok-scraper7',
      'tiktok-video-feature-summary',
      'tiktok-api23',
      'tiktok-display',
      'yt-dlp',
    ]);
    expect(listProviders('nowhere')).toEqual([]);
  });
});

describe('what a request takes from the quota', () => {
  const spend = async (...responds: Parameters<ReturnType<typeof createFakeHttp>['next']>[1][]) => {
    const http = createFakeHttp();
    for (const respond of responds) http.next({}, respond);
    const outcomes: AttemptOutcome[] = [];
    const { send } = createAsk({
      world: createFakeWorld(http.fetch),
      provider: tiktokScraper7,
      platform: 'tiktok',
      posts: 1,
      baseUrl: undefined,
      secret: 'some-key',
      maxResponseMb: undefined,
      userAgent: 'smstats/test',
      redact: (text) => text,
      onAttempt: async () => (outcome) => void outcomes.push(outcome),
    });
    const unitsOf = (body: unknown) => (body as { items: unknown[] }).items.length;
    await send({ path: '/posts', units: 100, unitsOf }).catch(() => {});
    return outcomes.map(({ units }) => units);
  };

  test('is what came; nothing where a reply failed; and unknown where none came', async () => {
    const page = json({ code: 0, items: [1, 2, 3] });
    const down = json('', { status: 503 });
    expect(await spend(page)).toEqual([3]);
    expect(await spend(down, () => Promise.reject(new TypeError('fetch failed')), page)).toEqual([0, undefined, 3]);
  });
});
