import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { isFiltering, selectPostIds, type PostFilter } from '../../src/query/post-filter.ts';
import { listPosts } from '../../src/query/list-posts.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore, seedAccount, seedPost, seedPostDay } from '../helper/temp-store.ts';
import { seedHistory } from './history.ts';

let store: Store;
beforeEach(async () => {
  store = await openTempStore();
});

describe('a filter lets through', () => {
  beforeEach(async () => {
    const { nasa } = await seedHistory(store);
    const db = store.db;
    await db.updateTable('social_media_posts').set({ media_type: 'image' }).where('account_id', '=', nasa).execute();
    await db.updateTable('social_media_accounts').set({ brand: 'Acme' }).where('id', '=', nasa).execute();
  });

  test.each<[string, PostFilter, string[]]>([
    ['everything by default', {}, ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'n1']],
    [
      'what is not given',
      { platform: undefined, minimums: { views: undefined } as never },
      ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'n1'],
    ],
    ['a platform', { platform: 'instagram' }, ['n1']],
    ['an account', { platform: 'tiktok', username: 'bert' }, ['b1']],
    ['a brand in any case', { brand: 'ACME' }, ['n1']],
    ['a brand that nobody named: the username', { brand: 'anna' }, ['a1', 'a2', 'a3', 'a4', 'a5']],
    ['a hashtag', { hashtag: 'art' }, ['a1', 'a3']],
    ['a hashtag that nobody uses', { hashtag: 'ar' }, []],
    ['a kind of post', { mediaType: 'image' }, ['n1']],
    ['posts from an instant on', { postedSince: '2026-10-03T10:00:00.000Z' }, ['a2', 'a4', 'a5']],
    ['posts before an instant', { postedBefore: '2026-10-03T10:00:00.000Z' }, ['a1', 'a3', 'n1']],
    ['views at least', { minimums: { views: 850 } }, ['a1', 'a5', 'n1']],
    ['a number that nobody tells, not even at least 0', { minimums: { saves: 0 } }, []],
    ['unknown views, not', { minimums: { views: 0 } }, ['a1', 'a2', 'a4', 'a5', 'b1', 'n1']],
    ['a rate at least', { minimums: { engagement: 1.5 } }, ['b1', 'n1']],
    ['a denominator', { basis: 'views', username: 'anna' }, ['a1', 'a2', 'a4', 'a5']],
    ['all of it together', { hashtag: 'diy', minimums: { views: 600, likes: 8 }, username: 'anna' }, ['a1']],
    ['text in any case', { search: 'RISING #diy' }, ['a1']],
    ['no text where there is no caption', { search: 'b', username: 'bert' }, []],
    ['nothing that would be SQL', { search: "' OR 1=1 --", hashtag: "x' OR '1'='1" }, []],
  ])('%s', async (_, filter, expected) => {
    const ids = await store.db
      .selectFrom('social_media_posts as p')
      .select('p.external_post_id')
      .where('p.id', 'in', selectPostIds(store.db, filter))
      .orderBy('p.id')
      .execute();
    expect(ids.map(({ external_post_id: id }) => id)).toEqual(expected);
    const posts = await listPosts(store.db, { ...filter, limit: 100 });
    expect(posts.map(({ external_post_id: id }) => id).toSorted()).toEqual(expected);
  });
});

test('a filter without a condition leaves nothing out', () => {
  expect(isFiltering({})).toBe(false);
  expect(isFiltering({ platform: undefined, minimums: {} })).toBe(false);
  expect(isFiltering({ minimums: { likes: 0 } })).toBe(true);
  expect(isFiltering({ basis: 'views' })).toBe(true);
  expect(isFiltering({ search: 'x' })).toBe(true);
});

async function seedCaptions(captions: readonly string[]): Promise<void> {
  const account = await seedAccount(store);
  for (const [at, caption] of captions.entries()) {
    await seedPostDay(store, await seedPost(store, account, `p${at}`, { caption }), '2026-11-22');
  }
}

const found = async (search: string) =>
  (await listPosts(store.db, { search, limit: 1000 })).map(({ caption }) => caption as string).toSorted();

describe('text is found', () => {
  test.each([
    ['ÄRGER', 'Kein Ärger heute', true],
    ['ärger', 'KEIN ÄRGER', true],
    ['жёлтый', 'ЖЁЛТЫЙ ДОМ', true],
    ['ΟΔΟΣ', 'μία οδός', false],
    ['ΟΔΌΣ', 'μία οδός', true],
    ['école', 'E\u0301COLE fermée', true],
    ['e\u0301cole', 'ÉCOLE', true],
    ['straße', 'STRAßE', true],
    ['日本', 'Ein Tag in 日本語', true],
    ['💧 diy', '💧 DIY Sprinkler', true],
    ['100%', '100% real', true],
    ['100%', '100 real', false],
    ['a_b', 'aXb', false],
    ['[x]', 'the [X] files', true],
    ['[x]', 'the X files', false],
    ['*', 'no star', false],
    ['?', 'no question', false],
    ['^', 'a ^ b', true],
    [']', 'a ] b', true],
    ['a.c', 'abc', false],
    ['\\d', '5', false],
    ['(a', 'f(A)', true],
    ['***:x', '***:X', true],
    ['line\nbreak', 'a LINE\nBREAK b', true],
    ['-', 'a-b', true],
  ])('%j in %j: %s', async (search, caption, isFound) => {
    await seedCaptions([caption]);
    expect(await found(search)).toEqual(isFound ? [caption] : []);
  });

  test('as comparing letter by letter finds it', async () => {
    const letter = fc.constantFrom(...'aAbBäÄéÉжЖσΣ[]*?^-\\.%_ 7'.split(''));
    const captions = fc.sample(fc.string({ unit: letter, minLength: 1, maxLength: 12 }), { numRuns: 60, seed: 7 });
    await seedCaptions(captions);
    const searches = fc.sample(fc.string({ unit: letter, minLength: 1, maxLength: 3 }), { numRuns: 120, seed: 11 });
    for (const search of searches) {
      const expected = captions.filter((caption) =>
        caption.toLocaleLowerCase('und').replaceAll('ς', 'σ').includes(search.toLowerCase().replaceAll('ς', 'σ')),
      );
      expect(await found(search), search).toEqual(expected.toSorted());
    }
  });
});
