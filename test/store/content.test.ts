import { beforeEach, describe, expect, test } from 'vitest';
import {
  compareContent,
  deleteContent,
  findMissingVideos,
  findRemoval,
  saveContent,
  type ContentItem,
  type ContentKind,
} from '../../src/store/content.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore, runSql, seedAccount, seedPost } from '../helper/temp-store.ts';

let store: Store;
beforeEach(async () => {
  store = await openTempStore();
});

function makeItem(id: string, fields: Partial<ContentItem> = {}): ContentItem {
  const unknown = { video_id: null, description: null, hashtags: null, duration: null, published_at: null, url: null };
  return { id, title: `Title ${id}`, ...unknown, ...fields };
}

const save = (kind: ContentKind, items: ContentItem[]) =>
  store.db.transaction().execute((trx) => saveContent(trx, kind, items));
const outcomes = async (kind: ContentKind, items: ContentItem[]) =>
  (await save(kind, items)).map(({ outcome }) => outcome);

describe('saveContent', () => {
  test('inserts what is new, and changes nothing when the same comes again', async () => {
    const items = [
      makeItem('v1', { duration: 90, published_at: '2026-01-31T00:00:00.000Z', hashtags: '#diy', url: 'https://x/y' }),
      makeItem('v2'),
    ];
    expect(await outcomes('video', items)).toEqual(['new', 'new']);
    expect(await outcomes('video', items)).toEqual(['unchanged', 'unchanged']);
    expect(
      await runSql(store, 'SELECT id, title, duration, published_at, hashtags, url FROM videos ORDER BY id'),
    ).toEqual([
      {
        id: 'v1',
        title: 'Title v1',
        duration: 90,
        published_at: '2026-01-31T00:00:00.000Z',
        hashtags: '#diy',
        url: 'https://x/y',
      },
      { id: 'v2', title: 'Title v2', duration: null, published_at: null, hashtags: null, url: null },
    ]);
    expect(await runSql(store, 'SELECT * FROM audit_log')).toEqual([]);
  });

  test('writes down what a change was before, and leaves what is not known', async () => {
    await save('video', [makeItem('v1', { duration: 90, description: 'kept' })]);
    expect(await outcomes('video', [makeItem('v1', { title: 'Better', duration: 95 })])).toEqual(['changed']);
    expect(await runSql(store, 'SELECT title, duration, description FROM videos')).toEqual([
      { title: 'Better', duration: 95, description: 'kept' },
    ]);
    const [audit, ...others] = await runSql<Record<string, string>>(store, 'SELECT * FROM audit_log');
    expect(others).toEqual([]);
    expect(audit).toMatchObject({ actor: 'cli', action: 'change', table_name: 'videos', row_id: 'v1' });
    expect(JSON.parse(audit?.['before_json'] as string)).toEqual({ title: 'Title v1', duration: 90 });
    expect(JSON.parse(audit?.['after_json'] as string)).toEqual({ title: 'Better', duration: 95 });
  });

  test('a day that a person stored by hand is the same as its midnight', async () => {
    await runSql(
      store,
      `INSERT INTO videos (id, title, published_at) VALUES ('v1', 'Title v1', '2026-01-31T00:00:00Z')`,
    );
    expect(await outcomes('video', [makeItem('v1', { published_at: '2026-01-31T00:00:00.000Z' })])).toEqual([
      'unchanged',
    ]);
  });

  test.each([0, 1, 99, 101, 250])('%i items, half of them changed', async (count) => {
    const items = Array.from({ length: count }, (_, index) => makeItem(`v${index}`));
    await save('video', items);
    const changed = items.map((item, index) => (index % 2 === 0 ? item : { ...item, title: `New ${index}` }));
    expect((await outcomes('video', changed)).filter((each) => each === 'changed')).toHaveLength(Math.floor(count / 2));
    expect(await runSql(store, 'SELECT * FROM audit_log')).toHaveLength(Math.floor(count / 2));
    expect(await runSql(store, 'SELECT * FROM videos')).toHaveLength(count);
  });

  test('a clip is a part of a stored video, or of none', async () => {
    await save('video', [makeItem('v1')]);
    expect(await outcomes('clip', [makeItem('c1', { video_id: 'v1' }), makeItem('c2')])).toEqual(['new', 'new']);
    await expect(save('clip', [makeItem('c3', { video_id: 'nope' })])).rejects.toThrow('no video "nope"');
    expect(await outcomes('clip', [makeItem('c2', { video_id: 'v1' }), makeItem('c1')])).toEqual([
      'changed',
      'unchanged',
    ]);
    expect(await runSql(store, 'SELECT id, video_id FROM clips ORDER BY id')).toEqual([
      { id: 'c1', video_id: 'v1' },
      { id: 'c2', video_id: 'v1' },
    ]);
  });

  test('a video and a clip may have one id', async () => {
    expect(await outcomes('video', [makeItem('1')])).toEqual(['new']);
    expect(await outcomes('clip', [makeItem('1')])).toEqual(['new']);
  });

  test('ids of any script and shape stay as they are', async () => {
    const ids = [
      'épisode 1',
      'e\u0301',
      '視頻',
      '../../etc/passwd',
      "x'); DROP TABLE videos; --",
      '🎬',
      '%',
      '7429779620297231647',
    ];
    await save(
      'video',
      ids.map((id) => makeItem(id)),
    );
    const stored = await compareContent(
      store.db,
      'video',
      ids.map((id) => makeItem(id)),
    );
    expect(stored.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'unchanged'));
  });
});

test('findMissingVideos names those that are not stored, each once', async () => {
  const ids = Array.from({ length: 1200 }, (_, index) => `v${index}`);
  await save(
    'video',
    ids.slice(0, 1100).map((id) => makeItem(id)),
  );
  expect(await findMissingVideos(store.db, [...ids, ...ids])).toEqual(ids.slice(1100));
  expect(await findMissingVideos(store.db, [])).toEqual([]);
});

test('removing takes the links along and leaves posts and clips', async () => {
  await save('video', [makeItem('v1')]);
  await save('clip', [makeItem('c1', { video_id: 'v1' }), makeItem('c2')]);
  const account = await seedAccount(store);
  const post = await seedPost(store, account, 'p1');
  await runSql(store, `INSERT INTO social_media_content_mapping (post_id, video_id) VALUES (${post}, 'v1')`);
  const removal = await findRemoval(store.db, 'video', 'v1');
  expect(removal).toMatchObject({
    before: { id: 'v1', title: 'Title v1' },
    links: [{ post_id: post }],
    clipIds: ['c1'],
  });
  expect(await findRemoval(store.db, 'clip', 'v1')).toBeUndefined();
  expect(await findRemoval(store.db, 'clip', 'c1')).toMatchObject({
    links: [],
    clipIds: [],
    before: { video_id: 'v1' },
  });
  await store.db.transaction().execute((trx) => deleteContent(trx, 'video', 'v1'));
  expect(await runSql(store, 'SELECT id, video_id FROM clips ORDER BY id')).toEqual([
    { id: 'c1', video_id: null },
    { id: 'c2', video_id: null },
  ]);
  expect(await runSql(store, 'SELECT * FROM social_media_content_mapping')).toEqual([]);
  expect(await runSql(store, 'SELECT * FROM social_media_posts')).toHaveLength(1);
});
