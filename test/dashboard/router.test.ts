import { expect, test } from 'vitest';
import { parseRoute, ROUTES, routeTo, withParams } from '../../src/dashboard/router.ts';

test.each(['', '#', '#/'])('%j is the overview', (hash) => {
  expect(parseRoute(hash)?.name).toBe('overview');
});

test('an account has its id and its query', () => {
  const route = parseRoute('#/account/5?days=90');
  expect(route?.name).toBe('account');
  expect(Object.fromEntries(route?.params ?? [])).toEqual({ id: '5', days: '90' });
});

test.each([
  '#/nothing',
  '#/account',
  '#/account/',
  '#/account/5/6',
  '#/posts/5',
  '#/%',
  '#/account/%E0%A4%A',
  '#/../posts',
])('%s is no view', (hash) => {
  expect(parseRoute(hash)).toBeNull();
});

test('every address that is written can be read', () => {
  const hard = 'a&b=c?d#e/ü 100%';
  for (const name of ROUTES) {
    const params = name === 'account' ? { id: hard, days: 7 } : { search: hard, days: 7 };
    const route = parseRoute(routeTo(name, params));
    expect(route?.name).toBe(name);
    expect(Object.fromEntries(route?.params ?? [])).toEqual({ ...params, days: '7' });
  }
});

test('what is unknown or empty is left out', () => {
  expect(routeTo('posts', { platform: '', sort: null, limit: undefined })).toBe('#/posts');
  expect(routeTo('overview')).toBe('#/');
});

test('one parameter changes, the others stay', () => {
  const params = new URLSearchParams({ id: '5', days: '30', basis: 'views' });
  expect(withParams('account', params, { days: 7, basis: null })).toBe('#/account/5?days=7');
  expect(params.get('days')).toBe('30');
});
