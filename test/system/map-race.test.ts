import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { makeDirectory, run } from './process.ts';

const POSTS = 12;

test('what people decide while the rules run again and again stays, every word of it', async () => {
  const home = makeDirectory();
  expect((await run(['init', '--sample', '--yes'], { home })).code).toBe(0);
  const query = <T>(sql: string): T[] => {
    const db = new SqliteDatabase(join(home, 'smstats.db'), { readonly: true });
    try {
      return db.prepare(sql).all() as T[];
    } finally {
      db.close();
    }
  };
  const posts = query<{ id: string; caption: string }>(
    `SELECT external_post_id AS id, caption FROM social_media_posts ORDER BY id LIMIT ${POSTS}`,
  );
  // Each post has content that the rules would choose, and another that a person does.
  for (const [i, { caption }] of posts.entries()) {
    const title = caption.replaceAll(/#\S+/g, '').trim();
    await run(['content', 'add', `rule-${i}0`, '--title', title], { home });
  }
  await run(['content', 'add', 'mine-100', '--title', 'Something else entirely'], { home });
  const rules = async () => {
    for (let i = 0; i < 4; i++) expect((await run(['map', '--auto', '--again'], { home })).code).toBe(0);
  };
  const people = async (from: number) => {
    for (let i = from; i < POSTS; i += 2) {
      const { code, stderr } = await run(['map', posts[i]?.id ?? '', '--video', 'mine-100'], { home });
      expect(code, stderr).toBe(0);
    }
  };
  await Promise.all([rules(), people(0), people(1)]);
  await rules();
  const links = query(
    `SELECT m.video_id, m.decided_by, m.status, count(*) AS posts FROM social_media_content_mapping m
     JOIN social_media_posts p ON p.id = m.post_id WHERE p.external_post_id IN (${posts.map(({ id }) => `'${id}'`).join(', ')})
     GROUP BY 1, 2, 3`,
  );
  expect(links).toEqual([{ video_id: 'mine-100', decided_by: 'person', status: 'confirmed', posts: POSTS }]);
  expect(query("SELECT count(*) AS words FROM audit_log WHERE action = 'link'")).toEqual([{ words: POSTS }]);
});
