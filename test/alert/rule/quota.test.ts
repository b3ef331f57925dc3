import { expect, test } from 'vitest';
import { quota } from '../../../src/alert/rule/quota.ts';
import type { ProviderQuota } from '../../../src/alert/rule-kind.ts';
import { openTempStore } from '../../helper/temp-store.ts';
import { EVERYONE, STANDARD, TODAY, worldOf } from './world.ts';

const made = (provider: string, used: number, allowed = 10_000): ProviderQuota => ({
  provider,
  used,
  allowed,
  unit: 'units',
  period: TODAY,
  resetsAt: new Date('2026-11-23T08:00:00Z'),
});

test('tells a quota from the share on that is asked for, by provider and period', async () => {
  const quotas = [made('youtube', 8550), made('x', 7999), made('threads', 8000), made('unused', 0, 0)];
  const world = worldOf(await openTempStore(), { quotas, timezone: 'Europe/Berlin' });
  const found = await quota.find(world, STANDARD, EVERYONE);
  expect(found.map(({ key }) => key)).toEqual([`provider:youtube:${TODAY}`, `provider:threads:${TODAY}`]);
  expect(found[0]).toEqual({
    subject: 'provider:youtube',
    key: `provider:youtube:${TODAY}`,
    accountId: null,
    day: TODAY,
    title: 'youtube: 8,550 of 10,000 units are used, 85 %; they count anew from 2026-11-23 09:00',
    facts: [
      { label: 'Used', value: '8,550 of 10,000 units' },
      { label: 'Counts anew', value: '2026-11-23 09:00 Europe/Berlin' },
      { label: 'Fires from', value: '80 %' },
    ],
    doubts: [],
    url: null,
    values: {
      provider: 'youtube',
      used: 8550,
      allowed: 10_000,
      unit: 'units',
      percent: 85.5,
      period: TODAY,
      resets_at: '2026-11-23T08:00:00.000Z',
      threshold: 80,
    },
  });
  expect(await quota.find(world, { ...STANDARD, threshold: 90 }, EVERYONE)).toEqual([]);
});
