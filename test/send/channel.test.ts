import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { ChannelSettings, MailSettings } from '../../src/core/channel.ts';
import { ConfigError } from '../../src/core/errors.ts';
import { readChannel } from '../../src/send/channel.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const URL_TEXT = 'https://hooks.example.com/services/CANARYPATH?key=CANARYQUERY#CANARYHASH';

const channel = (parts: Partial<ChannelSettings>): ChannelSettings => ({
  name: 'team',
  type: 'webhook',
  url: URL_TEXT,
  secret: SECRET,
  to: [],
  allowPrivate: false,
  ...parts,
});
const mail = (parts: Partial<MailSettings> = {}): MailSettings => ({
  host: 'smtp.example.org',
  port: undefined,
  security: 'starttls',
  user: 'anna@example.org',
  from: undefined,
  password: 'canary',
  ...parts,
});

function failure(settings: ChannelSettings, server = mail(), options = {}): ConfigError {
  try {
    readChannel(settings, server, options);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect(`${(error as ConfigError).message} ${(error as ConfigError).hint}`).not.toMatch(/canary/i);
    return error as ConfigError;
  }
  return expect.fail('nothing was thrown');
}

test('each type has what it needs and nothing else', () => {
  const url = new URL(URL_TEXT);
  expect(readChannel(channel({}), mail())).toEqual({
    type: 'webhook',
    name: 'team',
    url,
    allowPrivate: false,
    secret: SECRET,
  });
  expect(readChannel(channel({ type: 'slack' }), mail())).toEqual({
    type: 'slack',
    name: 'team',
    url,
    allowPrivate: false,
  });
  expect(readChannel(channel({ type: 'discord', secret: undefined }), mail())).toMatchObject({ type: 'discord' });
  expect(readChannel(channel({ type: 'email', to: ['a@b.c'], url: undefined }), mail())).toEqual({
    type: 'email',
    name: 'team',
    to: ['a@b.c'],
    server: {
      host: 'smtp.example.org',
      port: 587,
      security: 'starttls',
      login: { user: 'anna@example.org', password: 'canary' },
      from: 'anna@example.org',
    },
  });
});

describe('what is missing is named, with the next command', () => {
  const email = channel({ type: 'email', to: ['a@b.c'] });
  test.each<[string, ChannelSettings, MailSettings, RegExp]>([
    ['channels.team.type', channel({ type: undefined }), mail(), /config set channels\.team\.type webhook, or slack/],
    ['channels.team.url', channel({ url: undefined }), mail(), /^smstats config set channels\.team\.url$/],
    [
      'channels.team.url',
      channel({ type: 'slack', url: undefined }),
      mail(),
      /^smstats config set channels\.team\.url$/,
    ],
    ['channels.team.secret', channel({ secret: undefined }), mail(), /^openssl rand .* channels\.team\.secret$/],
    ['channels.team.to', channel({ type: 'email' }), mail(), /config set channels\.team\.to /],
    ['mail.host', email, mail({ host: undefined }), /config set mail\.host /],
    ['mail.from', email, mail({ user: undefined }), /config set mail\.from /],
    ['mail.from', email, mail({ user: 'no address' }), /config set mail\.from /],
    ['mail.user', email, mail({ password: undefined }), /config set credentials\.smtp_password/],
  ])('%s', (key, settings, server, hint) => {
    const error = failure(settings, server);
    expect(error.message).toMatch(new RegExp(`^${key.replaceAll('.', String.raw`\.`)} is `));
    expect(error.hint).toMatch(hint);
  });

  test('and the command for a secret makes one that is taken', () => {
    const { hint = '' } = failure(channel({ secret: undefined }));
    expect(hint).toBe("openssl rand -base64 32 | sed 's/^/whsec_/' | smstats config set channels.team.secret");
    const made = execFileSync('sh', ['-c', hint.slice(0, hint.lastIndexOf('|'))], { encoding: 'utf8' }).trim();
    expect(readChannel(channel({ secret: made }), mail())).toMatchObject({ secret: made });
  });
});

test.each(['', 'whsec_', 'whsec_c2hvcnQ=', `whsec_${'A'.repeat(100)}`, SECRET.slice(6), `${SECRET} `, 'whsec_!!!!'])(
  'the secret %j is refused',
  (secret) => expect(failure(channel({ secret })).message).toContain('24 to 64 bytes'),
);

test('a secret without its padding is the same secret', () => {
  expect(readChannel(channel({ secret: SECRET.replace(/=+$/, '') }), mail())).toMatchObject({ secret: SECRET });
});

describe('an address that is refused is told by its host alone', () => {
  test.each([
    ['ftp://hooks.example.com/CANARYPATH', 'must be an https URL'],
    ['file:///CANARYPATH', 'must be an https URL'],
    ['javascript:CANARYPATH', 'must be an https URL'],
    ['https://:0x/CANARYPATH', 'is not a URL'],
    ['CANARYPATH', 'is not a URL'],
    ['https://canary:canary@hooks.example.com/CANARYPATH', 'hooks.example.com'],
    ['https://canary@hooks.example.com/CANARYPATH', 'hooks.example.com'],
    ['https://:canary@hooks.example.com/CANARYPATH', 'hooks.example.com'],
    ['http://hooks.example.com/CANARYPATH', 'hooks.example.com'],
    ['https://10.0.0.7/CANARYPATH', '10.0.0.7'],
    ['http://127.1/CANARYPATH', '127.0.0.1'],
  ])('%s', (url, words) => expect(failure(channel({ url })).message).toContain(words));

  test('also where private addresses are allowed', () => {
    const allowPrivate = true;
    for (const url of ['http://1.1.1.1/CANARYPATH', 'http://[2606:4700::1]/CANARYPATH'])
      expect(failure(channel({ url, allowPrivate })).message).toContain('must begin with https');
    expect(failure(channel({ url: 'https://canary@10.0.0.7/CANARYPATH', allowPrivate })).message).toContain('10.0.0.7');
  });
});

test('where private addresses are allowed, by the setting or by who asks, plain HTTP is', () => {
  for (const url of ['http://192.168.1.5:8080/x', 'http://home.lan/x', 'https://[fd00::1]/x']) {
    expect(readChannel(channel({ url, allowPrivate: true }), mail())).toMatchObject({ allowPrivate: true });
    expect(readChannel(channel({ url }), mail(), { allowPrivate: true })).toMatchObject({ allowPrivate: true });
  }
});

test.each([
  ['tls', 465],
  ['starttls', 587],
  ['none', 25],
] as const)('mail over %s goes to port %i', (security, port) => {
  const email = channel({ type: 'email', to: ['a@b.c'] });
  expect(readChannel(email, mail({ security }))).toMatchObject({ server: { port } });
  expect(readChannel(email, mail({ security, port: 2525 }))).toMatchObject({ server: { port: 2525 } });
});
