import { expect, test } from 'vitest';
import { createMatcher } from '../../src/match/matcher.ts';
import { labelledSet } from './labelled.ts';

const set = labelledSet();

test('the labelled set is large, the same every time, and a quarter of it shows nothing of the catalogue', () => {
  expect(set.content.length).toBeGreaterThanOrEqual(300);
  expect(set.posts.length).toBeGreaterThanOrEqual(1200);
  expect(set.posts.filter(({ truth }) => !truth).length / set.posts.length).toBeGreaterThan(0.25);
  expect(labelledSet()).toEqual(set);
});

test.each(['tune', 'report'] as const)('98 of 100 links that are accepted are right: %s', (half) => {
  const matcher = createMatcher(set.content);
  const posts = set.posts.filter((each) => each.half === half);
  const accepted = posts
    .map(({ post, truth }) => ({ truth, decision: matcher.decide(post) }))
    .filter(({ decision }) => decision.outcome === 'accepted');
  const right = accepted.filter(({ truth, decision }) => truth && truth.id === decision.best?.id);
  expect(right.length / accepted.length).toBeGreaterThanOrEqual(0.98);
  expect(right.length / posts.filter(({ truth }) => truth).length).toBeGreaterThan(0.8);
});
