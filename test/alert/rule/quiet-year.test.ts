import { expect, test } from 'vitest';
import { anomaly } from '../../../src/alert/rule/anomaly.ts';
import { growthDrop } from '../../../src/alert/rule/growth-drop.ts';
import { spike } from '../../../src/alert/rule/spike.ts';
import { stale } from '../../../src/alert/rule/stale.ts';
import type { RuleParameters } from '../../../src/alert/rule-kind.ts';
import { coolDown } from '../../../src/core/cool-down.ts';
import { addDays } from '../../../src/core/time.ts';
import { seededRandom } from '../../../src/insight/random.ts';
import { openTempStore, seedAccount } from '../../helper/temp-store.ts';
import { counter, EVERYONE, seedCounters, STANDARD, TODAY, worldOf } from './world.ts';

const ACCOUNTS = 20;
const YEAR = 365;
/** Before the year: what the first days of it are compared with. */
const RUN_UP = 135;

/**
 * Gains that differ from day to day by a factor whose logarithm has a deviation of 0.35: two thirds of the days lie between 0.7
 * and 1.4 times the usual, and at weekends a half more comes.
 */
function noisyGains(random: () => number, usual: number): number[] {
  return Array.from({ length: RUN_UP + YEAR }, (_, at) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.round(usual * (at % 7 > 4 ? 1.5 : 1) * Math.exp(0.35 * normal));
  });
}

test('quiet, noisy years are nearly silent', { timeout: 120_000 }, async () => {
  const store = await openTempStore();
  const random = seededRandom(20_261_122);
  for (let index = 0; index < ACCOUNTS; index++) {
    const account = await seedAccount(store, `quiet${index}`, { created_at: '2024-01-01T00:00:00.000Z' });
    const usual = Math.round(20 * 1.5 ** index);
    await seedCounters(store, account, {
      followers: counter(noisyGains(random, usual / 10), usual * 100),
      views: counter(noisyGains(random, usual), usual * 1000),
      likes: counter(noisyGains(random, usual / 20), usual * 50),
    });
  }
  const world = worldOf(store);
  const aYear = async (kind: typeof spike, parameters: Partial<RuleParameters> = {}) => {
    const found = (await kind.replay?.(world, { ...STANDARD, ...parameters }, EVERYONE, YEAR)) ?? [];
    for (const { day } of found) expect(day > addDays(TODAY, -YEAR) && day <= TODAY).toBe(true);
    return { days: found.length / ACCOUNTS, told: coolDown([], found, kind.cooldownDays).fresh.length / ACCOUNTS };
  };
  const rates = {
    growthDrop: await aYear(growthDrop),
    views: await aYear(spike, { metric: 'total_views' }),
    followers: await aYear(spike, { metric: 'followers_count' }),
    likes: await aYear(spike, { metric: 'total_likes' }),
    anomaly: await aYear(anomaly),
  };
  if (process.env['SMSTATS_TEST_SHOW']) process.stdout.write(`${JSON.stringify(rates)}\n`);
  // What one account fires in a year, after the cool-down; anomaly for its three counters together.
  expect(rates.growthDrop.told).toBeLessThan(0.5);
  expect(rates.views.told).toBeLessThan(2.5);
  expect(rates.followers.told).toBeLessThan(2.5);
  expect(rates.likes.told).toBeLessThan(2.5);
  expect(rates.anomaly.told).toBeLessThan(12);
  expect(await stale.find(world, STANDARD, EVERYONE)).toEqual([]);
});
