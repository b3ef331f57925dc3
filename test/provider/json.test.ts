import fc from 'fast-check';
import { isLosslessNumber, parse as parseLossless } from 'lossless-json';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/provider/client/json.ts';

const SEED = 20_261_122;

/** JSON text with its blanks, numbers of all lengths and forms, and strings with escapes and digits. */
const digits = (min: number, max: number) =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength: min, maxLength: max }).map((each) => each.join(''));
const integer = fc
  .tuple(fc.constantFrom('', '-'), fc.constantFrom(...'123456789'), fc.oneof(digits(0, 4), digits(13, 24)))
  .map((parts) => parts.join(''));
const number = fc
  .tuple(
    fc.oneof(integer, fc.constantFrom('0', '-0')),
    fc.oneof(
      { arbitrary: fc.constant(''), weight: 3 },
      digits(1, 20).map((each) => `.${each}`),
    ),
    fc.oneof({ arbitrary: fc.constant(''), weight: 3 }, fc.constantFrom('e5', 'E+10', 'e-7', 'e0000000000000000001')),
  )
  .map((parts) => parts.join(''));
const textPart = fc.oneof(
  fc.constantFrom('\\"', '\\\\', '\\/', '\\n', '\\u0022', '\\ud83d\\udca7', '💧', '[', '{', ']', '}', ':', ',', ' '),
  integer,
  fc.string({ maxLength: 5 }).map((each) => JSON.stringify(each).slice(1, -1)),
);
const text = fc.array(textPart, { maxLength: 6 }).map((parts) => `"${parts.join('')}"`);
const blank = fc.constantFrom('', '', '', ' ', '\n', '\t ', '\r\n');
const { value } = fc.letrec<{ value: string; array: string; object: string; leaf: string }>((tie) => ({
  value: fc
    .tuple(blank, fc.oneof({ maxDepth: 3, depthSize: 'medium' }, tie('leaf'), tie('array'), tie('object')), blank)
    .map((parts) => parts.join('')),
  leaf: fc.oneof({ arbitrary: number, weight: 4 }, text, fc.constantFrom('true', 'false', 'null')),
  array: fc.array(tie('value'), { maxLength: 6, size: 'max' }).map((each) => `[${each.join(',')}]`),
  object: fc
    .uniqueArray(fc.tuple(text, tie('value')), {
      maxLength: 6,
      size: 'max',
      selector: ([key]) => String(JSON.parse(key)),
    })
    .map((each) => `{${each.map(([key, item]) => `${key}:${item}`).join(',')}}`),
}));

/** What lossless-json reads, with our rule for numbers: integers of 16 digits and more are text. */
function readByOracle(json: string): unknown {
  return simplify(parseLossless(json));
}

function simplify(read: unknown): unknown {
  if (isLosslessNumber(read)) return /^-?\d{16,}$/.test(read.value) ? read.value : Number(read.value);
  if (Array.isArray(read)) return read.map(simplify);
  if (typeof read !== 'object' || read === null) return read;
  return Object.fromEntries(Object.entries(read).map(([key, item]) => [key, simplify(item)]));
}

describe('parseJson agrees with lossless-json', () => {
  test('on every text that is JSON', () => {
    let longIntegers = 0;
    fc.assert(
      fc.property(value, (json) => {
        fc.pre(!json.includes('__proto__'));
        longIntegers += [...json.matchAll(/[:,[\s]-?[1-9]\d{15,}[,}\]\s]/g)].length;
        expect(parseJson(json)).toEqual(readByOracle(json));
      }),
      { numRuns: 3_000, seed: SEED },
    );
    expect(longIntegers).toBeGreaterThan(200);
  });

  test('on which texts are no JSON: those cut off, and those with a character changed', () => {
    const damage = fc.record({
      json: value,
      at: fc.nat(),
      by: fc.constantFrom('', '"', '0', '-', '.', ',', '}', 'e', '\\'),
    });
    let refused = 0;
    fc.assert(
      fc.property(damage, ({ json, at, by }) => {
        const index = at % json.length;
        for (const broken of [json.slice(0, index), json.slice(0, index) + by + json.slice(index + 1)]) {
          const isJson = isStandardJson(broken);
          if (!isJson) refused++;
          expect(parseJson(broken) !== undefined, broken).toBe(isJson);
        }
      }),
      { numRuns: 2_000, seed: SEED },
    );
    expect(refused).toBeGreaterThan(1_000);
  });
});

/** The oracle for what is JSON at all is the language's own parser: quoting must neither mend nor break a text. */
function isStandardJson(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

describe('parseJson', () => {
  const cases: [string, string, unknown][] = [
    ['keeps the digits of an id above 2^53', '{"id":7429779620297231647}', { id: '7429779620297231647' }],
    ['keeps those of a negative one', '[-7429779620297231647]', ['-7429779620297231647']],
    [
      'keeps two ids apart that a double cannot',
      '[9007199254740993,9007199254740992]',
      ['9007199254740993', '9007199254740992'],
    ],
    ['reads an id alone', ' 18446744073709551615 ', '18446744073709551615'],
    ['leaves numbers up to fifteen digits numbers', '[999999999999999,0,-1]', [999_999_999_999_999, 0, -1]],
    [
      'leaves long fractions numbers',
      '[0.1234567890123456789,-12345678901234567.5]',
      [Number('0.1234567890123456789'), Number('-12345678901234567.5')],
    ],
    [
      'leaves exponents numbers',
      '[1e15,1234567890123456789e3,2E-1234567890123456]',
      [1e15, Number('1234567890123456789e3'), 0],
    ],
    [
      'leaves digits in text alone',
      '["id 7429779620297231647","\\"7429779620297231647"]',
      ['id 7429779620297231647', '"7429779620297231647'],
    ],
    ['leaves digits in keys alone', '{"7429779620297231647":1}', { '7429779620297231647': 1 }],
    [
      'reads escapes',
      String.raw`["\\","\"","\u0037429779620297231647","\\\\\""]`,
      ['\\', '"', '7429779620297231647', '\\\\"'],
    ],
    ['ignores a byte order mark', '\ufeff{"a":1}', { a: 1 }],
    ['refuses NaN', '{"a":NaN}', undefined],
    ['refuses Infinity', '[-Infinity]', undefined],
    ['refuses leading zeros, long or short', '[00000000000000000001]', undefined],
    ['refuses single quotes', "{'a':1}", undefined],
    ['refuses a second document', '{"a":1}{"a":2}', undefined],
    ['refuses nothing', '', undefined],
    ['refuses a web page', '<html></html>', undefined],
  ];
  test.each(cases)('%s: %s', (_, json, expected) => {
    expect(parseJson(json)).toEqual(expected);
  });

  test('reads 64 levels and refuses the 65th, of arrays and of objects', () => {
    const nest = (depth: number, [open, close]: [string, string]) => open.repeat(depth) + '1' + close.repeat(depth);
    for (const brackets of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as [string, string][]) {
      expect(parseJson(nest(64, brackets))).toBeDefined();
      expect(parseJson(nest(65, brackets))).toBeUndefined();
    }
    expect(parseJson(`["${'['.repeat(100)}"]`), 'brackets in text are not levels').toEqual(['['.repeat(100)]);
    expect(parseJson(`[${'[],'.repeat(200)}[]]`), 'neither are brackets beside each other').toHaveLength(201);
  });

  const size = 3_000_000;
  const hostile: [string, string, boolean][] = [
    ['millions of brackets', '['.repeat(size), false],
    ['a number of millions of digits', `[${'7'.repeat(size)}]`, true],
    ['millions of digits with a fraction', `[${'7'.repeat(size)}.5]`, true],
    ['a text of millions of characters beside an id', `["${'a'.repeat(size)}",7429779620297231647]`, true],
    ['a text of millions of escapes', `["${String.raw`\"`.repeat(size)}",7429779620297231647]`, true],
    ['a text of millions of escapes that does not end', `[7429779620297231647,"${String.raw`\"`.repeat(size)}`, false],
    ['millions of minus signs', `[${'-'.repeat(size)}]`, false],
    ['millions of short numbers', `[${'1,'.repeat(size)}1]`, true],
  ];
  // A pass over three megabytes takes milliseconds; what grows with the square of the length would take hours.
  test.each(hostile)('takes %s in its stride', (_, json, isJson) => {
    expect(parseJson(json) !== undefined).toBe(isJson);
  });
});
