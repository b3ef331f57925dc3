import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig, parseSetting, type ConfigFlags } from '../../src/config/load.ts';
import { findHome } from '../../src/config/path.ts';
import { findSetting, SETTINGS } from '../../src/config/setting.ts';
import { ConfigError } from '../../src/core/errors.ts';
import { makeDirectory } from '../helper/temp-store.ts';

function load(toml: string, env: Record<string, string> = {}, flags: ConfigFlags = {}) {
  const home = makeDirectory();
  writeFileSync(join(home, 'config.toml'), toml, { mode: 0o600 });
  return { home, config: loadConfig({ SMSTATS_HOME: home, ...env }, flags) };
}

function failure(toml: string, env: Record<string, string> = {}): ConfigError {
  try {
    load(toml, env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error as ConfigError;
  }
  throw new Error('the configuration was accepted');
}

describe('precedence', () => {
  const file = 'timezone = "Europe/Berlin"\ndatabase = "/file.db"\n';
  const env = { SMSTATS_TIMEZONE: 'Asia/Tokyo', SMSTATS_DATABASE_URL: '/env.db' };
  const flags = { timezone: 'America/New_York', db: '/flag.db' };
  test.each([
    ['flags go before everything', file, env, flags, 'America/New_York', '/flag.db', 'flag', '--timezone'],
    ['the environment goes before the file', file, env, {}, 'Asia/Tokyo', '/env.db', 'environment', 'SMSTATS_TIMEZONE'],
    ['the file goes before the defaults', file, {}, {}, 'Europe/Berlin', '/file.db', 'file', /config\.toml$/],
  ])('%s', (_, toml, environment, given, timezone, database, source, origin) => {
    const { config } = load(toml, environment as Record<string, string>, given);
    expect(config).toMatchObject({ timezone, database });
    const entry = config.entries.find(({ key }) => key === 'timezone');
    expect(entry?.source).toBe(source);
    expect(entry?.origin).toMatch(origin);
  });

  test('defaults hold where nothing is set', () => {
    const { home, config } = load('');
    expect(config.database).toBe(join(home, 'smstats.db'));
    expect(config.fetch).toEqual({ posts: undefined, delayMs: 2000, concurrency: undefined });
    expect(config.providerOrder('tiktok')).toBeUndefined();
    expect(config.provider('tiktok-scraper7').limit).toBeUndefined();
    expect(config.credential('rapidapi_key')).toBeUndefined();
    expect(config.entries.map(({ source }) => source)).toEqual(['default', 'default', 'default']);
  });

  test('an empty or blank variable counts as not set', () => {
    expect(load(file, { SMSTATS_TIMEZONE: '', SMSTATS_DATABASE_URL: '  ' }).config).toMatchObject({
      timezone: 'Europe/Berlin',
      database: '/file.db',
    });
  });

  test('no file at all is no error', () => {
    const home = makeDirectory();
    expect(loadConfig({ SMSTATS_HOME: home, SMSTATS_TIMEZONE: 'UTC' }).timezone).toBe('UTC');
  });
});

test('every key is read from the file', () => {
  const { config } = load(`
    [fetch]
    posts = 70
    delay_ms = 0
    concurrency = 3
    [platforms.tiktok]
    providers = ["tiktok-api23"]
    [providers.tiktok-api23]
    base_url = "https://proxy.example/api"
    limit = 500
    period = "day"
    safety_margin = 0.5
    requests_per_second = 2.5
    max_response_mb = 20
    [credentials]
    rapidapi_key = "file-secret-key"
  `);
  expect(config.fetch).toEqual({ posts: 70, delayMs: 0, concurrency: 3 });
  expect(config.providerOrder('tiktok')).toEqual(['tiktok-api23']);
  expect(config.provider('tiktok-api23')).toEqual({
    baseUrl: 'https://proxy.example/api',
    limit: 500,
    period: 'day',
    safetyMargin: 0.5,
    requestsPerSecond: 2.5,
    maxResponseMb: 20,
  });
  expect(config.credential('rapidapi_key')).toBe('file-secret-key');
  expect(config.secrets).toEqual(['file-secret-key']);
});

test('secrets are marked and handed out for redaction, wherever they come from', () => {
  const { config } = load('', { RAPIDAPI_KEY: 'env-secret-key' });
  const entry = config.entries.find(({ key }) => key === 'credentials.rapidapi_key');
  expect(entry).toMatchObject({ source: 'environment', origin: 'RAPIDAPI_KEY', secret: true });
  expect(config.secrets).toEqual(['env-secret-key']);
  expect(config.entries.filter(({ secret }) => secret)).toHaveLength(1);
});

describe('what is wrong is named', () => {
  test('an unknown key: file, key and the nearest one', () => {
    const error = failure('timezon = "UTC"\n');
    expect(error.message).toMatch(/config\.toml: there is no setting "timezon"\./);
    expect(error.hint).toBe('did you mean timezone?');
  });

  test('an unknown key within a table', () => {
    expect(failure('[fetch]\npots = 5\n').message).toMatch(/there is no setting "fetch\.pots"/);
    expect(failure('[fetch]\npots = 5\n').hint).toBe('did you mean fetch.posts?');
    expect(failure('[credentials]\nrapidapikey = "x"\n').hint).toBe('did you mean credentials.rapidapi_key?');
  });

  test('an unknown key that is near nothing: all settings', () => {
    expect(failure('colour = "blue"\n').hint).toMatch(/^settings: database, timezone, /);
  });

  test.each([
    ['[fetch]\nposts = "many"\n', 'fetch.posts must be a whole number from 1 to 10000, not "many".'],
    ['[fetch]\nposts = 1.5\n', 'fetch.posts must be a whole number from 1 to 10000, not 1.5.'],
    ['[fetch]\nposts = 0\n', 'fetch.posts must be a whole number from 1 to 10000, not 0.'],
    ['[fetch]\ndelay_ms = -1\n', 'fetch.delay_ms must be milliseconds, from 0 to 3600000, not -1.'],
    ['[fetch]\nconcurrency = true\n', 'fetch.concurrency must be a whole number from 1 to 64, not true.'],
    ['timezone = "Mars/Olympus"\n', 'timezone must be an IANA time zone such as "Europe/Berlin", not "Mars/Olympus".'],
    ['timezone = 5\n', 'timezone must be an IANA time zone such as "Europe/Berlin", not 5.'],
    ['database = ""\n', 'database must be the path of a database file, or a postgres:// URL, not "".'],
    ['[providers.a]\nperiod = "year"\n', 'providers.a.period must be "day" or "month", not "year".'],
    ['[providers.a]\nsafety_margin = 0\n', 'providers.a.safety_margin must be a number above 0, up to 1, not 0.'],
    ['[providers.a]\nsafety_margin = 1.1\n', 'providers.a.safety_margin must be a number above 0, up to 1, not 1.1.'],
    ['[platforms.tiktok]\nproviders = "a"\n', 'platforms.tiktok.providers must be a list of provider names'],
    ['[platforms.tiktok]\nproviders = []\n', 'platforms.tiktok.providers must be a list of provider names'],
  ])('%j: file, key and what is expected', (toml, message) => {
    const error = failure(toml);
    expect(error.message).toContain(`config.toml: ${message}`);
    expect(error.exitCode).toBe(2);
  });

  test('a secret of the wrong type is not shown', () => {
    const error = failure('[credentials]\nrapidapi_key = 12345678\n');
    expect(error.message).toMatch(/credentials\.rapidapi_key must be a key or token without blanks, not the value\.$/);
  });

  test('a wrong environment variable by its name', () => {
    expect(failure('', { SMSTATS_TIMEZONE: 'Nowhere' }).message).toMatch(/^SMSTATS_TIMEZONE: timezone must be/);
  });

  test.each([
    ['timezone = "UTC"\nfetch = = 5\n', 2],
    ['timezone = "UTC\n', 1],
    ['a = 1\nb = 2\n[fetch\n', 3],
    ['[fetch]\nposts = 1\nposts = 2\n', 3],
  ])('broken TOML %j by its line', (toml, line) => {
    expect(failure(toml).message).toMatch(new RegExp(`config\\.toml, line ${line}, column \\d+: `));
  });

  test('a database that is neither a file nor on a PostgreSQL server', () => {
    expect(failure('database = "mysql://root@localhost/x"\n').message).toMatch(/must be a file or a postgres:\/\/ URL/);
  });
});

describe('base_url', () => {
  test.each([
    'https://api.example',
    'https://api.example:8443/v1',
    'http://localhost:8080',
    'http://127.0.0.1:1234/x',
    'http://[::1]:80',
  ])('may be %s', (url) => {
    const { config } = load(`[providers.a]\nbase_url = "${url}"\n`);
    expect(config.provider('a').baseUrl).toBe(url);
  });

  test.each([
    'http://api.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://192.168.0.1',
    'http://0.0.0.0',
    'ftp://localhost',
    'file:///etc/passwd',
    'https://user:password@api.example',
    'https://api.example/?key=x',
    'https://api.example/#x',
    'api.example',
    '',
  ])('may not be %s', (url) => {
    expect(failure(`[providers.a]\nbase_url = "${url}"\n`).message).toMatch(
      /providers\.a\.base_url must be an https URL, or an http URL on loopback/,
    );
  });
});

describe('a file with credentials', () => {
  const forms = [
    '[credentials]\nrapidapi_key = "abcdefgh"\n',
    '[ credentials ]\nrapidapi_key = "abcdefgh"\n',
    '["credentials"]\nrapidapi_key = "abcdefgh"\n',
    'credentials.rapidapi_key = "abcdefgh"\n',
    'credentials = { rapidapi_key = "abcdefgh" }\n',
    '  credentials . rapidapi_key = "abcdefgh"\n',
    '"credentials".rapidapi_key = "abcdefgh"\n',
  ];
  test.each(forms)('is refused when others can read it: %j', (toml) => {
    for (const mode of [0o644, 0o640, 0o604, 0o660]) {
      const home = makeDirectory();
      const file = join(home, 'config.toml');
      writeFileSync(file, toml);
      chmodSync(file, mode);
      expect(() => loadConfig({ SMSTATS_HOME: home })).toThrow(/holds credentials, and other users .* can read it/);
    }
  });

  test.each(forms)('is read when only its owner can: %j', (toml) => {
    expect(load(toml).config.credential('rapidapi_key')).toBe('abcdefgh');
  });

  test('without credentials may be readable by all', () => {
    const home = makeDirectory();
    writeFileSync(join(home, 'config.toml'), '# no credentials here\n[fetch]\nposts = 5\n', { mode: 0o644 });
    expect(loadConfig({ SMSTATS_HOME: home }).fetch.posts).toBe(5);
  });
});

describe('paths', () => {
  test('a relative database in the file is relative to the data directory', () => {
    const { home, config } = load('database = "sub/mine.db"\n');
    expect(config.database).toBe(join(home, 'sub/mine.db'));
  });

  test.each(['sqlite:///tmp/x.db', 'file:/tmp/x.db', 'sqlite:/tmp/x.db'])('%s is a path', (url) => {
    expect(load('', { SMSTATS_DATABASE_URL: url }).config.database).toBe('/tmp/x.db');
  });

  test('SMSTATS_HOME holds everything', () => {
    expect(findHome({ SMSTATS_HOME: '/srv/x' })).toEqual({
      configFile: '/srv/x/config.toml',
      dataDirectory: '/srv/x',
      database: '/srv/x/smstats.db',
    });
  });

  test('a directory in place of the file is a configuration error', () => {
    const home = makeDirectory();
    mkdirSync(join(home, 'config.toml'));
    expect(() => loadConfig({ SMSTATS_HOME: home })).toThrow(ConfigError);
  });
});

describe('parseSetting', () => {
  test.each([
    ['fetch.posts', '70', 70],
    ['providers.a.safety_margin', '0.5', 0.5],
    ['timezone', 'Europe/Berlin', 'Europe/Berlin'],
    ['database', '5', '5'],
    ['credentials.rapidapi_key', '12345678', '12345678'],
    ['platforms.tiktok.providers', 'a, b', ['a', 'b']],
    ['platforms.tiktok.providers', '["a", "b"]', ['a', 'b']],
  ])('%s reads %j', (key, text, value) => {
    expect(parseSetting(key, text).value).toEqual(value);
  });

  test.each([
    ['fetch.posts', 'many', /fetch\.posts must be a whole number/],
    ['fetch.post', '5', /there is no setting "fetch\.post"/],
    ['fetch', '5', /there is no setting "fetch"/],
    ['providers..limit', '5', /there is no setting/],
  ])('%s refuses %j', (key, text, message) => {
    expect(() => parseSetting(key, text)).toThrow(message);
  });
});

test('each setting is found by its own key, and nothing else is', () => {
  for (const setting of SETTINGS) expect(findSetting(setting.key.replaceAll('*', 'any-name'))).toBe(setting);
  for (const key of ['', '.', 'fetch', 'fetch.posts.x', 'Fetch.posts', '__proto__', 'providers.a.b.limit']) {
    expect(findSetting(key)).toBeUndefined();
  }
});
