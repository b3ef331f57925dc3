import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { queryDatabase } from '../helper/query-database.ts';
import { startReplayServer } from '../helper/replay-server.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';

const EXAMPLE = join(import.meta.dirname, '../fixture/custom/devto.mjs');

const USER = { id: 81_907, name: 'Ada Example', summary: 'Writes about tides.', profile_image: null };
const ARTICLES = [
  {
    id: 1_203_311,
    url: 'https://dev.to/ada/tides-1a2b',
    title: 'Tides #webdev',
    cover_image: null,
    published_at: '2026-11-01T08:00:00Z',
    public_reactions_count: 41,
    comments_count: 0,
  },
];

/** A home whose configuration brings the example of the README, asked at that address. */
function bringExample(url: string, more = ''): string {
  const home = makeHome();
  mkdirSync(join(home, 'providers'));
  copyFileSync(EXAMPLE, join(home, 'providers', 'devto.mjs'));
  const config = `[providers.devto]\nmodule = "providers/devto.mjs"\nbase_url = "${url}"\n${more}`;
  writeFileSync(join(home, 'config.toml'), config, { mode: 0o600 });
  return home;
}

test("the README's own platform: named, fetched, stored, reported, counted", async () => {
  const server = await startReplayServer([
    { path: '/api/users/by_username', query: { url: 'ada' }, body: USER },
    { path: '/api/articles', query: { username: 'ada', page: '1' }, body: ARTICLES },
  ]);
  onTestFinished(() => server.close());
  const home = bringExample(server.url);

  const listed = await runCli(['providers', 'list', '--json'], { home });
  expect((JSON.parse(listed.stdout) as { data: unknown[] }).data).toContainEqual(
    expect.objectContaining({ name: 'devto', platform: 'devto', is_ready: true }),
  );
  const { code, stderr } = await runCli(['fetch', 'devto', '@Ada'], { home });
  expect(code, stderr).toBe(0);
  server.verify();

  const [post] = queryDatabase(home, 'SELECT * FROM content_performance');
  expect(post).toMatchObject({ platform: 'devto', post_id: '1203311', likes: 41, comments: 0, views: null });
  const [snapshot] = queryDatabase(home, 'SELECT * FROM social_media_analytics_snapshots');
  expect(snapshot).toMatchObject({ followers_count: null, total_likes: 41, provider_name: 'devto' });
  const report = await runCli(['report', 'posts', '--account', 'devto:ada'], { home });
  expect(report.stdout).toContain('Tides #webdev');
  const usage = await runCli(['usage', '--provider', 'devto', '--json'], { home });
  expect((JSON.parse(usage.stdout) as { data: { providers: unknown[] } }).data.providers).toMatchObject([
    { provider_name: 'devto', requests: 2, quota_allowed: 4_000, quota_period: 'day' },
  ]);
});

test('an account that its platform does not know is not stored as if it were empty', async () => {
  const server = await startReplayServer([
    { path: '/api/users/by_username', status: 404, body: { error: 'not found' } },
  ]);
  onTestFinished(() => server.close());
  const home = bringExample(server.url);
  const { code, stderr } = await runCli(['fetch', 'devto', 'nobody'], { home });
  expect(code).toBe(7);
  expect(stderr).toContain('There is no account devto @nobody');
  expect(queryDatabase(home, 'SELECT * FROM social_media_analytics_snapshots')).toEqual([]);
});

test('a module that is broken stops those alone who ask for it', async () => {
  const home = makeHome();
  writeFileSync(join(home, 'broken.mjs'), 'export default {');
  writeFileSync(join(home, 'config.toml'), '[providers.devto]\nmodule = "broken.mjs"\n', { mode: 0o600 });
  const sample = await runCli(['init', '--sample'], { home });
  expect(sample.code, sample.stderr).toBe(0);
  const again = await runCli(['fetch'], { home });
  expect(again.code, again.stderr).toBe(0);
  const asked = await runCli(['fetch', 'tiktok', 'isaiah_dupree', '--provider', 'devto'], { home });
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain(join(home, 'broken.mjs'));
  expect((await runCli(['providers', 'list'], { home })).stderr).toContain(join(home, 'broken.mjs'));
  expect((await runCli(['doctor'], { home })).stdout).toMatch(/warning +providers +.*broken\.mjs/);
});

test('a module names a key of its own, which the configuration then knows and hides', async () => {
  const home = bringExample('http://127.0.0.1:9', '[credentials]\ndevto_key = "canary-key-1f2e"\n');
  const { stdout, code } = await runCli(['config', 'list'], { home });
  expect(code).toBe(0);
  expect(stdout).toContain('credentials.devto_key');
  expect(stdout).not.toContain('canary-key-1f2e');
  const typed = await runCli(['config', 'set', 'credentials.other_key'], { home, stdin: 'second-canary\n' });
  expect(typed.code, typed.stderr).toBe(0);

  // Without a module, such a name is a slip of the pen.
  const plain = makeHome();
  const slip = await runCli(['config', 'set', 'credentials.rapidapi_kye'], { home: plain, stdin: 'x\n' });
  expect(slip.code).toBe(2);
  expect(slip.stderr).toContain('credentials.rapidapi_key');
});
