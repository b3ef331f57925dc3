import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../src/core/redact.ts';
import { type AttemptOutcome, createAsk } from '../../src/provider/client/client.ts';
import { findProvider, listProviders, PROVIDERS } from '../../src/provider/index.ts';
import { tiktokScraper7 } from '../../src/provider/tiktok-scraper7.ts';
import { createFakeHttp, createFakeWorld, json } from '../helper/fake-http.ts';

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
