import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { engagementOf, weightedEngagement, type BasisSum } from '../../src/insight/engagement.ts';
import { makeMetrics } from '../helper/temp-store.ts';

describe('engagementOf', () => {
  const interactions = { likes: 10, comments: 5, shares: 3, saves: 2 };
  test.each([
    ['reach before all', { reach: 100, impressions: 200, views: 400 }, 800, 20, 'reach'],
    ['impressions before views', { impressions: 200, views: 400 }, 800, 10, 'impressions'],
    ['views before followers', { views: 400 }, 800, 5, 'views'],
    ['followers at last', {}, 800, 2.5, 'followers'],
  ])('takes %s as basis', (_, known, followers, rate, basis) => {
    expect(engagementOf(makeMetrics({ ...interactions, ...known }), followers)).toEqual({ rate, basis });
  });

  test('adds up the interactions that are known', () => {
    expect(engagementOf(makeMetrics({ likes: 7, views: 100 }), null)).toEqual({
      rate: 7.000000000000001,
      basis: 'views',
    });
    expect(engagementOf(makeMetrics({ saves: 0, views: 100 }), null)).toEqual({ rate: 0, basis: 'views' });
  });

  test.each([
    ['a basis of 0', makeMetrics({ ...interactions, views: 0 }), 1000],
    ['a reach of 0, whatever else is known', makeMetrics({ ...interactions, reach: 0, views: 100 }), 1000],
    ['no basis', makeMetrics(interactions), null],
    ['no followers', makeMetrics(interactions), 0],
    ['no interaction that is known', makeMetrics({ views: 100 }), 1000],
  ])('gives no rate with %s', (_, metrics, followers) => {
    expect(engagementOf(metrics, followers)).toEqual({ rate: null, basis: null });
  });

  test('has a rate exactly when it has a basis, and the rate is what the numbers say', () => {
    const count = fc.option(fc.nat(1_000_000));
    fc.assert(
      fc.property(fc.array(count, { minLength: 8, maxLength: 8 }), (values) => {
        const [likes, comments, shares, saves, reach, impressions, views, followers] = values as (number | null)[];
        const metrics = { likes, comments, shares, saves, reach, impressions, views } as ReturnType<typeof makeMetrics>;
        const { rate, basis } = engagementOf(metrics, followers ?? null);
        expect(rate === null).toBe(basis === null);
        if (basis === null) return;
        const denominator = { reach, impressions, views, followers }[basis] as number;
        const sum = (likes ?? 0) + (comments ?? 0) + (shares ?? 0) + (saves ?? 0);
        expect(rate).toBeCloseTo((sum / denominator) * 100, 8);
      }),
    );
  });
});

describe('weightedEngagement', () => {
  const sum = (basis: string, posts: number, interactions: number, denominator: number | null): BasisSum => ({
    basis,
    posts,
    interactions,
    denominator,
  });

  test('divides sums and never averages rates', () => {
    // One post with 1 of 10 (10 %), one with 10 of 1000 (1 %): 11 of 1010, not 5.5 %.
    expect(weightedEngagement([sum('views', 2, 11, 1010)], null).rate).toBeCloseTo(1.0891, 4);
  });

  test('counts the basis that most posts share', () => {
    expect(weightedEngagement([sum('reach', 1, 9, 10), sum('views', 2, 5, 100)], null)).toEqual({
      rate: 5,
      basis: 'views',
    });
  });

  test('prefers reach over views when as many posts have either', () => {
    const sums = [sum('views', 2, 5, 100), sum('reach', 2, 9, 10)];
    expect(weightedEngagement(sums, null).basis).toBe('reach');
    expect(weightedEngagement(sums.toReversed(), null).basis).toBe('reach');
  });

  test('divides by the followers once per post', () => {
    expect(weightedEngagement([sum('followers', 4, 20, null)], 100)).toEqual({ rate: 5, basis: 'followers' });
  });

  test.each([
    ['no posts', [], 100],
    ['a denominator of 0', [sum('views', 1, 5, 0)], 100],
    ['unknown followers', [sum('followers', 1, 5, null)], null],
  ])('gives no rate with %s', (_, sums, followers) => {
    expect(weightedEngagement(sums as BasisSum[], followers)).toEqual({ rate: null, basis: null });
  });
});
