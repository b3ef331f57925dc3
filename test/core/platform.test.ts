import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SmstatsError, UsageError } from '../../src/core/errors.ts';
import { parseHandle, parsePlatform, parseUsername, PLATFORMS } from '../../src/core/platform.ts';

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
