import { beforeEach, expect, test } from 'vitest';
import { addDays } from '../../src/core/time.ts';
import { compareAccounts } from '../../src/query/compare-accounts.ts';
import type { EngagementBasis } from '../../src/insight/engagement.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore, seedAccount, seedDay, seedPost, seedPostDay } from '../helper/temp-store.ts';

const TODAY = '2026-11-22';

let store: Store;
beforeEach(async () => {
  store = await openTempStore();
  await seed('tiktok', 'anna', { brand: 'Acme', start: 1000, step: 10, posts: ['views', 'views'] });
  await seed('instagram', 'anna_ig', { brand: 'Acme', start: 500, step: 5, posts: ['reach'] });
  await seed('tiktok', 'bert', { isCompetitor: 1, start: 100, step: 2, posts: ['views'] });
  await seed('tiktok', 'carl', { isCompetitor: 1, start: 5000, step: 0, posts: ['views'] });
  await seed('tiktok', 'dora', { isCompetitor: 1, start: 50, step: 1, posts: ['followers'] });
  await seed('tiktok', 'young', { start: 7, step: 1, days: 1, posts: [] });
});

interface Seed {
  brand?: string;
  isCompetitor?: number;
  start: number;
  step: number;
  days?: number;
  posts: EngagementBasis[];
}

/** An account of 11 days; each of its posts has 8 interactions more than the one before, of 100. */
async function seed(platform: string, username: string, given: Seed): Promise<void> {
  const { brand = null, isCompetitor = 0, start, step, days = 11, posts } = given;
  const id = await seedAccount(store, username, { platform, brand, is_competitor: isCompetitor });
  for (let at = 0; at < days; at++) {
    const day = addDays(TODAY, at + 1 - days);
    await seedDay(store, id, day, { followers_count: start + at * step, total_views: at });
  }
  for (const [at, basis] of posts.entries()) {
    const postId = await seedPost(store, id, `${username}-${at}`, { platform, posted_at: `${TODAY}T10:00:00.000Z` });
    const likes = 8 * (at + 1) + username.length;
    await seedPostDay(store, postId, TODAY, {
      likes_count: likes,
      views_count: 100,
      reach_count: 100,
      engagement_rate: likes,
      engagement_basis: basis,
    });
  }
}

const compare = (filter = {}) => compareAccounts(store.db, { days: 10, timezone: 'UTC', ...filter });

test('ranks each account among those of its platform', async () => {
  const { accounts } = await compare({ platform: 'tiktok' });
  const places = accounts.map(({ account, percentiles }) => [
    account.username,
    percentiles.followers.percentile,
    percentiles.followers_rate.percentile,
    percentiles.engagement.percentile,
  ]);
  expect(places).toEqual([
    ['anna', 80, 50, 100],
    ['bert', 60, 87.5, 50],
    ['carl', 100, 25, 50],
    ['dora', 40, 87.5, null],
    ['young', 20, null, null],
  ]);
});

test('refuses what has another denominator, or was not seen, with the reason', async () => {
  const { accounts } = await compare();
  const of = (name: string) => accounts.find(({ account }) => account.username === name);
  expect(of('dora')?.percentiles.engagement).toEqual({
    percentile: null,
    n: 1,
    reason: 'only 1 to compare of followers, 3 are needed; the others are of views',
  });
  expect(of('young')).toMatchObject({
    followers: { rate: null, reason: 'one day alone is known' },
    published: { posts: null },
    engagement: { rate: null, reason: 'no post of that time is stored' },
  });
  expect(of('anna_ig')?.percentiles.followers).toMatchObject({ n: 1, percentile: null });
  expect(of('anna')?.engagement).toMatchObject({
    basis: 'views',
    interactions: 32,
    denominator: 200,
    posts: 2,
    rate: 16,
  });
});

test('sets a brand over its platforms, without adding unlike rates', async () => {
  const { brands, accounts } = await compare({ brand: 'acme' });
  expect(accounts.map(({ account }) => account.username)).toEqual(['anna_ig', 'anna']);
  expect(brands).toMatchObject([
    {
      brand: 'Acme',
      is_competitor: false,
      platforms: ['instagram', 'tiktok'],
      followers: 1650,
      followersChange: 150,
      growth: { rate: 10, numerator: 150, denominator: 1500, n: 2, reason: null },
      engagement: { rate: null, reason: 'rates of reach (instagram) and views (tiktok) do not add up' },
    },
  ]);
  // It is ranked among all nevertheless.
  expect(accounts[1]?.percentiles.followers).toMatchObject({ percentile: 80, n: 5 });
});

test('sets published rates beside those of the same denominator alone', async () => {
  const { accounts } = await compare({ username: 'anna' });
  const compared = accounts[0]?.benchmarks.filter(({ reason }) => reason === null);
  expect(compared?.map(({ benchmark }) => benchmark.denominator)).toEqual(['views']);
  expect(accounts[0]?.benchmarks.length).toBeGreaterThan(3);
});

test('of an empty database is empty', async () => {
  const empty = await openTempStore();
  expect(await compareAccounts(empty.db, { days: 30, timezone: 'UTC' })).toEqual({
    window_days: 30,
    accounts: [],
    brands: [],
  });
});
