import { beforeEach, expect, test } from 'vitest';
import { addDays } from '../../src/core/time.ts';
import { composeDigest, type DigestQuestion } from '../../src/digest/compose.ts';
import type { Store } from '../../src/store/open.ts';
import { saveHashtags } from '../../src/store/post.ts';
import { openTempStore, seedAccount, seedDay, seedPost, seedPostDay } from '../helper/temp-store.ts';

const WEEK: DigestQuestion = {
  kind: 'week',
  until: '2026-11-22',
  today: '2026-11-23',
  timezone: 'UTC',
  filter: {},
  quotas: [],
};

let store: Store;
beforeEach(async () => {
  store = await openTempStore();
});

const compose = (question: Partial<DigestQuestion> = {}) => composeDigest(store.db, { ...WEEK, ...question });

/** Followers, views and likes of 8 to 23 November: 2, 100 and 10 a day, then 3, 200 and 30 from the 16th on. */
async function seedAnna(): Promise<number> {
  const anna = await seedAccount(store, 'anna', { brand: 'Bakery' });
  for (let day = '2026-11-08', [f, v, l] = [100, 1000, 50]; day <= '2026-11-23'; day = addDays(day, 1)) {
    await seedDay(store, anna, day, { followers_count: f, total_views: v, total_likes: l });
    const isNow = day >= '2026-11-15';
    [f, v, l] = [f + (isNow ? 3 : 2), v + (isNow ? 200 : 100), l + (isNow ? 30 : 10)];
  }
  return anna;
}

test('tells exactly the seven days and the seven before, whatever was fetched since', async () => {
  await seedAnna();
  const digest = await compose();
  const [anna] = digest.accounts;
  expect([digest.period.first, digest.before.first]).toEqual(['2026-11-16', '2026-11-09']);
  expect(anna?.now.followers).toMatchObject({ start: 114, end: 135, change: 21, observed: 7, coverage: 100 });
  expect(anna?.now.followers.rate).toBeCloseTo((21 / 114) * 100, 10);
  expect(anna?.now.views).toMatchObject({ start: 1700, end: 3100, gain: 1400, foundLater: 0 });
  expect(anna?.now.likes.gain).toBe(210);
  expect(anna?.before).toMatchObject({ followers: { change: 14 }, views: { gain: 700 }, likes: { gain: 70 } });
  expect(digest.totals).toMatchObject({
    followers: { sum: 21, known: 1, of: 1, compared: 1, rate: 50 },
    views: { sum: 1400, rate: 100 },
    likes: { sum: 210 },
    posts: { sum: null, known: 0 },
  });
  expect(digest.totals.likes.rate).toBeCloseTo(200, 10);
  expect(digest.quality).toEqual([]);
  const [chart] = digest.charts;
  expect(chart?.followers).toHaveLength(14);
  expect(chart?.followers.at(-1)).toEqual({ day: '2026-11-22', value: 135 });
  expect(chart?.views.map(({ value }) => value)).toEqual([...Array(7).fill(100), ...Array(7).fill(200)]);
});

test('what is not known is null in sums and days, and what is missing is named', async () => {
  const anna = await seedAccount(store, 'anna');
  await seedAccount(store, 'newt');
  await seedDay(store, anna, '2026-11-14', { followers_count: 10, total_views: null });
  await seedDay(store, anna, '2026-11-18', { followers_count: null, total_views: 500 });
  await seedDay(store, anna, '2026-11-20', { followers_count: 14, total_views: 700 });
  const digest = await compose();
  const [first, second] = digest.accounts;
  expect(first?.now.followers).toMatchObject({ startDay: '2026-11-14', change: 4, rate: null, observed: 1 });
  expect(first?.now.views).toMatchObject({ startDay: '2026-11-18', gain: 200, rate: null });
  expect(first?.now.likes).toMatchObject({ gain: null, foundLater: 0, end: null });
  expect(first?.before.followers).toMatchObject({ change: null, end: 10 });
  expect(second?.now).toMatchObject({ followers: { end: null, change: null }, published: { posts: null } });
  expect(digest.totals.followers).toMatchObject({ sum: 4, known: 1, of: 2, rate: null });
  expect(digest.totals.likes.sum).toBeNull();
  expect(digest.quality).toEqual([
    expect.objectContaining({ kind: 'gaps', username: 'anna', metric: 'followers_count', observed: 1, days: 7 }),
    expect.objectContaining({ kind: 'no_numbers', username: 'newt', last_day: null }),
  ]);
  expect(digest.charts.map(({ username }) => username)).toEqual(['anna']);
  expect(digest.charts[0]?.views.every(({ value }) => value === null)).toBe(true);
});

test('of one day alone nothing was gained, and older numbers than a week start nothing', async () => {
  const anna = await seedAccount(store, 'anna');
  await seedDay(store, anna, '2026-10-01', { followers_count: 5, total_views: 10 });
  await seedDay(store, anna, '2026-11-22', { followers_count: 9, total_views: 90 });
  const old = await seedPost(store, anna, 'old', { posted_at: '2026-10-01T00:00:00.000Z' });
  await seedPostDay(store, old, '2026-10-01', { views_count: 1 });
  await seedPostDay(store, old, '2026-11-22', { views_count: 60 });
  const digest = await compose();
  expect(digest.accounts[0]?.now.followers).toMatchObject({ end: 9, change: null });
  expect(digest.top_posts).toEqual([]);
  expect(digest.totals.followers).toMatchObject({ sum: null, reason: 'nothing is known' });
});

test('ranks posts by what they gained in the days, not by what they have', async () => {
  const anna = await seedAnna();
  const post = async (id: string, posted: string, days: Record<string, [number | null, number | null]>) => {
    const row = await seedPost(store, anna, id, { posted_at: `${posted}T10:00:00.000Z`, caption: `${id} #Bread` });
    await saveHashtags(store.db, [{ id: row, caption: `${id} #Bread` }]);
    for (const [day, [views_count, likes_count]] of Object.entries(days))
      await seedPostDay(store, row, `2026-11-${day}`, {
        views_count,
        likes_count,
        engagement_rate: 10,
        engagement_basis: 'views',
      });
  };
  await post('old', '2026-10-01', { 15: [5000, 40], 22: [5100, null], 23: [9999, 99] });
  await post('risen', '2026-11-10', { 15: [100, 5], 22: [900, 25] });
  await post('new', '2026-11-18', { 19: [100, 10], 22: [400, 40] });
  await post('hidden', '2026-10-02', { 15: [null, 1], 22: [7000, 2] });
  await post('found late', '2026-10-03', { 22: [8000, 2] });
  const digest = await compose();
  expect(digest.top_posts.map((each) => [each.external_post_id, each.views_gained, each.likes_gained])).toEqual([
    ['risen', 800, 20],
    ['new', 400, 40],
    ['old', 100, null],
  ]);
  expect(digest.top_posts[1]).toMatchObject({ start_date: '2026-11-15', end_date: '2026-11-22', is_older: false });
  const [account] = digest.accounts;
  expect(account?.now.published).toMatchObject({ posts: 1, views: 400, likes: 40 });
  expect(account?.before.published).toMatchObject({ posts: 1, views: 900 });
  expect(account?.now.engagement).toMatchObject({ rate: 10, basis: 'views', interactions: 40, denominator: 400 });
  expect(digest.hashtags).toEqual([{ written: 'Bread', posts: 1, posts_before: 1, views: 400, views_posts: 1 }]);
  // 8000 views came with a post that nobody had seen before.
  expect(account?.now.views).toMatchObject({ change: 1400, foundLater: 8000, gain: -6600 });
  expect(digest.quality).toContainEqual(expect.objectContaining({ kind: 'found_later', views: 8000 }));
});

test('a post is told once when it turns 48 hours old, beside the twenty before it', async () => {
  const anna = await seedAnna();
  for (let at = 0; at < 21; at++) {
    const posted = at < 20 ? addDays('2026-09-01', at * 2) : '2026-11-18';
    const row = await seedPost(store, anna, `p${at}`, { posted_at: `${posted}T03:00:00.000Z`, media_type: 'video' });
    for (const age of [1, 2, 3]) {
      const day = addDays(posted, age);
      if (at < 20)
        await seedDay(store, anna, day, { captured_at: `${day}T03:00:00.000Z` }).catch(() => {
          // Two posts share a day.
        });
      else
        await store.db
          .updateTable('social_media_analytics_snapshots')
          .set({ captured_at: `${day}T03:00:00.000Z` })
          .where('snapshot_date', '=', day)
          .execute();
      await seedPostDay(store, row, day, { views_count: (at < 20 ? 100 : 250) * age });
    }
  }
  const { aged_posts: aged } = await compose();
  expect(aged.posts).toHaveLength(1);
  expect(aged.posts[0]).toMatchObject({ external_post_id: 'p20', metric: 'views', value: 500, baseline: 200 });
  expect((await compose({ until: '2026-11-15' })).aged_posts.posts).toEqual([]);
});

test('competitors stand by themselves and are in no sum', async () => {
  await seedAnna();
  const bert = await seedAccount(store, 'bert', { is_competitor: 1 });
  await seedDay(store, bert, '2026-11-15', { followers_count: 1000 });
  await seedDay(store, bert, '2026-11-22', { followers_count: 2000 });
  const digest = await compose();
  expect(digest.accounts.map(({ username }) => username)).toEqual(['anna']);
  expect(digest.competitors[0]?.now.followers.change).toBe(1000);
  expect(digest.totals.followers.sum).toBe(21);
});

test('a filter holds for everything that is told', async () => {
  const anna = await seedAnna();
  const other = await seedAccount(store, 'other', { platform: 'instagram', brand: 'Else' });
  await seedDay(store, other, '2026-11-22', { followers_count: 1 });
  for (const account_id of [anna, other])
    await store.db
      .insertInto('analytics_fetch_jobs')
      .values({ account_id, status: 'failed', date: '2026-11-18', error_message: `no ${account_id}` })
      .execute();
  const campaigns = [
    {
      campaign_id: 'of anna',
      account_id: anna,
      start_date: '2026-11-01',
      end_date: '2026-11-16',
      cost: 100,
      revenue_generated: 250,
    },
    { campaign_id: 'of other', account_id: other, start_date: '2026-11-20', cost: 1 },
    { campaign_id: 'of instagram', platform: 'instagram', start_date: '2026-11-20' },
    { campaign_id: 'over', start_date: '2026-10-01', end_date: '2026-11-15' },
    { campaign_id: 'without days' },
  ];
  for (const campaign of campaigns) await store.db.insertInto('campaign_social_metrics').values(campaign).execute();
  const named = async (question: Partial<DigestQuestion>) => {
    const digest = await compose(question);
    return {
      accounts: digest.accounts.map(({ username }) => username),
      campaigns: digest.campaigns.map(({ campaign_id }) => campaign_id).toSorted(),
      failures: digest.quality.flatMap((each) => (each.kind === 'failed_fetches' ? [each.username] : [])),
    };
  };
  expect(await named({})).toEqual({
    accounts: ['other', 'anna'],
    campaigns: ['of anna', 'of instagram', 'of other'],
    failures: ['anna', 'other'],
  });
  expect(await named({ filter: { brand: 'bakery' } })).toEqual({
    accounts: ['anna'],
    campaigns: ['of anna'],
    failures: ['anna'],
  });
  expect(await named({ filter: { platform: 'instagram' } })).toEqual({
    accounts: ['other'],
    campaigns: ['of instagram', 'of other'],
    failures: ['other'],
  });
  expect((await compose()).campaigns.find(({ campaign_id }) => campaign_id === 'of anna')).toMatchObject({
    roi: 150,
    roas: 2.5,
  });
});

test('alerts are told in the period in which they fired, on the clock of the zone', async () => {
  const anna = await seedAnna();
  const { id: rule_id } = await store.db
    .insertInto('alert_rules')
    .values({ kind: 'spike', cooldown_days: 7 })
    .returning('id')
    .executeTakeFirstOrThrow();
  const fired = [
    ['early', '2026-11-15T22:59:59.999Z', anna],
    ['first', '2026-11-15T23:00:00.000Z', anna],
    ['last', '2026-11-22T22:59:59.999Z', null],
    ['late', '2026-11-22T23:00:00.000Z', anna],
  ] as const;
  for (const [title, fired_at, account_id] of fired)
    await store.db
      .insertInto('alert_events')
      .values({
        rule_id,
        event_key: title,
        subject: 'x',
        account_id,
        date: '2026-11-20',
        title,
        details: '{}',
        fired_at,
      })
      .execute();
  const titles = async (question: Partial<DigestQuestion>) =>
    (await compose(question)).alerts.map(({ title }) => title);
  expect(await titles({ timezone: 'Europe/Berlin' })).toEqual(['first', 'last']);
  expect(await titles({ timezone: 'Europe/Berlin', filter: { username: 'anna' } })).toEqual(['first']);
});

test('the week in which clocks change begins and ends at midnight of the zone', async () => {
  const anna = await seedAccount(store, 'anna');
  for (const day of ['2026-03-22', '2026-03-29', '2026-03-30']) await seedDay(store, anna, day, { followers_count: 1 });
  // Berlin is an hour from UTC on the 23rd, and two hours from the 29th on.
  for (const [id, posted_at] of [
    ['before', '2026-03-22T22:59:59.000Z'],
    ['first', '2026-03-22T23:00:00.000Z'],
    ['last', '2026-03-29T21:59:59.000Z'],
    ['after', '2026-03-29T22:00:00.000Z'],
  ] as const)
    await seedPost(store, anna, id, { posted_at });
  const digest = await compose({ until: '2026-03-29', today: '2026-03-30', timezone: 'Europe/Berlin' });
  expect(digest.period.first).toBe('2026-03-23');
  expect(digest.accounts[0]?.now.published.posts).toBe(2);
  expect(digest.accounts[0]?.before.published.posts).toBe(1);
});

test('a day out of the ordinary is told in its week alone', async () => {
  const anna = await seedAccount(store, 'anna');
  for (let at = 0, views = 0; at < 60; at++) {
    const day = addDays('2026-09-25', at);
    views += day === '2026-11-18' ? 90_000 : 1000 + (at % 3) * 20;
    await seedDay(store, anna, day, { total_views: views, followers_count: 100 + at * 3 });
  }
  const { anomalies } = await compose();
  expect(anomalies.map(({ metric, peak }) => [metric, peak.day])).toEqual([['total_views', '2026-11-18']]);
  expect((await compose({ until: '2026-11-17' })).anomalies).toEqual([]);
});

test('draws twenty accounts at most and counts the rest', async () => {
  for (let at = 0; at < 23; at++) {
    const id = await seedAccount(store, `a${String(at).padStart(2, '0')}`);
    for (const [day, views] of [
      ['2026-11-15', 0],
      ['2026-11-22', at * 10],
    ] as const)
      await seedDay(store, id, day, { total_views: views, followers_count: 1 });
  }
  const digest = await compose();
  expect(digest.charts).toHaveLength(20);
  expect(digest.charts[0]?.username).toBe('a22');
  expect(digest.charts_left_out).toBe(3);
  expect(digest.accounts).toHaveLength(23);
});

test('an empty database is an empty digest', async () => {
  expect(await compose()).toMatchObject({ accounts: [], top_posts: [], quality: [], totals: { views: { sum: null } } });
});

test('a month is the calendar month before', async () => {
  await seedAnna();
  const digest = await compose({ kind: 'month', until: '2026-12-03', today: '2026-12-04' });
  expect(digest.period).toEqual({ first: '2026-11-01', last: '2026-11-30', days: 30 });
  expect(digest.accounts[0]?.now.followers).toMatchObject({ startDay: '2026-11-08', change: 38, observed: 16 });
});
