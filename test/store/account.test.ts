import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  addAccount,
  deleteProviderRows,
  removeAccount,
  saveProfile,
  setAccountActive,
} from '../../src/store/account.ts';
import type { Store } from '../../src/store/open.ts';
import { saveHashtags } from '../../src/store/post.ts';
import {
  makeAnswer,
  openTempStore,
  runSql,
  seedAccount,
  seedDay,
  seedPost,
  seedPostDay,
} from '../helper/temp-store.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
let store: Store;
beforeEach(async () => {
  store = await openTempStore();
});

const count = async (table: string) => (await runSql<{ n: number }>(store, `SELECT count(*) AS n FROM ${table}`))[0]?.n;

describe('an account written by hand', () => {
  test.each([
    ['TikTok', '@Isaiah_Dupree', 'tiktok', 'isaiah_dupree'],
    ['tiktok', 'anna', 'tiktok', 'anna'],
    ['INSTAGRAM', '@@NASA', 'instagram', 'nasa'],
  ])('as %s, %s is stored in the form of the program', async (platform, username, storedPlatform, storedUsername) => {
    await sql`INSERT INTO social_media_accounts (platform, username, display_name, is_active)
      VALUES (${platform}, ${username}, 'The Name', ${1})`.execute(store.db);
    expect(await runSql(store, 'SELECT * FROM social_media_accounts')).toMatchObject([
      {
        platform: storedPlatform,
        username: storedUsername,
        brand: storedUsername,
        display_name: 'The Name',
        is_active: 1,
        is_competitor: 0,
      },
    ]);
  });

  test('keeps the brand it is given', async () => {
    await runSql(
      store,
      "INSERT INTO social_media_accounts (platform, username, brand) VALUES ('tiktok', '@Anna', 'Anna & Co')",
    );
    expect(await runSql(store, 'SELECT username, brand FROM social_media_accounts')).toEqual([
      { username: 'anna', brand: 'Anna & Co' },
    ]);
  });

  test('a second time under another spelling is refused', async () => {
    const insert = (platform: string, username: string) =>
      sql`INSERT INTO social_media_accounts (platform, username) VALUES (${platform}, ${username})`.execute(store.db);
    await insert('tiktok', 'anna');
    await expect(insert('TikTok', '@Anna')).rejects.toThrow(/unique/i);
    expect(await count('social_media_accounts')).toBe(1);
  });
});

describe('addAccount', () => {
  test('adds once, and finds it the second time', async () => {
    const handle = { platform: 'tiktok', username: 'anna' };
    const first = await addAccount(store.db, handle, { isCompetitor: true });
    const second = await addAccount(store.db, handle);
    expect(first).toMatchObject({ isNew: true, account: { ...handle, is_active: 1, is_competitor: 1 } });
    expect(second).toEqual({ isNew: false, account: first.account });
  });
});

test('setAccountActive pauses and resumes that account alone', async () => {
  const [one, two] = [await seedAccount(store, 'one'), await seedAccount(store, 'two')];
  await setAccountActive(store.db, one, false, NOW);
  const active = () =>
    store.db.selectFrom('social_media_accounts').select('id').where('is_active', '=', 1).orderBy('id').execute();
  expect(await active()).toEqual([{ id: two }]);
  await setAccountActive(store.db, one, true, NOW);
  expect(await active()).toEqual([{ id: one }, { id: two }]);
});

test('saveProfile leaves what the provider did not tell as it was', async () => {
  const id = await seedAccount(store);
  await saveProfile(store.db, id, makeAnswer([], { isBusiness: false, bio: 'Hi\0 there' }).profile, NOW);
  const unknown = { externalId: null, displayName: null, bio: null, profilePicUrl: null, isVerified: null };
  await saveProfile(store.db, id, makeAnswer([], { ...unknown, isBusiness: null }).profile, NOW);
  expect(await store.db.selectFrom('social_media_accounts').selectAll().execute()).toMatchObject([
    {
      display_name: 'Anna',
      bio: 'Hi there',
      external_id: '6784512390456123397',
      is_verified: 1,
      is_business: 0,
      last_fetched_at: '2026-11-22T10:00:00.000Z',
    },
  ]);
});

/** Two accounts with three posts over three days each. */
async function seedTwo(): Promise<[number, number]> {
  const ids: number[] = [];
  for (const name of ['one', 'two']) {
    const id = await seedAccount(store, name);
    ids.push(id);
    const days = ['2026-11-01', '2026-11-02', '2026-11-03'];
    for (const [index, day] of days.entries())
      await seedDay(store, id, day, { provider_name: index < 2 ? 'sample' : 'real' });
    for (let n = 0; n < 3; n++) {
      const post = await seedPost(store, id, `${name}-${n}`, { caption: '#tag' });
      await saveHashtags(store.db, [{ id: post, caption: '#tag' }]);
      for (const [index, day] of days.entries()) {
        if (n === 2 && index === 2) continue;
        await seedPostDay(store, post, day, { provider_name: index < 2 ? 'sample' : 'real', likes_count: index });
      }
    }
  }
  return ids as [number, number];
}

test('removeAccount takes everything of that account and nothing of another', async () => {
  const [one, two] = await seedTwo();
  expect(await removeAccount(store.db, one)).toEqual({ posts: 3, days: 3, campaigns: 0, recorded: 0 });
  expect(await count('social_media_accounts')).toBe(1);
  expect(await count('social_media_posts')).toBe(3);
  expect(await count('social_media_post_analytics')).toBe(8);
  expect(await count('social_media_post_range')).toBe(3);
  expect(await count('social_media_post_hashtags')).toBe(3);
  expect(await count('social_media_analytics_snapshots')).toBe(3);
  expect(await store.db.selectFrom('social_media_posts').select('account_id').distinct().execute()).toEqual([
    { account_id: two },
  ]);
  await expect(store.check()).resolves.toContain(store.name);
});

test('deleteProviderRows forgets the days and posts of that provider and account alone', async () => {
  const [one] = await seedTwo();
  await store.db.transaction().execute((trx) => deleteProviderRows(trx, one, 'sample', []));
  const days = await runSql(
    store,
    `SELECT a.username, s.snapshot_date AS day FROM social_media_analytics_snapshots s
     JOIN social_media_accounts a ON a.id = s.account_id ORDER BY a.username, day`,
  );
  expect(days).toEqual([
    { username: 'one', day: '2026-11-03' },
    { username: 'two', day: '2026-11-01' },
    { username: 'two', day: '2026-11-02' },
    { username: 'two', day: '2026-11-03' },
  ]);
  // The third post of the first account was in the sample alone.
  expect(await store.db.selectFrom('social_media_posts').select('external_post_id').orderBy('id').execute()).toEqual(
    ['one-0', 'one-1', 'two-0', 'two-1', 'two-2'].map((id) => ({ external_post_id: id })),
  );
  const range = await runSql(
    store,
    `SELECT p.external_post_id AS post, r.first_date, r.latest_date FROM social_media_post_range r
     JOIN social_media_posts p ON p.id = r.post_id WHERE p.account_id = ${one} ORDER BY p.id`,
  );
  expect(range).toEqual([
    { post: 'one-0', first_date: '2026-11-03', latest_date: '2026-11-03' },
    { post: 'one-1', first_date: '2026-11-03', latest_date: '2026-11-03' },
  ]);
  await expect(store.check()).resolves.toContain(store.name);
});

test('deleteProviderRows leaves a post that is about to be written again, with what hangs on it', async () => {
  const [one] = await seedTwo();
  await store.db.transaction().execute((trx) => deleteProviderRows(trx, one, 'sample', ['one-2']));
  const posts = await store.db
    .selectFrom('social_media_posts as p')
    .innerJoin('social_media_post_hashtags as x', 'x.post_id', 'p.id')
    .select('p.external_post_id')
    .where('p.account_id', '=', one)
    .orderBy('p.id')
    .execute();
  expect(posts.map(({ external_post_id }) => external_post_id)).toEqual(['one-0', 'one-1', 'one-2']);
  const ranges = await store.db.selectFrom('social_media_post_range').select('post_id').execute();
  expect(ranges).toHaveLength(5);
});
