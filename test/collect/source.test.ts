import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { configureProvider } from '../../src/collect/source.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { QuotaRule } from '../../src/core/quota.ts';
import { tiktokScraper7 } from '../../src/provider/tiktok-scraper7.ts';
import { ytDlp } from '../../src/provider/yt-dlp.ts';
import { makeHome } from '../helper/run-cli.ts';

const ZONED: QuotaRule = {
  limit: 10_000,
  period: 'day',
  safetyMargin: 0.8,
  unit: 'units',
  zone: 'America/Los_Angeles',
};
const WINDOW: QuotaRule = { limit: 3000, period: 300, safetyMargin: 0.8 };

function configured(rule: QuotaRule, ...settings: string[]): QuotaRule {
  const home = makeHome();
  writeFileSync(join(home, 'config.toml'), ['[providers.tiktok-scraper7]', ...settings].join('\n'), { mode: 0o600 });
  const provider = { ...tiktokScraper7, quota: { ...rule, requestsPerSecond: 1 } };
  return configureProvider(provider, loadConfig({ SMSTATS_HOME: home })).quota;
}

test.each<[QuotaRule, string[], Partial<QuotaRule>]>([
  [ZONED, [], {}],
  [ZONED, ['limit = 50'], { limit: 50 }],
  [ZONED, ['period = "month"', 'safety_margin = 1.0'], { period: 'month', safetyMargin: 1 }],
  [WINDOW, ['limit = 300'], { limit: 300 }],
  [WINDOW, ['period = "day"', 'limit = 100000'], { period: 'day', limit: 100_000 }],
])('%o with %j keeps its unit and zone', (rule, settings, changes) => {
  expect(configured(rule, ...settings)).toEqual({ ...rule, ...changes, requestsPerSecond: 1 });
});

test('a program is a name to be found on the PATH, or a path from the configuration on', () => {
  const home = makeHome();
  const directory = join(home, 'bin');
  mkdirSync(directory);
  for (const name of ['yt-dlp', 'yt-dlp-nightly']) writeFileSync(join(directory, name), '', { mode: 0o755 });
  const env = { SMSTATS_HOME: home, PATH: ['relative', directory].join(delimiter) };
  const located = (program?: string) => {
    const line = program === undefined ? '' : `[providers.yt-dlp]\nprogram = ${JSON.stringify(program)}\n`;
    writeFileSync(join(home, 'config.toml'), line, { mode: 0o600 });
    return configureProvider(ytDlp, loadConfig(env)).program;
  };
  expect(located()).toBe(join(directory, 'yt-dlp'));
  expect(located('yt-dlp-nightly')).toBe(join(directory, 'yt-dlp-nightly'));
  expect(located('not-there')).toBeUndefined();
  expect(located('./tool/yt-dlp')).toBe(join(home, 'tool', 'yt-dlp'));
  expect(located('../yt-dlp')).toBe(join(home, '..', 'yt-dlp'));
  expect(located('/opt/yt-dlp')).toBe('/opt/yt-dlp');
});

test('a provider of whatever name is nobody logged in to', () => {
  const config = loadConfig({ SMSTATS_HOME: makeHome() });
  const credential = { name: 'forum_key', env: 'FORUM_KEY', source: 'there' };
  for (const name of ['my_forum', 'My.Forum', '../forum']) {
    expect(configureProvider({ ...tiktokScraper7, name, credential }, config).login).toBeUndefined();
  }
});
