import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FALSE_DISCOVERY_RATE, hashtagLift, type TaggedScore } from '../../src/insight/hashtag-lift.ts';
import { scorePosts } from '../../src/insight/post-score.ts';
import { tagSets } from '../../src/insight/tag-set.ts';
import { makePublished, shuffle, shuffleTags, type MadePost } from './published-account.ts';

const RUNS = 200;
const seeds = Array.from({ length: RUNS }, (_, index) => index + 1);

function findingsOf(posts: readonly MadePost[]) {
  const tags = new Map(posts.map((post) => [post.id, post.tags]));
  const posted = scorePosts(posts).scores.map(({ id, media_type, score }) => ({
    id,
    stratum: String(media_type),
    score,
    tags: tags.get(id) ?? [],
  }));
  return hashtagLift(posted).filter(({ verdict }) => verdict === 'more' || verdict === 'less');
}

describe('over 200 made accounts of 300 posts with 20 tags', { timeout: 60_000 }, () => {
  test('where tags were shuffled nothing is found in at least 90 % of them', () => {
    const silent = seeds.filter((seed) => findingsOf(shuffleTags(makePublished(seed, { tag: 2 }), seed)).length === 0);
    expect(silent.length).toBeGreaterThanOrEqual(0.9 * RUNS);
  });

  test('a tag with twice the views is found in at least 90 % of them, and no more of what is found is another than the rate says', () => {
    const findings = seeds.map((seed) => findingsOf(makePublished(seed, { tag: 2 })));
    const found = findings.filter((each) => each.some(({ tags, verdict }) => tags[0] === 1 && verdict === 'more'));
    expect(found.length).toBeGreaterThanOrEqual(0.9 * RUNS);
    const shares = findings.map((each) => each.filter(({ tags }) => tags[0] !== 1).length / Math.max(1, each.length));
    expect(shares.reduce((sum, each) => sum + each, 0) / RUNS).toBeLessThanOrEqual(FALSE_DISCOVERY_RATE);
  });

  test('a tag with one and a half times the views is still found in 80 % of them', () => {
    const found = seeds.filter((seed) =>
      findingsOf(makePublished(seed, { tag: 1.5 })).some(({ tags, verdict }) => tags[0] === 1 && verdict === 'more'),
    );
    expect(found.length).toBeGreaterThanOrEqual(0.8 * RUNS);
  });
});

/** Posts of one stratum whose scores are 0, 1, 2 …; the first so many carry tag 1. */
function scored(n: number, carrying: number, columns: Partial<TaggedScore> = {}): TaggedScore[] {
  return Array.from({ length: n }, (_, id) => ({
    id,
    stratum: 'video',
    score: ((id * 7) % n) / n,
    tags: id < carrying ? [1] : [],
    ...columns,
  }));
}

test('five posts with and five without it are needed', () => {
  expect(hashtagLift(scored(10, 4))).toMatchObject([
    { with: 4, without: 6, lift: null, p: null, verdict: 'too few posts' },
  ]);
  expect(hashtagLift(scored(9, 5))).toMatchObject([{ with: 5, without: 4, verdict: 'too few posts' }]);
  expect(hashtagLift(scored(10, 5))).toMatchObject([{ with: 5, without: 5, verdict: 'no evidence' }]);
  expect(hashtagLift([])).toEqual([]);
});

test('the lift is in percent: twice as much is 100', () => {
  const posts = scored(40, 20).map((post) => ({
    ...post,
    score: (post.id % 20) / 100 + (post.id < 20 ? Math.log(2) : 0),
  }));
  const [found] = hashtagLift(posts);
  expect(found).toMatchObject({ with: 20, without: 20, verdict: 'more' });
  expect(found?.lift).toBeCloseTo(100, 6);
  expect(found?.low).toBeLessThan(100);
  expect(found?.high).toBeGreaterThan(100);
});

test('posts are compared within their stratum: one that does better as a whole is no lift', () => {
  const low = scored(30, 3).map((post) => ({ ...post, stratum: 'image' }));
  const high = scored(30, 27).map((post) => ({ ...post, id: post.id + 100, score: post.score + 10 }));
  expect(hashtagLift([...low, ...high])).toMatchObject([{ with: 30, without: 30, verdict: 'no evidence' }]);
  const all = scored(10, 10).map((post) => ({ ...post, stratum: 'reel', id: post.id + 200 }));
  // A stratum in which every post carries the tag compares nothing.
  expect(hashtagLift([...low, ...high, ...all])).toMatchObject([{ with: 30, without: 30 }]);
});

test('tags that always appear together are one', () => {
  const posts = (ids: readonly number[]) => new Set(ids);
  const ten = Array.from({ length: 10 }, (_, index) => index);
  const sets = tagSets(
    new Map([
      [1, posts(ten.slice(0, 9))],
      [2, posts(ten)],
      [3, posts(ten.slice(0, 8))],
      [4, posts([50, 51])],
    ]),
  );
  // 9 of 10 posts are shared by 1 and 2; 8 of 10 by 3 and 2, whatever 3 and 1 share.
  expect(sets.map(({ tags }) => tags)).toEqual([[2, 1], [3], [4]]);
  expect(sets[0]?.posts.size).toBe(10);
});

test('the order in which posts come changes nothing, nor does as much more for all of a stratum', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: -5, max: 5, noNaN: true }), (seed, more) => {
      const { scores } = scorePosts(makePublished(seed));
      const posts = scores.map(({ id, media_type, score }) => ({
        id,
        stratum: String(media_type),
        score,
        tags: [id % 3, 3 + (id % 5)],
      }));
      const here = hashtagLift(posts).toSorted((a, b) => (a.tags[0] as number) - (b.tags[0] as number));
      const raised = posts.map((post) => (post.stratum === 'video' ? { ...post, score: post.score + more } : post));
      const there = hashtagLift(shuffle(raised, seed)).toSorted(
        (a, b) => (a.tags[0] as number) - (b.tags[0] as number),
      );
      expect(there.map(({ tags, with: n }) => [tags, n])).toEqual(here.map(({ tags, with: n }) => [tags, n]));
      for (const [index, { lift, q }] of here.entries()) {
        expect(there[index]?.lift).toBeCloseTo(lift as number, 4);
        expect(there[index]?.q).toBeCloseTo(q as number, 6);
      }
    }),
    { numRuns: 20 },
  );
});
