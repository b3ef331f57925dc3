import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addDays } from '../../src/core/time.ts';
import { openStore } from '../../src/store/open.ts';
import { seedAccount, seedDay } from '../helper/temp-store.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';

const LAST = '2026-11-22';

/** A home with an account that gained so many followers on each day, the last one being the present day. */
async function homeWith(gains: readonly number[]): Promise<string> {
  const home = makeHome();
  const store = await openStore({ database: join(home, 'smstats.db'), create: true, appVersion: '0.0.0-test' });
  const id = await seedAccount(store, 'anna');
  let followers = 10_000;
  for (const [at, gain] of gains.entries()) {
    followers += gain;
    await seedDay(store, id, addDays(LAST, at + 1 - gains.length), { followers_count: followers });
  }
  await store.close();
  return home;
}

const steady = (days: number) => Array.from({ length: days }, (_, at) => 40 + ((at * 5) % 7));

test('a loss of followers is shown with what was expected, and how often that happens', async () => {
  const home = await homeWith([...steady(120), -500, ...steady(5)]);
  const { stdout } = await runCli(['report', 'anomalies'], { home });
  expect(stdout).toMatch(/@anna +Followers +2026-11-17 .* −500 +\+4\d /);
  const { stdout: often } = await runCli(['report', 'anomalies', '--backtest'], { home });
  expect(often).toMatch(/@anna +Followers +126 +104 +1 +1 +3\.5 +3\.5 +0/);
});

test('a number that stopped moving is stale, and has neither anomalies nor a forecast', async () => {
  const home = await homeWith([...steady(120), ...Array.from({ length: 10 }, () => 0)]);
  const { stdout } = await runCli(['report', 'anomalies'], { home });
  expect(stdout).toContain('no day was out of the ordinary');
  expect(stdout).toMatch(/Stale.*\n.*\n.*@anna +Followers +2026-11-12 +10 +no/);
  expect((await runCli(['report', 'forecast'], { home })).stdout).toContain(
    'stale: it has not moved since 2026-11-12, for 10 days',
  );
});

test('a young history can be neither judged nor forecast, and both say so', async () => {
  const home = await homeWith(steady(10));
  const anomalies = await runCli(['report', 'anomalies'], { home });
  expect(anomalies.stdout).toContain('no day could be judged yet');
  expect(anomalies.stderr).toContain('1 series could not be judged: 21 daily changes');
  const { stdout } = await runCli(['report', 'forecast', '--days', '7'], { home });
  expect(stdout).toContain('9 days of changes are too few: this many days ahead needs 63');
});

test('a forecast names its model, its error beside the naive one, its band and the milestones', async () => {
  const home = await homeWith(steady(250));
  const { stdout } = await runCli(['report', 'forecast'], { home });
  expect(stdout).toMatch(/@anna +Followers +20,7\d\d +2026-12-22 +22,0\d\d /);
  expect(stdout).toMatch(/Milestones.*\n.*\n.*@anna +Followers +21,000 +2026-11-\d\d +2026-11-\d\d +2026-\d\d-\d\d/);
  const { data } = JSON.parse((await runCli(['report', 'forecast', '--json'], { home })).stdout) as {
    data: { definitions: object; accounts: { series: { forecast: { scores: unknown[]; days: unknown[] } }[] }[] };
  };
  expect(Object.keys(data.definitions)).toEqual(['mase', 'gain', 'chosen_mase', 'naive', 'band', 'coverage']);
  expect(data.accounts[0]?.series[0]?.forecast.scores).toHaveLength(7);
  expect(data.accounts[0]?.series[0]?.forecast.days).toHaveLength(30);
});
