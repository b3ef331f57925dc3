import { expect, test } from 'vitest';
import { saveRuleVerdicts } from '../../src/store/mapping.ts';
import { NOW } from '../helper/run-cli.ts';
import { runSql, seedAccount, seedPost } from '../helper/temp-store.ts';
import { openBoard } from './board.ts';

async function seedSuggestion({ store }: Awaited<ReturnType<typeof openBoard>>, externalId = '1') {
  const anna = await seedAccount(store, `anna${externalId}`);
  await runSql(
    store,
    "INSERT INTO videos (id, title) VALUES ('v1', 'Sprinkler'), ('v2', 'Hose') ON CONFLICT DO NOTHING",
  );
  await runSql(store, "INSERT INTO clips (id, title) VALUES ('c1', 'Short') ON CONFLICT DO NOTHING");
  const post = await seedPost(store, anna, externalId, {
    caption: '<script>alert(1)</script>',
    post_url: 'javascript:alert(1)',
  });
  await saveRuleVerdicts(
    store.db,
    [
      {
        postId: post,
        content: { kind: 'video', id: 'v1' },
        status: 'suggested',
        confidence: 0.8,
        matchedBy: 'hashtag',
        runnerUpScore: 0.3,
      },
    ],
    NOW,
  );
  return String(post);
}

test('mapping: what waits, what nobody knows, and counts; no address but http leaves', async () => {
  const board = await openBoard();
  const post = await seedSuggestion(board);
  const anna = await seedAccount(board.store, 'anna');
  await seedPost(board.store, anna, '2', { post_url: 'https://www.tiktok.com/@anna/video/2' });

  const { body } = await board.send('mapping');

  expect(body.data.counts).toEqual({ posts: 2, confirmed: 0, suggested: 1, rejected: 0, unmapped: 1 });
  expect(body.data.suggestions).toMatchObject([
    {
      post_id: post,
      post_url: null,
      caption: '<script>alert(1)</script>',
      video_id: 'v1',
      clip_id: null,
      content_title: 'Sprinkler',
      confidence: 0.8,
      runner_up: 0.3,
      matched_by: 'hashtag',
    },
  ]);
  expect(body.data.unmapped).toMatchObject([{ post_url: 'https://www.tiktok.com/@anna/video/2' }]);
});

test('mapping: a confirmed suggestion keeps its score and is audited as api', async () => {
  const board = await openBoard();
  const post_id = await seedSuggestion(board);

  const reply = await board.send('mapping', { post_id, decision: 'confirm', video_id: 'v1' });

  expect(reply).toEqual({
    status: 200,
    body: { success: true, data: { post_id, status: 'confirmed', video_id: 'v1', clip_id: null } },
  });
  expect(
    await runSql(
      board.store,
      'SELECT status, decided_by, confidence_score, matched_by FROM social_media_content_mapping',
    ),
  ).toEqual([{ status: 'confirmed', decided_by: 'person', confidence_score: 0.8, matched_by: 'hashtag' }]);
  expect(await runSql(board.store, 'SELECT actor, action FROM audit_log')).toEqual([{ actor: 'api', action: 'link' }]);
  // The same word again changes nothing.
  expect((await board.send('mapping', { post_id, decision: 'confirm', video_id: 'v1' })).status).toBe(200);
  expect(await runSql(board.store, 'SELECT actor FROM audit_log')).toHaveLength(1);
});

test('mapping: other content is the word of a person; a post without a suggestion can be linked', async () => {
  const board = await openBoard();
  const post_id = await seedSuggestion(board);
  const bare = String(await seedPost(board.store, await seedAccount(board.store, 'bare'), '9'));

  expect((await board.send('mapping', { post_id, decision: 'confirm', clip_id: 'c1' })).status).toBe(200);
  expect((await board.send('mapping', { post_id: bare, decision: 'confirm', video_id: 'v2' })).status).toBe(200);

  expect(
    await runSql(
      board.store,
      'SELECT video_id, clip_id, confidence_score, matched_by FROM social_media_content_mapping ORDER BY id',
    ),
  ).toEqual([
    { video_id: null, clip_id: 'c1', confidence_score: 1, matched_by: 'manual' },
    { video_id: 'v2', clip_id: null, confidence_score: 1, matched_by: 'manual' },
  ]);
});

test('mapping: of two people the first one is right, and the second hears of it', async () => {
  const board = await openBoard();
  const post_id = await seedSuggestion(board);
  expect((await board.send('mapping', { post_id, decision: 'reject' })).body.data.status).toBe('rejected');

  const second = await board.send('mapping', { post_id, decision: 'confirm', video_id: 'v1' });

  expect(second).toMatchObject({ status: 409, body: { success: false, error: 'conflict' } });
  expect(await runSql(board.store, 'SELECT status FROM social_media_content_mapping')).toEqual([
    { status: 'rejected' },
  ]);
});

test.each([
  [{ decision: 'confirm' }, 400],
  [{ post_id: 'POST', decision: 'maybe' }, 400],
  [{ post_id: 'POST', decision: 'confirm', extra: 1 }, 400],
  [{ post_id: 'POST', decision: 'confirm', video_id: 'v1', clip_id: 'c1' }, 400],
  [{ post_id: 'BARE', decision: 'confirm' }, 400],
  [{ post_id: '99999', decision: 'confirm' }, 404],
  [{ post_id: 'POST', decision: 'confirm', video_id: 'gone' }, 404],
  [[], 400],
  ['text', 400],
])('mapping: %j is refused with %i and writes nothing', async (given, status) => {
  const board = await openBoard();
  const post = await seedSuggestion(board);
  const bare = String(await seedPost(board.store, await seedAccount(board.store, 'bare'), '9'));
  const body: unknown = JSON.parse(JSON.stringify(given).replace('POST', post).replace('BARE', bare));

  const reply = await board.send('mapping', body);

  expect(reply.status).toBe(status);
  expect(reply.body).toMatchObject({ success: false });
  expect(await runSql(board.store, 'SELECT id FROM audit_log')).toEqual([]);
  expect(await runSql(board.store, 'SELECT status FROM social_media_content_mapping')).toEqual([
    { status: 'suggested' },
  ]);
});
