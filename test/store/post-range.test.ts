import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { POST_METRICS } from '../../src/core/metric.ts';
import { addDays } from '../../src/core/time.ts';
import type { Store } from '../../src/store/open.ts';
import { savePostAnalytics } from '../../src/store/post.ts';
import {
  makeMetrics,
  openTempStore,
  runSql,
  seedAccount,
  seedDay,
  seedPost,
  seedPostDay,
} from '../helper/temp-store.ts';

const DAYS = Array.from({ length: 8 }, (_, index) => addDays('2026-11-01', index * 3));
const [D1, D2, D3, D4] = DAYS as [string, string, string, string];

let store: Store;
let account: number;
let post: number;
let run = 0;

beforeEach(async () => {
  store = await openTempStore();
  account = await seedAccount(store);
  for (const day of DAYS) await seedDay(store, account, day);
  post = await seedPost(store, account, '7429779620297231647');
});

const rangeOf = (id = post) =>
  store.db.selectFrom('social_media_post_range').selectAll().where('post_id', '=', id).executeTakeFirst();
const remove = (day: string, id = post) =>
  store.db
    .deleteFrom('social_media_post_analytics')
    .where('snapshot_date', '=', day)
    .where('post_id', '=', id)
    .execute();

describe('the range of a post', () => {
  test('begins with its first day', async () => {
    await seedPostDay(store, post, D1, { likes_count: 5, views_count: 100 });
    expect(await rangeOf()).toEqual({
      post_id: post,
      first_date: D1,
      latest_date: D1,
      likes_count: 5,
      comments_count: null,
      views_count: 100,
      shares_count: null,
    });
  });

  test('follows a new day, and a number that is unknown then stays the latest known one', async () => {
    await seedPostDay(store, post, D1, { likes_count: 5, views_count: 100 });
    await seedPostDay(store, post, D2, { likes_count: null, views_count: 90, shares_count: 1 });
    expect(await rangeOf()).toMatchObject({
      first_date: D1,
      latest_date: D2,
      likes_count: 5,
      views_count: 90,
      shares_count: 1,
    });
  });

  test('follows the same day again', async () => {
    await seedPostDay(store, post, D1, { likes_count: 5 });
    const again = { id: post, metrics: makeMetrics({ likes: 7, views: 10 }), engagement: { rate: null, basis: null } };
    await savePostAnalytics(store.db, D1, 'test', [again]);
    await savePostAnalytics(store.db, D1, 'test', [{ ...again, metrics: makeMetrics({ likes: null, views: 11 }) }]);
    expect(await rangeOf()).toMatchObject({ first_date: D1, latest_date: D1, likes_count: 7, views_count: 11 });
  });

  test('takes in a day that comes late without touching the latest numbers', async () => {
    await seedPostDay(store, post, D3, { likes_count: 30, views_count: null });
    await seedPostDay(store, post, D1, { likes_count: 10, views_count: 100 });
    expect(await rangeOf()).toMatchObject({ first_date: D1, latest_date: D3, likes_count: 30, views_count: 100 });
  });

  test('does not follow a change of an earlier day', async () => {
    await seedPostDay(store, post, D1, { likes_count: 10 });
    await seedPostDay(store, post, D2, { likes_count: 20 });
    await store.db
      .updateTable('social_media_post_analytics')
      .set({ likes_count: 11 })
      .where('snapshot_date', '=', D1)
      .execute();
    expect(await rangeOf()).toMatchObject({ likes_count: 20 });
  });

  test.each([
    ['first', D1, D2, D4],
    ['latest', D4, D1, D3],
    ['middle', D2, D1, D4],
  ])('shrinks to days that exist when the %s day is deleted', async (_, day, first, latest) => {
    for (const each of [D1, D2, D3, D4]) await seedPostDay(store, post, each, { likes_count: 1 });
    await remove(day);
    expect(await rangeOf()).toMatchObject({ first_date: first, latest_date: latest });
  });

  test('finds the neighbouring day also where the account has no snapshot of it', async () => {
    for (const each of [D1, '2026-11-02', '2026-11-05', D4]) await seedPostDay(store, post, each);
    const other = await seedPost(store, account, '2');
    await seedPostDay(store, other, '2026-11-03');
    await remove(D1);
    expect(await rangeOf()).toMatchObject({ first_date: '2026-11-02', latest_date: D4 });
    await remove(D4);
    expect(await rangeOf()).toMatchObject({ first_date: '2026-11-02', latest_date: '2026-11-05' });
    await remove('2026-11-02');
    expect(await rangeOf()).toMatchObject({ first_date: '2026-11-05', latest_date: '2026-11-05' });
  });

  test('takes the numbers of the day before when the latest day is deleted, and keeps them when an old one is', async () => {
    await seedPostDay(store, post, D1, { likes_count: 5, views_count: 50 });
    await seedPostDay(store, post, D2, { likes_count: 6, views_count: 60 });
    await seedPostDay(store, post, D3, { likes_count: 999, views_count: null });
    await remove(D1);
    expect(await rangeOf()).toMatchObject({ likes_count: 999, views_count: 60 });
    await remove(D3);
    expect(await rangeOf()).toMatchObject({ latest_date: D2, likes_count: 6, views_count: 60 });
  });

  test('goes when its last day goes', async () => {
    for (const each of [D1, D2, D3]) await seedPostDay(store, post, each);
    await store.db.deleteFrom('social_media_post_analytics').execute();
    expect(await rangeOf()).toBeUndefined();
  });

  test('goes with its post and with its account', async () => {
    await seedPostDay(store, post, D1);
    const other = await seedPost(store, account, '2');
    await seedPostDay(store, other, D1);
    await store.db.deleteFrom('social_media_posts').where('id', '=', other).execute();
    expect(await rangeOf(other)).toBeUndefined();
    expect(await rangeOf()).toBeDefined();
    await store.db.deleteFrom('social_media_accounts').execute();
    expect(await rangeOf()).toBeUndefined();
    expect(await runSql(store, 'SELECT * FROM social_media_post_analytics')).toEqual([]);
  });

  test.each([
    ['snapshots before post analytics', ['social_media_analytics_snapshots', 'social_media_post_analytics']],
    ['post analytics before snapshots', ['social_media_post_analytics', 'social_media_analytics_snapshots']],
  ])('is right after old rows were deleted by hand, %s', async (_, tables) => {
    for (const day of DAYS) await seedPostDay(store, post, day, { likes_count: 1 });
    for (const table of tables) await runSql(store, `DELETE FROM ${table} WHERE snapshot_date < '${D4}'`);
    expect(await rangeOf()).toMatchObject({ first_date: D4, latest_date: DAYS.at(-1) });
  });
});

type Step = { post: 0 | 1 | 2; day: number; likes?: number | null; all?: boolean };

test('after any upserts and deletes the range spans exactly the days that exist', async () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ post: postIndex(), day: fc.nat(7), likes: fc.option(fc.nat(99)) }) },
    { weight: 3, arbitrary: fc.record({ post: postIndex(), day: fc.nat(7) }) },
    { weight: 1, arbitrary: fc.record({ post: postIndex(), day: fc.nat(7), all: fc.constant(true) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      run++;
      const ids = await Promise.all([1, 2, 3].map((n) => seedPost(store, account, `p${n}-${run}`)));
      const model = ids.map(() => new Set<string>());
      for (const each of steps) {
        const id = ids[each.post] as number;
        const day = DAYS[each.day] as string;
        if (each.likes !== undefined) {
          const metrics = makeMetrics({ likes: each.likes });
          await savePostAnalytics(store.db, day, 'test', [{ id, metrics, engagement: { rate: null, basis: null } }]);
          model[each.post]?.add(day);
        } else if (each.all) {
          await store.db.deleteFrom('social_media_post_analytics').where('snapshot_date', '=', day).execute();
          for (const days of model) days.delete(day);
        } else {
          await remove(day, id);
          model[each.post]?.delete(day);
        }
        for (const [index, postId] of ids.entries()) {
          const days = [...(model[index] as Set<string>)].toSorted();
          const range = await rangeOf(postId);
          expect([range?.first_date, range?.latest_date]).toEqual([days[0], days.at(-1)]);
        }
      }
      await store.db.deleteFrom('social_media_posts').where('id', 'in', ids).execute();
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('day after day the range holds the latest known value of each metric', async () => {
  const metrics = fc.record(Object.fromEntries(POST_METRICS.map((name) => [name, fc.option(fc.nat(1000))])));
  const days = fc.array(fc.tuple(fc.nat(2), metrics), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(days, async (list) => {
      run++;
      const id = await seedPost(store, account, `p-${run}`);
      const known: Record<string, number | null> = {};
      let at = 0;
      for (const [gap, values] of list) {
        at = Math.min(at + gap, DAYS.length - 1);
        const full = makeMetrics(values);
        await savePostAnalytics(store.db, DAYS[at] as string, 'test', [
          { id, metrics: full, engagement: { rate: null, basis: null } },
        ]);
        for (const name of POST_METRICS) known[name] = full[name] ?? known[name] ?? null;
      }
      expect(await rangeOf(id)).toMatchObject({
        likes_count: known['likes'],
        comments_count: known['comments'],
        views_count: known['views'],
        shares_count: known['shares'],
      });
    }),
    { numRuns: 60 },
  );
}, 60_000);

function postIndex(): fc.Arbitrary<0 | 1 | 2> {
  return fc.constantFrom(0, 1, 2);
}
