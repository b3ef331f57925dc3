import stringWidth from 'string-width';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ProviderSource } from '../../src/collect/source.ts';
import { reportUsage } from '../../src/question/usage.ts';
import type { QuotaRule } from '../../src/core/quota.ts';
import { dayIn } from '../../src/core/time.ts';
import { tiktokScraper7 } from '../../src/provider/tiktok-scraper7.ts';
import { PLAIN } from '../../src/report/paint.ts';
import { renderTable } from '../../src/report/table.ts';
import { countRequest, settleRequests } from '../../src/store/ledger.ts';
import type { Store } from '../../src/store/open.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';
import { openTempStore } from '../helper/temp-store.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const ZONE = 'Europe/Berlin';

const RULES: Record<string, QuotaRule> = {
  'tiktok-video-feature-summary': { limit: 600_000, period: 'month', safetyMargin: 0.8 },
  youtube: { limit: 10_000, period: 'day', safetyMargin: 0.8, unit: 'units', zone: 'America/Los_Angeles' },
  twitter: { limit: 1_000_000, period: 'month', safetyMargin: 0.8, unit: 'posts', zone: 'UTC' },
  'instagram-looter2': { limit: 10_000, period: 'day', safetyMargin: 0.8 },
  bluesky: { limit: 3000, period: 300, safetyMargin: 0.8 },
  mastodon: { limit: 300, period: 300, safetyMargin: 0.8 },
};

let store: Store;
let sources: ProviderSource[];
beforeEach(async () => {
  store = await openTempStore();
  sources = Object.entries(RULES).map(([name, rule]) => ({
    provider: { ...tiktokScraper7, name, platforms: name === 'mastodon' ? ['mastodon', 'pixelfed'] : [name] },
    baseUrl: undefined,
    secret: 'key',
    quota: { ...rule, requestsPerSecond: 1 },
    maxResponseMb: undefined,
  }));
});

async function send(providerName: string, minutesAgo: number, units: number, platform = providerName): Promise<void> {
  const now = new Date(NOW.getTime() - minutesAgo * 60_000);
  const endpoint = '/user/info';
  const id = await countRequest(store.db, { providerName, platform, endpoint, units, day: dayIn(ZONE, now), now });
  await settleRequests(store.db, [{ id, success: true, latencyMs: 120, error: null }]);
}

const report = (provider?: string) =>
  reportUsage(store, sources, ZONE, NOW, { days: 7, ...(provider !== undefined && { provider }) });
const render = async (width: number | undefined) =>
  renderTable(await report(), { paint: PLAIN, width, generatedAt: NOW });
const rowsOf = async (provider?: string) =>
  ((await report(provider)).data as { providers: Record<string, unknown>[] }).providers;

describe('the quotas', () => {
  beforeEach(async () => {
    await send('youtube', 30, 3360);
    await send('youtube', 180, 999);
    await send('bluesky', 2, 2400);
    await send('twitter', 60 * 24 * 3, 412_345);
    await send('tiktok-video-feature-summary', 10, 12_345);
  });

  test('are drawn with what is used, allowed and left, and when they start again', async () => {
    const text = await render(undefined);
    const quotas = text.slice(text.indexOf('Quota\n')).trimEnd().split('\n');
    expect(quotas.map((line) => line.replaceAll(/ {2,}/g, ' | '))).toEqual([
      'Quota',
      'Provider | Used | Used / allowed | Left now | Resets',
      'youtube | ████░░░░ | 42 % | 3,360 / 8,000 units | a day | 4,640 | Mon 09:00',
      'bluesky | ████████ 100 % | 2,400 / 2,400 requests | in 5 minutes | 0 | Sun 11:03',
      'tiktok-video-feature-summary | █░░░░░░░ | 2 % | 12,345 / 480,000 requests | a month | 3,655 | 2026-12-01',
      'twitter | █████░░░ | 51 % | 412,345 / 800,000 posts | a month | 26,666 | 2026-12-01',
      'instagram-looter2 | ░░░░░░░░ | 0 % | 0 / 8,000 requests | a day | 8,000 | 2026-11-23',
      'mastodon | ░░░░░░░░ | 0 % | 0 / 240 requests | in 5 minutes | 240 | —',
    ]);
  });

  test('and the requests fit a terminal of 80 columns, with bar and unit', async () => {
    const text = await render(80);
    for (const line of text.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(80);
    expect(text).toMatch(/youtube +████░░░░ {2}42 % {2}3,360 \/ 8,000 units +Mon 09:00\n/);
  });

  test('of millions leave out the bar rather than pass the edge', async () => {
    (sources[2] as ProviderSource).quota.limit = 300_000_000;
    await send('twitter', 1, 100_000_000);
    const text = await render(80);
    for (const line of text.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(80);
    expect(text).toMatch(/twitter +100,412,345 \/ 240,000,000 posts +2026-12-01\n/);
  });

  test('are numbers for programs, instants in UTC', async () => {
    const rows = await rowsOf();
    const find = (name: string) => rows.find((row) => row['provider_name'] === name);
    expect(find('youtube')).toMatchObject({
      platform: 'youtube',
      requests: 2,
      units: 4359,
      today: 2,
      succeeded: 2,
      quota_used: 3360,
      quota_allowed: 8000,
      quota_left_today: 4640,
      quota_period: 'day',
      quota_resets_on: '2026-11-23',
      quota_left: 4640,
      quota_limit: 10_000,
      quota_unit: 'units',
      quota_zone: 'America/Los_Angeles',
      quota_resets_at: '2026-11-23T08:00:00.000Z',
    });
    expect(find('bluesky')).toMatchObject({
      quota_period: 300,
      quota_resets_on: null,
      quota_resets_at: '2026-11-22T10:03:00.000Z',
    });
    expect(find('mastodon')).toMatchObject({ platform: null, requests: 0, last_request_at: null, quota_left: 240 });
    expect(JSON.stringify(rows)).not.toMatch(/[█░]/);
  });
});

test('a provider that nobody asked is shown when its key is there, or it needs none and was asked', async () => {
  const [first, second] = sources as [ProviderSource, ProviderSource];
  sources = [
    { ...first, secret: undefined },
    { ...second, provider: { ...second.provider, credential: null } },
  ];
  expect(await rowsOf()).toEqual([]);
  expect(await render(80)).toContain('no request in these days');
  await send(second.provider.name, 5, 1);
  expect(await rowsOf()).toHaveLength(1);
  expect((await report()).sections).toHaveLength(2);
});

test('a provider of several platforms has a line of requests for each, and one quota', async () => {
  await send('mastodon', 1, 1, 'mastodon');
  await send('mastodon', 1, 1, 'mastodon');
  await send('mastodon', 60 * 30, 1, 'pixelfed');
  const rows = await rowsOf('mastodon');
  expect(rows.map(({ platform, today, requests, quota_used }) => [platform, today, requests, quota_used])).toEqual([
    ['mastodon', 2, 2, 2],
    ['pixelfed', 0, 1, 2],
  ]);
  const { sections } = await report('mastodon');
  expect(sections.map((section) => section.rows.length)).toEqual([2, 1]);
  expect(sections[0]?.columns[1]).toMatchObject({ key: 'platform' });
});

test('a provider that is no longer there has its requests, and no quota', async () => {
  await send('gone', 1, 1);
  expect(await rowsOf('gone')).toMatchObject([{ provider_name: 'gone', requests: 1, quota_used: null }]);
});

test('on the sample: tables for people, one table for a spreadsheet', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const table = await runCli(['usage'], { home, columns: 80 });
  expect(table.stdout).toMatch(/^sample +█░░░░░░░ {3}0 % {2}3 \/ 1,000,000 requests/m);
  const { stdout } = await runCli(['usage', '--format', 'csv'], { home });
  const [header, row] = stdout.split('\r\n');
  expect(header).toContain('"quota_used","quota_allowed","quota_unit","quota_period","quota_left_today"');
  expect(row).toMatch(/^"sample","3","3","3","0",.*"3","1000000","requests","day","999997","2026-11-23",/);
  expect(stdout).not.toMatch(/[█░]/);
});
