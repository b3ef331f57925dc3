import { beforeEach, describe, expect, test } from 'vitest';
import { addDays } from '../../src/core/time.ts';
import { listAnomalies } from '../../src/query/list-anomalies.ts';
import { listForecasts } from '../../src/query/list-forecasts.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore, seedAccount, seedDay, seedPost, seedPostDay } from '../helper/temp-store.ts';
import { seedHistory } from './history.ts';

const LAST = '2026-11-22';
const DAYS = 150;

let store: Store;
beforeEach(async () => {
  store = await openTempStore();
});

/** An account whose followers gain 50 a day, and whose views jump when older posts come in, `ago` days before the last. */
async function seedSteady(ago: number): Promise<number> {
  const id = await seedAccount(store, 'steady');
  let [followers, views] = [10_000, 500_000];
  for (let at = DAYS; at >= 0; at--) {
    followers += at === 3 ? -900 : 50 + (at % 4);
    views += 1000 + (at % 5) * 10 + (at === ago ? 90_000 : 0);
    // Nobody saw day 40.
    if (at === 40) continue;
    await seedDay(store, id, addDays(LAST, -at), {
      followers_count: followers,
      total_views: at === 20 ? null : views,
      provider_name: at > 60 ? 'old' : 'new',
    });
  }
  for (const [name, postedAt, first] of [
    ['older', '2026-01-01T10:00:00.000Z', addDays(LAST, -ago)],
    ['new', `${addDays(LAST, -ago)}T00:30:00.000Z`, addDays(LAST, -ago)],
    ['undated', null, addDays(LAST, -ago)],
  ] as const) {
    const post = await seedPost(store, id, name, { posted_at: postedAt });
    await seedPostDay(store, post, first, { views_count: 90_000 });
  }
  return id;
}

describe('listAnomalies', () => {
  test('tells a loss of followers, and that a jump of views may be older posts', async () => {
    await seedSteady(10);
    const [row] = await listAnomalies(store.db, 30);
    const [followers, views, likes] = row?.series ?? [];
    expect(followers).toMatchObject({
      metric: 'followers_count',
      from: '2026-10-24',
      to: LAST,
      days: 30,
      judgedDays: 30,
    });
    expect(followers?.anomalies).toMatchObject([{ day: '2026-11-19', change: -900, doubts: [] }]);
    expect(followers?.daysPerYear).toBeCloseTo(365 / 30, 6);
    expect(views?.anomalies).toMatchObject([{ day: '2026-11-12', doubts: [{ kind: 'posts_added', posts: 1 }] }]);
    // The day without views is not judged; the day after it is, as the mean of two.
    expect(views?.judgedDays).toBe(29);
    expect(likes).toMatchObject({ from: null, days: 0, anomalies: [], daysPerYear: null });
  });

  test('of a longer window holds the gap and the change of provider against nobody', async () => {
    await seedSteady(10);
    const [row] = await listAnomalies(store.db, 140);
    expect(row?.series[0]?.anomalies).toHaveLength(1);
    expect(row?.series[0]?.episodesPerYear).toBeCloseTo(365 / (row?.series[0]?.judgedDays as number), 6);
  });

  test('of a young history judges nothing and has no rate', async () => {
    await seedHistory(store);
    const rows = await listAnomalies(store.db, 30);
    expect(rows.map(({ account }) => account.username)).toEqual(['nasa', 'anna', 'bert']);
    for (const { series } of rows) {
      for (const each of series) expect(each).toMatchObject({ judgedDays: 0, anomalies: [], episodesPerYear: null });
    }
    expect(await listAnomalies(store.db, 30, { platform: 'nowhere' })).toEqual([]);
  });
});

describe('listForecasts', () => {
  test('forecasts followers and views from their own past, with milestones of followers', async () => {
    await seedSteady(70);
    const [row] = await listForecasts(store.db, 30);
    const [followers, views] = row?.series ?? [];
    expect(followers).toMatchObject({ metric: 'followers_count', reason: null });
    expect(followers?.forecast?.days).toHaveLength(30);
    expect(followers?.forecast?.from).toBe(LAST);
    expect(followers?.forecast?.filledDays).toBe(3);
    expect(followers?.milestones[0]?.value).toBe(17_000);
    expect(views?.milestones).toEqual([]);
    // The day on which older posts came in is no day of 91,000 views, and nobody forecasts another.
    expect(views?.forecast?.days.every(({ change }) => change < 1100)).toBe(true);
  });

  test('of a young history says what is missing', async () => {
    await seedHistory(store);
    const rows = await listForecasts(store.db, 30);
    const anna = rows.find(({ account }) => account.username === 'anna');
    expect(anna?.series).toMatchObject([
      { forecast: null, reason: { kind: 'too_little', days: 21, needed: 86 } },
      { forecast: null, reason: { kind: 'too_little', days: 21, needed: 86 } },
    ]);
    const bert = rows.find(({ account }) => account.username === 'bert');
    expect(bert?.series).toMatchObject([{ metric: 'followers_count', reason: { days: 0 } }]);
  });
});
