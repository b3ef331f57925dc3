import { describe, expect, test } from 'vitest';
import type { Form } from '../../src/record/field.ts';
import type { RecordKind } from '../../src/record/kind.ts';
import { readRecords } from '../../src/record/read.ts';

const TODAY = '2026-11-22';
const ANNA = { account: 'tiktok:anna' };

const read = (kind: RecordKind, fields: Record<string, unknown>, form: Form = 'json') =>
  readRecords(kind, [{ fields, where: '' }], form, TODAY);
const problemsOf = (kind: RecordKind, fields: Record<string, unknown>, form: Form = 'json') =>
  read(kind, fields, form).problems.map(({ field, message }) => `${field}: ${message}`);

test('a record is read by names, columns and aliases, in any case', () => {
  const { records, problems } = read('content', {
    Account: 'TikTok:@Anna',
    POST_ID: '7429779620297231647',
    likes_count: 5,
    views: 100,
    snapshot_date: '2026-11-20',
    post_type: 'video',
  });
  expect(problems).toEqual([]);
  expect(records).toEqual([
    {
      kind: 'content',
      where: '',
      account: { platform: 'tiktok', username: 'anna' },
      day: '2026-11-20',
      values: { post: '7429779620297231647', likes: 5, views: 100, media_type: 'video' },
    },
  ]);
});

test('what is null, empty in CSV, or an empty list is not known', () => {
  expect(read('daily', { ...ANNA, followers: 3, reach: null }).records[0]?.values).toEqual({ followers: 3 });
  expect(read('daily', { ...ANNA, followers: '3', reach: ' ' }, 'csv').records[0]?.values).toEqual({ followers: 3 });
  const lists = { ...ANNA, male_percentage: 50, top_countries: [], top_cities: '[ ]' };
  expect(read('audience', lists).records[0]?.values).toEqual({ male_percentage: 50 });
});

describe('numbers', () => {
  test.each<[unknown, Form, number]>([
    [0, 'json', 0],
    [-0, 'json', 0],
    [1e3, 'json', 1000],
    [9_007_199_254_740_991, 'json', 9_007_199_254_740_991],
    ['0', 'flag', 0],
    [' 1200 ', 'csv', 1200],
    ['0012', 'flag', 12],
  ])('%j as %s is %d', (given, form, value) => {
    const { records, problems } = read('daily', { ...ANNA, followers: given }, form);
    expect(problems).toEqual([]);
    expect(Object.is(records[0]?.values['followers'], value)).toBe(true);
  });

  test.each<[unknown, Form]>([
    [-1, 'json'],
    [1.5, 'json'],
    ['1200', 'json'],
    [true, 'json'],
    [[1], 'json'],
    [{}, 'json'],
    [Number.NaN, 'json'],
    [Number.POSITIVE_INFINITY, 'json'],
    [1e308, 'json'],
    [9_007_199_254_740_992, 'json'],
    ['1,000', 'flag'],
    ['1.000,50', 'csv'],
    ['1 000', 'csv'],
    ['1e3', 'flag'],
    ['0x10', 'flag'],
    ['-5', 'csv'],
    ['-0', 'flag'],
    ['NaN', 'csv'],
    ['Infinity', 'csv'],
    ['٣', 'flag'],
    ['', 'flag'],
    ['9007199254740993', 'csv'],
    ['lots', 'csv'],
  ])('%j as %s is none', (given, form) => {
    expect(problemsOf('daily', { ...ANNA, followers: given }, form)).toEqual([
      expect.stringContaining('followers: followers must be a whole number, 0 or more'),
    ]);
  });

  test.each<[string, unknown, Form, boolean]>([
    ['cost', '1000.50', 'flag', true],
    ['cost', 1000.5, 'json', true],
    ['cost', '1,000.50', 'flag', false],
    ['cost', '1.000,50', 'flag', false],
    ['cost', '.5', 'flag', false],
    ['cost', 1e308, 'json', false],
    ['cost', 1e15, 'json', true],
    ['currency', 'eur', 'json', true],
    ['currency', 'EURO', 'json', false],
    ['currency', '€', 'json', false],
    ['start', '2026-02-29', 'json', false],
    ['start', '2028-02-29', 'json', true],
    ['start', '2026-1-1', 'json', false],
    ['start', '0001-01-01', 'json', false],
    ['start', 'yesterday', 'json', false],
    ['campaign_id', 2026, 'json', true],
    ['campaign_id', '  ', 'json', false],
  ])('%s %j as %s is fine: %s', (field, given, form, isFine) => {
    const fields = {
      campaign: 'spring',
      revenue: form === 'json' ? 1 : '1',
      ...(field === 'campaign_id' ? { campaign: undefined } : {}),
      [field]: given,
    };
    const defined = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    expect(problemsOf('campaign', defined, form).length === 0, problemsOf('campaign', defined, form).join()).toBe(
      isFine,
    );
  });
});

describe('lists of names', () => {
  test.each<[unknown, string[]]>([
    [
      ['USA', ' UK '],
      ['USA', 'UK'],
    ],
    ['["USA", "UK"]', ['USA', 'UK']],
    ["['USA', 'UK']", ['USA', 'UK']],
    [`["Côte d'Ivoire", 'UK']`, ["Côte d'Ivoire", 'UK']],
    [String.raw`['Côte d\'Ivoire', "a\"b", '\u00fc']`, ["Côte d'Ivoire", 'a"b', 'ü']],
    ["['Korea, Republic of']", ['Korea, Republic of']],
    ['USA, UK', ['USA', 'UK']],
    ['日本', ['日本']],
  ])('%j', (given, names) => {
    const { records, problems } = read('audience', { ...ANNA, top_countries: given });
    expect(problems).toEqual([]);
    expect(JSON.parse(String(records[0]?.values['top_countries']))).toEqual(names);
  });

  test.each([[[1]], [['']], ["['USA'"], ["['USA' 'UK']"], ['[USA, UK]'], [{ a: 1 }], [5], ['USA,,UK']])(
    '%j is none',
    (given) => {
      expect(problemsOf('audience', { ...ANNA, top_countries: given })).toHaveLength(1);
    },
  );
});

describe('what is wrong is said', () => {
  test.each<[RecordKind, Record<string, unknown>, string]>([
    ['daily', { ...ANNA, folowers: 5 }, 'folowers: there is no field "folowers"; did you mean followers?'],
    ['daily', { followers: 5 }, 'account: it names no account; write it as platform:username'],
    ['daily', { ...ANNA }, 'null: there is nothing to record'],
    ['daily', { ...ANNA, followers: 5, date: '2026-11-24' }, 'date: 2026-11-24 is in the future'],
    ['daily', { ...ANNA, platform: 'instagram', followers: 5 }, 'platform: tiktok:anna is not of instagram'],
    ['daily', { username: 'anna', followers: 5 }, 'username: username needs a platform'],
    ['daily', { account: 'anna', followers: 5 }, 'account: "anna" does not name an account'],
    ['content', { ...ANNA, likes: 5 }, 'post: it names no post'],
    [
      'content',
      { ...ANNA, post: '1', media_type: 'film' },
      'media_type: media_type must be one of video, image, carousel, text, link, story, not "film"',
    ],
    [
      'content',
      { ...ANNA, post: '1', posted_at: '2026-11-20' },
      'posted_at: posted_at must be an instant with its zone, such as 2026-01-31T12:00:00Z, not "2026-11-20"',
    ],
    ['campaign', { cost: 5 }, 'campaign: it names no campaign'],
    [
      'campaign',
      { campaign: 'a', start: '2026-02-02', end: '2026-02-01' },
      'end: the end (2026-02-01) is before the start (2026-02-02)',
    ],
    ['campaign', { campaign: 'a', revenue: 5, revenue_generated: 6 }, 'revenue_generated: revenue is given twice'],
    ['audience', { ...ANNA, age_13_17: 60, age_18_24: 40.6 }, 'age_13_17: the ages add up to 100.6 %, more than 100'],
    [
      'audience',
      { ...ANNA, male_percentage: 60, female_percentage: 41 },
      'male_percentage: the genders add up to 101 %, more than 100',
    ],
    [
      'audience',
      { ...ANNA, male_percentage: 100.1 },
      'male_percentage: male_percentage must be a percentage from 0 to 100 (12.5), not 100.1',
    ],
  ])('%s %j: %s', (kind, fields, problem) => {
    expect(problemsOf(kind, fields)).toEqual([problem]);
  });

  test('tomorrow is still a day, and percentages may be rounded up', () => {
    expect(problemsOf('daily', { ...ANNA, followers: 5, date: '2026-11-23' })).toEqual([]);
    expect(problemsOf('audience', { ...ANNA, age_13_17: 60, age_18_24: 40.5 })).toEqual([]);
  });

  test('of every record, with its place', () => {
    const raws = [{ ...ANNA, followers: 1 }, { ...ANNA, followers: -1 }, { followers: 'x' }];
    const { problems } = readRecords(
      'daily',
      raws.map((fields, at) => ({ fields, where: `record ${at + 1}` })),
      'json',
      TODAY,
    );
    expect(problems.map(({ index, where, field }) => [index, where, field])).toEqual([
      [1, 'record 2', 'followers'],
      [2, 'record 3', 'followers'],
      [2, 'record 3', 'account'],
    ]);
  });
});

test.each([
  ['x:Anna', 'twitter'],
  ['MyForum:Anna', 'myforum'],
])('%s is an account of %s', (account, platform) => {
  expect(read('daily', { account, followers: 1 }).records[0]?.account).toEqual({ platform, username: 'anna' });
});
