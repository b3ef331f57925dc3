import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AccountAnswer } from '../../src/core/account.ts';
import type { Ledger } from '../../src/collect/ledger.ts';
import { saveAccount } from '../../src/collect/save-account.ts';
import type { Reports } from '../../src/provider/provider.ts';
import type { Claim } from '../../src/store/claims.ts';
import { failJob } from '../../src/store/job.ts';
import type { Store } from '../../src/store/open.ts';
import { breakTable, makeAnswer, makePost, openTempStore, runSql, seedAccount } from '../helper/temp-store.ts';

const DAY = '2026-11-22';
let store: Store;
let id: number;

beforeEach(async () => {
  store = await openTempStore();
  id = await seedAccount(store);
});

const noLedger = { sent: 0, settle: async () => {} } as unknown as Ledger;

async function save(
  answer: AccountAnswer,
  {
    day = DAY,
    providerName = 'test',
    accountId = id,
    ledger = noLedger,
    reports = { account: [], post: [] } as Reports,
  } = {},
) {
  const now = new Date(`${day}T10:00:00Z`);
  const username = accountId === id ? 'anna' : 'other';
  const claim = (await store.claims.claim(accountId, day, now)) as Claim;
  const account = { id: accountId, platform: 'tiktok', username };
  try {
    const answered = { answer, providerName, reports, note: null };
    return await saveAccount(store.db, { account, claim, day, now }, answered, ledger);
  } finally {
    await claim.release();
  }
}

const snapshots = () =>
  store.db.selectFrom('social_media_analytics_snapshots').selectAll().orderBy('snapshot_date').execute();

/** Every row of every table, as text. */
async function dump(): Promise<string> {
  const tables = (await store.db.introspection.getTables()).filter(({ isView }) => !isView).map(({ name }) => name);
  const rows = [];
  for (const table of tables.toSorted()) rows.push([table, await runSql(store, `SELECT * FROM ${table}`)]);
  return JSON.stringify(rows);
}

describe('an account is saved whole', () => {
  test('with profile, posts, metrics, hashtags, snapshot and job', async () => {
    const posts = [
      makePost('7429779620297231647', { likes: 30, comments: 5, shares: 3, saves: 2, views: 400 }),
      makePost('7574994077389786382', { likes: 10, views: 100 }, { caption: '#other' }),
    ];
    await save(makeAnswer(posts));
    expect(await snapshots()).toEqual([
      {
        account_id: id,
        snapshot_date: DAY,
        followers_count: 1000,
        following_count: 10,
        posts_count: 2,
        total_likes: 40,
        total_comments: 5,
        total_views: 500,
        total_shares: 3,
        engagement_rate: 10,
        engagement_basis: 'views',
        avg_likes_per_post: 20,
        avg_comments_per_post: 5,
        provider_name: 'test',
        captured_at: '2026-11-22T10:00:00.000Z',
      },
    ]);
    const rates = await store.db
      .selectFrom('social_media_post_analytics')
      .select(['engagement_rate', 'engagement_basis', 'provider_name'])
      .orderBy('post_id')
      .execute();
    expect(rates).toEqual([
      { engagement_rate: 10, engagement_basis: 'views', provider_name: 'test' },
      { engagement_rate: 10, engagement_basis: 'views', provider_name: 'test' },
    ]);
    expect(await store.db.selectFrom('analytics_fetch_jobs').selectAll().execute()).toMatchObject([
      { status: 'completed', posts_fetched: 2, provider_name: 'test', date: DAY, error_message: null },
    ]);
    const tags = await store.db.selectFrom('social_media_hashtags').select('tag').orderBy('tag').execute();
    expect(tags).toEqual([{ tag: 'clip' }, { tag: 'other' }]);
  });

  test.each([
    'social_media_posts',
    'social_media_post_analytics',
    'social_media_post_hashtags',
    'social_media_analytics_snapshots',
  ])('or not at all: a failure while writing %s changes nothing', async (table) => {
    await save(makeAnswer([makePost('1', { likes: 5, views: 50 })]), { day: '2026-11-21' });
    const claim = (await store.claims.claim(id, DAY, new Date('2026-11-22T09:00:00Z'))) as Claim;
    const before = await dump();
    const mend = await breakTable(store, table, 'the test breaks it');
    const answer = makeAnswer([makePost('1', { likes: 9 }, { caption: 'new #words' }), makePost('2', { likes: 1 })]);
    const now = new Date('2026-11-22T10:00:00Z');
    const account = { id, platform: 'tiktok', username: 'anna' };
    const saving = saveAccount(
      store.db,
      { account, claim, day: DAY, now },
      { answer, providerName: 'test', note: null },
      noLedger,
    );
    await expect(saving).rejects.toThrow(/the test breaks it/);
    await mend();
    expect(await dump()).toBe(before);
    await failJob(store.db, claim.jobId, 'broken', now);
    await claim.release();
    await save(answer);
    expect(await snapshots()).toHaveLength(2);
  });

  test('or not at all: a failure at the very end changes nothing either', async () => {
    await save(makeAnswer([makePost('1', { likes: 5 })]), { day: '2026-11-21' });
    const ledger = { ...noLedger, settle: () => Promise.reject(new Error('the test breaks it')) };
    const jobs = () => store.db.selectFrom('analytics_fetch_jobs').select('status').orderBy('id').execute();
    const posts = (await dump()).replace(/.*social_media_analytics_snapshots/, '');
    await expect(save(makeAnswer([makePost('2')]), { ledger })).rejects.toThrow(/the test breaks it/);
    expect((await dump()).replace(/.*social_media_analytics_snapshots/, '')).toBe(posts);
    expect(await jobs()).toEqual([{ status: 'completed' }, { status: 'running' }]);
  });

  test('posts that are stored under another name are refused, and nothing is saved', async () => {
    await save(makeAnswer([makePost('1'), makePost('0')]));
    const other = await seedAccount(store, 'other');
    const answer = makeAnswer([makePost('1'), makePost('0'), makePost('2')]);
    await expect(save(answer, { accountId: other })).rejects.toThrow(
      /The posts of @other are stored under @anna: one account under two names/,
    );
    expect(await store.db.selectFrom('social_media_posts').select('external_post_id').execute()).toHaveLength(2);
  });

  test('a post that two accounts made together stays with the one that had it first', async () => {
    await save(makeAnswer([makePost('shared', { likes: 3 })]));
    const other = await seedAccount(store, 'other');
    const posts = [makePost('shared', { likes: 4 }), makePost('2', { likes: 1 })];
    const { note } = await save(makeAnswer(posts), { accountId: other });
    expect(note).toBe('1 post is left to @anna, where it was first');
    const owners = await store.db
      .selectFrom('social_media_posts')
      .select(['external_post_id', 'account_id'])
      .orderBy('id')
      .execute();
    expect(owners).toEqual([
      { external_post_id: 'shared', account_id: id },
      { external_post_id: '2', account_id: other },
    ]);
    expect((await snapshots()).map(({ total_likes }) => total_likes)).toEqual([3, 1]);
  });

  test('a title does not take the place of a caption, nor a guessed address that of a known one', async () => {
    const url = 'https://www.tiktok.com/@anna/photo/1';
    await save(makeAnswer([makePost('1', {}, { caption: 'Fog\n\nAt dawn #fog', mediaType: 'carousel', url })]));
    const titles: Reports = { account: [], post: [], captions: 'title' };
    const guessed = { caption: 'Fog', mediaType: null, url: 'https://www.tiktok.com/@anna/video/1' };
    await save(makeAnswer([makePost('1', {}, guessed), makePost('2', {}, guessed)]), { reports: titles });
    const rows = await store.db
      .selectFrom('social_media_posts')
      .select(['caption', 'media_type', 'post_url'])
      .orderBy('id')
      .execute();
    expect(rows).toEqual([
      { caption: 'Fog\n\nAt dawn #fog', media_type: 'carousel', post_url: url },
      { caption: 'Fog', media_type: null, post_url: guessed.url },
    ]);
    // A caption that was really shortened is the newest word.
    await save(makeAnswer([makePost('1', {}, { caption: 'Fog' })]));
    const [shortened] = await store.db.selectFrom('social_media_posts').select('caption').orderBy('id').execute();
    expect(shortened).toEqual({ caption: 'Fog' });
  });

  test('a name that another person has now is remarked upon', async () => {
    const owned = (externalId: string | null) => {
      const answer = makeAnswer([makePost('1')]);
      return { ...answer, profile: { ...answer.profile, externalId } };
    };
    expect((await save(owned('77'))).note).toBeNull();
    expect((await save(owned(null))).note).toBeNull();
    expect((await save(owned('88'))).note).toBe('@anna is another account now (id 88, before 77); its history goes on');
  });

  test('a post that a person recorded by its URL is taken over, not stored twice', async () => {
    const url = 'https://www.instagram.com/p/DcPnCMDJ6Zp/';
    const number = '3966334537021109865';
    const bysomeone = { account_id: id, platform: 'tiktok' };
    await store.db
      .insertInto('social_media_posts')
      .values([
        { ...bysomeone, external_post_id: 'DcPnCMDJ6Zp', post_url: url },
        { ...bysomeone, external_post_id: '109', post_url: 'https://social.example/@ada/109' },
      ])
      .execute();
    await save(
      makeAnswer([
        makePost(number, { likes: 4 }, { url }),
        // The same number of another instance is another post.
        makePost('far.example/109', { likes: 1 }, { url: 'https://far.example/@ada/109' }),
      ]),
    );
    const stored = await store.db.selectFrom('social_media_posts').select('external_post_id').orderBy('id').execute();
    expect(stored.map((post) => post.external_post_id)).toEqual([number, '109', 'far.example/109']);
  });
});

describe('totals', () => {
  test('are of all stored posts, however many this run asked for', async () => {
    const posts = Array.from({ length: 7 }, (_, index) => makePost(`${index}`, { likes: index, views: 10 * index }));
    await save(makeAnswer(posts), { day: '2026-11-20' });
    await save(makeAnswer([makePost('6', { likes: 100, views: 60 })]), { day: '2026-11-21' });
    await save(makeAnswer([]), { day: '2026-11-22' });
    expect(
      (await snapshots()).map(({ total_likes, total_views, avg_likes_per_post: average }) => [
        total_likes,
        total_views,
        average,
      ]),
    ).toEqual([
      [21, 210, 3],
      [115, 210, 115 / 7],
      [115, 210, 115 / 7],
    ]);
  });

  test('take the latest known value of a metric that is hidden today', async () => {
    await save(makeAnswer([makePost('1', { likes: 5, views: 50 })]), { day: '2026-11-21' });
    await save(makeAnswer([makePost('1', { views: 70 })]), { day: '2026-11-22' });
    expect((await snapshots())[1]).toMatchObject({ total_likes: 5, total_views: 70 });
  });

  test('of a metric that no post has are unknown', async () => {
    await save(makeAnswer([makePost('1', { views: 0 }), makePost('2', {})]));
    expect((await snapshots())[0]).toMatchObject({
      total_likes: null,
      total_comments: null,
      total_shares: null,
      total_views: 0,
      avg_likes_per_post: null,
      engagement_rate: null,
      engagement_basis: null,
    });
  });

  test('are the sums of the latest known values, for any history and however it was fetched', async () => {
    const metric = fc.option(fc.nat(1000));
    const seen = fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.record({ likes: metric, views: metric, shares: metric }),
      {
        minKeys: 1,
      },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(seen, { minLength: 1, maxLength: 5 }), async (days) => {
        const accountId = await seedAccount(store, `account${++run}`);
        const latest = new Map<string, Record<string, number | null>>();
        for (const [index, posts] of days.entries()) {
          const listed = Object.entries(posts);
          const answer = makeAnswer(listed.map(([name, metrics]) => makePost(`${run}-${name}`, metrics)));
          await save(answer, { day: `2026-11-0${index + 1}`, accountId });
          for (const [name, metrics] of listed) {
            const known = latest.get(name) ?? {};
            for (const [key, value] of Object.entries(metrics)) known[key] = value ?? known[key] ?? null;
            latest.set(name, known);
          }
          const total = (key: string) => {
            const values = [...latest.values()].map((known) => known[key] ?? null).filter((value) => value !== null);
            return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
          };
          const row = await store.db
            .selectFrom('social_media_analytics_snapshots')
            .selectAll()
            .where('account_id', '=', accountId)
            .orderBy('snapshot_date', 'desc')
            .executeTakeFirstOrThrow();
          expect([row.total_likes, row.total_views, row.total_shares, row.total_comments]).toEqual([
            total('likes'),
            total('views'),
            total('shares'),
            null,
          ]);
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

describe('engagement', () => {
  test('of an account is weighted: sum over sum, not the mean of the posts', async () => {
    await save(makeAnswer([makePost('1', { likes: 1, views: 10 }), makePost('2', { likes: 10, views: 1000 })]));
    const [row] = await snapshots();
    expect(row?.engagement_rate).toBeCloseTo((11 / 1010) * 100, 10);
    expect(row?.engagement_basis).toBe('views');
  });

  test('is of followers where posts show no views', async () => {
    await save(makeAnswer([makePost('1', { likes: 30 }), makePost('2', { likes: 10 })]));
    expect((await snapshots())[0]).toMatchObject({ engagement_rate: 2, engagement_basis: 'followers' });
  });
});

describe('the same day again', () => {
  test('is one row, with the newest known values', async () => {
    await save(makeAnswer([makePost('1', { likes: 5, comments: 2, views: 50 })], { followers: 1000 }));
    await save(makeAnswer([makePost('1', { likes: 6, views: 60 })], { followers: null, posts: null }));
    expect(await snapshots()).toMatchObject([
      { followers_count: 1000, posts_count: 1, total_likes: 6, total_comments: 2, total_views: 60 },
    ]);
    const rows = await store.db.selectFrom('social_media_post_analytics').selectAll().execute();
    expect(rows).toMatchObject([{ likes_count: 6, comments_count: 2, views_count: 60, engagement_basis: 'views' }]);
    expect(rows[0]?.engagement_rate).toBeCloseTo((8 / 60) * 100, 10);
  });

  test('without the followers leaves the rates that are of followers', async () => {
    await save(makeAnswer([makePost('1', { likes: 50 })], { followers: 1000 }));
    await save(makeAnswer([makePost('1', { likes: 60 })], { followers: null }));
    expect(await store.db.selectFrom('social_media_post_analytics').selectAll().execute()).toMatchObject([
      { likes_count: 60, engagement_rate: 6, engagement_basis: 'followers' },
    ]);
    expect(await snapshots()).toMatchObject([{ engagement_rate: 6, engagement_basis: 'followers' }]);
  });

  test('never turns a number into NULL, for any answers', async () => {
    const metric = fc.option(fc.nat(1000));
    const answer = fc.record({ followers: metric, likes: metric, views: metric, reach: metric, saves: metric });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 2, maxLength: 5 }), async (answers) => {
        const accountId = await seedAccount(store, `account${++run}`);
        let earlier: Record<string, unknown> = {};
        for (const { followers, ...metrics } of answers) {
          await save(makeAnswer([makePost(`p${run}`, metrics)], { followers }), { accountId });
          const row = await runSql(
            store,
            `SELECT s.followers_count, s.total_likes, s.total_views, s.posts_count,
               a.likes_count, a.views_count, a.reach_count, a.saves_count
             FROM social_media_posts p
             JOIN social_media_post_analytics a ON a.post_id = p.id
             JOIN social_media_analytics_snapshots s ON s.account_id = p.account_id
             WHERE p.account_id = ${accountId}`,
          );
          expect(row).toHaveLength(1);
          const lost = Object.keys(earlier).filter((key) => earlier[key] !== null && row[0]?.[key] === null);
          expect(lost).toEqual([]);
          earlier = row[0] as Record<string, unknown>;
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe('the sample', () => {
  test('gives way to the first real answer, posts and all', async () => {
    const sampled = [makePost('s1', { likes: 1000 }), makePost('shared', { likes: 500 })];
    await save(makeAnswer(sampled), { providerName: 'sample', day: '2026-11-20' });
    await save(makeAnswer(sampled), { providerName: 'sample', day: '2026-11-22' });
    expect(await save(makeAnswer([makePost('shared', { likes: 7 })]))).toMatchObject({ replacesSample: true });
    expect(await snapshots()).toMatchObject([{ snapshot_date: DAY, total_likes: 7, provider_name: 'test' }]);
    expect(await store.db.selectFrom('social_media_posts').select('external_post_id').execute()).toEqual([
      { external_post_id: 'shared' },
    ]);
    expect(
      await store.db.selectFrom('social_media_post_analytics').select(['likes_count', 'provider_name']).execute(),
    ).toEqual([{ likes_count: 7, provider_name: 'test' }]);
  });

  test('goes on with itself, and real numbers never give way to it', async () => {
    const kept = { replacesSample: false };
    const first = await save(makeAnswer([makePost('1', { likes: 1 })]), { providerName: 'sample', day: '2026-11-21' });
    expect(first).toMatchObject(kept);
    const again = await save(makeAnswer([makePost('1', { likes: 2 })]), { providerName: 'sample' });
    expect(again).toMatchObject(kept);
    expect(await snapshots()).toHaveLength(2);
  });

  test('leaves its hashtags to a post whose real caption is the same', async () => {
    await save(makeAnswer([makePost('1', {}, { caption: '#same' })]), { providerName: 'sample', day: '2026-11-21' });
    await save(makeAnswer([makePost('1', {}, { caption: '#same' })]));
    const links = await store.db
      .selectFrom('social_media_post_hashtags as x')
      .innerJoin('social_media_hashtags as h', 'h.id', 'x.hashtag_id')
      .select('h.tag')
      .execute();
    expect(links).toEqual([{ tag: 'same' }]);
  });
});
