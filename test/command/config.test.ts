import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeHome, runCli } from '../helper/run-cli.ts';

const KEY = 'canary-7f3a9c2e51d8';

test('each value is listed with where it comes from, secrets masked', async () => {
  const home = makeHome();
  await runCli(['config', 'set', 'fetch.posts', '20'], { home });
  await runCli(['config', 'set', 'credentials.rapidapi_key'], { home, stdin: `${KEY}\n` });
  const { stdout, stderr } = await runCli(['config', 'list', '--json', '--db', join(home, 'other.db')], { home });
  const { data } = JSON.parse(stdout) as { data: unknown[] };
  expect(data).toEqual(
    expect.arrayContaining([
      { key: 'database', value: join(home, 'other.db'), source: 'flag', origin: '--db' },
      { key: 'timezone', value: 'UTC', source: 'environment', origin: 'SMSTATS_TIMEZONE' },
      { key: 'fetch.posts', value: 20, source: 'file', origin: join(home, 'config.toml') },
      { key: 'fetch.delay_ms', value: 2000, source: 'default', origin: 'built in' },
      { key: 'credentials.rapidapi_key', value: '••••••••', source: 'file', origin: join(home, 'config.toml') },
    ]),
  );
  expect(stdout + stderr).not.toContain(KEY);
});

test('a credential is read from stdin and refused on the command line', async () => {
  const home = makeHome();
  const refused = await runCli(['config', 'set', 'credentials.rapidapi_key', KEY], { home });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('a command line is no place for one');
  expect(refused.stderr).not.toContain(KEY);
  expect(await runCli(['config', 'set', 'credentials.rapidapi_key'], { home, stdin: `${KEY}\n` })).toMatchObject({
    code: 0,
  });
  expect(readFileSync(join(home, 'config.toml'), 'utf8')).toContain(`rapidapi_key = "${KEY}"`);
  const shown = await runCli(['config', 'get', 'credentials.rapidapi_key'], { home });
  expect(shown.stdout).toBe('••••••••\n');
});

test('get, set, unset and path do what they say', async () => {
  const home = makeHome();
  expect((await runCli(['config', 'path'], { home })).stdout).toBe(`${join(home, 'config.toml')}\n`);
  await runCli(['config', 'set', 'platforms.tiktok.providers', 'tiktok-api23,tiktok-scraper7'], { home });
  expect((await runCli(['config', 'get', 'platforms.tiktok.providers'], { home })).stdout).toBe(
    '["tiktok-api23","tiktok-scraper7"]\n',
  );
  await runCli(['config', 'unset', 'platforms.tiktok.providers'], { home });
  expect(await runCli(['config', 'get', 'platforms.tiktok.providers'], { home })).toMatchObject({
    code: 7,
    stdout: '',
  });
});

test.each([
  ['an unknown key', 'fetch.post', '5', 'did you mean fetch.posts?'],
  [
    'a value of the wrong type',
    'fetch.posts',
    'many',
    'fetch.posts must be a whole number from 1 to 10000, not "many"',
  ],
  [
    'plain http to another host',
    'providers.tiktok-api23.base_url',
    'http://example.com',
    'an https URL, or an http URL on loopback',
  ],
  ['a time zone that does not exist', 'timezone', 'Europe/Berlim', 'an IANA time zone such as "Europe/Berlin"'],
])('%s is refused by config set and changes nothing', async (_name, key, value, message) => {
  const home = makeHome();
  writeFileSync(join(home, 'config.toml'), '# mine\n[fetch]\nposts = 3 # few\n', { mode: 0o600 });
  const { code, stderr } = await runCli(['config', 'set', key, value], { home });
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(readFileSync(join(home, 'config.toml'), 'utf8')).toBe('# mine\n[fetch]\nposts = 3 # few\n');
});

test.each([
  [
    'an unknown key',
    '[fetch]\npsots = 3\n',
    /config\.toml: there is no setting "fetch\.psots"\.[\s\S]*did you mean fetch\.posts\?/,
  ],
  [
    'a wrong type',
    '[fetch]\nposts = "many"\n',
    /config\.toml: fetch\.posts must be a whole number from 1 to 10000, not "many"/,
  ],
  ['broken TOML', 'timezone = \n', /config\.toml, line 1, column \d+:/],
  [
    'an unknown provider in the order',
    '[platforms.tiktok]\nproviders = ["tiktok-scrapper7"]\n',
    /names "tiktok-scrapper7"[\s\S]*did you mean tiktok-scraper7\?/,
  ],
])('a config file with %s says file, key and what was expected', async (_name, text, message) => {
  const home = makeHome();
  writeFileSync(join(home, 'config.toml'), text, { mode: 0o600 });
  const { code, stderr } = await runCli(['fetch', 'tiktok', 'someone', '--dry-run'], { home });
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});

test('credentials that others can read are not used', async () => {
  const home = makeHome();
  writeFileSync(join(home, 'config.toml'), `[credentials]\nrapidapi_key = "${KEY}"\n`, { mode: 0o644 });
  const { code, stderr } = await runCli(['providers', 'list'], { home });
  expect(code).toBe(2);
  expect(stderr).toContain('chmod 600');
  expect(stderr).not.toContain(KEY);
});
