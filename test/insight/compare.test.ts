import fc from 'fast-check';
import { expect, test } from 'vitest';
import { brandTotals, type BrandPart } from '../../src/insight/compare.ts';
import type { EngagementBasis } from '../../src/insight/engagement.ts';
import { explainEngagement, NOTHING_KNOWN } from '../../src/insight/published.ts';

const engagementOf = (basis: EngagementBasis, interactions: number, denominator: number) =>
  explainEngagement({ ...NOTHING_KNOWN, posts: 1, byBasis: [{ basis, posts: 1, interactions, denominator }] }, null);

const part = (platform: string, known: Partial<BrandPart> = {}): BrandPart => ({
  platform,
  followers: { start: 100, end: 110, change: 10, reason: null },
  views: 50,
  engagement: engagementOf('views', 5, 100),
  ...known,
});

test('a brand is the sum of its accounts, and its rates are sum / sum', () => {
  const big = part('youtube', {
    followers: { start: 900, end: 990, change: 90, reason: null },
    engagement: engagementOf('views', 5, 900),
  });
  expect(brandTotals([part('tiktok'), big])).toEqual({
    accounts: 2,
    followers: 1100,
    followersOf: 2,
    followersChange: 100,
    followersChangeOf: 2,
    views: 100,
    viewsOf: 2,
    growth: { rate: 10, basis: 'followers at the start', numerator: 100, denominator: 1000, n: 2, reason: null },
    engagement: { rate: 1, basis: 'views', numerator: 10, denominator: 1000, n: 2, reason: null },
  });
});

test('rates of unlike denominators are refused, with the reason', () => {
  const reach = part('instagram', { engagement: engagementOf('reach', 5, 10) });
  expect(brandTotals([part('tiktok'), reach]).engagement).toMatchObject({
    rate: null,
    reason: 'rates of reach (instagram) and views (tiktok) do not add up',
  });
});

test('a growth that one account does not tell is not told of the brand', () => {
  const young = part('threads', { followers: { start: null, end: 7, change: null, reason: 'one day alone is known' } });
  const totals = brandTotals([part('tiktok'), young]);
  expect(totals.growth).toMatchObject({ rate: null, reason: 'threads: one day alone is known' });
  expect(totals).toMatchObject({ followers: 117, followersOf: 2, followersChange: 10, followersChangeOf: 1 });
});

test('what nobody knows is null and never 0', () => {
  const count = fc.option(fc.nat(1000));
  fc.assert(
    fc.property(fc.array(fc.record({ end: count, views: count }), { minLength: 1, maxLength: 6 }), (list) => {
      const totals = brandTotals(
        list.map(({ end, views }) =>
          part('tiktok', { followers: { start: null, end, change: null, reason: 'nothing is known' }, views }),
        ),
      );
      const sum = (values: (number | null)[]) =>
        values.every((value) => value === null) ? null : values.reduce<number>((all, value) => all + (value ?? 0), 0);
      expect(totals.followers).toBe(sum(list.map(({ end }) => end)));
      expect(totals.views).toBe(sum(list.map(({ views }) => views)));
      expect(totals.followersChange).toBeNull();
      expect(totals.growth.rate).toBeNull();
    }),
  );
});

test('an engagement says what it is made of, or why it is not there', () => {
  expect(engagementOf('views', 5, 100)).toEqual({
    rate: 5,
    basis: 'views',
    interactions: 5,
    denominator: 100,
    posts: 1,
    reason: null,
  });
  expect(explainEngagement(NOTHING_KNOWN, 10).reason).toBe('no post of that time is stored');
  expect(explainEngagement({ ...NOTHING_KNOWN, posts: 0 }, 10).reason).toBe('nothing was published');
  expect(explainEngagement({ ...NOTHING_KNOWN, posts: 2 }, 10).reason).toBe('no post tells what a rate needs');
  const byFollowers = { basis: 'followers', posts: 4, interactions: 20, denominator: null };
  expect(explainEngagement({ ...NOTHING_KNOWN, posts: 4, byBasis: [byFollowers] }, 100)).toMatchObject({
    rate: 5,
    denominator: 400,
  });
  expect(explainEngagement({ ...NOTHING_KNOWN, posts: 4, byBasis: [byFollowers] }, null)).toMatchObject({ rate: null });
});
