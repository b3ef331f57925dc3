import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { addDays } from '../../../src/core/time.ts';
import type { Store } from '../../../src/store/open.ts';
import { savePostAnalytics } from '../../../src/store/post.ts';
import { makeMetrics, openTempStore, runSql, seedAccount, seedPost, seedPostDay } from '../../helper/temp-store.ts';
import { openFile } from '../sqlite/open-file.ts';

const DAYS = Array.from({ length: 7 }, (_, index) => addDays('2026-11-01', index));
const [D1, D2, D3, D4] = DAYS as [string, string, string, string];
const noRate = { rate: null, basis: null };

let store: Store;
let account: number;
let post: number;
beforeEach(async () => {
  store = await openTempStore();
  account = await seedAccount(store);
  post = await seedPost(store, account, '1');
});

interface Row {
  post_id: number;
  snapshot_date: string;
  likes_count: number | null;
  views_count: number | null;
}

const insert = ({ db }: Store, rows: readonly Row[]) =>
  db
    .insertInto('social_media_post_analytics')
    .values(rows.map((row) => ({ ...row, provider_name: 'test' })))
    .execute();
const days = (...numbers: readonly (readonly [string, number | null])[]): Row[] =>
  numbers.map(([day, likes]) => ({ post_id: post, snapshot_date: day, likes_count: likes, views_count: null }));
const ranges = ({ db }: Store) => db.selectFrom('social_media_post_range').selectAll().orderBy('post_id').execute();

describe('several days of a post in one statement', () => {
  test.each([
    ['ascending', [D1, 1], [D2, 2], [D3, 3], 3],
    ['descending', [D3, 3], [D2, 2], [D1, 1], 3],
    ['with an unknown latest day', [D3, null], [D1, 1], [D2, 2], 2],
    ['unknown throughout', [D3, null], [D1, null], [D2, null], null],
  ] as const)('%s leave the newest known number', async (_, first, second, third, likes) => {
    await insert(store, days(first, second, third));
    expect(await ranges(store)).toMatchObject([{ first_date: D1, latest_date: D3, likes_count: likes }]);
  });

  test('that lie before and after the known ones widen the range at both ends', async () => {
    await insert(store, days([D2, 20]));
    await insert(store, days([D1, 10], [D4, null], [D3, 30]));
    expect(await ranges(store)).toMatchObject([{ first_date: D1, latest_date: D4, likes_count: 30 }]);
  });

  test('that are all older leave a known number, and fill in an unknown one with the newest', async () => {
    await seedPostDay(store, post, D4, { likes_count: 40 });
    await insert(store, [
      { post_id: post, snapshot_date: D1, likes_count: 10, views_count: 100 },
      { post_id: post, snapshot_date: D2, likes_count: 20, views_count: 200 },
    ]);
    expect(await ranges(store)).toMatchObject([{ first_date: D1, latest_date: D4, likes_count: 40, views_count: 200 }]);
  });

  test('that are deleted leave the days that exist', async () => {
    await insert(store, days([D1, 1], [D2, 2], [D3, 3], [D4, 4]));
    await store.db.deleteFrom('social_media_post_analytics').where('snapshot_date', 'in', [D1, D3, D4]).execute();
    expect(await ranges(store)).toMatchObject([{ first_date: D2, latest_date: D2, likes_count: 2 }]);
  });

  test('that are changed leave the number of the latest', async () => {
    await insert(store, days([D1, 1], [D2, 2], [D3, 3]));
    await runSql(store, 'UPDATE social_media_post_analytics SET likes_count = likes_count + 10');
    expect(await ranges(store)).toMatchObject([{ likes_count: 13 }]);
  });
});

test('posts that are deleted take their numbers of all days along, and no others', async () => {
  const posts = [post, await seedPost(store, account, '2'), await seedPost(store, account, '3')];
  for (const id of posts) for (const day of [D1, D3, D4]) await seedPostDay(store, id, day);
  await store.db.deleteFrom('social_media_posts').where('id', 'in', posts.slice(0, 2)).execute();
  expect(await runSql(store, 'SELECT DISTINCT post_id FROM social_media_post_analytics')).toEqual([
    { post_id: posts[2] },
  ]);
  expect((await ranges(store)).map(({ post_id }) => post_id)).toEqual([posts[2]]);
  await store.db.deleteFrom('social_media_accounts').execute();
  expect(await runSql(store, 'SELECT post_id FROM social_media_post_analytics')).toEqual([]);
});

test('numbers of a post that does not exist are refused', async () => {
  await expect(seedPostDay(store, 999, D1)).rejects.toMatchObject({ code: '23503' });
});

type Step =
  | { kind: 'insert'; rows: { post: number; day: number; likes: number | null; views: number | null }[] }
  | { kind: 'save'; day: number; posts: { post: number; likes: number | null; views: number | null }[] }
  | { kind: 'update'; from: number; to: number; likes: number | null }
  | { kind: 'delete'; from: number; to: number; posts: number[] };

test('after any statements the range is the one that SQLite keeps row by row', async () => {
  const file = await openFile();
  const fileAccount = await seedAccount(file);
  const count = fc.option(fc.nat(99));
  const which = fc.nat(2);
  const day = fc.nat(DAYS.length - 1);
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({
      kind: fc.constant('insert' as const),
      rows: fc.array(fc.record({ post: which, day, likes: count, views: count }), { minLength: 1, maxLength: 8 }),
    }),
    fc.record({
      kind: fc.constant('save' as const),
      day,
      posts: fc.uniqueArray(fc.record({ post: which, likes: count, views: count }), {
        minLength: 1,
        selector: (each) => each.post,
      }),
    }),
    fc.record({ kind: fc.constant('update' as const), from: day, to: day, likes: count }),
    fc.record({
      kind: fc.constant('delete' as const),
      from: day,
      to: day,
      posts: fc.uniqueArray(which, { minLength: 1 }),
    }),
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      run++;
      const sides = [
        { side: store, owner: account },
        { side: file, owner: fileAccount },
      ];
      const posts: number[][] = [];
      for (const { side, owner } of sides) {
        await side.db.deleteFrom('social_media_posts').execute();
        const made = [];
        for (const n of [0, 1, 2]) made.push(await seedPost(side, owner, `${run}-${n}`));
        posts.push(made);
      }
      for (const each of steps) {
        for (const [index, { side }] of sides.entries()) await take(side, posts[index] as number[], each);
        const kept = await Promise.all(
          sides.map(async ({ side }, index) =>
            (await ranges(side)).map((range) => ({ ...range, post_id: posts[index]?.indexOf(range.post_id) })),
          ),
        );
        expect(kept[0]).toEqual(kept[1]);
      }
    }),
    { numRuns: 150 },
  );
}, 60_000);

async function take(side: Store, posts: readonly number[], step: Step): Promise<void> {
  const span = (from: number, to: number) =>
    [DAYS[Math.min(from, to)] as string, DAYS[Math.max(from, to)] as string] as const;
  if (step.kind === 'insert') {
    await insertNew(side, posts, step.rows);
  } else if (step.kind === 'save') {
    const rows = step.posts.map(({ post: at, likes, views }) => ({
      id: posts[at] as number,
      metrics: makeMetrics({ likes, views }),
      engagement: noRate,
    }));
    await savePostAnalytics(side.db, DAYS[step.day] as string, 'test', rows);
  } else if (step.kind === 'update') {
    const [from, to] = span(step.from, step.to);
    await sql`UPDATE social_media_post_analytics SET likes_count = ${step.likes}
      WHERE snapshot_date BETWEEN ${from} AND ${to}`.execute(side.db);
  } else {
    const [from, to] = span(step.from, step.to);
    await side.db
      .deleteFrom('social_media_post_analytics')
      .where('snapshot_date', '>=', from)
      .where('snapshot_date', '<=', to)
      .where(
        'post_id',
        'in',
        step.posts.map((at) => posts[at] as number),
      )
      .execute();
  }
}

/** The days that are not there yet: at once in PostgreSQL, one by one in SQLite, the new ones first, then back in time. */
async function insertNew(
  side: Store,
  posts: readonly number[],
  wanted: readonly { post: number; day: number; likes: number | null; views: number | null }[],
): Promise<void> {
  const stored = await side.db.selectFrom('social_media_post_analytics').select(['post_id', 'snapshot_date']).execute();
  const seen = new Set(stored.map((row) => `${row.post_id} ${row.snapshot_date}`));
  const rows: Row[] = [];
  for (const { post: at, day, likes, views } of wanted) {
    const row = { post_id: posts[at] as number, snapshot_date: DAYS[day] as string };
    const key = `${row.post_id} ${row.snapshot_date}`;
    if (seen.has(key)) continue;
    seen.add(key);
    rows.push({ ...row, likes_count: likes, views_count: views });
  }
  if (rows.length === 0) return;
  if (side.engine === 'postgres') return void (await insert(side, rows));
  const latest = new Map((await ranges(side)).map((range) => [range.post_id, range.latest_date]));
  const isNew = (row: Row) => row.snapshot_date >= (latest.get(row.post_id) ?? '');
  const ascending = rows.toSorted((one, other) => one.snapshot_date.localeCompare(other.snapshot_date));
  const ordered = [...ascending.filter(isNew), ...ascending.filter((row) => !isNew(row)).toReversed()];
  for (const row of ordered) await insert(side, [row]);
}
