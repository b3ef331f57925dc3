import type { Browser, Page } from 'playwright-core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ROUTES } from '../../src/dashboard/router.ts';
import { seedBoard } from '../helper/seed-board.ts';
import { seedHostile } from '../helper/seed-hostile.ts';
import {
  fillHome,
  findBarriers,
  goTo,
  openBrowser,
  openPage,
  serve,
  type Look,
  type Served,
  type Watched,
} from './browser.ts';
import { makeDirectory, run } from './process.ts';

const TODAY = new Date().toISOString().slice(0, 10);
/** Every view, the account that has everything among them. */
const VIEWS = ROUTES.map((name) => (name === 'overview' ? '#/' : name === 'account' ? '#/account/1' : `#/${name}`));
const TIKTOK = '#/account/1';
/** The one with gaps. */
const INSTAGRAM = '#/account/2';

let browser: Browser;
let board: Served;
const homes: string[] = [];

beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'smstats-system-'));
  homes.push(home);
  await fillHome(home, (store) => seedBoard(store, TODAY));
  board = await serve(home);
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await board?.stop();
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

async function open(look?: Look): Promise<Watched> {
  const watched = await openPage(browser, look);
  onTestFinished(() => watched.page.context().close());
  return watched;
}

/** The number under a name among the tiles. */
const tileOf = (page: Page, name: string) =>
  page
    .locator('.tile', { has: page.getByText(name, { exact: true }) })
    .locator('dd')
    .first();

test('the first sight: accounts with their numbers, marks, alerts and what failed', async () => {
  const { page, problems, hosts } = await open();
  await goTo(page, board.url, '#/');
  expect(await page.title()).toBe('Overview · smstats');
  const cards = page.locator('.account');
  expect(await cards.count()).toBe(6);
  // The person's own first, the largest of them on top.
  expect(await cards.first().textContent()).toContain('48,212');
  expect(await cards.last().textContent()).toContain('Competitor');
  expect(await page.locator('.account', { hasText: 'Bluesky' }).textContent()).toContain('70% known');
  await page.getByRole('heading', { name: 'Not fetched' }).waitFor();
  await page.getByText('The token was refused').waitFor();
  await page.getByText('48,000 followers reached').waitFor();
  expect(await page.getByRole('img', { name: /^Followers of @northcoastbakery over 30 days: from/ }).count()).toBe(4);
  // Views of one account are unknown: the sum says so.
  expect(await page.locator('.tiles').textContent()).toContain('4 of your 5 accounts, 1 unknown');
  expect([...hosts]).toEqual([new URL(board.url).host]);
  expect(problems).toEqual([]);
});

describe('an account', () => {
  test('every chart is drawn, and says the same as text', async () => {
    const { page, problems } = await open();
    await goTo(page, board.url, TIKTOK);
    await expect.poll(async () => (await countColours(page)).filter((count) => count > 3).length).toBe(4);
    for (const chart of await page.locator('.chart').all())
      expect(await chart.getAttribute('aria-label')).toMatch(/\d/);
    await page.getByText('Followers as a table').click();
    const rows = page.locator('details[open] tbody tr');
    await expect.poll(() => rows.count()).toBe(30);
    expect(await rows.first().textContent()).toContain('48,212');
    expect(problems).toEqual([]);
  });

  test('another period shows other numbers and keeps the focus', async () => {
    const { page } = await open();
    await goTo(page, board.url, TIKTOK);
    const month = await tileOf(page, 'New views').textContent();
    await page.getByRole('button', { name: '7 days' }).click();
    await page.getByText('Last 7 days').first().waitFor();
    expect(await tileOf(page, 'New views').textContent()).not.toBe(month);
    expect(page.url()).toContain('days=7');
    expect(await page.getByRole('button', { name: '7 days' }).getAttribute('aria-pressed')).toBe('true');
    expect(await focused(page)).toBe('7 days');
    await page.goBack();
    await page.getByText('Last 30 days').first().waitFor();
    expect(await tileOf(page, 'New views').textContent()).toBe(month);
  });

  test('a gap is unknown, in the sentence and in the table', async () => {
    const { page } = await open();
    await goTo(page, board.url, INSTAGRAM);
    const chart = page.locator('.card', { has: page.getByRole('heading', { name: 'Followers', exact: true }) });
    expect(await chart.locator('.chart-summary').textContent()).toMatch(/6 of 30 days are unknown/);
    await chart.locator('summary').click();
    const cells = chart.locator('tbody td:nth-child(2)');
    await expect.poll(() => cells.count()).toBe(30);
    expect(await cells.getByRole('img', { name: 'unknown' }).count()).toBe(6);
    expect(await cells.allTextContents()).not.toContain('0');
  });

  test('the pointer shows the numbers of the day under it', async () => {
    const { page } = await open();
    await goTo(page, board.url, TIKTOK);
    await page.locator('.chart canvas').first().waitFor();
    await page.locator('.chart').first().hover();
    await expect.poll(() => page.locator('.chart-tip').first().textContent()).toMatch(/[\d,]+ followers, .*20\d\d/);
  });
});

test('posts are filtered by platform, and the address keeps it', async () => {
  const { page } = await open();
  await goTo(page, board.url, '#/posts');
  await page.getByLabel('Platform').selectOption('youtube');
  await page.waitForURL(/platform=youtube/);
  await expect.poll(() => page.locator('tbody tr').count()).toBe(14);
  expect(await page.locator('tbody .on-youtube').count()).toBe(14);
  await page.reload();
  await expect.poll(() => page.locator('tbody tr').count()).toBe(14);
});

test('a suggestion is confirmed, and the audit knows', async () => {
  const { page, problems } = await open();
  await goTo(page, board.url, '#/mapping');
  const before = Number(await tileOf(page, 'Linked').textContent());
  await page.getByRole('button', { name: 'Confirm' }).first().click();
  await page.getByText('Confirmed.').waitFor();
  await goTo(page, board.url, '#/mapping');
  expect(Number(await tileOf(page, 'Linked').textContent())).toBe(before + 1);
  const { stdout } = await run(['audit', '--json'], { home: board.home });
  expect(stdout).toContain('"api');
  expect(problems).toEqual([]);
});

test('everything is reached by the keyboard alone', async () => {
  const { page } = await open();
  await goTo(page, board.url, '#/');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toContain('Skip to the numbers');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('main');
  expect(page.url()).toMatch(/#\/$/);
  // The first account is the next stop.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(/account\/1/);
  await page.locator('.chart canvas').first().waitFor();
  expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
  await tabTo(page, '90 days');
  await page.keyboard.press('Space');
  await page.waitForURL(/days=90/);
  await page.getByText('The 90 days before').first().waitFor();
  expect(await focused(page)).toBe('90 days');
  await tabTo(page, 'Followers as a table');
  await page.keyboard.press('Enter');
  await page.locator('details[open] table').waitFor();
  await tabTo(page, 'Followers');
  await page.keyboard.press('Enter');
  expect(await page.locator('details[open] th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
  await page.keyboard.press('Enter');
  expect(await page.locator('details[open] th[aria-sort]').getAttribute('aria-sort')).toBe('ascending');
});

test('the colours are chosen by hand, and remembered', async () => {
  const { page } = await open({ scheme: 'light' });
  await goTo(page, board.url, '#/');
  const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const light = await ground();
  await page.getByLabel('Colours').selectOption('dark');
  const dark = await ground();
  expect(dark).not.toBe(light);
  await page.reload();
  await page.locator('main .view h1').waitFor();
  expect(await ground()).toBe(dark);
});

describe('nothing serious stands in anyone’s way', () => {
  const looks: [string, Look][] = [
    ['light', { scheme: 'light' }],
    ['dark', { scheme: 'dark' }],
    ['360 px', { width: 360 }],
  ];
  test.each(looks)('in %s', async (_, look) => {
    const { page, problems } = await open(look);
    for (const view of VIEWS) {
      await goTo(page, board.url, view);
      expect(problems, view).toEqual([]);
      expect(await findBarriers(page), view).toEqual([]);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(overflow, `${view} is as wide as the screen`).toBeLessThanOrEqual(0);
      problems.length = 0;
    }
  });

  test('the menu of a phone opens and closes', async () => {
    const { page } = await open({ width: 360 });
    await goTo(page, board.url, '#/');
    const menu = page.getByRole('button', { name: 'Menu' });
    await menu.click();
    expect(await menu.getAttribute('aria-expanded')).toBe('true');
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await menu.getAttribute('aria-expanded')).toBe('false');
    await menu.click();
    await page.getByRole('link', { name: 'Posts', exact: true }).click();
    await page.locator('.view-posts').waitFor();
    expect(await menu.getAttribute('aria-expanded')).toBe('false');
  });
});

test('what strangers write is text, wherever it stands', async () => {
  const home = makeDirectory();
  await fillHome(home, async (store) => {
    await seedBoard(store, TODAY);
    await seedHostile(store, TODAY);
  });
  const served = await serve(home);
  onTestFinished(() => served.stop());
  const { page, problems, hosts } = await open();
  let shown = '';
  for (const view of [
    ...VIEWS,
    '#/account/7',
    '#/posts?search=<script>window.__xss=1</script>',
    '#/<img src=x onerror=window.__xss=1>',
  ]) {
    await goTo(page, served.url, view);
    for (const details of await page.locator('details').all()) await details.locator('summary').click();
    shown += await page.locator('body').textContent();
    const seen = await page.evaluate(LOOK_FOR_MARKUP);
    expect(seen, view).toEqual({ ran: undefined, scripts: 0, links: 0 });
  }
  expect(shown).toContain('<script>window.__xss=1</script>');
  // The API has no account of such a name, and says so.
  expect(problems.filter((text) => !text.includes('status of 400'))).toEqual([]);
  expect([...hosts]).toEqual([new URL(served.url).host]);
});

test('an empty database says how to begin', async () => {
  const served = await serve(makeDirectory());
  onTestFinished(() => served.stop());
  const { page, problems } = await open();
  for (const view of VIEWS.filter((each) => each !== TIKTOK)) {
    await goTo(page, served.url, view);
    expect(await findBarriers(page), view).toEqual([]);
  }
  await goTo(page, served.url, '#/');
  await page.getByText('smstats init --sample').waitFor();
  expect(problems).toEqual([]);
  await goTo(page, served.url, TIKTOK);
  await page.getByText('There is no account 1.').waitFor();
});

test('a server that is gone is said to be, and found again', async () => {
  const home = makeDirectory();
  await fillHome(home, (store) => seedBoard(store, TODAY));
  const first = await serve(home);
  const { page } = await open();
  await goTo(page, first.url, '#/');
  await first.stop();
  await page.getByText('No connection to the server').waitFor();
  // What is on the page stays.
  expect(await page.locator('.account').count()).toBe(6);
  await page.getByRole('link', { name: 'Overview' }).focus();
  await page.evaluate("location.hash = '#/account/1'");
  await page.getByRole('alert').getByText('No connection').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  const second = await serve(home, { port: Number(new URL(first.url).port) });
  onTestFinished(() => second.stop());
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.chart canvas').first().waitFor();
});

test('new numbers appear by themselves, and nobody loses their place', async () => {
  const home = makeDirectory();
  await fillHome(home, (store) => seedBoard(store, TODAY));
  const served = await serve(home);
  onTestFinished(() => served.stop());
  const { page } = await open();
  await goTo(page, served.url, '#/account/1');
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByText('Followers as a table').click();
  await page.getByRole('button', { name: '30 days' }).focus();
  await page.evaluate('scrollTo(0, 120)');
  await fillHome(home, async ({ db }) => {
    await db
      .updateTable('social_media_analytics_snapshots')
      .set({ followers_count: 51_234 })
      .where('account_id', '=', 1)
      .where('snapshot_date', '=', TODAY)
      .execute();
  });
  await expect.poll(() => tileOf(page, 'Followers').textContent(), { timeout: 10_000 }).toBe('51,234');
  expect(await focused(page)).toBe('30 days');
  expect(await page.evaluate('scrollY')).toBe(120);
  await expect.poll(() => page.locator('details[open] tbody tr').count()).toBe(30);
  await page.getByText(/^Updated /).waitFor();
});

test('where a token is needed, the person is asked for it', async () => {
  const home = makeDirectory();
  await fillHome(home, (store) => seedBoard(store, TODAY));
  const { stdout } = await run(['token', 'create', 'browser'], { home });
  const served = await serve(home, { host: '0.0.0.0' });
  onTestFinished(() => served.stop());
  const { page } = await open();
  await page.goto(`${served.url}/`);
  const field = page.getByLabel('Token');
  await field.fill('smst_wrong');
  expect(await findBarriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect.poll(() => page.locator('#token-wrong').textContent()).not.toBe('');
  await field.fill(stdout.trim());
  await page.keyboard.press('Enter');
  await page.locator('.account').first().waitFor();
  await page.reload();
  await page.locator('.account').first().waitFor();
  // The token itself is nowhere that a script could read it.
  expect(await page.evaluate('document.cookie + JSON.stringify(localStorage)')).not.toContain('smst_');
});

/** Runs in the page: what of the attack came to life. */
const LOOK_FOR_MARKUP = `({
  ran: window.__xss,
  scripts: document.querySelectorAll('main script, main iframe, main img, main [onerror], main [style*=fixed]').length,
  links: [...document.querySelectorAll('a')].filter(({ protocol }) => !/^https?:$/.test(protocol)).length,
})`;

/** How many different colours were drawn on each canvas: an empty one has one. */
function countColours(page: Page): Promise<number[]> {
  return page.evaluate<number[]>(`[...document.querySelectorAll('.chart canvas')].map((canvas) => {
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    return new Set(new Uint32Array(pixels.buffer)).size;
  })`);
}

function focused(page: Page): Promise<string | null> {
  return page.evaluate<string | null>('document.activeElement?.textContent');
}

async function tabTo(page: Page, text: string): Promise<void> {
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === text) return;
  }
  throw new Error(`Tab does not lead to "${text}"`);
}
