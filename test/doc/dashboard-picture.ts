// Photographs the built dashboard over an invented bakery, as people see it: npm run picture
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { createContext } from '../../src/context.ts';
import { listen } from '../../src/server/listen.ts';
import { seedBoard } from '../helper/seed-board.ts';

const TARGET = resolve(import.meta.dirname, '../../.github');
/** Always the same morning, so that only what was changed changes the pictures. */
const NOW = new Date('2026-11-22T07:40:00Z');
const MOST_BYTES = 150_000;

interface Picture {
  name: string;
  hash: string;
  scheme: 'light' | 'dark';
  width: number;
  height: number;
  /** Pixels of the picture for each of the page. */
  scale: number;
}

const PICTURES: Picture[] = [
  { name: 'dashboard-light', hash: '#/', scheme: 'light', width: 1240, height: 860, scale: 1.5 },
  { name: 'dashboard-dark', hash: '#/', scheme: 'dark', width: 1240, height: 860, scale: 1.5 },
  { name: 'account-light', hash: '#/account/1?days=90', scheme: 'light', width: 1240, height: 860, scale: 1.5 },
  { name: 'account-dark', hash: '#/account/1?days=90', scheme: 'dark', width: 1240, height: 860, scale: 1.5 },
  { name: 'dashboard-phone', hash: '#/', scheme: 'light', width: 390, height: 844, scale: 1.5 },
];

const home = mkdtempSync(join(tmpdir(), 'smstats-picture-'));
const never = new AbortController().signal;
const silent = { write: () => true };
const context = createContext(
  {
    env: { SMSTATS_HOME: home, SMSTATS_TIMEZONE: 'UTC' },
    stdin: () => process.stdin,
    stdout: silent,
    stderr: silent,
    now: () => NOW,
    version: '0.0.0',
    running: { execPath: '', script: '', version: '', modules: '' },
    program: 'smstats',
    stop: never,
    abort: never,
    onSignals: () => {},
  },
  {},
);

try {
  await seedBoard(await context.openStore({ create: true }), NOW.toISOString().slice(0, 10));
  const server = await listen(context, { host: '127.0.0.1', port: 0 });
  // Root may not use the sandbox; the pages are our own.
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  for (const picture of PICTURES) await take(browser, server.url, picture);
  await browser.close();
  await server.close(AbortSignal.abort());
} finally {
  await context.close();
  rmSync(home, { recursive: true, force: true });
}

async function take(browser: Browser, url: string, { name, hash, scheme, scale, ...viewport }: Picture): Promise<void> {
  const page = await browser.newPage({ viewport, colorScheme: scheme, deviceScaleFactor: scale, locale: 'en-US' });
  await page.clock.setFixedTime(NOW);
  await page.goto(`${url}/${hash}`);
  await page
    .locator(hash === '#/' ? '.account' : '.chart canvas')
    .first()
    .waitFor();
  await page.getByText('Live', { exact: true }).waitFor({ state: 'attached' });
  const shot = (await page.screenshot()).toString('base64');
  await page.close();
  const bytes = await toWebp(browser, shot);
  if (bytes.length > MOST_BYTES) throw new Error(`${name} takes ${bytes.length} bytes, ${MOST_BYTES} is the most`);
  writeFileSync(join(TARGET, `${name}.webp`), bytes);
}

/** The browser is the one encoder of WebP that is there. On a page of its own: the dashboard's policy would forbid it. */
async function toWebp(browser: Browser, png: string): Promise<Buffer> {
  const page = await browser.newPage();
  const url = await page.evaluate<string>(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${png}';
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.86);
  })()`);
  await page.close();
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}
