import { expect, test } from 'vitest';
import { anomaly } from '../../../src/alert/rule/anomaly.ts';
import { growthDrop } from '../../../src/alert/rule/growth-drop.ts';
import { RULE_KINDS } from '../../../src/alert/rule/index.ts';
import { spike } from '../../../src/alert/rule/spike.ts';
import { stale } from '../../../src/alert/rule/stale.ts';
import { seededRandom } from '../../../src/insight/random.ts';
import type { Store } from '../../../src/store/open.ts';
import { openTempStore, runSql, seedAccount } from '../../helper/temp-store.ts';
import { counter, daysAgo, EVERYONE, seedCounters, STANDARD, worldOf, type Counters } from './world.ts';

const KINDS = [growthDrop, spike, anomaly, stale];

/** A restless account: gaps, unknown days, jumps, losses. */
function restless(seed: number): Counters {
  const random = seededRandom(seed);
  const series = (usual: number) => {
    const gains = Array.from({ length: 120 }, () => {
      const chance = random();
      if (chance < 0.04) return Math.round(usual * 12 * random());
      return chance < 0.08 ? -Math.round(usual * 5 * random()) : Math.round(usual * (0.5 + random()));
    });
    return counter(gains).map((value) => (random() < 0.05 ? null : value));
  };
  const [followers, views, likes] = [series(50), series(2000), series(90)];
  return {
    followers,
    views,
    likes,
    providerOf: (ago) => (ago % 37 === 0 ? 'b' : 'a'),
  };
}

async function tell(store: Store, today?: string) {
  const world = worldOf(store, today === undefined ? {} : { today });
  return Promise.all(KINDS.map((kind) => kind.find(world, STANDARD, EVERYONE)));
}

function shuffled<Row>(rows: Row[], seed: number): Row[] {
  const random = seededRandom(seed);
  return rows
    .map((row) => ({ row, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ row }) => row);
}

test('what is found depends on the days, not on the order in which they were stored', async () => {
  const store = await openTempStore();
  const anna = await seedAccount(store);
  await seedCounters(store, anna, restless(1));
  const world = worldOf(store);
  const replay = async () =>
    Promise.all([growthDrop, spike, anomaly].map((kind) => kind.replay?.(world, STANDARD, EVERYONE, 90)));
  const expected = await replay();
  for (const found of expected) expect(found?.length).toBeGreaterThan(0);
  for (const seed of [2, 3]) {
    await runSql(store, 'DELETE FROM social_media_analytics_snapshots');
    await seedCounters(store, anna, { ...restless(1), order: (rows) => shuffled(rows, seed) });
    expect(await replay()).toEqual(expected);
  }
});

test('asked twice it is the same, and a day is told the same whatever comes after it', async () => {
  const store = await openTempStore();
  for (const seed of [4, 5, 6]) await seedCounters(store, await seedAccount(store, `a${seed}`), restless(seed));
  expect(await tell(store)).toEqual(await tell(store));
  const world = worldOf(store);
  const kinds = [growthDrop, spike, anomaly];
  const before = await Promise.all(
    kinds.map((kind) => kind.replay?.(worldOf(store, { today: daysAgo(10) }), STANDARD, EVERYONE, 60)),
  );
  const after = await Promise.all(kinds.map((kind) => kind.replay?.(world, STANDARD, EVERYONE, 70)));
  expect(after.map((found) => found?.filter(({ day }) => day <= daysAgo(10)))).toEqual(before);
  await runSql(store, `DELETE FROM social_media_analytics_snapshots WHERE snapshot_date > '${daysAgo(10)}'`);
  expect(
    await Promise.all(
      kinds.map((kind) => kind.replay?.(worldOf(store, { today: daysAgo(10) }), STANDARD, EVERYONE, 60)),
    ),
  ).toEqual(before);
});

test('what is told on a day is what a replay says of that day', async () => {
  const store = await openTempStore();
  for (const seed of [7, 8]) await seedCounters(store, await seedAccount(store, `a${seed}`), restless(seed));
  const kinds = [growthDrop, spike, anomaly];
  const replayed = await Promise.all(kinds.map((kind) => kind.replay?.(worldOf(store), STANDARD, EVERYONE, 30)));
  // Taken away day by day from the end, as it stood on each of them.
  const told = new Map(kinds.map((kind) => [kind, new Map<string, unknown>()]));
  for (let ago = 0; ago < 30; ago++) {
    await runSql(store, `DELETE FROM social_media_analytics_snapshots WHERE snapshot_date > '${daysAgo(ago)}'`);
    for (const kind of kinds) {
      const found = await kind.find(worldOf(store, { today: daysAgo(ago) }), STANDARD, EVERYONE);
      for (const finding of found) if (finding.day > daysAgo(30)) told.get(kind)?.set(finding.key, finding);
    }
  }
  for (const [index, kind] of kinds.entries()) {
    const found = replayed[index] ?? [];
    expect(Object.fromEntries(told.get(kind) ?? [])).toEqual(Object.fromEntries(found.map((each) => [each.key, each])));
  }
});

test('unknown numbers never fire', async () => {
  const store = await openTempStore();
  const nulls = Array.from({ length: 90 }, () => null);
  await seedCounters(store, await seedAccount(store), { followers: nulls, views: nulls, likes: nulls });
  expect((await tell(store)).flat()).toEqual([]);
});

test('every kind says what it can be given, and its defaults lie within', () => {
  for (const { summary, threshold, days, metrics, cooldownDays } of Object.values(RULE_KINDS)) {
    expect(summary).toMatch(/^[a-z].*[^.]$/);
    for (const range of [threshold, days]) {
      if (range) expect(range.least <= range.standard && range.standard <= range.most).toBe(true);
    }
    expect(new Set(metrics).size).toBe(metrics?.length ?? 0);
    expect(cooldownDays).toBeGreaterThanOrEqual(0);
  }
});
