import { describe, expect, test } from 'vitest';
import { facebookPages } from '../../src/provider/facebook-pages.ts';
import { instagramGraph } from '../../src/provider/instagram-graph.ts';
import {
  countBy,
  dayEnding,
  lastDays,
  numberOf,
  seriesOf,
  toAudience,
  toDailyInsight,
} from '../../src/provider/shared/meta-insight.ts';
import { readMetaQuota } from '../../src/provider/shared/meta.ts';
import { threads } from '../../src/provider/threads.ts';
import { judge } from './meta-replay.ts';
import { readFixture } from './subject.ts';

const usage = readFixture('instagram-graph/response-headers.json') as Record<string, string>;

describe('an error of the Graph API', () => {
  test('is read by the code in its body, not by the status', () => {
    const problems = [
      'instagram-graph/error-400-10-permission',
      'instagram-graph/error-400-100-invalid-metric',
      'instagram-graph/error-400-100-media-before-conversion',
      'instagram-graph/error-400-110-user-not-found',
      'instagram-graph/error-400-190-token-expired',
      'instagram-graph/error-400-80002-buc-limit',
      'instagram-graph/error-403-4-app-limit',
      'facebook-pages/error-400-100-invalid-metric',
      'facebook-pages/error-400-3001-no-metric',
      'facebook-pages/error-400-32-page-limit',
      'threads/error-400-190',
    ].map((name) => {
      const { problem, retry } = judge(instagramGraph, readFixture(`${name}.json`)) ?? {};
      return [name, problem, retry];
    });
    expect(problems).toEqual([
      ['instagram-graph/error-400-10-permission', 'refused', false],
      ['instagram-graph/error-400-100-invalid-metric', 'schema', false],
      ['instagram-graph/error-400-100-media-before-conversion', 'schema', false],
      ['instagram-graph/error-400-110-user-not-found', 'not_covered', false],
      ['instagram-graph/error-400-190-token-expired', 'refused', false],
      ['instagram-graph/error-400-80002-buc-limit', 'quota', false],
      ['instagram-graph/error-403-4-app-limit', 'quota', false],
      ['facebook-pages/error-400-100-invalid-metric', 'schema', false],
      ['facebook-pages/error-400-3001-no-metric', 'schema', false],
      ['facebook-pages/error-400-32-page-limit', 'quota', false],
      ['threads/error-400-190', 'refused', false],
    ]);
  });

  test('names the setting that holds the token which was refused', () => {
    const expired = readFixture('threads/error-400-190.json');
    const hints = [instagramGraph, facebookPages, threads].map((each) => judge(each, expired)?.hint);
    expect(hints[0]).toContain('config set credentials.instagram_access_token');
    expect(hints[1]).toContain('config set credentials.facebook_page_token');
    expect(hints[2]).toContain('config set credentials.threads_access_token');
    expect(judge(threads, expired)?.message).toBe('says the token has expired (400, code 190)');
    const changed = { error: { message: 'x', code: 190, error_subcode: 460 } };
    expect(judge(threads, changed)?.message).toBe('refused the token (400, code 190)');
  });

  test('may pass: an unknown fault, a service that is down, and what says so itself', () => {
    for (const error of [{ code: 1 }, { code: 2 }, { code: 368, is_transient: true }]) {
      expect(judge(threads, { error }, 500)).toMatchObject({ problem: 'unavailable', retry: true });
    }
    expect(judge(threads, { error: { code: 368 } })).toMatchObject({ problem: 'schema', retry: false });
    const slow = judge(threads, { error: { code: 613, message: 'slow' } });
    expect(slow).toMatchObject({ problem: 'rate_limited', retry: true, waitMs: 5_000 });
  });

  test('says when a spent quota comes back, in the minutes of the header', () => {
    const spent = readFixture('instagram-graph/error-400-80002-buc-limit.json');
    expect(judge(instagramGraph, spent, 400, usage)).toMatchObject({
      message: 'says the quota of calls is spent (400, code 80002, back in 19 min)',
      waitMs: 1_140_000,
    });
    expect(judge(instagramGraph, spent, 400)?.waitMs).toBeUndefined();
  });

  test('is nothing when there is no error, or none of the Graph API', () => {
    for (const body of [undefined, null, 'text', [], {}, { error: 'no' }, { error: { message: 'no code' } }]) {
      expect(judge(threads, body, 500)).toBeUndefined();
    }
  });
});

describe('the used share in the headers', () => {
  const read = (headers: Record<string, string>) => readMetaQuota(new Headers(headers));

  test('is what is left of the quota, by the fullest of all counters', () => {
    expect(read(usage)).toEqual({ limit: 4_800, remaining: 0, resetsInSeconds: 1_140 });
    expect(read({ 'x-app-usage': usage['x-app-usage'] ?? '' })).toEqual({
      limit: 4_800,
      remaining: 3_456,
      resetsInSeconds: 3_600,
    });
    expect(read({ 'x-app-usage': '{"call_count":3,"total_cputime":130,"total_time":0}' })?.remaining).toBe(0);
  });

  test('is unknown when it is missing or unreadable', () => {
    for (const value of ['', 'x', '[]', '{}', 'null', '{"call_count":"28"}', '{"call_count":-1}']) {
      expect(read({ 'x-app-usage': value, 'x-business-use-case-usage': value }), value).toBeUndefined();
    }
  });
});

describe('a day of Meta', () => {
  test('ends at midnight in California, in summer as in winter', () => {
    expect(dayEnding('2026-08-19T07:00:00+0000')).toBe('2026-08-18');
    expect(dayEnding('2026-12-19T08:00:00+0000')).toBe('2026-12-18');
    expect(dayEnding('2026-12-19T07:00:00+0000')).toBe('2026-12-18');
    expect([dayEnding(undefined), dayEnding('yesterday')]).toEqual([undefined, undefined]);
  });

  test('is over only when it is over there', () => {
    expect(lastDays(new Date('2026-08-21T10:00:00Z'), 2)).toEqual([
      { day: '2026-08-19', since: '1787122800', until: '1787209200' },
      { day: '2026-08-20', since: '1787209200', until: '1787295600' },
    ]);
    expect(lastDays(new Date('2026-08-21T06:59:00Z'), 1)[0]?.day).toBe('2026-08-19');
  });

  test('is kept without zeros until 48 hours after its end, with its values at any time', () => {
    const kept = (now: string, reach: number) => toDailyInsight('2026-08-18', { reach }, new Date(now));
    const zero = [{ day: '2026-08-18', metrics: { reach: 0 } }];
    expect(kept('2026-08-21T06:59:59Z', 0)).toEqual([]);
    expect(kept('2026-08-21T07:00:00Z', 0)).toEqual(zero);
    expect(kept('2026-08-19T08:00:00Z', 3)).toEqual([{ day: '2026-08-18', metrics: { reach: 3 } }]);
  });

  test('has 25 hours when the clock is set back', () => {
    expect(lastDays(new Date('2026-11-02T20:00:00Z'), 1)).toEqual([
      { day: '2026-11-01', since: '1793516400', until: '1793606400' },
    ]);
  });

  test('takes its value from a series by the end of the day', () => {
    const values = [{ value: 14, end_time: '2026-08-19T07:00:00+0000' }, { value: -3, end_time: 'x' }, { value: 9 }];
    expect([...seriesOf([{ name: 'views', values }], 'views')]).toEqual([['2026-08-18', 14]]);
    expect([...seriesOf([{ name: 'views', values }], 'reach')]).toEqual([]);
  });
});

describe('a metric', () => {
  test('is its total or the newest of its series, and unknown when it was not delivered', () => {
    const insights = [
      { name: 'likes', total_value: { value: 512 } },
      { name: 'views', values: [{ value: 911 }, { value: '877' }] },
      { name: 'reach', values: [] },
      { name: 'shares', values: [{ value: { other: 1 } }] },
      { name: 'saved', values: [{ value: -3 }] },
    ];
    const numbers = ['likes', 'views', 'reach', 'shares', 'saved', 'quotes'].map((name) => numberOf(insights, name));
    expect(numbers).toEqual([512, 877, null, null, null, null]);
  });
});

describe('an audience', () => {
  const NONE = { ages: new Map(), genders: new Map(), countries: new Map(), cities: new Map() };

  test('is percent of those whose value is known', () => {
    const ages = new Map([
      ['18-24', 2_199],
      ['25-34', 1_601],
      ['unknown', 500],
    ]);
    const genders = new Map([
      ['F', 2_715],
      ['M', 988],
      ['U', 97],
    ]);
    expect(toAudience({ ...NONE, ages, genders })).toEqual({
      ages: { age_18_24: 57.87, age_25_34: 42.13 },
      male: 26.68,
      female: 73.32,
      countries: null,
      cities: null,
    });
  });

  test('is unknown when nothing is known, or nobody is counted', () => {
    expect(toAudience(NONE)).toBeUndefined();
    expect(toAudience({ ...NONE, genders: new Map([['M', 0]]) })).toBeUndefined();
    expect(
      toAudience({
        ...NONE,
        cities: new Map([
          ['Bergen', 4],
          ['Oslo', 9],
        ]),
      }),
    ).toMatchObject({
      male: null,
      ages: {},
      cities: ['Oslo', 'Bergen'],
    });
  });

  test('is found by the name of a dimension, with a time frame before it or not', () => {
    const breakdown = (keys: string[], values: string[]) => ({
      name: 'follower_demographics',
      total_value: { breakdowns: [{ dimension_keys: keys, results: [{ dimension_values: values, value: 7 }] }] },
    });
    const framed = breakdown(['timeframe', 'country'], ['THIS_MONTH', 'US']);
    expect([...countBy([framed], 'country')]).toEqual([['US', 7]]);
    expect([...countBy([breakdown(['country'], ['US'])], 'country')]).toEqual([['US', 7]]);
    expect([...countBy([framed], 'city')]).toEqual([]);
  });
});
