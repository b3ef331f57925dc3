import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestTimes, type TimedScore } from '../../src/insight/best-times.ts';
import { scorePosts } from '../../src/insight/post-score.ts';
import { seededRandom } from '../../src/insight/random.ts';
import { cellOf, SLOTS, slotOfCell } from '../../src/insight/slot.ts';
import { makePublished, PLANTED_CELL, shuffle, shuffleTimes, type MadePost } from './published-account.ts';

const RUNS = 200;
const seeds = Array.from({ length: RUNS }, (_, index) => index + 1);

function timesOf(posts: readonly MadePost[]) {
  const cells = new Map(posts.map(({ id, cell }) => [id, cell]));
  return bestTimes(scorePosts(posts).scores.map((each) => ({ ...each, cell: cells.get(each.id) ?? 0 })));
}

describe('over 200 made accounts of 300 posts', { timeout: 60_000 }, () => {
  test('times that were shuffled are no evidence in at least 90 % of them', () => {
    const none = seeds.filter((seed) => {
      const posts = shuffleTimes(makePublished(seed, { cell: 2 }), seed);
      return timesOf(posts).verdict === 'no evidence';
    });
    expect(none.length).toBeGreaterThanOrEqual(0.9 * RUNS);
  });

  test('a slot with twice the views is the best in at least 90 % of them, and 2 lies in its interval', () => {
    const planted = slotOfCell(PLANTED_CELL);
    const found = seeds.filter((seed) => {
      const { slots, level } = timesOf(makePublished(seed, { cell: 2 }));
      const best = slots.find(({ p, ratio }) => p <= level && ratio > 1);
      return best?.weekday === planted.weekday && best.from_hour === planted.from_hour && best.low < 2 && best.high > 2;
    });
    expect(found.length).toBeGreaterThanOrEqual(0.9 * RUNS);
  });
});

/** Scores spread evenly over two cells, those of the first so much higher. */
function twoCells(n: number, more: number): TimedScore[] {
  return Array.from({ length: n }, (_, index) => ({
    cell: index % 2,
    media_type: 'video',
    score: (index % 7) / 7 + (index % 2 === 0 ? more : 0),
  }));
}

test('under 30 posts nothing is said, and the times to try are those that the account hardly uses', () => {
  const result = bestTimes(twoCells(29, 5));
  expect(result).toMatchObject({ n: 29, p: null, verdict: 'too few posts', slots: [] });
  expect(result.to_try).toHaveLength(3);
  expect(result.to_try[0]).toEqual({ weekday: 1, from_hour: 0, n: 0 });
  expect(bestTimes([]).to_try).toEqual([]);
});

test('the ratio is that of the geometric means in and outside the slot', () => {
  const result = bestTimes(twoCells(42, Math.log(3)));
  const slot = result.slots.find(({ weekday, from_hour }) => weekday === 0 && from_hour === 0);
  expect(slot).toMatchObject({ n: 21, p: 1 / 1000 });
  expect(slot?.ratio).toBeCloseTo(3, 6);
  expect(result).toMatchObject({ verdict: 'evidence', p: 1 / 1000, permutations: 999 });
});

test('a media type that does better is no better time', () => {
  const posts = twoCells(60, 0).map((post) =>
    post.cell === 0 ? { ...post, media_type: 'image', score: (post.score as number) + 3 } : post,
  );
  expect(bestTimes(posts)).toMatchObject({ verdict: 'no evidence' });
});

test('scores that are all the same, or all at one time, cannot be told apart', () => {
  expect(bestTimes(twoCells(40, 0).map((post) => ({ ...post, score: 1 }))).verdict).toBe('too few posts');
  expect(bestTimes(twoCells(40, 0).map((post) => ({ ...post, cell: 9 }))).verdict).toBe('too few posts');
});

test('evidence is exactly that the interval leaves out 1', () => {
  for (const seed of [1, 2, 3, 4]) {
    const { slots } = timesOf(makePublished(seed, { cell: 2 }));
    for (const { p, low, high } of slots) if (Math.abs(p - 0.05) > 0.002) expect(low > 1 || high < 1).toBe(p < 0.05);
  }
});

const someScores = fc.tuple(fc.integer({ min: 30, max: 80 }), fc.nat()).map(([n, seed]): TimedScore[] => {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => ({
    cell: Math.floor(random() * 10),
    media_type: random() < 0.5 ? 'video' : null,
    score: random() * 4 - 2,
  }));
});
const effects = (posts: readonly TimedScore[]) =>
  bestTimes(posts).slots.map(({ weekday, from_hour, n }) => [weekday, from_hour, n]);

test('the same posts give the same answer; more for all of them, or unknown ones among them, change nothing', () => {
  fc.assert(
    fc.property(someScores, fc.double({ min: -5, max: 5, noNaN: true }), fc.nat(), (posts, more, seed) => {
      const here = bestTimes(posts);
      expect(bestTimes(posts)).toEqual(here);
      const raised = posts.map((post) => ({ ...post, score: (post.score as number) + more }));
      const there = bestTimes(raised);
      expect(there.p).toBeCloseTo(here.p as number, 6);
      for (const [index, { expected }] of here.cells.entries())
        expect(there.cells[index]?.expected).toBeCloseTo(expected, 6);
      const unknown = { cell: 3, media_type: 'video', score: null };
      const { to_try: _, ...withUnknown } = bestTimes([...posts.slice(0, 9), unknown, ...posts.slice(9)]);
      expect(here).toMatchObject(withUnknown);
      expect(effects(shuffle(posts, seed)).toSorted()).toEqual(effects(posts).toSorted());
    }),
    { numRuns: 25 },
  );
});

test('every time of the week is in one cell, one block of hours and one weekday', () => {
  for (let hour = 0; hour < 168; hour++) {
    const cell = cellOf({ weekday: Math.floor(hour / 24), hour: hour % 24 });
    expect(SLOTS.filter(({ cells }) => cells.includes(cell))).toHaveLength(3);
  }
  expect(slotOfCell(cellOf({ weekday: 6, hour: 23 }))).toEqual({ weekday: 6, from_hour: 21 });
});
