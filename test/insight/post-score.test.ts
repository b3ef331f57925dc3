import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scorePosts, type AgedPost } from '../../src/insight/post-score.ts';
import { shuffle } from './published-account.ts';

/** Posts of consecutive days with these views. */
function posts(views: readonly (number | null)[], columns: Partial<AgedPost> = {}): AgedPost[] {
  return views.map((each, index) => ({
    id: index + 1,
    posted_at: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(),
    media_type: 'video',
    views: each,
    likes: null,
    ...columns,
  }));
}

const usual = Array.from({ length: 20 }, (_, index) => 90 + index);

test('a post is judged by the median of the 20 posts before it', () => {
  const { scores, strata } = scorePosts(posts([...usual, 199]));
  expect(scores).toMatchObject([{ id: 21, value: 199, baseline: 99.5, score: Math.log(2) }]);
  expect(strata).toEqual([{ media_type: 'video', metric: 'views', posts: 21, covered: 21, scored: 1 }]);
});

test('by 30 posts at most: older ones are forgotten', () => {
  const { scores } = scorePosts(
    posts([...Array.from({ length: 20 }, () => 1), ...Array.from({ length: 31 }, () => 50)]),
  );
  expect(scores.at(-1)).toMatchObject({ baseline: 50, score: 0 });
  expect(scores.find(({ id }) => id === 31)).toMatchObject({ baseline: 1 });
});

test('fewer posts before it make no baseline', () => {
  expect(scorePosts(posts(usual)).scores).toEqual([]);
});

test('each type is judged by itself, by what more of its posts tell, never by both', () => {
  const videos = posts([...usual, 200]);
  const images = posts([...usual, 200], { media_type: 'image' }).map((post) => ({
    ...post,
    id: post.id + 100,
    views: post.id === 5 ? 9000 : null,
    likes: post.views,
  }));
  const { strata, scores } = scorePosts([...videos, ...images]);
  expect(strata).toMatchObject([
    { media_type: 'video', metric: 'views', covered: 21 },
    { media_type: 'image', metric: 'likes', covered: 21 },
  ]);
  expect(scores.map(({ baseline }) => baseline)).toEqual([99.5, 99.5]);
});

test('what is not known is left out and is no 0; 0 is known, and a half to the logarithm', () => {
  const { scores, strata } = scorePosts(posts([...usual, null, 0]));
  expect(strata).toMatchObject([{ posts: 22, covered: 21, scored: 1 }]);
  expect(scores).toMatchObject([{ id: 22, value: 0, baseline: 99.5, score: Math.log(0.5 / 99.5) }]);
});

const someViews = fc.array(fc.option(fc.integer({ min: 1, max: 1_000_000 }), { freq: 8 }), { maxLength: 60 });

test('the order in which posts come, and unknown ones among them, change nothing', () => {
  fc.assert(
    fc.property(someViews, fc.nat(), (views, seed) => {
      const all = posts(views);
      const { scores } = scorePosts(all);
      expect(scorePosts(shuffle(all, seed)).scores).toEqual(scores);
      expect(scorePosts(all.filter((post) => post.views !== null)).scores).toEqual(scores);
    }),
  );
});

test('as many times the views of all posts is the same score for each', () => {
  fc.assert(
    fc.property(someViews, fc.integer({ min: 2, max: 1000 }), (views, factor) => {
      const times = scorePosts(posts(views.map((each) => (each === null ? null : each * factor)))).scores;
      for (const [index, { score }] of scorePosts(posts(views)).scores.entries()) {
        expect(times[index]?.score).toBeCloseTo(score, 9);
      }
    }),
  );
});
