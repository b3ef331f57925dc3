import { createServer } from 'node:net';
import { join } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { openStore, type Store } from '../../src/store/open.ts';
import { start, type Started } from './process.ts';

/** The built program, serving. */
export interface Served {
  url: string;
  home: string;
  process: Started;
  stop(): Promise<void>;
}

/** Fills the database of a home as another process would. */
export async function fillHome(home: string, fill: (store: Store) => Promise<void>): Promise<void> {
  const store = await openStore({ database: join(home, 'smstats.db'), create: true, appVersion: '0.0.0-test' });
  await fill(store);
  await store.close();
}

/** Starts `smstats serve` and waits until it answers. */
export async function serve(home: string, { port = 0, host = '127.0.0.1' } = {}): Promise<Served> {
  const chosen = port === 0 ? await freePort() : port;
  const process = start(['serve', '--port', String(chosen), '--host', host], {
    home,
    env: { SMSTATS_TIMEZONE: 'UTC' },
  });
  const url = `http://127.0.0.1:${chosen}`;
  let hasEnded = false;
  void process.ended.then(() => (hasEnded = true));
  for (;;) {
    if (hasEnded) throw new Error(`serve ended: ${(await process.ended).stderr}`);
    if (await answers(`${url}/healthz`)) break;
    await new Promise((done) => setTimeout(done, 50));
  }
  return {
    url,
    home,
    process,
    async stop() {
      process.kill('SIGTERM');
      await process.ended;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

export function openBrowser(): Promise<Browser> {
  // Root may not use the sandbox; the pages are our own. Background requests of the browser are not those of the page.
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  });
}

/** A page, and what went wrong on it. */
export interface Watched {
  page: Page;
  /** Errors and warnings on the console, uncaught errors, violations of the policy, dialogs. */
  problems: string[];
  /** The hosts that were asked. */
  hosts: Set<string>;
}

export interface Look {
  width?: number;
  scheme?: 'light' | 'dark';
}

/** Runs in the page, before anything of it. */
const TELL_VIOLATIONS = `document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  tellViolation(violatedDirective + ' ' + blockedURI);
});`;

/** Opens a page that nothing on it gets past. */
export async function openPage(browser: Browser, { width = 1280, scheme = 'light' }: Look = {}): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: scheme,
    locale: 'en-US',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const problems: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await page.exposeFunction('tellViolation', (text: string) => problems.push(`policy: ${text}`));
  await page.addInitScript(TELL_VIOLATIONS);
  return { page, problems, hosts };
}

/** Loads the page anew, at a view, and waits until it is shown. */
export async function goTo(page: Page, url: string, hash: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${url}/${hash}`);
  await page.locator('main h1').waitFor();
}

/** What axe finds that is serious or critical, as text. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{ violations: Finding[] }>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

interface Finding {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}
