import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SmstatsError, UsageError } from '../../src/core/errors.ts';
import { INSTANCE_ORIGIN, readInstance } from '../../src/core/instance.ts';
import { isPlatformName, parseHandle, parsePlatform, parseUsername, PLATFORMS } from '../../src/core/platform.ts';

describe('parsePlatform', () => {
  test.each([
    ['tiktok', 'tiktok'],
    ['  TikTok ', 'tiktok'],
    ['x', 'twitter'],
    ['X', 'twitter'],
    ['ig', 'instagram'],
    ['yt', 'youtube'],
    ['fb', 'facebook'],
  ])('reads "%s" as %s', (text, platform) => {
    expect(parsePlatform(text)).toBe(platform);
  });

  test('names the nearest platform for a mistyped one', () => {
    expect(() => parsePlatform('titkok')).toThrow(/"titkok" is not a platform.*Did you mean "tiktok"\?/);
    expect(() => parsePlatform('tik tok')).toThrow(/Did you mean "tiktok"\?/);
    expect(() => parsePlatform('instgram')).toThrow(/Did you mean "instagram"\?/);
  });

  test.each(['', ' ', '../etc', 'constructor', '__proto__', 'toString', 'a'.repeat(300)])(
    'refuses "%s" without a guess',
    (text) => {
      expect(() => parsePlatform(text)).toThrow(UsageError);
      expect(() => parsePlatform(text)).not.toThrow(/Did you mean/);
    },
  );

  test('takes any name that the caller knows', () => {
    expect(parsePlatform('MyForum', [...PLATFORMS, 'myforum'])).toBe('myforum');
  });
});

describe('parseUsername', () => {
  test.each([
    ['isaiah_dupree', 'isaiah_dupree'],
    ['@Isaiah_Dupree', 'isaiah_dupree'],
    ['@@double', 'double'],
    ['  spaced  ', 'spaced'],
    ['dots.and-dashes_9', 'dots.and-dashes_9'],
    ['日本', '日本'],
    ['MÜLLER', 'müller'],
    ['mu\u0308ller', 'müller'],
    ['user@mastodon.example', 'user@mastodon.example'],
    ['a'.repeat(100), 'a'.repeat(100)],
    ['https://www.tiktok.com/@Isaiah_Dupree', 'isaiah_dupree'],
    ['https://www.tiktok.com/@isaiah_dupree/video/7429779620297231647?is_from=x', 'isaiah_dupree'],
    ['tiktok.com/@isaiah_dupree', 'isaiah_dupree'],
    ['m.tiktok.com/@isaiah_dupree', 'isaiah_dupree'],
    ['HTTPS://WWW.TIKTOK.COM/@Isaiah_Dupree', 'isaiah_dupree'],
  ])('reads %s', (text, username) => {
    expect(parseUsername('tiktok', text)).toBe(username);
  });

  test.each([
    ['nothing', '', /it is empty/],
    ['blanks', '   ', /it is empty/],
    ['only an @', '@', /it is empty/],
    ['a space inside', 'isaiah dupree', /it contains a space/],
    ['300 characters', 'a'.repeat(300), /it is longer than 100 characters/],
    ['300 emoji', '😀'.repeat(300), /it is longer than 100 characters/],
    ['an escape sequence', '\u001b[31mred', /it may hold letters/],
    ['a quote', "a'; DROP TABLE x", /it contains a space/],
    ['a semicolon', 'a;b', /it may hold letters/],
    ['a slash', 'a/b', /it may hold letters/],
    ['a path upwards', '..', /it has only dots/],
    ['a percent sign', '100%', /it may hold letters/],
    ['NUL', 'a\0b', /it may hold letters/],
    ['a bidi override', 'a\u202eb', /it may hold letters/],
    ['an emoji', '😀', /it may hold letters/],
    ['another platform', 'https://www.instagram.com/nasa/', /is a instagram URL, not a tiktok account/],
    ['a page that is no profile', 'https://www.tiktok.com/explore', /is not the URL of a profile/],
    ['an unknown host', 'https://example.com/@anna', /is not the URL of a profile/],
    ['a look-alike host', 'https://eviltiktok.com/@anna', /is not the URL of a profile/],
    ['a broken escape in a URL', 'https://www.tiktok.com/@%E0%A4%A', /is not a valid URL/],
    ['an escaped blank in a URL', 'https://www.tiktok.com/@a%20b', /it contains a space/],
    ['no URL at all', 'https://', /is not a URL/],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseUsername('tiktok', text)).toThrow(message);
    expect(() => parseUsername('tiktok', text)).toThrow(UsageError);
  });

  test('never prints an escape sequence back', () => {
    expect(() => parseUsername('tiktok', '\u001b[2Jx y')).toThrow(/"\\u001b\[2Jx y"/);
  });

  test('reads what it returned, and gives either a clean name or a usage error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 150 }), (text) => {
        let username: string;
        try {
          username = parseUsername('tiktok', text);
        } catch (error) {
          expect(error).toBeInstanceOf(SmstatsError);
          return;
        }
        expect(username).not.toMatch(/^@|\s|\//);
        expect(username.length).toBeGreaterThan(0);
        expect(parseUsername('tiktok', username)).toBe(username);
      }),
      { numRuns: 500 },
    );
  });
});

const PRIVATE_HOSTS = [
  'localhost',
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f.0.0.1',
  '10.0.0.1',
  '169.254.169.254',
  '１２７.0.0.1',
  'printer',
  'printer.local',
  'nas.lan',
  'router.home',
  'home.arpa',
  'db.corp',
  'wiki.intranet',
  'metadata.google.internal',
  'kubernetes.default.svc.cluster.local',
  'a.localhost',
  'a.test',
  'a.invalid',
  'abc.onion',
  'api.default.svc',
  'web.service.consul',
  'first.lxd',
  'web.docker',
  'fritz.box',
  '127.0.0.1.nip.io',
  '10-0-0-1.sslip.io',
  'nip.io',
  'a.localtest.me',
  'lvh.me',
  'mastodon.social.',
  '-a.example',
  'a..example',
  'a.b1',
  'a.1',
  'under_score.example',
];

describe('parseUsername of Mastodon', () => {
  test.each([
    ['anna@mastodon.social', 'anna@mastodon.social'],
    ['@Anna@Mastodon.Social', 'anna@mastodon.social'],
    ['  @anna.b-c_9@social.vivaldi.example ', 'anna.b-c_9@social.vivaldi.example'],
    ['https://mastodon.social/@Anna', 'anna@mastodon.social'],
    ['https://mastodon.social/@anna/', 'anna@mastodon.social'],
    ['https://mastodon.social/@anna/117129020178432001', 'anna@mastodon.social'],
    ['https://mastodon.social/@anna@other.example', 'anna@other.example'],
    ['https://mastodon.social/web/@anna', 'anna@mastodon.social'],
    ['https://mastodon.social/users/anna', 'anna@mastodon.social'],
    ['https://mastodon.social/@anna?min_id=1#top', 'anna@mastodon.social'],
    ['mastodon.social/@anna', 'anna@mastodon.social'],
    ['social.network.example/@anna', 'anna@social.network.example'],
    ['anna@müller.example', 'anna@xn--mller-kva.example'],
    ['https://MÜLLER.example/@anna', 'anna@xn--mller-kva.example'],
    ['anna@пример.рф', 'anna@xn--e1afmkfd.xn--p1ai'],
  ])('reads %s', (text, username) => {
    expect(parseUsername('mastodon', text)).toBe(username);
    expect(parseUsername('mastodon', username)).toBe(username);
    expect(parseHandle(`mastodon:${text.trim()}`)).toEqual({ platform: 'mastodon', username });
  });

  test.each([
    [
      'a name without its instance',
      'anna',
      /write it with its instance, user@instance, for example anna@mastodon\.social/,
    ],
    ['an instance without a name', '@mastodon.social', /write it with its instance/],
    ['nothing before the instance', 'https://mastodon.social/', /is not the URL of a profile/],
    ['two instances', 'anna@one.example@two.example', /write it with its instance/],
    ['another platform', 'https://www.tiktok.com/@anna', /is a tiktok URL, not a mastodon account/],
    ['a port', 'anna@mastodon.social:8443', /may hold letters/],
    ['an address in brackets', 'anna@[::1]', /may hold letters/],
    ['a path behind the instance', 'anna@mastodon.social/x', /./],
    ['a user in the address', 'https://anna:pw@mastodon.social/@anna', /./],
    ['the URL of a private host', 'http://192.168.0.1/@anna', /"192\.168\.0\.1" is not the public name of a server/],
    ['the URL of a bare host', 'http://localhost/@anna', /"localhost" is not the public name of a server/],
    ['the URL of a port', 'http://mastodon.social:3000/@anna', /./],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseUsername('mastodon', text)).toThrow(message);
    expect(() => parseUsername('mastodon', text)).toThrow(UsageError);
  });

  test.each(PRIVATE_HOSTS)('refuses the host %s', (host) => {
    expect(() => parseUsername('mastodon', `anna@${host}`)).toThrow(
      /is not the public name of a server|may hold letters|write it with/,
    );
    expect(readInstance(host)).toBeUndefined();
    expect(INSTANCE_ORIGIN.test(`https://${host}:80`)).toBe(false);
  });

  test('shows how it is written', () => {
    expect(() => parseUsername('mastodon', 'anna')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('smstats fetch mastodon user@mastodon.social') }),
    );
    expect(() => parseHandle('https://mastodon.social/@anna')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('mastodon:user@mastodon.social') }),
    );
  });

  test('names only servers that have a public name', () => {
    const part = fc.constantFrom(
      'a',
      'local',
      'localhost',
      '127',
      '0',
      '1',
      'b-c',
      '-',
      'ü',
      '。',
      '．',
      '%31',
      'internal',
      'xn--p1ai',
      'com',
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        let username: string;
        try {
          username = parseUsername('mastodon', `anna@${parts.join('.')}`);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          return;
        }
        const host = username.slice('anna@'.length);
        expect(new URL(`https://${host}/`).hostname).toBe(host);
        expect(host).toMatch(/^[a-z0-9.-]+\.(?:[a-z]+|xn--[a-z0-9-]+)$/);
        expect(host).not.toMatch(/(?:local|localhost|internal)$/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('parseUsername of Bluesky', () => {
  test.each([
    ['alice.bsky.social', 'alice.bsky.social'],
    ['@Alice.Bsky.Social', 'alice.bsky.social'],
    ['harbor-lights.example', 'harbor-lights.example'],
    ['https://bsky.app/profile/Alice.bsky.social', 'alice.bsky.social'],
    ['https://bsky.app/profile/alice.bsky.social/post/3mtjrjohgc222', 'alice.bsky.social'],
    ['bsky.app/profile/alice.bsky.social', 'alice.bsky.social'],
  ])('reads %s', (text, username) => {
    expect(parseUsername('bluesky', text)).toBe(username);
  });

  test.each([
    ['a handle without its domain', '@alice', /write the full handle with its domain, for example alice\.bsky\.social/],
    ['that in a URL', 'https://bsky.app/profile/alice', /write the full handle.*alice\.bsky\.social/],
    ['a dot at the end', 'alice.', /write the full handle/],
    ['two dots', 'alice..social', /write the full handle/],
    ['the form of Mastodon', 'alice@bsky.social', /write the full handle/],
    ['a did', 'did:plc:h4rb0rl1ghtsx2y3z4a5b6c7', /may hold letters/],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseUsername('bluesky', text)).toThrow(message);
    expect(() => parseUsername('bluesky', text)).toThrow(UsageError);
  });
});

test('a platform of one’s own has a lower-case name that is no short name of another', () => {
  expect(['devto', 'my-forum', 'a.b_c', '4chan', 'tiktok'].filter(isPlatformName)).toHaveLength(5);
  expect(['x', 'yt', 'DevTo', '', '-a', 'a b', 'a/b', 'a'.repeat(65)].filter(isPlatformName)).toEqual([]);
});

describe('parseHandle', () => {
  test.each([
    ['tiktok:isaiah_dupree', 'tiktok', 'isaiah_dupree'],
    ['TikTok:@Isaiah', 'tiktok', 'isaiah'],
    ['x:jack', 'twitter', 'jack'],
    ['https://www.instagram.com/nasa/', 'instagram', 'nasa'],
    ['https://x.com/jack/status/20', 'twitter', 'jack'],
    ['https://twitter.com/Jack', 'twitter', 'jack'],
    ['https://www.youtube.com/@MKBHD/videos', 'youtube', 'mkbhd'],
    ['https://www.threads.net/@zuck', 'threads', 'zuck'],
    ['https://www.linkedin.com/company/github/', 'linkedin', 'github'],
    ['https://www.pinterest.co.uk/anna/', 'pinterest', 'anna'],
    ['https://www.snapchat.com/add/anna', 'snapchat', 'anna'],
    ['https://bsky.app/profile/anna.bsky.social', 'bluesky', 'anna.bsky.social'],
    ['tiktok:https://www.tiktok.com/@anna', 'tiktok', 'anna'],
  ])('reads %s', (text, platform, username) => {
    expect(parseHandle(text)).toEqual({ platform, username });
  });

  test.each([
    ['nothing', '', /does not name an account/],
    ['a name without a platform', 'isaiah_dupree', /does not name an account/],
    ['no platform before the colon', ':anna', /does not name an account/],
    ['no name after the colon', 'tiktok:', /it is empty/],
    ['a mistyped platform', 'titkok:anna', /Did you mean "tiktok"/],
    ['a post of Instagram', 'https://www.instagram.com/p/abc/', /is not the URL of a profile/],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseHandle(text)).toThrow(message);
  });
});
