import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor, redactShapes, SHAPES } from '../../src/core/redact.ts';

const SECRET = 'cánary/+key"with\\odd=chars&more';

const forms: Record<string, (secret: string) => string> = {
  plain: (secret) => secret,
  'URL-encoded': encodeURIComponent,
  base64: (secret) => Buffer.from(secret).toString('base64'),
  'base64 for URLs': (secret) => Buffer.from(secret).toString('base64url'),
  'JSON-escaped': (secret) => JSON.stringify(secret),
  'JSON-escaped with its slashes': (secret) => JSON.stringify(secret).replaceAll('/', '\\/'),
  'in a form': (secret) => new URLSearchParams({ key: secret }).toString(),
  'URL-encoded in lower case': (secret) => lowerCodes(encodeURIComponent(secret)),
  'in a form in lower case': (secret) => lowerCodes(new URLSearchParams({ key: secret }).toString()),
};

const lowerCodes = (text: string) => text.replaceAll(/%../g, (code) => code.toLowerCase());

describe('createRedactor', () => {
  test.each(Object.entries(forms))('hides a secret that is %s', (_, encode) => {
    const text = createRedactor([SECRET])(`before ${encode(SECRET)} after`);
    expect(text).toMatch(/^before .*\*\*\*.* after$/);
    for (const other of Object.values(forms)) expect(text).not.toContain(other(SECRET));
  });

  test('hides every secret in every form anywhere in a text', () => {
    const secret = fc.string({ minLength: 6, maxLength: 60 });
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), fc.constantFrom(...Object.values(forms)), (key, a, b, encode) => {
        const encoded = encode(key);
        expect(createRedactor([key])(`${a} ${encoded} ${b}`)).not.toContain(encoded);
      }),
    );
  });

  test('hides a secret behind an id of any length, and in front of more, in the base64 of both', () => {
    const redact = createRedactor([SECRET]);
    const whole = Buffer.from(SECRET);
    for (let length = 0; length < 7; length++) {
      for (const encoding of ['base64', 'base64url'] as const) {
        const text = redact(Buffer.from(`${'i'.repeat(length)}:${SECRET}:behind`).toString(encoding));
        expect(text).toContain('***');
        for (const part of text.split('***')) {
          expect(Buffer.from(part, 'base64').toString('latin1')).not.toContain(whole.toString('latin1').slice(0, 4));
          expect(Buffer.from(part, 'base64').toString('latin1')).not.toContain(whole.toString('latin1').slice(-4));
        }
      }
    }
  });

  test('hides id and secret of an app in a header for both', () => {
    const header = `Basic ${Buffer.from('some-client-id:some-client-secret').toString('base64')}`;
    expect(createRedactor(['some-client-id', 'some-client-secret'])(header)).toMatch(/^Basic \*{3}.{0,3}\*{3}=*$/);
  });

  test('hides the longer of two secrets that overlap', () => {
    const redact = createRedactor(['abcdef', 'abcdef-longer']);
    expect(redact('x abcdef-longer y abcdef z')).toBe('x *** y *** z');
  });

  test('leaves words alone that are too short to be a secret', () => {
    expect(createRedactor(['a', 'abc', ''])('abc a b c')).toBe('abc a b c');
  });
});

describe('redactShapes', () => {
  test.each([
    ['Authorization: Bearer abcdefgh12345678', 'Authorization: Bearer ***'],
    ['x-rapidapi-key: 0123456789abcdef', 'x-rapidapi-key: ***'],
    ['https://api.example/?api_key=0123456789&x=1', 'https://api.example/?api_key=***&x=1'],
    ['{"access_token":"EAAB12345678"}', '{"access_token":"***"}'],
    ['postgres://anna:hunter2@db.example/x', 'postgres://anna:***@db.example/x'],
    ['client_secret=0123456789abcdef&x=1', 'client_secret=***&x=1'],
    ['grant=x&refresh_token=0123456789', 'grant=x&refresh_token=***'],
    ['?access_token=EAAB12345678 failed', '?access_token=*** failed'],
    ['client_key=aw0123456789', 'client_key=***'],
    ['/callback?code=4%2F0AX4XfWh&state=x', '/callback?code=***&state=x'],
    ['device_code=AH-1Ng0123456789', 'device_code=***'],
    [String.raw`"{\"client_secret\":\"0123456789\"}"`, String.raw`"{\"client_secret\":\"***"}"`],
    [`${'x'.repeat(40)}postgres://anna:hunter2@db.example/x`, `${'x'.repeat(40)}postgres://anna:***@db.example/x`],
    ['code: unreachable, error_code=invalid_grant', 'code: unreachable, error_code=invalid_grant'],
    ['nothing secret here: 12 followers', 'nothing secret here: 12 followers'],
  ])('%s', (text, expected) => {
    expect(redactShapes(text)).toBe(expected);
  });

  test('has no run without a bound in front of anything else', () => {
    for (const [{ source }] of SHAPES) {
      // A run at the end of a pattern takes what there is and is not gone through again.
      const inner = source.replace(/\{\d+,\}$/, '');
      expect(inner.replaceAll(/\[[^\]]*\]/g, 'C')).not.toMatch(/[*+]|\{\d+,\}/);
    }
  });

  test.each(['a+', 'a-', 'a.', ':', '@', '7', '//', '//a:', '://', 'token', 'token ', 'code=', 'Bearer ', 'a=:', ' '])(
    'comes to an end with a megabyte of %j',
    (unit) => {
      const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
      expect(redactShapes(text).length).toBeLessThanOrEqual(text.length);
    },
  );
});
