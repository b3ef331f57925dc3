import { expect, test } from 'vitest';
import { averageRate, type RatedDay } from '../../src/insight/average-rate.ts';

const day = (engagement_rate: number | null, known: Partial<RatedDay> = {}): RatedDay => ({
  engagement_rate,
  reach: null,
  impressions: null,
  followers: null,
  ...known,
});

test.each([
  ['nothing', [], null],
  ['days without a rate', [day(null, { reach: 5 })], null],
  ['one day, whatever is known of it', [day(4.2)], 4.2],
  ['days weighted by reach', [day(4, { reach: 3000 }), day(8, { reach: 1000 }), day(null, { reach: 9 })], 5],
  ['by impressions where a reach is missing', [day(4, { reach: 1, impressions: 3 }), day(8, { impressions: 1 })], 5],
  ['by followers where a reach is 0', [day(4, { reach: 0, followers: 1 }), day(8, { reach: 9, followers: 1 })], 6],
  ['days that share no weight', [day(4, { reach: 1 }), day(8, { followers: 1 })], null],
])('the rate of %s', (_, days, rate) => {
  if (rate === null) expect(averageRate(days)).toBeNull();
  else expect(averageRate(days)).toBeCloseTo(rate, 12);
});
