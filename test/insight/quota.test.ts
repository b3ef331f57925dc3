import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { QuotaRule } from '../../src/core/quota.ts';
import { judgeQuota, quotaPeriod } from '../../src/insight/quota.ts';

const TIKTOK: QuotaRule = { limit: 600_000, period: 'month', safetyMargin: 0.8 };
const INSTAGRAM: QuotaRule = { limit: 10_000, period: 'day', safetyMargin: 0.8 };
const DAY = '2026-11-22';

test.each([
  [{ ...INSTAGRAM }, '2026-12-31', '2026-12-31', '2027-01-01'],
  [{ ...TIKTOK }, '2026-11-22', '2026-11-01', '2026-12-01'],
  [{ ...TIKTOK }, '2026-12-31', '2026-12-01', '2027-01-01'],
  [{ ...TIKTOK }, '2028-02-29', '2028-02-01', '2028-03-01'],
])('%o on %s counts from %s and starts again on %s', (rule, day, from, resetsOn) => {
  expect(quotaPeriod(rule, day)).toEqual({ from, resetsOn });
});

describe('judgeQuota', () => {
  test('spreads 600,000 a month x 0.8 as 16,000 a day', () => {
    expect(judgeQuota(TIKTOK, DAY, { inPeriod: 0, today: 0 })).toEqual({
      allowed: 480_000,
      used: 0,
      left: 480_000,
      leftToday: 16_000,
      resetsOn: '2026-12-01',
    });
    expect(judgeQuota(TIKTOK, DAY, { inPeriod: 100_000, today: 15_999 })).toMatchObject({
      left: 380_000,
      leftToday: 1,
    });
    expect(judgeQuota(TIKTOK, DAY, { inPeriod: 100_000, today: 16_000 })).toMatchObject({
      left: 380_000,
      leftToday: 0,
    });
    expect(judgeQuota(TIKTOK, DAY, { inPeriod: 479_995, today: 3 })).toMatchObject({ left: 5, leftToday: 5 });
  });

  test('allows 8,000 of 10,000 a day', () => {
    expect(judgeQuota(INSTAGRAM, DAY, { inPeriod: 0, today: 0 })).toMatchObject({ allowed: 8_000, leftToday: 8_000 });
    expect(judgeQuota(INSTAGRAM, DAY, { inPeriod: 8_000, today: 8_000 })).toMatchObject({ left: 0, leftToday: 0 });
  });

  test('does not cut a small month into days', () => {
    const free: QuotaRule = { limit: 300, period: 'month', safetyMargin: 0.8 };
    expect(judgeQuota(free, DAY, { inPeriod: 0, today: 0 })).toMatchObject({ allowed: 240, leftToday: 240 });
  });

  test.each([
    [10, 0.8, 8],
    [10, 0.7, 7],
    [100, 0.29, 29],
    [9, 0.8, 7],
    [1, 0.8, 0],
    [0, 1, 0],
  ])('of %s x %s allows %s', (limit, safetyMargin, allowed) => {
    expect(judgeQuota({ limit, safetyMargin, period: 'day' }, DAY, { inPeriod: 0, today: 0 }).allowed).toBe(allowed);
  });

  test("the vendor's count lowers what is left", () => {
    const vendor = { limit: 10_000, remaining: 2_500, sentSince: 0 };
    // 8,000 of theirs may be used, and they count 7,500 as used.
    expect(judgeQuota(INSTAGRAM, DAY, { inPeriod: 10, today: 10 }, vendor).left).toBe(500);
    expect(judgeQuota(INSTAGRAM, DAY, { inPeriod: 10, today: 10 }, { ...vendor, sentSince: 400 }).left).toBe(100);
    expect(judgeQuota(INSTAGRAM, DAY, { inPeriod: 10, today: 10 }, { ...vendor, remaining: 0 }).left).toBe(0);
  });

  test("the vendor's count never raises what is left", () => {
    const count = fc.nat(1_000_000);
    fc.assert(
      fc.property(count, count, count, count, count, fc.boolean(), (limit, theirs, remaining, sent, since, monthly) => {
        const rule: QuotaRule = { limit, period: monthly ? 'month' : 'day', safetyMargin: 0.8 };
        const ours = judgeQuota(rule, DAY, { inPeriod: sent, today: sent });
        const vendor = { limit: theirs, remaining: Math.min(remaining, theirs), sentSince: since };
        const both = judgeQuota(rule, DAY, { inPeriod: sent, today: sent }, vendor);
        expect(both.left).toBeLessThanOrEqual(ours.left);
        expect(both.leftToday).toBeLessThanOrEqual(ours.leftToday);
        expect(both.left).toBeGreaterThanOrEqual(0);
        expect(both.leftToday).toBeGreaterThanOrEqual(0);
        expect(both.leftToday).toBeLessThanOrEqual(both.left);
      }),
    );
  });
});
