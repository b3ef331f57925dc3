import { expect, test } from 'vitest';
import { ProviderError, type ProviderProblem } from '../../src/core/errors.ts';
import { createOptional } from '../../src/provider/shared/optional.ts';

const failing = (problem: ProviderProblem, message: string) => async () => {
  throw new ProviderError('threads', problem, message);
};

test('what is read is handed on, without a remark', async () => {
  const optional = createOptional();
  expect(await optional.read('the audience', async () => 7)).toBe(7);
  expect(optional.remarks()).toEqual([]);
});

test('whatever a source fails with costs only what was asked for, and is said once', async () => {
  const optional = createOptional();
  const failures: [ProviderProblem, string][] = [
    ['refused', 'refused the key (403)'],
    ['not_found', 'knows no such page'],
    ['not_covered', 'may not look up others'],
    ['malformed', 'sent an empty answer'],
    ['schema', 'answered in a form smstats does not know: rows is missing'],
    ['unavailable', 'is failing (500)'],
  ];
  for (const [problem, message] of failures) {
    expect(await optional.read(`part ${problem}`, failing(problem, message))).toBeUndefined();
    expect(await optional.read(`part ${problem}`, failing(problem, message))).toBeUndefined();
  }
  expect(optional.remarks()).toEqual(failures.map(([problem, message]) => `left out part ${problem}: it ${message}`));
  expect(await optional.read('the days', async () => 'known')).toBe('known');
});

test('a spent quota, or being told to slow down, ends all further reads of the account', async () => {
  for (const problem of ['quota', 'rate_limited'] as const) {
    const optional = createOptional();
    await optional.read('insights of posts', async () => 1);
    await optional.read('insights of posts', failing(problem, 'asks to slow down (429)'));
    const neverRun = async () => Promise.reject(new Error('was run'));
    for (const what of ['insights of posts', 'the days', 'the audience', 'the days']) {
      expect(await optional.read(what, neverRun)).toBeUndefined();
    }
    expect(optional.remarks()).toEqual([
      'left out insights of posts: it asks to slow down (429)',
      'was not asked for the days, the audience after that',
    ]);
  }
});

test('what fails three times in a row is given up, and nothing else', async () => {
  const optional = createOptional();
  let runs = 0;
  const down = async () => {
    runs++;
    return failing('unavailable', 'is failing (503)')();
  };
  const up = async () => 'known';
  await optional.read('insights of posts', down);
  await optional.read('insights of posts', down);
  expect(await optional.read('insights of posts', up)).toBe('known');
  for (let post = 0; post < 100; post++) await optional.read('insights of posts', down);
  expect(runs).toBe(2 + 3);
  expect(await optional.read('the days', up)).toBe('known');
  expect(optional.remarks()).toEqual(['left out insights of posts: it is failing (503)']);
});

test('the end of the program and a bug are no failures of a source', async () => {
  const optional = createOptional();
  const abort = new DOMException('This operation was aborted', 'AbortError');
  for (const error of [abort, new TypeError('a bug')]) {
    await expect(optional.read('the days', async () => Promise.reject(error))).rejects.toBe(error);
  }
  expect(optional.remarks()).toEqual([]);
});
