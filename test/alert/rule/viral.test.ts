import { beforeEach, describe, expect, test } from 'vitest';
import { viral } from '../../../src/alert/rule/viral.ts';
import type { MediaType } from '../../../src/core/account.ts';
import type { Store } from '../../../src/store/open.ts';
import { openTempStore, seedAccount, seedDay, seedPost } from '../../helper/temp-store.ts';
import { daysAgo, EVERYONE, STANDARD, TODAY, worldOf } from './world.ts';

let store: Store;
let anna: number;
beforeEach(async () => {
  store = await openTempStore();
  anna = await seedAccount(store, 'anna');
});

const find = (parameters = {}) => viral.find(worldOf(store), { ...STANDARD, ...parameters }, EVERYONE);

interface Made {
  /** Views on the first day after it was published, and so many more on each day after. */
  aDay: number | null;
  likes?: number | null;
  media_type?: MediaType;
  caption?: string;
  post_url?: string;
  /** Days on which it was not seen, as days ago. */
  unseen?: number;
}

/** A post of so many days ago at noon, seen at 03:00 UTC on each day since. */
async function seedSeen(account: number, ago: number, made: Made): Promise<number> {
  const { aDay, likes = 1, media_type = 'video', caption = null, post_url = null, unseen = 0 } = made;
  const post = await seedPost(store, account, `p${ago}-${media_type}`, {
    posted_at: `${daysAgo(ago)}T12:00:00.000Z`,
    media_type,
    caption,
    post_url,
  });
  const days = Array.from({ length: ago - unseen }, (_, on) => ago - 1 - on);
  await store.db
    .insertInto('social_media_post_analytics')
    .values(
      days.map((on) => ({
        post_id: post,
        snapshot_date: daysAgo(on),
        views_count: aDay === null ? null : aDay * (ago - on),
        likes_count: likes === null ? null : likes * (ago - on),
      })),
    )
    .execute();
  return post;
}

async function seedFetches(account = anna, days = 30, endsAgo = 0): Promise<void> {
  for (let ago = days; ago >= endsAgo; ago--)
    await seedDay(store, account, daysAgo(ago), { captured_at: `${daysAgo(ago)}T03:00:00.000Z` });
}

/** Twelve posts that gain 100 views a day. */
async function seedUsual(account = anna): Promise<void> {
  for (let ago = 10; ago < 22; ago++) await seedSeen(account, ago, { aDay: 100 });
}

test('tells a post with many times what the posts before it had at its age, once', async () => {
  await seedFetches();
  await seedUsual();
  const post = await seedSeen(anna, 4, {
    aDay: 900,
    caption: 'A \u001b[31mdance\nof joy',
    post_url: 'https://x.test/1',
  });
  await seedSeen(anna, 3, { aDay: 120 });
  expect(await find()).toEqual([
    {
      subject: `post:${post}`,
      key: `post:${post}`,
      accountId: anna,
      day: TODAY,
      title: 'A video of tiktok @anna has 3,600 views after 3 days, 9 times what those before it had by then (400)',
      facts: [
        { label: 'Caption', value: 'A \\u{1b}[31mdance of joy' },
        { label: 'Views', value: '3,600' },
        { label: 'Expected', value: '400 (median of the 12 before it that are known at this age)' },
        { label: 'Age', value: '3 days' },
      ],
      doubts: [],
      url: 'https://x.test/1',
      values: expect.objectContaining({ post_id: post, metric: 'views', value: 3600, expected: 400, factor: 9, n: 12 }),
    },
  ]);
  expect(await find({ threshold: 9.5 })).toEqual([]);
  expect(await find({ days: 3 })).toEqual([]);
  // Then the posts before it are all older than what is looked at.
  expect(await find({ days: 4 })).toHaveLength(1);
});

test('goes by likes where views are not known', async () => {
  await seedFetches();
  for (let ago = 10; ago < 22; ago++) await seedSeen(anna, ago, { aDay: null, likes: 10 });
  await seedSeen(anna, 4, { aDay: null, likes: 100, post_url: 'javascript:alert(1)' });
  expect(await find()).toMatchObject([{ values: { metric: 'likes', value: 400, expected: 40 }, url: null }]);
});

describe('does not tell', () => {
  test('quiet posts', async () => {
    await seedFetches();
    await seedUsual();
    await seedSeen(anna, 4, { aDay: 300 });
    expect(await find()).toEqual([]);
  });

  test('a post with fewer than ten before it of its media type', async () => {
    await seedFetches();
    for (let ago = 10; ago < 19; ago++) await seedSeen(anna, ago, { aDay: 100 });
    await seedSeen(anna, 20, { aDay: 100, media_type: 'image' });
    await seedSeen(anna, 4, { aDay: 900 });
    expect(await find()).toEqual([]);
  });

  test('a post of an account with little to compare: many times nearly nothing', async () => {
    await seedFetches();
    for (let ago = 10; ago < 22; ago++) await seedSeen(anna, ago, { aDay: 1 });
    await seedSeen(anna, 4, { aDay: 25 });
    expect(await find()).toEqual([]);
  });

  test('posts whose numbers are not known, or that were not seen last time', async () => {
    await seedFetches();
    await seedUsual();
    await seedSeen(anna, 4, { aDay: null, likes: null });
    await seedSeen(anna, 5, { aDay: 900, unseen: 1 });
    expect(await find()).toEqual([]);
  });

  test('history', async () => {
    await seedFetches(anna, 34, 4);
    await seedUsual();
    await seedSeen(anna, 8, { aDay: 900 });
    expect(await find()).toEqual([]);
    expect(await viral.find(worldOf(store, { today: daysAgo(1) }), STANDARD, EVERYONE)).toHaveLength(1);
  });
});

test('replays each post on the first day that told', async () => {
  await seedFetches();
  await seedUsual();
  const post = await seedSeen(anna, 6, { aDay: 900 });
  const [told] = (await viral.replay?.(worldOf(store), STANDARD, EVERYONE, 20)) ?? [];
  // 15 hours after it was published nobody knows what others had at that age.
  expect(told).toMatchObject({ key: `post:${post}`, day: daysAgo(5) });
  expect(await viral.replay?.(worldOf(store, { today: daysAgo(5) }), STANDARD, EVERYONE, 1)).toEqual([told]);
});
