import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/core/errors.ts';
import { accountFilter, wholeNumber } from '../../src/core/option.ts';

describe('wholeNumber', () => {
  const read = wholeNumber('--days', 1, 3650);
  test.each([
    ['1', 1],
    ['3650', 3650],
    [' 7', 7],
    ['007', 7],
  ])('reads "%s"', (text, value) => {
    expect(read(text)).toBe(value);
  });

  test.each(['0', '3651', '-1', '1.5', '1e2', '0x10', '', ' ', 'seven', '7d', 'Infinity', '99999999999999999999'])(
    'refuses "%s" naming flag and bounds',
    (text) => {
      expect(() => read(text)).toThrow(`--days must be a whole number from 1 to 3650, not "${text}".`);
      expect(() => read(text)).toThrow(UsageError);
    },
  );
});

describe('accountFilter', () => {
  test.each([
    [{}, {}],
    [{ platform: 'TikTok' }, { platform: 'tiktok' }],
    [{ account: 'tiktok:@Anna' }, { platform: 'tiktok', username: 'anna' }],
    [{ account: 'https://www.tiktok.com/@anna' }, { platform: 'tiktok', username: 'anna' }],
    [{ account: 'myforum:anna' }, { platform: 'myforum', username: 'anna' }],
  ])('reads %o', (options, filter) => {
    expect(accountFilter(options)).toEqual(filter);
  });

  test('refuses a name without a platform', () => {
    expect(() => accountFilter({ account: 'anna' })).toThrow(UsageError);
  });
});
