import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { queryDatabase } from '../helper/query-database.ts';
import { makeHome, NOW, runCli } from '../helper/run-cli.ts';
import { readFixture } from '../provider/subject.ts';

const TOKEN = 'canary-access-token-7d1';

/** Answers as the API of YouTube does, and keeps what it was sent. */
async function startYouTube() {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://loopback');
    const body =
      pathname === '/youtube/v3/channels' && searchParams.has('mine')
        ? { items: [{ id: 'UCsomebodyelse00000000000' }] }
        : readFixture(
            { '/youtube/v3/channels': 'youtube/channels.json', '/youtube/v3/videos': 'youtube/videos.json' }[
              pathname
            ] ?? 'youtube/playlistItems-page1.json',
          );
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function makeLoggedIn(url: string, expiresAt: string, refreshToken: string | null = null): string {
  const home = makeHome();
  writeFileSync(join(home, 'config.toml'), `[providers.youtube]\nbase_url = "${url}"\n`, { mode: 0o600 });
  mkdirSync(join(home, 'tokens'), { mode: 0o700 });
  const token = {
    provider: 'youtube',
    access_token: TOKEN,
    refresh_token: refreshToken,
    expires_at: expiresAt,
    refresh_expires_at: null,
    scopes: ['https://www.googleapis.com/auth/youtube.readonly'],
    client_id: 'app.example',
    obtained_at: '2026-11-22T09:30:00.000Z',
  };
  writeFileSync(join(home, 'tokens', 'youtube.json'), JSON.stringify(token), { mode: 0o600 });
  return home;
}

const argv = ['fetch', 'youtube', 'harborlights', '--posts', '2', '--verbose'];
const keyOf = ({ headers }: IncomingMessage) => headers['x-goog-api-key'] ?? headers.authorization;

test('who is logged in is asked with the token, which no output repeats', async () => {
  const youtube = await startYouTube();
  const home = makeLoggedIn(youtube.url, new Date(NOW.getTime() + 3_600_000).toISOString());
  const { code, stderr, stdout } = await runCli(argv, { home, env: { YOUTUBE_API_KEY: 'plain-key' } });
  expect(code, stderr).toBe(0);
  expect(youtube.requests.length).toBeGreaterThan(2);
  for (const request of youtube.requests) expect(keyOf(request)).toContain(TOKEN);
  expect(stderr + stdout).not.toContain(TOKEN);
  expect(JSON.stringify(queryDatabase(home, 'SELECT * FROM api_usage_tracking'))).not.toContain(TOKEN);
});

test('a login that has ended gives way to the key', async () => {
  const youtube = await startYouTube();
  const home = makeLoggedIn(youtube.url, '2026-11-22T09:59:00.000Z');
  const { code, stderr } = await runCli(argv, { home, env: { YOUTUBE_API_KEY: 'plain-key' } });
  expect(code, stderr).toBe(0);
  for (const request of youtube.requests) expect(keyOf(request)).toBe('plain-key');
});

test('a login that has ended, without a key: asked to log in again, and no request', async () => {
  const youtube = await startYouTube();
  const home = makeLoggedIn(youtube.url, '2026-11-22T09:59:00.000Z');
  const { code, stderr } = await runCli(argv, { home });
  expect(code).toBe(4);
  expect(stderr).toContain('smstats login youtube');
  expect(youtube.requests).toEqual([]);
});

test('a token that the vendor does not take any more is renewed once, and the fetch goes on with the new one', async () => {
  const youtube = await startYouTube();
  const home = makeLoggedIn(youtube.url, new Date(NOW.getTime() + 3_600_000).toISOString(), 'refresh-1');
  const asked: string[] = [];
  // The vendor's own address is on the network; the API is on loopback.
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { host } = new URL(request.url);
    asked.push(host);
    if (host === 'oauth2.googleapis.com') {
      expect(await request.text()).toContain('refresh_token=refresh-1');
      return Response.json({ access_token: 'ya29.renewed', expires_in: 3_600, token_type: 'Bearer' });
    }
    const isOld = request.headers.get('authorization') !== 'Bearer ya29.renewed';
    return isOld ? Response.json({ error: { code: 401, errors: [] } }, { status: 401 }) : globalThis.fetch(request);
  };
  const env = { YOUTUBE_CLIENT_ID: 'app.example', YOUTUBE_CLIENT_SECRET: 'app-secret' };
  const { code, stderr } = await runCli(argv, { home, env, http: { fetch } });
  expect(code, stderr).toBe(0);
  expect(asked.filter((host) => host === 'oauth2.googleapis.com')).toHaveLength(1);
  for (const request of youtube.requests) expect(keyOf(request)).toBe('Bearer ya29.renewed');
  const token = JSON.parse(readFileSync(join(home, 'tokens', 'youtube.json'), 'utf8')) as Record<string, unknown>;
  expect(token['access_token']).toBe('ya29.renewed');
});
