import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor, redactShapes } from '../../src/core/redact.ts';

const SECRET = 'cánary/+key"with\\odd=chars&more';

const forms: Record<string, (secret: string) => string> = {
  plain: (secret) => secret,
  'URL-encoded': encodeURIComponent,
  base64: (secret) => Buffer.from(secret).toString('base64'),
  'base64 for URLs': (secret) => Buffer.from(secret).toString('base64url'),
  'JSON-escaped': (secret) => JSON.stringify(secret),
};

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
    ['nothing secret here: 12 followers', 'nothing secret here: 12 followers'],
  ])('%s', (text, expected) => {
    expect(redactShapes(text)).toBe(expected);
  });
});
