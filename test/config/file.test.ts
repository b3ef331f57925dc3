import { chmodSync, chownSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { editConfigFile, readConfigFile, writePrivateFile, type TomlValue } from '../../src/config/file.ts';
import { ConfigError } from '../../src/core/errors.ts';
import { makeDirectory } from '../helper/temp-store.ts';

function makeFile(text: string): string {
  const path = join(makeDirectory(), 'config.toml');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const FILE = `# My settings. Do not lose this line.
timezone = "Europe/Berlin"   # where I live
database='/srv/smstats.db'

[fetch]   # how much
# posts = 10 (too few)
posts = 70

# The order matters.
[platforms.tiktok]
providers = [
  "tiktok-api23", # first
  "tiktok-scraper7",
]

[credentials]
rapidapi_key = "abcdefgh"
`;

describe('editConfigFile', () => {
  test.each<[string, string, TomlValue | undefined, (before: string) => string]>([
    ['changes a value', 'fetch.posts', 99, (text) => text.replace('posts = 70', 'posts = 99')],
    [
      'adds a value to a table',
      'fetch.delay_ms',
      5,
      (text) => text.replace('posts = 70\n', 'posts = 70\ndelay_ms = 5\n'),
    ],
    ['removes a value', 'fetch.posts', undefined, (text) => text.replace('posts = 70\n', '')],
    ['changes a value at the top', 'database', '/x.db', (text) => text.replace(/database=.*/, 'database = "/x.db"')],
    ['changes a secret', 'credentials.rapidapi_key', 'new"key', (text) => text.replace('"abcdefgh"', '"new\\"key"')],
    ['adds a table', 'providers.a.limit', 5, (text) => `${text}\n[providers.a]\nlimit = 5\n`],
  ])('%s and leaves every other byte', (_, key, value, expected) => {
    const path = makeFile(FILE);
    expect(editConfigFile(path, key, value)).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe(expected(FILE));
  });

  test('says that there was nothing to remove, and writes nothing', () => {
    const path = makeFile(FILE);
    expect(editConfigFile(path, 'fetch.concurrency', undefined)).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(FILE);
  });

  test.each<[string, string, TomlValue]>([
    ['a list over several lines', 'platforms.tiktok.providers', ['x']],
    ['an inline table', 'fetch.posts', 5],
    ['a dotted key', 'fetch.posts', 5],
  ])('refuses what it cannot edit safely and leaves the file alone: %s', (what, key, value) => {
    const text = {
      'a list over several lines': FILE,
      'an inline table': 'fetch = { posts = 1 }\n',
      'a dotted key': 'fetch.posts = 1\n',
    }[what] as string;
    const path = makeFile(text);
    expect(() => editConfigFile(path, key, value)).toThrow(/cannot be changed by program/);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(readdirSync(join(path, '..'))).toEqual(['config.toml']);
  });

  test('refuses a file that is not TOML, naming the line', () => {
    const path = makeFile('a = 1\nb = = 2\n');
    expect(() => editConfigFile(path, 'fetch.posts', 5)).toThrow(/line 2, column/);
    expect(readFileSync(path, 'utf8')).toBe('a = 1\nb = = 2\n');
  });

  test('makes a private file and private directories where there are none', () => {
    const path = join(makeDirectory(), 'deep', 'er', 'config.toml');
    editConfigFile(path, 'fetch.posts', 5);
    expect(readFileSync(path, 'utf8')).toBe('[fetch]\nposts = 5\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, '../..')).mode & 0o777).toBe(0o700);
  });

  test('makes a file private that was not', () => {
    const path = makeFile('timezone = "UTC"\n');
    chmodSync(path, 0o644);
    editConfigFile(path, 'credentials.rapidapi_key', 'abcdefgh');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('keeps comments, order and spacing of any file outside the edited line', { timeout: 30_000 }, () => {
    const value = fc.oneof(fc.nat(1000), fc.boolean(), fc.string({ unit: 'grapheme-ascii', maxLength: 8 }));
    const key = fc.constantFrom('alpha', 'beta', 'gamma', 'delta');
    const filler = fc.constantFrom('', '   ', '# a note', '  # = [not a table] "', '#key = 1', '\t# tabs');
    const rest = fc.constantFrom('', ' # why', '   ', ' # [x] = "y"');
    const body = fc.array(fc.tuple(key, value, filler, rest), { maxLength: 5 });
    const tables = fc.uniqueArray(fc.tuple(fc.constantFrom('', 'one', 'two', 'one.sub', 'three-x'), body, filler), {
      selector: ([name]) => name,
      maxLength: 4,
    });
    const file = tables.map((list) =>
      list
        .toSorted(([a], [b]) => Number(a !== '') - Number(b !== ''))
        .flatMap(([name, entries, note]) => {
          const seen = new Set<string>();
          const unique = entries.filter(([each]) => !seen.has(each) && seen.add(each));
          const lines = unique.flatMap(([each, what, before, after]) => [
            before,
            `${each} = ${JSON.stringify(what)}${after}`,
          ]);
          return [...(name === '' ? [] : [note, `[${name}]`]), ...lines, note];
        }),
    );
    const path = makeFile('');
    fc.assert(
      fc.property(
        file,
        fc.constantFrom('', 'one', 'two', 'one.sub', 'three-x', 'new'),
        key,
        value,
        (lines, table, name, to) => {
          const before = lines.length === 0 ? '' : `${lines.join('\n')}\n`;
          writeFileSync(path, before);
          const dotted = table === '' ? name : `${table}.${name}`;
          const had = readConfigFile(path).has(dotted);
          editConfigFile(path, dotted, to);
          const after = readFileSync(path, 'utf8').split('\n');
          expect(readConfigFile(path).get(dotted)).toEqual(to);

          // What is left after taking off the common beginning and end is the line that was edited.
          const old = before === '' ? [''] : before.split('\n');
          let head = 0;
          while (head < old.length && old[head] === after[head]) head++;
          let tail = 0;
          while (tail < old.length - head && tail < after.length - head && old.at(-1 - tail) === after.at(-1 - tail))
            tail++;
          expect(old.length - head - tail).toBeLessThanOrEqual(had ? 1 : 0);
          expect(after.length - head - tail).toBeLessThanOrEqual(had ? 1 : 3);

          if (!had) {
            editConfigFile(path, dotted, undefined);
            expect(readConfigFile(path)).toEqual(flat(before));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a file that somebody else could have written', () => {
  const POWERFUL = [
    '[providers.mine]\nmodule = "mine.mjs"\n',
    '[providers.yt-dlp]\nprogram = "/tmp/yt-dlp"\n',
    'providers.youtube.base_url = "http://evil.example"\n',
    'providers = { "youtube" = { "base_\\u0075rl" = "http://evil.example" } }\n',
  ];

  test.each(POWERFUL)('is refused when it says what runs or where keys go: %s', (text) => {
    const path = makeFile(text);
    chmodSync(path, 0o646);
    const hint = `chmod go-w ${path}`;
    expect(() => readConfigFile(path)).toThrow(expect.objectContaining({ hint, exitCode: 2 }));
    // What another user wrote does not become this user's by an edit.
    expect(() => editConfigFile(path, 'timezone', 'UTC')).toThrow('other users of this machine can write it');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test.skipIf(process.geteuid?.() !== 0)('is refused by owner and by group, except the group of this user', () => {
    const path = makeFile(POWERFUL[0] as string);
    chmodSync(path, 0o664);
    expect(readConfigFile(path).size).toBe(1);
    chownSync(path, 0, 12_345);
    expect(() => readConfigFile(path)).toThrow('other users of this machine can write it');
    chmodSync(path, 0o644);
    expect(readConfigFile(path).size).toBe(1);
    chownSync(path, 12_345, 0);
    expect(() => readConfigFile(path)).toThrow('belongs to another user (12345)');
    const key = makeFile('[credentials]\nrapidapi_key = "abcdefgh"\n');
    chownSync(key, 12_345, 0);
    expect(() => readConfigFile(key)).toThrow('belongs to another user (12345)');
  });

  test('is read when it says nothing of the kind', () => {
    const path = makeFile('timezone = "UTC"\n[fetch]\nposts = 5\n# module = "x"\n');
    chmodSync(path, 0o666);
    expect(readConfigFile(path).get('fetch.posts')).toBe(5);
  });
});

function flat(text: string): Map<string, unknown> {
  const walk = (table: object, prefix: string): [string, unknown][] =>
    Object.entries(table).flatMap(([key, value]) =>
      typeof value === 'object' ? walk(value as object, `${prefix}${key}.`) : [[prefix + key, value]],
    );
  return new Map(walk(parse(text), ''));
}

describe('writePrivateFile', () => {
  test('replaces a file whole and leaves nothing beside it', () => {
    const path = makeFile('old');
    writePrivateFile(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(join(path, '..'))).toEqual(['config.toml']);
  });

  test('leaves the old file and no rest when it cannot write', () => {
    const directory = makeDirectory();
    const path = join(directory, 'file', 'config.toml');
    writeFileSync(join(directory, 'file'), 'not a directory');
    expect(() => writePrivateFile(path, 'x')).toThrow(ConfigError);
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(directory)).toEqual(['file']);
  });
});
