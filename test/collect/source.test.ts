import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configureProvider } from '../../src/collect/source.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { QuotaRule } from '../../src/core/quota.ts';
import { tiktokScraper7 } from '../../src/provider/tiktok-scraper7.ts';
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
