import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { queryDatabase } from '../helper/query-database.ts';
import { startReplayServer } from '../helper/replay-server.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';
import { hikerapiRecording } from '../provider/hikerapi-recording.ts';

const KEYS = { RAPIDAPI_KEY: 'rapid-key', HIKERAPI_TOKEN: 'hiker-token' };
const { username, stored } = hikerapiRecording;

/** Starts a host that is failing, and counts who comes. */
async function startBrokenHost(status: number): Promise<{ url: string; hits: () => number }> {
  let hits = 0;
  const server = createServer((_, response) => {
    hits++;
    response.writeHead(status).end('<html>Bad gateway</html>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, hits: () => hits };
}

/** Fetches an Instagram account while its first provider is at that address, and the second one works. */
async function fetchPast(home: string, firstUrl: string) {
  const server = await startReplayServer(hikerapiRecording.replies);
  onTestFinished(() => server.close());
  const config = [
    `[providers.instagram-looter2]\nbase_url = "${firstUrl}"`,
    `[providers.hikerapi]\nbase_url = "${server.url}"`,
  ];
  writeFileSync(join(home, 'config.toml'), config.join('\n'), { mode: 0o600 });
  const argv = ['fetch', 'instagram', username, '--posts', String(hikerapiRecording.posts)];
  const result = await runCli(argv, { home, env: KEYS });
  server.verify();
  return { ...result, answered: server.requests.length };
}

test.each([503, 401, 429])(
  'a default provider that answers %s: the next answers, and all records agree',
  async (status) => {
    const home = makeHome();
    const broken = await startBrokenHost(status);
    const { code, stderr, answered } = await fetchPast(home, broken.url);
    expect(code, stderr).toBe(0);
    const tries = status === 401 ? 1 : 3;
    expect(broken.hits()).toBe(tries);

    const [job] = queryDatabase(home, 'SELECT * FROM analytics_fetch_jobs');
    expect(job).toMatchObject({ status: 'completed', provider_name: 'hikerapi', posts_fetched: stored.posts.length });
    expect(job?.['error_message']).toContain('instagram-looter2');
    expect(job?.['error_message']).toContain(String(status));

    const [snapshot, ...more] = queryDatabase(home, 'SELECT * FROM social_media_analytics_snapshots');
    expect(more).toEqual([]);
    expect(snapshot).toMatchObject({ ...stored.snapshot, provider_name: 'hikerapi' });
    const rows = queryDatabase(home, 'SELECT DISTINCT provider_name FROM social_media_post_analytics');
    expect(rows).toEqual([{ provider_name: 'hikerapi' }]);

    const usage = await runCli(['usage', '--json'], { home, env: KEYS });
    const { data } = JSON.parse(usage.stdout) as { data: { providers: Record<string, unknown>[]; errors: unknown[] } };
    const byName = Object.fromEntries(data.providers.map((row) => [row['provider_name'], row]));
    expect(byName['instagram-looter2']).toMatchObject({
      platform: 'instagram',
      requests: tries,
      succeeded: 0,
      failed: tries,
    });
    expect(byName['hikerapi']).toMatchObject({
      platform: 'instagram',
      requests: answered,
      succeeded: answered,
      failed: 0,
    });
    expect(data.errors).toMatchObject([{ provider_name: 'instagram-looter2', times: tries }]);

    // What is printed says the same.
    expect(stderr).toContain('hikerapi');
    expect(stderr).toContain('instagram-looter2');
  },
);

test('a default provider that nobody answers for: the next answers', async () => {
  const home = makeHome();
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const { code, stderr } = await fetchPast(home, `http://127.0.0.1:${port}`);
  expect(code, stderr).toBe(0);
  const [job] = queryDatabase(home, 'SELECT * FROM analytics_fetch_jobs');
  expect(job).toMatchObject({ status: 'completed', provider_name: 'hikerapi' });
  expect(job?.['error_message']).toMatch(/instagram-looter2 does not accept connections/);
});
