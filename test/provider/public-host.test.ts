import { expect, test } from 'vitest';
import { createWorld } from '../../src/collect/world.ts';
import { createAsk } from '../../src/provider/client/client.ts';
import { isPublicAddress } from '../../src/core/public-address.ts';
import { mastodon } from '../../src/provider/mastodon.ts';
import { createFakeHttp, createFakeWorld, json } from '../helper/fake-http.ts';

const INSIDE = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.178.1',
  '198.19.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::10.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::808:808',
  '2002:a00:1::',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  '::ffff:0:127.0.0.1',
  '4000::1',
  '::fffe:7f00:1',
  '5f00::1',
  'fec0::1',
  '100::1',
];

const OUTSIDE = [
  '1.1.1.1',
  '9.255.255.255',
  '100.63.255.255',
  '100.128.0.1',
  '172.15.0.1',
  '172.32.0.1',
  '192.169.0.1',
  '223.255.255.255',
  '::ffff:1.1.1.1',
  '64:ff9b::1.1.1.1',
  '2606:4700:4700::1111',
  '2a01:4f8::1',
];

test.each(INSIDE)('%s is inside', (address) => expect(isPublicAddress(address)).toBe(false));
test.each(OUTSIDE)('%s is outside', (address) => expect(isPublicAddress(address)).toBe(true));

/** Asks as a provider would, of a network that knows all names. @returns the hosts looked up and those asked. */
async function ask(origin: string | undefined, addresses: readonly string[] | Error, baseUrl?: string) {
  const http = createFakeHttp();
  http.on(() => true, json({ ok: 1 }));
  const lookedUp: string[] = [];
  let attempts = 0;
  const lookUp = async (host: string) => {
    lookedUp.push(host);
    if (addresses instanceof Error) throw addresses;
    return addresses;
  };
  const { send } = createAsk({
    world: { ...createFakeWorld(http.fetch), lookUp },
    provider: mastodon,
    platform: 'mastodon',
    posts: 1,
    baseUrl,
    secret: '',
    maxResponseMb: undefined,
    userAgent: 'smstats/test',
    redact: (text) => text,
    onAttempt: async () => (attempts++, () => {}),
  });
  const failure: unknown = await send({ path: '/x', ...(origin !== undefined && { origin }) }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { failure, lookedUp, attempts, asked: http.requests.map(({ url }) => url.host) };
}

test('a host that an account names is not asked when one of its addresses is inside', async () => {
  const { failure, asked, attempts } = await ask('https://rebound.example', ['1.1.1.1', 'fd00::7']);
  expect(failure).toMatchObject({ name: 'ProviderError', problem: 'not_covered', provider: 'mastodon' });
  expect((failure as Error).message).toBe('was not asked at rebound.example: that is fd00::7, inside a network');
  expect((failure as { hint?: string }).hint).toContain('providers.mastodon.base_url');
  expect([asked, attempts]).toEqual([[], 0]);
});

test('it is asked when all are outside, and when there is no telling', async () => {
  const fine = await ask('https://fine.example', ['1.1.1.1', '2a01:4f8::1']);
  expect(fine).toEqual({ failure: undefined, lookedUp: ['fine.example'], attempts: 1, asked: ['fine.example'] });
  expect((await ask('https://gone.example', new Error('ENOTFOUND'))).asked).toEqual(['gone.example']);
});

test('a host that nobody but its provider or the configuration names is not looked up', async () => {
  expect(await ask(undefined, ['127.0.0.1'])).toMatchObject({ lookedUp: [], asked: ['mastodon.social'] });
  const own = await ask('https://any.example', ['127.0.0.1'], 'http://127.0.0.1:8080');
  expect(own).toMatchObject({ failure: undefined, lookedUp: [], asked: ['127.0.0.1:8080'] });
});

test('the world as it is looks names up', async () => {
  const { lookUp } = createWorld(() => new Date());
  const addresses = (await lookUp?.('localhost')) ?? [];
  expect(addresses.length).toBeGreaterThan(0);
  expect(addresses.some(isPublicAddress)).toBe(false);
});
