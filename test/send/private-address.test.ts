import { lookup } from 'node:dns/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readChannel } from '../../src/send/channel.ts';
import { post } from '../../src/send/post.ts';
import { sendMessage } from '../../src/send/send.ts';
import { CERT, createSendWorld, MESSAGE, openReceiver, type Receiver } from './receiver.ts';

let receiver: Receiver;
beforeAll(async () => void (receiver = await openReceiver(undefined, true)));
beforeEach(() => void (receiver.received.length = 0));
afterAll(() => receiver.close());

const MAIL = {
  host: undefined,
  port: undefined,
  security: 'tls',
  user: undefined,
  from: undefined,
  password: undefined,
} as const;

const SPELLINGS = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '127.0.1',
  '0x7f.1',
  '0x7f000001',
  '0X7F.0X0.0X0.0X1',
  '0177.0.0.1',
  '0177.1',
  '017700000001',
  '2130706433',
  '①②⑦.⓪.⓪.①',
  '①②⑦.0.0.1',
  '127。0。0。1',
  '１２７.0.0.1',
  '%31%32%37.0.0.1',
  '127.255.255.254',
  '0',
  '0.0.0.0',
  '0x0',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::FFFF:7F00:0001]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::]',
  '[2002:c0a8:101::1]',
  '[2001:0:7f00:1::]',
  '[fc00::1]',
  '[fd12:3456:789a::1]',
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '[::ffff:169.254.169.254]',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.127.255.254',
  '172.16.0.1',
  '172.31.255.254',
  '192.0.0.1',
  '192.0.0.192',
  '192.168.0.1',
  '3232235777',
  '198.18.0.1',
  '198.19.255.254',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '4294967295',
];

/** No name of this machine leads out of it. */
const NAMES = ['localhost', 'localhost.', 'LOCALHOST', 'LocalHost.', 'ⓛocalhost', 'ｌｏｃａｌｈｏｓｔ'];

/** What a name can lead to, zones and mapped addresses included. */
const ANSWERS = [
  '127.0.0.1',
  '127.8.8.8',
  '0.0.0.0',
  '10.1.2.3',
  '100.100.100.200',
  '169.254.169.254',
  '172.20.0.5',
  '192.0.0.170',
  '192.168.178.1',
  '198.18.5.5',
  '224.0.0.251',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::192.168.1.1',
  '2002:7f00:1::',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fe80::1%1',
  'ff02::fb',
];

const body = { headers: {}, body: '{}', allowPrivate: false };
const ask = (host: string, lookUp: (host: string) => Promise<readonly string[]>) =>
  post(createSendWorld({ lookUp, ca: CERT, timeoutMs: 500 }), {
    ...body,
    url: new URL(`https://${host}:${receiver.port}/in`),
  });
const REFUSED = { message: expect.stringContaining('inside this machine'), isWorthRetrying: false } as unknown as Error;

test('there are more than forty of them', () => expect(SPELLINGS.length).toBeGreaterThan(40));

describe.each(SPELLINGS)('%s', (host) => {
  test('is refused when it is configured', () => {
    const settings = {
      name: 'team',
      type: 'slack',
      url: `https://${host}:${receiver.port}/services/T0/SECRETPART`,
      secret: undefined,
      to: [],
      allowPrivate: false,
    } as const;
    expect(() => readChannel(settings, MAIL)).toThrow(/inside this machine or its network\.$/);
  });

  test('is refused when it is asked, and no packet reaches it', async () => {
    const before = receiver.connections();
    const lookUp = async () => expect.fail('an address is not looked up');
    await expect(ask(host, lookUp)).rejects.toMatchObject(REFUSED);
    expect(receiver.connections()).toBe(before);
  });
});

test.each(NAMES)('%s leads inside, as the machine knows it', async (host) => {
  const before = receiver.connections();
  const lookUp = async (name: string) => (await lookup(name, { all: true })).map(({ address }) => address);
  await expect(ask(host, lookUp)).rejects.toMatchObject({ isWorthRetrying: expect.any(Boolean) });
  expect(receiver.connections()).toBe(before);
  await expect(ask(host, async () => ['127.0.0.1'])).rejects.toMatchObject(REFUSED);
});

describe.each(ANSWERS)('a name that leads to %s', (address) => {
  test('is refused', async () => {
    const before = receiver.connections();
    await expect(ask('hooks.example.com', async () => [address])).rejects.toMatchObject(REFUSED);
    expect(receiver.connections()).toBe(before);
  });

  test('and elsewhere too is refused', async () => {
    const before = receiver.connections();
    await expect(ask('hooks.example.com', async () => ['1.1.1.1', address])).rejects.toMatchObject(REFUSED);
    await expect(ask('hooks.example.com', async () => [address, '1.1.1.1'])).rejects.toMatchObject(REFUSED);
    expect(receiver.connections()).toBe(before);
  });
});

test.each(['[fe80::1%eth0]', '[fe80::1%25eth0]', '[::1%lo]', '127.0.0.1.1', '256.0.0.1', '0x7g.1'])(
  '%s is no host of a URL at all',
  (host) => {
    const settings = { name: 'team', type: 'discord', secret: undefined, to: [], allowPrivate: true } as const;
    expect(() => readChannel({ ...settings, url: `https://${host}/SECRETPART` }, MAIL)).toThrow(
      'channels.team.url is not a URL.',
    );
  },
);

test.each([[[]], [['not an address']], [['127.0.0.1', 'x']]])('an answer such as %j is no address', async (answer) => {
  await expect(ask('hooks.example.com', async () => answer)).rejects.toThrow('leads to no address');
});

test('a name that leads inside at a second look, by whomever, is not looked up a second time', async () => {
  let looks = 0;
  // The relays' shared address, which nobody has used since RFC 7526: public, and nothing answers there.
  const lookUp = async () => [looks++ === 0 ? '192.88.99.1' : '127.0.0.1'];
  const before = receiver.connections();
  await expect(ask('localhost', lookUp)).rejects.toMatchObject({ isWorthRetrying: true });
  expect([looks, receiver.connections(), receiver.received]).toEqual([1, before, []]);
});

test('the address that was judged is the one that is connected to, whatever the name says later', async () => {
  let looks = 0;
  const world = createSendWorld({ lookUp: async () => [looks++ === 0 ? '127.0.0.1' : '192.88.99.1'], ca: CERT });
  const url = new URL(`https://localhost:${receiver.port}/in`);
  expect((await post(world, { ...body, url, allowPrivate: true })).status).toBe(204);
  expect([looks, receiver.received.length]).toEqual([1, 1]);
});

test('a redirect to this machine is not followed', async () => {
  const away = await openReceiver((response) =>
    response.writeHead(307, { location: `https://localhost:${receiver.port}/in` }).end(),
  );
  try {
    const before = receiver.connections();
    const url = new URL(`http://127.0.0.1:${away.port}/in`);
    const result = await sendMessage(
      createSendWorld({ ca: CERT }),
      { type: 'slack', name: 'team', url, allowPrivate: true },
      MESSAGE,
    );
    expect(result).toMatchObject({ isSent: false, isWorthRetrying: false });
    expect(result).toMatchObject({ message: 'the receiver answered 307, a redirect, and redirects are not followed' });
    expect([away.received.length, receiver.connections()]).toEqual([1, before]);
  } finally {
    await away.close();
  }
});

test('proxies of the environment are not asked', async () => {
  const proxy = await openReceiver();
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
  const saved = { ...process.env };
  for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`;
  process.env['NODE_USE_ENV_PROXY'] = '1';
  try {
    const url = new URL(`https://localhost:${receiver.port}/in`);
    expect((await post(createSendWorld({ ca: CERT }), { ...body, url, allowPrivate: true })).status).toBe(204);
    expect([receiver.received.length, proxy.connections()]).toEqual([1, 0]);
  } finally {
    for (const name of [...names, 'NODE_USE_ENV_PROXY']) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
    await proxy.close();
  }
});

test('where it is allowed, plain HTTP reaches this machine', async () => {
  const plain = await openReceiver();
  try {
    const url = new URL(`http://home.example:${plain.port}/in`);
    expect((await post(createSendWorld(), { ...body, url, allowPrivate: true })).status).toBe(204);
    expect(plain.received).toHaveLength(1);
  } finally {
    await plain.close();
  }
});

test.each([[['1.1.1.1']], [['127.0.0.1', '1.1.1.1']]])('but never leaves the network: %j', async (answer) => {
  const url = new URL('http://home.example:1/in');
  const asked = post(createSendWorld({ lookUp: async () => answer }), { ...body, url, allowPrivate: true });
  await expect(asked).rejects.toMatchObject({ message: expect.stringContaining('only https goes there') });
});
