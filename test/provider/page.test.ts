import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Post } from '../../src/core/account.ts';
import { collectPages } from '../../src/provider/shared/page.ts';

function post(id: number): Post {
  const metrics = {
    likes: null,
    comments: null,
    views: null,
    shares: null,
    saves: null,
    reach: null,
    impressions: null,
  };
  const rest = { url: null, caption: null, mediaType: null, thumbnailUrl: null, mediaUrl: null, duration: null };
  return { externalId: String(id), ...rest, postedAt: null, metrics };
}

/** Serves pages one after the other, each under its index as cursor. */
async function collect(
  pages: readonly (readonly number[])[],
  limit: number,
  { hasEnd = true, mayBeEmpty = false } = {},
) {
  let asked = 0;
  const posts = await collectPages(limit, async (cursor) => {
    const index = Number(cursor ?? 0);
    asked++;
    const isLast = hasEnd && index === pages.length - 1;
    return { posts: (pages[index] ?? []).map(post), next: isLast ? undefined : String(index + 1), mayBeEmpty };
  });
  return { ids: posts.map(({ externalId }) => Number(externalId)), asked };
}

test('every post comes once, in the order of the source, up to the limit', async () => {
  const pages = fc.array(fc.array(fc.nat(30), { maxLength: 8 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(pages, fc.integer({ min: 1, max: 40 }), async (given, limit) => {
      // A page without anything new ends the paging: what comes after it is not part of the answer.
      const seen = new Set<number>();
      const end = given.findIndex(
        (page) => page.every((id) => seen.has(id)) || (page.forEach((id) => seen.add(id)), false),
      );
      const reached = end === -1 ? given : given.slice(0, end);
      const { ids, asked } = await collect(given, limit);
      expect(ids).toEqual([...new Set(reached.flat())].slice(0, limit));
      expect(asked).toBeLessThanOrEqual(reached.length + 1);
    }),
    { seed: 20_261_122, numRuns: 500 },
  );
});

test('nothing is asked for when no posts are wanted', async () => {
  expect(await collect([[1]], 0)).toEqual({ ids: [], asked: 0 });
});

test('an empty page ends the paging, even if it names a next one', async () => {
  expect(await collect([[1, 2], [], [3]], 10)).toEqual({ ids: [1, 2], asked: 2 });
});

test('an empty page is passed over where its posts may have been left out', async () => {
  expect(await collect([[1, 2], [], [], [3]], 10, { mayBeEmpty: true })).toEqual({ ids: [1, 2, 3], asked: 4 });
  expect(await collect([[], [1]], 10, { mayBeEmpty: true })).toEqual({ ids: [1], asked: 2 });
  expect(await collect([[1], []], 10, { mayBeEmpty: true })).toEqual({ ids: [1], asked: 2 });
});

test('no more than ten empty pages in a row are passed over', async () => {
  const ten = Array.from({ length: 10 }, (): number[] => []);
  expect(await collect([[1], ...ten, [2], ...ten, [3]], 10, { mayBeEmpty: true })).toEqual({
    ids: [1, 2, 3],
    asked: 23,
  });
  expect(await collect([[1], ...ten, [], [2]], 10, { mayBeEmpty: true })).toEqual({ ids: [1], asked: 12 });
  expect(await collect([], 10, { hasEnd: false, mayBeEmpty: true })).toEqual({ ids: [], asked: 11 });
});

test('a page of repeated posts ends the paging even where pages may be empty', async () => {
  expect(await collect([[1], [1], [2]], 10, { mayBeEmpty: true })).toEqual({ ids: [1], asked: 2 });
});

test('an empty page whose cursor stands still ends the paging', async () => {
  let asked = 0;
  await collectPages(10, async () => ({ posts: asked++ === 0 ? [post(1)] : [], next: 'same', mayBeEmpty: true }));
  expect(asked).toBe(2);
});

test('a source that repeats its last page for ever is asked once more and then left', async () => {
  expect(await collect([[1], [2], [2], [2]], 10, { hasEnd: false })).toEqual({ ids: [1, 2], asked: 3 });
});

test('a source whose cursor goes round in a circle is left when it comes round', async () => {
  let id = 0;
  let asked = 0;
  const posts = await collectPages(100, async (cursor) => {
    asked++;
    return { posts: [post(id++)], next: cursor === 'b' ? 'a' : cursor === 'a' ? 'b' : 'a' };
  });
  expect(posts).toHaveLength(3);
  expect(asked).toBe(3);
});

test('a source that never ends is left after 500 pages', async () => {
  let asked = 0;
  await collectPages(10_000, async () => ({ posts: [post(asked)], next: String(asked++) }));
  expect(asked).toBe(500);
});

test('it is said when the source had more, and not when the source ended', async () => {
  const collectFrom = async (count: number, pageOf: (index: number) => number[], limit: number) => {
    let cuts = 0;
    const fetchPage = async (cursor: string | undefined) => {
      const index = Number(cursor ?? 0);
      const next = index === count - 1 ? undefined : String(index + 1);
      return { posts: pageOf(index).map(post), next, mayBeEmpty: true };
    };
    const posts = await collectPages(limit, fetchPage, () => cuts++);
    return [posts.length, cuts];
  };
  expect(await collectFrom(12, () => [], 9)).toEqual([0, 1]);
  expect(await collectFrom(11, () => [], 9)).toEqual([0, 0]);
  expect(await collectFrom(501, (index) => [index], 1_000)).toEqual([500, 1]);
  expect(await collectFrom(500, (index) => [index], 1_000)).toEqual([500, 0]);
  expect(await collectFrom(501, (index) => [index], 500)).toEqual([500, 0]);
});
