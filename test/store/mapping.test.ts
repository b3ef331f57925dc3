import { beforeEach, expect, test } from 'vitest';
import type { Store } from '../../src/store/open.ts';
import {
  deleteRuleVerdicts,
  reopenPost,
  savePersonVerdict,
  saveRuleVerdicts,
  unlinkPost,
  type Verdict,
} from '../../src/store/mapping.ts';
import { listMappings } from '../../src/query/list-mappings.ts';
import { listPostsToMatch } from '../../src/query/list-posts-to-match.ts';
import { listUnmappedPosts } from '../../src/query/list-unmapped-posts.ts';
import { countUnmappedPosts } from '../../src/query/count-unmapped-posts.ts';
import { openTempStore, runSql, seedAccount, seedPost } from '../helper/temp-store.ts';

const NOW = new Date('2026-11-22T10:00:00Z');

let store: Store;
let posts: number[];
beforeEach(async () => {
  store = await openTempStore();
  const account = await seedAccount(store);
  posts = [];
  for (const id of ['1', '2', '3', '4']) posts.push(await seedPost(store, account, id));
  await runSql(store, "INSERT INTO videos (id, title) VALUES ('v1', 'One'), ('v2', 'Two')");
  await runSql(store, "INSERT INTO clips (id, video_id, title) VALUES ('c1', 'v1', 'Clip')");
});

const verdict = (index: number, more: Partial<Verdict> = {}): Verdict => ({
  postId: posts[index] as number,
  content: { kind: 'video', id: 'v1' },
  status: 'confirmed',
  confidence: 0.9,
  matchedBy: 'caption_match',
  ...more,
});

const states = async () =>
  (await listMappings(store.db)).map((row) => [
    row.external_post_id,
    row.clip_id ?? row.video_id,
    row.status,
    row.decided_by,
    row.confidence_score,
  ]);

test('rules write many posts, again the same, and a person writes over them', async () => {
  const all = [verdict(0), verdict(1, { status: 'suggested', confidence: 0.5, runnerUpScore: 0.45 }), verdict(2)];
  expect(await saveRuleVerdicts(store.db, all, NOW)).toEqual({ written: 3, gone: 0 });
  expect(await saveRuleVerdicts(store.db, all, NOW)).toEqual({ written: 3, gone: 0 });
  await savePersonVerdict(store.db, verdict(1, { content: { kind: 'clip', id: 'c1' }, confidence: 1 }), NOW);
  expect((await states()).toSorted()).toEqual([
    ['1', 'v1', 'confirmed', 'rule', 0.9],
    ['2', 'c1', 'confirmed', 'person', 1],
    ['3', 'v1', 'confirmed', 'rule', 0.9],
  ]);
  expect(await countUnmappedPosts(store.db)).toEqual({ posts: 4, confirmed: 3, suggested: 0, rejected: 0 });
  expect((await listUnmappedPosts(store.db)).map((row) => row.external_post_id)).toEqual(['4']);
});

test('what a person decided stays, whatever a rule says and whenever', async () => {
  await savePersonVerdict(store.db, verdict(0, { content: { kind: 'video', id: 'v2' } }), NOW);
  await savePersonVerdict(store.db, verdict(1, { status: 'rejected' }), NOW);
  const written = await saveRuleVerdicts(store.db, [verdict(0), verdict(1), verdict(2)], NOW);
  expect(written).toEqual({ written: 1, gone: 0 });
  expect((await states()).toSorted()).toEqual([
    ['1', 'v2', 'confirmed', 'person', 0.9],
    ['2', 'v1', 'rejected', 'person', 0.9],
    ['3', 'v1', 'confirmed', 'rule', 0.9],
  ]);
  await deleteRuleVerdicts(store.db, [posts[0], posts[1], posts[3]] as number[]);
  expect(await states()).toHaveLength(3);
  expect((await listPostsToMatch(store.db)).map(({ external_post_id: id }) => id)).toEqual(['4']);
  expect((await listPostsToMatch(store.db, { isAgain: true })).map(({ external_post_id: id }) => id)).toEqual([
    '3',
    '4',
  ]);
});

test('of two who review the same post, the first one’s word stays', async () => {
  await saveRuleVerdicts(store.db, [verdict(0, { status: 'suggested' })], NOW);
  const accept = verdict(0);
  const reject = verdict(0, { status: 'rejected' });
  const saved = await Promise.all([
    savePersonVerdict(store.db, accept, NOW, true),
    savePersonVerdict(store.db, reject, NOW, true),
  ]);
  expect(saved.filter(Boolean)).toHaveLength(1);
  const audit = await store.db.selectFrom('audit_log').select(['action']).execute();
  expect(audit).toHaveLength(1);
  const [row] = await listMappings(store.db);
  expect(row?.status).toBe(saved[0] ? 'confirmed' : 'rejected');
});

test('a review while the rules run: no decision is lost, in either order', async () => {
  const rules = posts.map((_, index) => verdict(index, { status: 'suggested', confidence: 0.5 }));
  await Promise.all([
    saveRuleVerdicts(store.db, rules, NOW),
    savePersonVerdict(store.db, verdict(0, { content: { kind: 'video', id: 'v2' } }), NOW),
    savePersonVerdict(store.db, verdict(3, { status: 'rejected' }), NOW),
    deleteRuleVerdicts(store.db, posts),
    saveRuleVerdicts(store.db, rules, NOW),
  ]);
  const all = await states();
  expect(all).toContainEqual(['1', 'v2', 'confirmed', 'person', 0.9]);
  expect(all).toContainEqual(['4', 'v1', 'rejected', 'person', 0.9]);
});

test('a link that is taken back is rejected, and forgotten only when somebody says so', async () => {
  const [post] = posts as [number];
  await saveRuleVerdicts(store.db, [verdict(0)], NOW);
  expect(await unlinkPost(store.db, post, NOW)).toMatchObject({ status: 'confirmed', video_id: 'v1' });
  expect(await unlinkPost(store.db, post, NOW)).toMatchObject({ status: 'rejected' });
  expect(await states()).toEqual([['1', 'v1', 'rejected', 'person', 0.9]]);
  expect(await reopenPost(store.db, post)).toMatchObject({ status: 'rejected' });
  expect(await reopenPost(store.db, post)).toBeUndefined();
  expect(await unlinkPost(store.db, post, NOW)).toBeUndefined();
  expect(await states()).toEqual([]);
  const audit = await store.db.selectFrom('audit_log').select(['action']).orderBy('id').execute();
  expect(audit.map(({ action }) => action)).toEqual(['unlink', 'reopen']);
});

test('the same word twice is one', async () => {
  await savePersonVerdict(store.db, verdict(0), NOW);
  await savePersonVerdict(store.db, verdict(0), new Date(NOW.getTime() + 1000));
  expect(await store.db.selectFrom('audit_log').select('id').execute()).toHaveLength(1);
});

test('content that was removed meanwhile costs its own verdicts alone', async () => {
  await runSql(store, "DELETE FROM videos WHERE id = 'v2'");
  const all = [verdict(0), verdict(1, { content: { kind: 'video', id: 'v2' } }), verdict(2)];
  expect(await saveRuleVerdicts(store.db, all, NOW)).toEqual({ written: 2, gone: 1 });
  await expect(savePersonVerdict(store.db, all[1] as Verdict, NOW)).rejects.toThrow('There is no video "v2" any more.');
});

test('content that goes takes its links along', async () => {
  await saveRuleVerdicts(store.db, [verdict(0), verdict(1, { content: { kind: 'clip', id: 'c1' } })], NOW);
  await runSql(store, "DELETE FROM videos WHERE id = 'v1'");
  expect(await states()).toEqual([['2', 'c1', 'confirmed', 'rule', 0.9]]);
});
