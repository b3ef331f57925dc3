import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decayCurve } from '../../src/insight/decay.ts';

const AGES = [1, 7, 28];

test('the share of the final value, in the middle of the posts, and between which half of them lie', () => {
  const posts = [10, 20, 30, 40, 50].map((first) => [first, 80, 100]);
  expect(decayCurve(AGES, posts)).toEqual([
    { age: 1, n: 5, median: 30, low: 20, high: 40 },
    { age: 7, n: 5, median: 80, low: 80, high: 80 },
    { age: 28, n: 5, median: 100, low: 100, high: 100 },
  ]);
});

test('fewer than five posts make no curve, and say how many they are', () => {
  const posts = [10, 20, 30, 40, null].map((first) => [first, 80, 100]);
  expect(decayCurve(AGES, posts)[0]).toEqual({ age: 1, n: 4, median: null, low: null, high: null });
  expect(decayCurve(AGES, [])).toMatchObject([{ n: 0 }, { n: 0 }, { n: 0 }]);
});

test('a post whose end is not known, or that nobody saw, is no part of it; 0 on the way is', () => {
  const posts = [...[1, 2, 3, 4, 5].map(() => [0, 50, 100]), [90, 95, null], [0, 0, 0]];
  expect(decayCurve(AGES, posts)).toMatchObject([
    { n: 5, median: 0 },
    { n: 5, median: 50 },
    { n: 5, median: 100 },
  ]);
});

const somePosts = fc.array(fc.array(fc.option(fc.nat(1_000_000)), { minLength: 3, maxLength: 3 }), { maxLength: 30 });

test('neither the size nor the order of posts changes a curve', () => {
  fc.assert(
    fc.property(somePosts, fc.integer({ min: 2, max: 9 }), (posts, factor) => {
      const here = decayCurve(AGES, posts);
      const there = decayCurve(
        AGES,
        posts.toReversed().map((values) => values.map((value) => (value === null ? null : value * factor))),
      );
      for (const [index, { n, median }] of here.entries()) {
        expect(there[index]?.n).toBe(n);
        if (median === null) expect(there[index]?.median).toBeNull();
        else expect(there[index]?.median).toBeCloseTo(median, 6);
      }
    }),
  );
});
