import SqliteDatabase from 'better-sqlite3';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { queryDatabase } from '../helper/query-database.ts';
import { makeHome, runCli, type CliOptions } from '../helper/run-cli.ts';

const SPRINKLER = '7429779620297231647';
const SPRINKLER_URL = `https://www.tiktok.com/@isaiah_dupree/video/${SPRINKLER}`;

let home: string;
beforeEach(async () => {
  home = makeHome();
  await runCli(['init', '--sample', '--yes'], { home });
});

function run(...argv: string[]) {
  return runWith({}, ...argv);
}

function runWith(options: Partial<CliOptions>, ...argv: string[]) {
  return runCli(['map', ...argv], { home, ...options });
}

const query = (sql: string) => queryDatabase(home, sql);

/** Writes by hand, as users do. */
function execute(sql: string): void {
  const db = new SqliteDatabase(join(home, 'smstats.db'));
  db.pragma('foreign_keys = ON');
  db.exec(sql);
  db.close();
}

const addVideo = (id: string, title: string, more = '') =>
  execute(
    `INSERT INTO videos (id, title${more === '' ? '' : ', hashtags'}) VALUES ('${id}', '${title}'${more === '' ? '' : `, '${more}'`})`,
  );

const link = (post: string) =>
  query(
    `SELECT m.video_id, m.clip_id, m.status, m.confidence_score, m.matched_by, m.decided_by
     FROM social_media_content_mapping m JOIN social_media_posts p ON p.id = m.post_id WHERE p.external_post_id = '${post}'`,
  )[0];

async function json(...argv: string[]): Promise<Record<string, never>> {
  const { stdout, code } = await run(...argv, '--json');
  expect(code).toBe(0);
  return (JSON.parse(stdout) as { data: Record<string, never> }).data;
}

describe('by hand', () => {
  beforeEach(() => addVideo('vid-001', 'DIY Sprinkler Blocker'));

  test('the newest posts that are linked to nothing come first', async () => {
    const { stdout, stderr } = await run('--limit', '2');
    expect(stdout).toContain('36 of 36 posts wait for a link, 0 of them for a review; 0 refused');
    expect(stdout.match(/^tiktok /gm)).toHaveLength(2);
    expect(stderr).toContain('smstats map <post> --video <id>');
    await run(SPRINKLER, '--video', 'vid-001');
    expect(await json()).toMatchObject({ counts: { posts: 36, confirmed: 1, unmapped: 35 } });
  });

  test.each([
    SPRINKLER,
    SPRINKLER_URL,
    `${SPRINKLER_URL}?is_from_webapp=1&sender_device=pc`,
    `http://m.tiktok.com/v/${SPRINKLER}.html`,
    `tiktok.com/@somebody/video/${SPRINKLER}`,
    `https://www.tiktok.com/embed/v2/${SPRINKLER}`,
  ])('%s names the post', async (post) => {
    const { code, stderr } = await run(post, '--video', 'vid-001', '--confidence', '0.95');
    expect({ code, stderr }).toEqual({ code: 0, stderr: `tiktok ${SPRINKLER} is linked to video vid-001\n` });
    expect(link(SPRINKLER)).toEqual({
      video_id: 'vid-001',
      clip_id: null,
      status: 'confirmed',
      confidence_score: 0.95,
      matched_by: 'manual',
      decided_by: 'person',
    });
    expect(query('SELECT content_title, views FROM mapped_content')).toEqual([
      { content_title: 'DIY Sprinkler Blocker', views: 23289 },
    ]);
  });

  test('a second word replaces the first, and both are in the audit', async () => {
    addVideo('vid-002', 'Another');
    await run(SPRINKLER, '--video', 'vid-001');
    await run(SPRINKLER, '--video', 'vid-002');
    expect(link(SPRINKLER)).toMatchObject({ video_id: 'vid-002' });
    const audit = query(
      "SELECT action, before_json, after_json FROM audit_log WHERE table_name = 'social_media_content_mapping' ORDER BY id",
    );
    expect(audit.map(({ action }) => action)).toEqual(['link', 'link']);
    expect(JSON.parse(String(audit[1]?.['before_json']))).toMatchObject({ video_id: 'vid-001' });
    expect(JSON.parse(String(audit[1]?.['after_json']))).toMatchObject({ video_id: 'vid-002' });
  });

  test('a link is taken back, is not made again by a rule, and can be forgotten', async () => {
    await run(SPRINKLER, '--video', 'vid-001');
    expect(await run('--unlink', SPRINKLER_URL)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no longer'),
    });
    expect(link(SPRINKLER)).toMatchObject({ status: 'rejected', decided_by: 'person' });
    await run('--auto');
    expect(link(SPRINKLER)).toMatchObject({ status: 'rejected' });
    expect((await json())['counts']).toMatchObject({ rejected: 1, unmapped: 35 });
    expect((await run('--unlink', SPRINKLER)).stderr).toContain('was refused for video vid-001 already');
    expect(link(SPRINKLER)).toMatchObject({ status: 'rejected' });
    expect((await run('--reopen', SPRINKLER)).stderr).toContain('is open again');
    expect((await run('--reopen', SPRINKLER)).stderr).toContain('was open already');
    expect(link(SPRINKLER)).toBeUndefined();
    expect(await run('--unlink', SPRINKLER)).toMatchObject({ code: 7 });
  });

  test.each([
    [[SPRINKLER, '--video', 'vid-01'], 7, 'did you mean vid-001?'],
    [[SPRINKLER, '--clip', 'vid-001'], 7, 'There is no clip "vid-001"'],
    [['7429779620297231648', '--video', 'vid-001'], 7, 'There is no post'],
    [
      ['https://www.tiktok.com/@other/video/1234567890123456789', '--video', 'vid-001'],
      7,
      'smstats fetch tiktok other',
    ],
    [['https://vm.tiktok.com/ZMabc123/', '--video', 'vid-001'], 2, 'is a short link'],
    [['https://www.tiktok.com/@isaiah_dupree', '--video', 'vid-001'], 2, 'is a profile, not a post'],
    [[SPRINKLER], 2, 'What does the post show?'],
    [['--video', 'vid-001'], 2, 'Which post shows it?'],
    [[SPRINKLER, '--video', 'a', '--clip', 'b'], 2, 'both say'],
    [[SPRINKLER, '--video', 'vid-001', '--confidence', '1.5'], 2, 'from 0 to 1'],
    [['--auto', '--list'], 2, 'several things'],
    [[SPRINKLER, '--auto'], 2, '--auto is not for one post'],
    [['--unlink'], 2, 'takes a post'],
    [[SPRINKLER, '--video', 'vid-001', '--dry-run'], 2, '--dry-run does not go with linking a post'],
    [['--unlink', SPRINKLER, '--dry-run'], 2, '--dry-run does not go with --unlink'],
    [['--min-confidence', '0.5'], 2, '--min-confidence does not go with'],
    [['--auto', '--platform', 'nonsense'], 2, 'is not a platform'],
  ])('%j: exit %i, %s', async (argv, code, message) => {
    const result = await run(...argv);
    expect(result).toMatchObject({ code, stderr: expect.stringContaining(message) });
    expect(query('SELECT count(*) AS links FROM social_media_content_mapping')).toEqual([{ links: 0 }]);
  });

  test('an id is the same with its accents in one character or in two', async () => {
    await runCli(['content', 'add', 'cafe\u0301-1', '--title', 'Café'], { home });
    expect(query("SELECT id FROM videos WHERE title = 'Café'")).toEqual([{ id: 'caf\u00e9-1' }]);
    expect((await run(SPRINKLER, '--video', 'cafe\u0301-1')).code).toBe(0);
    expect((await runCli(['content', 'remove', 'cafe\u0301-1', '--yes'], { home })).code).toBe(0);
  });

  test('ids of a platform that numbers per instance need the right instance', async () => {
    execute(`INSERT INTO social_media_accounts (id, platform, username, display_name) VALUES (50, 'mastodon', 'a@one.example', 'A');
      INSERT INTO social_media_posts (account_id, platform, external_post_id, post_url)
      VALUES (50, 'mastodon', '111222333444555666', 'https://one.example/@a/111222333444555666')`);
    expect((await run('https://two.example/@a/111222333444555666', '--video', 'vid-001')).code).toBe(7);
    expect((await run('https://one.example/@a/111222333444555666', '--video', 'vid-001')).code).toBe(0);
  });

  test('a post whose stored id is not the one in its URL is found by the URL', async () => {
    execute(`INSERT INTO social_media_accounts (id, platform, username, display_name) VALUES (51, 'instagram', 'b', 'B');
      INSERT INTO social_media_posts (account_id, platform, external_post_id, post_url)
      VALUES (51, 'instagram', '18051234567890123', 'https://www.instagram.com/reel/Cabcdefghij/')`);
    expect((await run('https://instagram.com/p/Cabcdefghij/?igsh=x', '--video', 'vid-001')).code).toBe(0);
    expect(link('18051234567890123')).toMatchObject({ video_id: 'vid-001' });
  });
});

describe('by rules', () => {
  beforeEach(() => {
    addVideo('vid-001', 'DIY Sprinkler Blocker', 'DIYhome WaterproofingHacks SprinklerSolutions');
    addVideo('vid-002', 'Sourdough for beginners');
  });

  test('what is certain is linked, and a second time nothing changes', async () => {
    const first = await json('--auto');
    expect(first).toMatchObject({ posts: 36, dry_run: false });
    expect(link(SPRINKLER)).toMatchObject({ video_id: 'vid-001', status: 'confirmed', decided_by: 'rule' });
    expect(link(SPRINKLER)?.['confidence_score']).toBeGreaterThan(0.7);
    const rows = query('SELECT * FROM social_media_content_mapping');
    await run('--auto', '--again');
    expect(query('SELECT * FROM social_media_content_mapping')).toEqual(rows);
    const listed = await run('--list');
    expect(listed.stdout).toMatch(new RegExp(`${SPRINKLER} +confirmed +vid-001 +DIY Sprinkler Blocker`));
  });

  test('--dry-run stores nothing', async () => {
    const { stdout, stderr } = await run('--auto', '--dry-run');
    expect(stdout).toContain('1 linked');
    expect(stderr).toContain('nothing was stored');
    expect(query('SELECT count(*) AS links FROM social_media_content_mapping')).toEqual([{ links: 0 }]);
  });

  test('--min-confidence leaves to a review what it does not accept', async () => {
    await run('--auto', '--min-confidence', '0.99');
    expect(link(SPRINKLER)).toMatchObject({ video_id: 'vid-001', status: 'suggested' });
    expect((await json())['counts']).toMatchObject({ suggested: 1, unmapped: 36 });
  });

  test('what a person decided stays', async () => {
    await run(SPRINKLER, '--video', 'vid-002');
    for (const flags of [[], ['--again'], ['--min-confidence', '0.1', '--again']]) {
      await run('--auto', ...flags);
      expect(link(SPRINKLER)).toMatchObject({ video_id: 'vid-002', decided_by: 'person', status: 'confirmed' });
    }
  });

  test('a row written by hand is a person’s word', async () => {
    execute(`INSERT INTO social_media_content_mapping (post_id, video_id, confidence_score, matched_by)
      SELECT id, 'vid-002', 1.0, 'manual' FROM social_media_posts WHERE post_url LIKE '%${SPRINKLER}%'`);
    await run('--auto', '--again');
    expect(link(SPRINKLER)).toMatchObject({ video_id: 'vid-002', decided_by: 'person' });
  });

  test('a suggestion that no longer holds is forgotten', async () => {
    await run('--auto', '--min-confidence', '0.99');
    execute("UPDATE videos SET title = 'Something else', hashtags = NULL WHERE id = 'vid-001'");
    await run('--auto');
    expect(link(SPRINKLER)).toBeUndefined();
  });

  test('decided anew, a link of a rule that no longer holds is taken back', async () => {
    await run('--auto');
    execute("UPDATE videos SET title = 'Quantum chromodynamics lecture', hashtags = 'physics' WHERE id = 'vid-001'");
    await run('--auto');
    expect(link(SPRINKLER)).toMatchObject({ video_id: 'vid-001', status: 'confirmed' });
    await run('--auto', '--again');
    expect(link(SPRINKLER)).toBeUndefined();
  });

  test('--platform leaves the posts of others alone', async () => {
    expect(await json('--auto', '--platform', 'instagram')).toMatchObject({ posts: 0 });
    expect(await json('--auto', '--platform', 'tiktok')).toMatchObject({ posts: 36 });
  });

  test('posts of competitors are left alone', async () => {
    execute('UPDATE social_media_accounts SET is_competitor = 1');
    expect(await json('--auto')).toMatchObject({ posts: 0 });
    expect((await json())['counts']).toMatchObject({ posts: 0 });
  });

  test('without content there is nothing to link to', async () => {
    execute('DELETE FROM videos');
    expect(await run('--auto')).toMatchObject({ code: 7, stderr: expect.stringContaining('smstats content import') });
  });
});

describe('--review', () => {
  beforeEach(async () => {
    addVideo('vid-001', 'DIY Sprinkler Blocker', 'DIYhome WaterproofingHacks SprinklerSolutions');
    addVideo('vid-002', 'Sprinkler repair');
    await run('--auto', '--min-confidence', '0.99');
    expect(link(SPRINKLER)).toMatchObject({ status: 'suggested' });
  });

  test.each([
    ['a\n', { status: 'confirmed', video_id: 'vid-001', decided_by: 'person' }, '1 accepted, 0 rejected, 0 skipped'],
    ['r\n', { status: 'rejected', video_id: 'vid-001', decided_by: 'person' }, '0 accepted, 1 rejected, 0 skipped'],
    [
      'vid-002\n',
      { status: 'confirmed', video_id: 'vid-002', decided_by: 'person', matched_by: 'manual' },
      '1 accepted',
    ],
    ['s\n', { status: 'suggested', decided_by: 'rule' }, '0 accepted, 0 rejected, 1 skipped'],
    ['q\n', { status: 'suggested', decided_by: 'rule' }, '0 accepted, 0 rejected, 0 skipped'],
    ['', { status: 'suggested', decided_by: 'rule' }, '0 accepted, 0 rejected, 0 skipped'],
    ['what?\n9\n\nvid-003\ny\n', { status: 'confirmed', video_id: 'vid-001' }, '1 accepted'],
  ])('%j', async (typed, expected, said) => {
    const { code, stderr } = await runWith({ typed }, '--review');
    expect(code).toBe(0);
    expect(stderr).toContain('💧 DIY Sprinkler Blocker');
    expect(stderr).toMatch(/→ 1\. 0\.\d\d video vid-001: DIY Sprinkler Blocker/);
    expect(stderr).toContain(said);
    expect(link(SPRINKLER)).toMatchObject(expected);
  });

  test('piped, it is a table', async () => {
    const { stdout, stderr } = await run('--review');
    expect(stdout).toMatch(new RegExp(`tiktok +${SPRINKLER} +vid-001`));
    expect(stderr).toBe('');
    expect(await json('--review')).toHaveLength(1);
  });

  test('a rejected suggestion does not come back', async () => {
    await runWith({ typed: 'r\n' }, '--review');
    await run('--auto', '--again');
    expect(link(SPRINKLER)).toMatchObject({ status: 'rejected' });
    expect((await runWith({ typed: 'a\n' }, '--review')).stderr).toContain('nothing waits for a review');
  });

  test('hostile captions and titles do not reach the terminal as they are', async () => {
    execute("UPDATE videos SET title = 'DIY Sprinkler Blocker' || char(27) || '[2J' WHERE id = 'vid-001'");
    const { stderr } = await runWith({ typed: 's\n' }, '--review');
    expect(stderr).not.toContain('\u001b');
  });
});

test('--calibrate says how good the rules are on what a person has judged', async () => {
  addVideo('vid-001', 'DIY Sprinkler Blocker', 'DIYhome WaterproofingHacks SprinklerSolutions');
  const { stderr, stdout } = await run('--calibrate');
  expect(stdout).toContain('on 0 posts that you have judged');
  expect(stderr).toContain('confirm more with smstats map --review');
  await run(SPRINKLER, '--video', 'vid-001');
  const { judged, confirmed, table } = (await json('--calibrate')) as unknown as {
    judged: number;
    confirmed: number;
    table: { accept: number; accepted: number; correct: number; precision: number }[];
  };
  expect({ judged, confirmed }).toEqual({ judged: 1, confirmed: 1 });
  expect(table.find(({ accept }) => accept === 0.5)).toMatchObject({ accepted: 1, correct: 1, precision: 1 });
});
