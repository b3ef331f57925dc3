import { expect, test } from 'vitest';
import { PLATFORMS } from '../../src/core/platform.ts';
import { BENCHMARKS, benchmarkRate } from '../../src/insight/benchmark.ts';
import { ENGAGEMENT_BASES } from '../../src/insight/engagement.ts';

test('every benchmark says whose it is, of which year, of what and how it was read', () => {
  const platforms: readonly string[] = PLATFORMS;
  for (const each of BENCHMARKS) {
    expect(platforms).toContain(each.platform);
    expect(each).toMatchObject({
      publisher: expect.any(String),
      read_on: expect.any(String),
      source_level: 'secondary',
    });
    expect(each.year).toBeGreaterThan(2020);
    expect(each.rate).toBeGreaterThan(0);
    expect([...ENGAGEMENT_BASES, null]).toContain(each.denominator);
  }
  const keys = BENCHMARKS.map((each) => `${each.platform} ${each.publisher} ${each.year} ${each.denominator}`);
  expect(new Set(keys).size).toBe(keys.length);
});

test('a rate compares with those of the same denominator alone, and the others say why not', () => {
  const compared = benchmarkRate('tiktok', { rate: 8.28, basis: 'views' });
  expect(compared.filter(({ ratio }) => ratio !== null)).toMatchObject([
    { benchmark: { publisher: 'Rival IQ TikTok report', rate: 4.14 }, ratio: 2, reason: null },
  ]);
  expect(compared.map(({ reason }) => reason)).toEqual(
    expect.arrayContaining([
      'it is of followers, yours is of views',
      'it is of impressions, yours is of views',
      'what it is a share of is not published',
    ]),
  );
  for (const { ratio, reason } of compared) expect(ratio === null).toBe(reason !== null);
});

test('without a rate nothing compares, and of a platform nobody wrote about there is nothing', () => {
  expect(benchmarkRate('tiktok', { rate: null, basis: null }).every(({ ratio }) => ratio === null)).toBe(true);
  expect(benchmarkRate('mastodon', { rate: 1, basis: 'followers' })).toEqual([]);
});
