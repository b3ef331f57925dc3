import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/command/index.ts';
import { makeAccount, sendJson, startTikwmServer, type TikwmServer } from '../helper/tikwm-server.ts';
import { configure, makeDirectory, run, type Ended } from './process.ts';
import { serve } from './serving.ts';

const CANARY = 'cAnArY+9f8e/7d6c=5b4a"3&2x1';

/** The canary in the forms that it may travel in. */
const FORMS = [
  CANARY,
  encodeURIComponent(CANARY),
  JSON.stringify(CANARY).slice(1, -1),
  Buffer.from(CANARY).toString('base64').replace(/=+$/, ''),
  Buffer.from(CANARY).toString('base64url'),
  Buffer.from(CANARY).toString('hex'),
  // A part of it is too much as well.
  'cAnArY+9f8e',
  '5b4a"3&2x1',
];

let server: TikwmServer;
let home: string;
beforeEach(async () => {
  server = await startTikwmServer({ anna: makeAccount(3, 1) });
  home = makeDirectory();
  configure(home, server.url);
});
afterEach(() => server.close());

const leaks = (bytes: string) => FORMS.filter((form) => bytes.includes(form));

/** Every file below a home, as bytes, by its name. */
function readAll(directory: string): [string, string][] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(directory, name)).isFile())
    .map((name) => [name, readFileSync(join(directory, name), 'latin1')]);
}

function expectNoLeak(what: string, { stdout, stderr }: Ended): void {
  expect(leaks(stdout), `${what}: stdout`).toEqual([]);
  expect(leaks(stderr), `${what}: stderr`).toEqual([]);
}

/** Every command, and what it may be asked. */
const RUNS: string[][] = [
  ['--version'],
  ['--help'],
  ['help', 'exit-codes'],
  ['help', 'fetch'],
  ['init', '--yes', '--account', 'tiktok:anna'],
  ['init', '--sample', '--yes'],
  ['fetch'],
  ['fetch', '--dry-run'],
  ['fetch', 'tiktok', 'nobody', '--verbose'],
  ['fetch', 'tiktok', 'anna', '--json', '--verbose'],
  ['accounts', 'add', 'tiktok', 'bert', '--competitor'],
  ['accounts', 'list'],
  ['accounts', 'pause', 'tiktok', 'bert'],
  ['accounts', 'resume', 'tiktok', 'bert'],
  ['accounts', 'remove', 'tiktok', 'bert', '--yes'],
  ...['overview', 'account', 'posts', 'trends', 'growth'].flatMap((question) =>
    ['table', 'json', 'csv', 'markdown'].map((format) => [
      'report',
      question,
      ...(question === 'account' ? ['tiktok', 'anna'] : []),
      '--format',
      format,
    ]),
  ),
  ['report', 'monthly', '--json'],
  ['report', 'anomalies', '--backtest', '--json'],
  ['report', 'forecast', '--json'],
  ['report', 'compare', '--days', '400'],
  ['digest'],
  ['digest', '--json'],
  ['digest', '-o', 'package.json/week.html', '--verbose'],
  ['digest', '--to', 'nobody', '--verbose'],
  ['report', 'posts', '--search', 'a', '--min-likes', '1', '--since', '2026-01-01', '--json'],
  ['record', 'daily', '--account', 'tiktok:anna', '--followers', '5', '--json'],
  ['record', 'content', '--account', 'tiktok:zed', '--create', '--post', '1', '--likes', '5'],
  ['record', 'audience', '--account', 'tiktok:nobody', '--age-18-24', '50', '--verbose'],
  ['roi', '--campaign', 'spring', '--cost', '5', '--revenue', '7'],
  ['roi', 'list', '--json'],
  ['roi', 'report', '--by', 'video'],
  ['report', 'audience'],
  ['report', 'campaigns', '--json'],
  ['report', 'hashtags', '--days', '900'],
  ['report', 'best-times', '--days', '900', '--json'],
  ['report', 'decay'],
  ['roi', 'remove', 'spring'],
  ['audit'],
  ['audit', '--json'],
  ['content', 'add', 'v1', '--title', 'A'],
  ['content', 'list'],
  ['content', 'import', 'no-such.csv', '--verbose'],
  ['report', 'content', '--json'],
  ['content', 'remove', 'v1', '--yes'],
  ['serve', '--host', '0.0.0.0', '--port', '0', '--verbose'],
  ['serve', '--port', 'x', '--json'],
  ['token', 'create', 'ci', '--expires', '90d'],
  ['token', 'list', '--json'],
  ['token', 'revoke', 'ci'],
  ['alerts', 'add', 'failed-fetch'],
  ['alerts', 'list', '--json'],
  ['alerts', 'check', '--verbose'],
  ['alerts', 'list', '--events'],
  ['alerts', 'test', '--to', 'nobody', '--verbose'],
  ['alerts', 'remove', '1'],
  ['usage'],
  ['usage', '--json'],
  ['providers', 'list'],
  ['providers', 'list', '--json'],
  ['providers', 'test', 'tiktok-scraper7', 'anna', '--verbose'],
  ['login'],
  ['login', '--json'],
  ['login', 'youtube', '--no-browser', '--verbose'],
  ['login', 'tiktok-scraper7', '--token', '--verbose'],
  ['logout', 'tiktok-scraper7'],
  ['config', 'list'],
  ['config', 'list', '--json'],
  ['config', 'get', 'credentials.rapidapi_key'],
  ['config', 'get', 'credentials.rapidapi_key', '--json'],
  ['config', 'set', 'fetch.posts', '60'],
  ['config', 'unset', 'fetch.posts'],
  ['config', 'path'],
  ['copy', '--to', `postgres://smstats:${CANARY}@127.0.0.1:1/smstats`, '--verbose'],
  ['copy', '--to', `postgres://smstats@127.0.0.1:1/smstats?password=${CANARY}`, '--json'],
  ['export', 'usage', '--verbose'],
  ['export', 'posts', '--as', 'ndjson'],
  ['export', 'post-metrics', '-o', 'package.json/x.csv', '--verbose'],
  ['import', 'no-such.csv', '--verbose'],
  ['prune', '--older-than', '1y', '--dry-run', '--json'],
  ['backup', '--verbose'],
  ['restore', 'no-such.db', '--verbose'],
  ['map'],
  ['map', '--auto', '--dry-run', '--json'],
  ['map', '--auto'],
  ['map', '--review'],
  ['map', '--calibrate'],
  ['map', '--list', '--json'],
  ['install-schedule', '--dry-run', '--force'],
  ['install-schedule', '--dry-run', '--force', '--json'],
  ['install-schedule', '--status'],
  ['install-schedule', '--status', '--json'],
  ['fetch', '--if-due', '--scheduled', 'default'],
  ['fetch', '--self-test'],
  ['doctor'],
  ['doctor', '--json'],
  ['completion', 'bash'],
  ['complete', '--', 'fetch', 'tiktok', ''],
  ['no-such-command', '--verbose'],
];

test('the runs below cover every command', () => {
  const named = new Set(RUNS.map(([command]) => command));
  expect(Object.keys(COMMANDS).filter((name) => !named.has(name))).toEqual([]);
});

test('a key from the environment reaches the provider and nothing else: no output and no file', async () => {
  for (const args of RUNS) {
    expectNoLeak(args.join(' '), await run(args, { home, env: { RAPIDAPI_KEY: CANARY } }));
  }
  expect(server.requests.length).toBeGreaterThan(5);
  expect(server.requests.every(({ headers }) => headers['x-rapidapi-key'] === CANARY)).toBe(true);
  const files = readAll(home);
  expect(files.map(([name]) => name)).toContain('smstats.db');
  for (const [name, bytes] of files) expect(leaks(bytes), name).toEqual([]);
});

describe('a provider that sends the key back', () => {
  test.each([
    ['in a refusal', 401, { message: `Invalid API key ${CANARY}` }],
    ['in an error page', 500, `<html>${CANARY}</html>`],
    ['in an error of its own', 200, { code: -1, msg: `bad key: ${CANARY} / ${encodeURIComponent(CANARY)}` }],
    ['in a rate limit', 429, { message: `You have exceeded the DAILY quota for ${CANARY}` }],
    ['in broken JSON', 200, `{"key": "${CANARY}`],
    ['in a shape that nobody knows', 200, { code: 0, data: { [CANARY]: CANARY } }],
  ])('%s does not get it written anywhere', async (_, status, body) => {
    server.fault = (_request, response) => sendJson(response, body, status, { 'retry-after': '0' });
    for (const args of [
      ['fetch', 'tiktok', 'anna', '--verbose'],
      ['fetch', 'tiktok', 'anna', '--json'],
      ['providers', 'test', 'tiktok-scraper7', 'anna', '--verbose'],
      ['usage', '--json'],
      ['accounts', 'list', '--json'],
      ['report', 'overview', '--json'],
    ]) {
      expectNoLeak(args.join(' '), await run(args, { home, env: { RAPIDAPI_KEY: CANARY } }));
    }
    for (const [name, bytes] of readAll(home)) expect(leaks(bytes), name).toEqual([]);
  });

  test('in a redirect to another host does not get it there', async () => {
    const other = await startTikwmServer();
    server.fault = (request, response) => sendJson(response, '', 302, { location: `${other.url}${request.path}` });
    const ended = await run(['fetch', 'tiktok', 'anna', '--verbose'], { home, env: { RAPIDAPI_KEY: CANARY } });
    await other.close();
    expect(ended.code).toBe(6);
    expect(other.requests).toEqual([]);
    expectNoLeak('fetch', ended);
  });
});

test('the server says it to nobody: no answer, no log', async () => {
  await run(['fetch', 'tiktok', 'anna'], { home, env: { RAPIDAPI_KEY: CANARY } });
  const running = await serve(home, ['--verbose'], { RAPIDAPI_KEY: CANARY });
  const { paths } = (await (await fetch(`${running.url}/openapi.json`)).json()) as { paths: object };
  const gets = Object.keys(paths).filter((path) => !path.endsWith('/events'));
  expect(gets.length).toBeGreaterThan(20);
  for (const path of ['/', '/docs', '/metrics', ...gets]) {
    const response = await fetch(`${running.url}${path}?account_id=1&platform=tiktok`);
    const headers = JSON.stringify([...response.headers]);
    expect(leaks((await response.text()) + headers), path).toEqual([]);
  }
  // What a client says itself may come back to it, and stands in no log.
  const body = JSON.stringify({ account_id: '1', platform: CANARY, followers: CANARY });
  await fetch(`${running.url}/api/social-media/metrics/daily`, { method: 'POST', body });
  await fetch(`${running.url}/api/social-media/posts?search=${encodeURIComponent(CANARY)}`);
  running.kill('SIGTERM');
  await running.ended;
  expect(leaks(running.stderr())).toEqual([]);
});

test('what a killed run leaves behind, its WAL too, holds no key', async () => {
  await run(['fetch', 'tiktok', 'anna'], { home, env: { RAPIDAPI_KEY: CANARY } });
  const inject = 'pwrite64:signal=SIGKILL:when=30';
  const killed = await run(['fetch', 'tiktok', 'anna'], { home, env: { RAPIDAPI_KEY: CANARY }, inject });
  expect(killed.code).not.toBe(0);
  const left = makeDirectory();
  cpSync(home, left, { recursive: true });
  const files = readAll(left);
  expect(files.map(([name]) => name)).toContain('smstats.db-wal');
  for (const [name, bytes] of files) expect(leaks(bytes), name).toEqual([]);
});

test('a key that is set from a file is in config.toml alone, which its owner alone can read', async () => {
  const noKey = { RAPIDAPI_KEY: '' };
  const set = await run(['config', 'set', 'credentials.rapidapi_key'], { home, env: noKey, stdin: `${CANARY}\n` });
  expect(set.code).toBe(0);
  expectNoLeak('config set', set);
  for (const args of RUNS) expectNoLeak(args.join(' '), await run(args, { home, env: noKey }));
  expect(server.requests.every(({ headers }) => headers['x-rapidapi-key'] === CANARY)).toBe(true);
  expect(server.requests.length).toBeGreaterThan(5);
  const holders = readAll(home).filter(([, bytes]) => leaks(bytes).length > 0);
  expect(holders.map(([name]) => name)).toEqual(['config.toml']);
  expect(statSync(join(home, 'config.toml')).mode & 0o777).toBe(0o600);

  writeFileSync(join(home, 'config.toml'), `[credentials]\nrapidapi_key = "${CANARY.replace('"', '\\"')}" x\n`);
  const broken = await run(['config', 'list', '--verbose'], { home, env: noKey });
  expect(broken.code).toBe(2);
  expectNoLeak('a broken file', broken);
});

test('a key on the command line is refused and not repeated', async () => {
  const ended = await run(['config', 'set', 'credentials.rapidapi_key', CANARY], { home, env: { RAPIDAPI_KEY: '' } });
  expect(ended.code).toBe(2);
  expectNoLeak('config set', ended);
  expect(readFileSync(join(home, 'config.toml'), 'utf8')).not.toContain(CANARY);
});
