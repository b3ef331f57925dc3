import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { planFetch } from '../../src/command/fetch/plan.ts';
import { createContext } from '../../src/context.ts';
import type { QuotaRule } from '../../src/core/quota.ts';
import type { Provider } from '../../src/provider/provider.ts';
import { tiktokScraper7 } from '../../src/provider/tiktok-scraper7.ts';
import { makeHome, NOW } from '../helper/run-cli.ts';

/** Plans a fetch of one account from a provider with a rule. @returns what was printed. */
async function plan(rule: QuotaRule, more: Partial<Provider> = {}, flags: { json?: boolean } = {}): Promise<string> {
  let printed = '';
  const signal = new AbortController().signal;
  const context = createContext(
    {
      env: { SMSTATS_HOME: makeHome(), SMSTATS_TIMEZONE: 'UTC', RAPIDAPI_KEY: 'test-key' },
      stdin: () => Readable.from([]),
      stdout: { write: (text) => (printed += text) },
      stderr: { write: () => true },
      now: () => NOW,
      version: '0.0.0-test',
      running: { execPath: '', script: '', version: '', modules: '' },
      program: 'smstats',
      stop: signal,
      abort: signal,
      onSignals: () => {},
    },
    flags,
  );
  onTestFinished(() => context.close());
  const provider = { ...tiktokScraper7, ...more, quota: { ...rule, requestsPerSecond: 1 } };
  await planFetch(context, [{ id: 1, platform: 'tiktok', username: 'anna' }], 100, provider);
  return printed;
}

test('requests are the only thing to say where a request is what counts', async () => {
  const printed = await plan({ limit: 300, period: 300, safetyMargin: 0.8 });
  expect(printed).toMatch(/Requests +Left now +Remark\n/);
  expect(printed).toMatch(/anna +tiktok-scraper7 +4 +240 /);
});

test.each<[QuotaRule, Partial<Provider>, RegExp]>([
  [{ limit: 10_000, period: 'day', safetyMargin: 0.8, unit: 'units', zone: 'UTC' }, {}, / 4 +4 +units +8,000 /],
  [{ limit: 1000, period: 'month', safetyMargin: 0.8, unit: 'posts' }, {}, / 4 +100 +posts +800 /],
  [
    { limit: 1000, period: 'month', safetyMargin: 0.8, unit: 'posts' },
    { unitCount: (posts) => posts + 2 },
    / 4 +102 +posts +800 /,
  ],
])('%o says what an account takes', async (rule, more, row) => {
  const printed = await plan(rule, more);
  expect(printed).toMatch(/Requests +Takes +of its +Left now/);
  expect(printed).toMatch(row);
});

test('programs are told units and requests', async () => {
  const rule: QuotaRule = { limit: 1000, period: 'month', safetyMargin: 0.8, unit: 'posts' };
  expect(JSON.parse(await plan(rule, {}, { json: true }))).toMatchObject({
    data: { accounts: [{ requests: 4, units: 100, unit: 'posts', left_today: 800 }], requests: 4 },
  });
});
