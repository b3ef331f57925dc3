import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { expect, onTestFinished, test } from 'vitest';
import { assetRoutes } from '../../src/server/assets.ts';
import { refuse, toFailure } from '../../src/server/failure.ts';
import type { ServerEnv, ServerParts } from '../../src/server/parts.ts';

const PAGE = '<!doctype html><title>smstats</title>';
const SCRIPT = `export const text = '${'a'.repeat(2000)}';`;

function openAssets(isBuilt = true) {
  const directory = mkdtempSync(join(tmpdir(), 'smstats-assets-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const built = join(directory, 'dashboard');
  if (isBuilt) {
    mkdirSync(join(built, 'assets'), { recursive: true });
    writeFileSync(join(built, 'index.html'), PAGE);
    writeFileSync(join(built, 'assets/main-abcd1234.js'), SCRIPT);
    writeFileSync(join(built, 'assets/style-abcd1234.css'), 'a{}');
    writeFileSync(join(directory, 'secret.txt'), 'secret');
  }
  const app = new Hono<ServerEnv>();
  app.onError((error, c) => refuse(c, toFailure(error)));
  app.route('/', assetRoutes({} as ServerParts, `${built}/`));
  return { app, built, directory };
}

test('the page is asked for each time, and not sent again while it is the same', async () => {
  const { app } = openAssets();
  const page = await app.request('/');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(await page.text()).toBe(PAGE);
  const etag = page.headers.get('etag') as string;
  const again = await app.request('/', { headers: { 'if-none-match': `"other", W/${etag}` } });
  expect(again.status).toBe(304);
  expect(await again.text()).toBe('');
});

test('files whose names change with what is in them are kept forever', async () => {
  const { app } = openAssets();
  const script = await app.request('/assets/main-abcd1234.js');
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  const style = await app.request('/assets/style-abcd1234.css');
  expect(style.headers.get('content-type')).toBe('text/css; charset=utf-8');
});

test.each([
  ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
  ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
])('who takes %s gets %s', async (accepted, encoding, decompress) => {
  const { app } = openAssets();
  const headers = { 'accept-encoding': accepted };
  for (let time = 0; time < 2; time++) {
    const reply = await app.request('/assets/main-abcd1234.js', { headers });
    expect(reply.headers.get('content-encoding')).toBe(encoding);
    expect(reply.headers.get('vary')).toBe('Accept-Encoding');
    const bytes = Buffer.from(await reply.arrayBuffer());
    expect(bytes.length).toBeLessThan(200);
    expect(decompress(bytes).toString()).toBe(SCRIPT);
  }
  const plain = await app.request('/assets/main-abcd1234.js', { headers: { 'accept-encoding': 'identity' } });
  expect(plain.headers.get('content-encoding')).toBeNull();
});

test.each([
  '/assets/',
  '/assets/none.js',
  '/assets/..%2findex.html',
  '/assets/..%2f..%2fsecret.txt',
  '/assets/%2e%2e/%2e%2e/secret.txt',
  '/assets/..%5c..%5csecret.txt',
  '/assets/%00',
  '/assets//etc/passwd',
  '/assets/main-abcd1234.js%00',
  '/assets/__proto__',
  '/assets/constructor',
  '/index.html',
])('%s is not there', async (path) => {
  const { app } = openAssets();
  const reply = await app.request(path);
  expect(reply.status).toBe(404);
  expect(await reply.text()).not.toContain('secret');
});

test('what comes into the directory later is not served', async () => {
  const { app, built, directory } = openAssets();
  symlinkSync(join(directory, 'secret.txt'), join(built, 'assets/later-abcd1234.js'));
  expect((await app.request('/assets/later-abcd1234.js')).status).toBe(404);
});

test('without a build the page says what to do', async () => {
  const { app } = openAssets(false);
  const reply = await app.request('/');
  expect(reply.status).toBe(404);
  expect(((await reply.json()) as { message: string }).message).toContain('npm run build');
});
