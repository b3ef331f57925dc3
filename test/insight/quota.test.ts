import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { QuotaRule } from '../../src/core/quota.ts';
import { dayIn } from '../../src/core/time.ts';
import { judgeQuota, quotaPeriod, windowFreeAt } from '../../src/insight/quota.ts';

const TIKTOK: QuotaRule = { limit: 600_000, period: 'month', safetyMargin: 0.8 };
const INSTAGRAM: QuotaRule = { limit: 10_000, period: 'day', safetyMargin: 0.8 };
const NOW = new Date('2026-11-22T10:00:00Z');
const judge = (rule: QuotaRule, ...rest: [Parameters<typeof judgeQuota>[2], Parameters<typeof judgeQuota>[3]?]) =>
  judgeQuota(rule, quotaPeriod(rule, 'UTC', NOW), ...rest);

const LOS_ANGELES = { ...INSTAGRAM, zone: 'America/Los_Angeles' };
const MONTH_IN_UTC = { ...TIKTOK, zone: 'UTC' };

test.each<[QuotaRule, string, string, string, string, string]>([
  [INSTAGRAM, 'UTC', '2026-12-31T23:59:59.999Z', '2026-12-31T00:00Z', '2027-01-01T00:00Z', '2027-01-01'],
  [INSTAGRAM, 'Europe/Berlin', '2026-11-22T23:00Z', '2026-11-22T23:00Z', '2026-11-23T23:00Z', '2026-11-24'],
  [TIKTOK, 'UTC', '2026-11-22T10:00Z', '2026-11-01T00:00Z', '2026-12-01T00:00Z', '2026-12-01'],
  [TIKTOK, 'UTC', '2028-02-29T10:00Z', '2028-02-01T00:00Z', '2028-03-01T00:00Z', '2028-03-01'],
  // Clocks change within the month.
  [TIKTOK, 'Europe/Berlin', '2026-03-31T10:00Z', '2026-02-28T23:00Z', '2026-03-31T22:00Z', '2026-04-01'],
  // Pacific time: clocks go forward on 8 March 2026 and back on 1 November 2026.
  [LOS_ANGELES, 'UTC', '2026-03-08T07:59:59Z', '2026-03-07T08:00Z', '2026-03-08T08:00Z', '2026-03-08'],
  [LOS_ANGELES, 'UTC', '2026-03-08T08:00:00Z', '2026-03-08T08:00Z', '2026-03-09T07:00Z', '2026-03-09'],
  [LOS_ANGELES, 'UTC', '2026-11-01T12:00:00Z', '2026-11-01T07:00Z', '2026-11-02T08:00Z', '2026-11-02'],
  [LOS_ANGELES, 'America/Los_Angeles', '2026-11-01T12:00Z', '2026-11-01T07:00Z', '2026-11-02T08:00Z', '2026-11-02'],
  // The vendor's new day begins on the user's old one.
  [LOS_ANGELES, 'Pacific/Honolulu', '2026-11-22T10:00Z', '2026-11-22T08:00Z', '2026-11-23T08:00Z', '2026-11-22'],
  [MONTH_IN_UTC, 'America/New_York', '2026-12-01T00:00Z', '2026-12-01T00:00Z', '2027-01-01T00:00Z', '2026-12-31'],
  [MONTH_IN_UTC, 'Asia/Tokyo', '2026-11-30T23:59:59Z', '2026-11-01T00:00Z', '2026-12-01T00:00Z', '2026-12-01'],
])('%o in %s at %s counts from %s to %s, a %s', (rule, timezone, now, startsAt, resetsAt, resetsOn) => {
  expect(quotaPeriod(rule, timezone, new Date(now))).toEqual({
    startsAt: new Date(startsAt),
    resetsAt: new Date(resetsAt),
    resetsOn,
  });
});

test('a window of 300 seconds counts what is less than 300 seconds old', () => {
  const rule: QuotaRule = { limit: 3000, period: 300, safetyMargin: 0.8 };
  expect(quotaPeriod(rule, 'Europe/Berlin', new Date('2026-11-22T10:05:00Z'))).toEqual({
    startsAt: new Date('2026-11-22T10:00:00.001Z'),
    resetsAt: new Date('2026-11-22T10:10:00Z'),
    resetsOn: null,
  });
});

test('every instant lies in its period, and the next period begins where that one ends', () => {
  const zone = fc.constantFrom('UTC', 'America/Los_Angeles', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu');
  const instant = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(zone, zone, instant, fc.constantFrom('day', 'month'), (vendor, user, now, period) => {
      const rule: QuotaRule = { limit: 1, period, safetyMargin: 1, zone: vendor };
      const { startsAt, resetsAt, resetsOn } = quotaPeriod(rule, user, now);
      expect(startsAt <= now && now < resetsAt).toBe(true);
      expect(quotaPeriod(rule, user, resetsAt).startsAt).toEqual(resetsAt);
      expect(quotaPeriod(rule, user, new Date(startsAt.getTime() - 1)).resetsAt).toEqual(startsAt);
      expect(resetsOn).toBe(dayIn(user, resetsAt));
      const last = dayIn(vendor, new Date(resetsAt.getTime() - 1));
      expect(last.slice(0, period === 'day' ? 10 : 7)).toBe(dayIn(vendor, now).slice(0, period === 'day' ? 10 : 7));
    }),
  );
});

describe('windowFreeAt', () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 10) + seconds * 1000);

  test('is the first instant at which the window has room, as counting at every instant finds it', () => {
    const request = fc.record({ second: fc.nat(299), units: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 30 }), fc.nat(200), fc.nat(100), (list, allowed, units) => {
        const counted = list
          .toSorted((a, b) => a.second - b.second)
          .map((each) => ({ requestedAt: at(each.second), units: each.units }));
        const usedAt = (second: number) =>
          list.reduce((sum, each) => sum + (each.second > second - 300 ? each.units : 0), 0);
        const free = windowFreeAt(300, allowed, counted, units);
        if (usedAt(299) + units <= allowed) return;
        let second: number | undefined = 300;
        while (second < 600 && usedAt(second) + units > allowed) second++;
        if (second === 600) second = undefined;
        expect(free).toEqual(second === undefined ? undefined : at(second));
      }),
    );
  });
});

describe('judgeQuota', () => {
  test('spreads 600,000 a month x 0.8 as 16,000 a day', () => {
    expect(judge(TIKTOK, { inPeriod: 0, today: 0 })).toEqual({
      allowed: 480_000,
      used: 0,
      left: 480_000,
      leftToday: 16_000,
      resetsOn: '2026-12-01',
      resetsAt: new Date('2026-12-01T00:00:00Z'),
    });
    expect(judge(TIKTOK, { inPeriod: 100_000, today: 15_999 })).toMatchObject({
      left: 380_000,
      leftToday: 1,
    });
    expect(judge(TIKTOK, { inPeriod: 100_000, today: 16_000 })).toMatchObject({
      left: 380_000,
      leftToday: 0,
    });
    expect(judge(TIKTOK, { inPeriod: 479_995, today: 3 })).toMatchObject({ left: 5, leftToday: 5 });
  });

  test('allows 8,000 of 10,000 a day', () => {
    expect(judge(INSTAGRAM, { inPeriod: 0, today: 0 })).toMatchObject({ allowed: 8_000, leftToday: 8_000 });
    expect(judge(INSTAGRAM, { inPeriod: 8_000, today: 8_000 })).toMatchObject({ left: 0, leftToday: 0 });
  });

  test('does not cut a small month into days', () => {
    const free: QuotaRule = { limit: 300, period: 'month', safetyMargin: 0.8 };
    expect(judge(free, { inPeriod: 0, today: 0 })).toMatchObject({ allowed: 240, leftToday: 240 });
  });

  test.each([
    [10, 0.8, 8],
    [10, 0.7, 7],
    [100, 0.29, 29],
    [9, 0.8, 7],
    [1, 0.8, 0],
    [0, 1, 0],
  ])('of %s x %s allows %s', (limit, safetyMargin, allowed) => {
    expect(judge({ limit, safetyMargin, period: 'day' }, { inPeriod: 0, today: 0 }).allowed).toBe(allowed);
  });

  test("the vendor's count lowers what is left", () => {
    const vendor = { limit: 10_000, remaining: 2_500, sentSince: 0 };
    // 8,000 of theirs may be used, and they count 7,500 as used.
    expect(judge(INSTAGRAM, { inPeriod: 10, today: 10 }, vendor).left).toBe(500);
    expect(judge(INSTAGRAM, { inPeriod: 10, today: 10 }, { ...vendor, sentSince: 400 }).left).toBe(100);
    expect(judge(INSTAGRAM, { inPeriod: 10, today: 10 }, { ...vendor, remaining: 0 }).left).toBe(0);
  });

  test("the vendor's count never raises what is left", () => {
    const count = fc.nat(1_000_000);
    fc.assert(
      fc.property(count, count, count, count, count, fc.boolean(), (limit, theirs, remaining, sent, since, monthly) => {
        const rule: QuotaRule = { limit, period: monthly ? 'month' : 'day', safetyMargin: 0.8 };
        const ours = judge(rule, { inPeriod: sent, today: sent });
        const vendor = { limit: theirs, remaining: Math.min(remaining, theirs), sentSince: since };
        const both = judge(rule, { inPeriod: sent, today: sent }, vendor);
        expect(both.left).toBeLessThanOrEqual(ours.left);
        expect(both.leftToday).toBeLessThanOrEqual(ours.leftToday);
        expect(both.left).toBeGreaterThanOrEqual(0);
        expect(both.leftToday).toBeGreaterThanOrEqual(0);
        expect(both.leftToday).toBeLessThanOrEqual(both.left);
      }),
    );
  });
});
