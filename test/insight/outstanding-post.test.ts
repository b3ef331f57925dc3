import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findOutstandingPosts, type SeenPost } from '../../src/insight/outstanding-post.ts';
import { seededRandom } from '../../src/insight/random.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const AT = 60 * DAY;
const WINDOW = { days: 30, threshold: 5 };

/** A post published so many days before `AT`, seen each day at the same hour, with so many views after each day. */
function seen(
  id: number,
  daysAgo: number,
  viewsAt: (days: number) => number | null,
  fields: Partial<SeenPost> = {},
): SeenPost {
  const published = AT - daysAgo * DAY;
  const sightings = Array.from({ length: Math.floor(daysAgo) }, (_, at) => ({
    at: AT - (Math.floor(daysAgo) - 1 - at) * DAY,
    views: viewsAt((AT - (Math.floor(daysAgo) - 1 - at) * DAY - published) / DAY),
    likes: null,
  }));
  return { id, media_type: 'video', published, sightings, ...fields };
}

const usual = Array.from({ length: 20 }, (_, at) => seen(at, 40 - at, (days) => 100 * days));

test('a post is compared at its own age with the posts before it', () => {
  const found = findOutstandingPosts([...usual, seen(99, 5.5, (days) => 800 * days)], AT, WINDOW);
  expect(found).toMatchObject([{ id: 99, hours: 132, value: 4400, factor: 8, n: 20 }]);
  expect(found[0]?.usual).toBeCloseTo(550, 9);
});

test('only posts of its media type, only posts before it, and no more than fifty', () => {
  const post = seen(99, 5, (days) => 800 * days, { media_type: 'image' });
  expect(findOutstandingPosts([...usual, post], AT, WINDOW)).toEqual([]);
  const first = seen(99, 29, (days) => 800 * days);
  expect(findOutstandingPosts([first, ...usual.slice(12)], AT, WINDOW)).toEqual([]);
  const many = Array.from({ length: 70 }, (_, at) => seen(at, 50 - at / 2, (days) => 100 * days));
  expect(findOutstandingPosts([...many, seen(99, 5, (days) => 800 * days)], AT, WINDOW)).toMatchObject([{ n: 50 }]);
});

test('what was seen later changes nothing, and what is not known makes nothing', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 0, max: 12 }), (seed, later) => {
      const random = seededRandom(seed);
      const posts = Array.from({ length: 40 }, (_, at) => {
        const factor = random() < 0.1 ? 1000 : 100;
        return seen(at, 45 - at, (days) => (random() < 0.1 ? null : Math.round(factor * days)));
      });
      const at = AT - later * DAY;
      const cut = posts.map((post) => ({ ...post, sightings: post.sightings.filter((each) => each.at <= at) }));
      const found = findOutstandingPosts(posts, at, WINDOW);
      expect(findOutstandingPosts(cut, at, WINDOW)).toEqual(found);
      for (const { value, usual: middle, n } of found) {
        expect(value).toBeGreaterThanOrEqual(Math.max(5 * middle, middle + 100));
        expect(n).toBeGreaterThanOrEqual(10);
      }
      const unknown = posts.map((post) => ({
        ...post,
        sightings: post.sightings.map((each) => ({ ...each, views: null })),
      }));
      expect(findOutstandingPosts(unknown, at, WINDOW)).toEqual([]);
    }),
  );
});

test('of log-normal posts about one in a hundred is told, as the distribution says', () => {
  // ln(views) has a deviation of 0.7: five times the median is 2.3 of them, beyond which 1.1 % lie.
  const random = seededRandom(7);
  const told = new Set<number>();
  const posts = Array.from({ length: 2000 }, (_, at) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const level = 1000 * Math.exp(0.7 * normal);
    const published = at * DAY;
    const sightings = Array.from({ length: 6 }, (_unused, day) => ({
      at: published + (day + 0.5) * DAY,
      views: Math.round(level * (1 - Math.exp(-(day + 0.5)))),
      likes: null,
    }));
    return { id: at, media_type: 'video', published, sightings };
  });
  for (let day = 60; day < 2000; day++) {
    const near = posts.slice(Math.max(0, day - 60), day + 1);
    for (const { id } of findOutstandingPosts(near, (day + 0.5) * DAY, WINDOW)) told.add(id);
  }
  if (process.env['SMSTATS_TEST_SHOW']) process.stdout.write(`${told.size} of 1940 posts\n`);
  expect(told.size / 1940).toBeGreaterThan(0.004);
  expect(told.size / 1940).toBeLessThan(0.025);
});
