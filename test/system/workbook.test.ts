import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { DATASETS } from '../../src/core/dataset.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';

/** A cell as Python's standard library reads it. */
type Cell = ['text', string] | ['number' | 'day', number] | ['empty', null] | ['formula', string];

function readWorkbook(path: string): Record<string, Cell[][]> {
  const reader = join(import.meta.dirname, 'read-workbook.py');
  return JSON.parse(execFileSync('python3', [reader, path], { encoding: 'utf8' })) as Record<string, Cell[][]>;
}

const CAPTIONS = [
  ['=1+1', "'=1", '+', '-5', '@a', '＝1', '\t', '\r\n', '\r', 'a\nb', '"', ',', ' ', '  two  ', '', "'"],
  ['_x0041_', '_x000D_', '__x0041_', '_x004_x0041_', '<&>', ']]>', '&amp;', '\u0001\u0007\u000b\u001f\u007f\u009f'],
  ['é😀 👩‍👩‍👧', '日本', 'עברית', '\u202eabc', '\ufeff', '\ufffe\uffff', '\u2028'],
  ['0012', '1e5', 'TRUE', '2026-01-01', '9007199254740993', 'x'.repeat(32_767)],
].flat();

/** What a sheet knows as a day, what is a whole number in any of them, and what is not known. */
const DAYS: readonly (readonly [day: string, likes: number | null, views: number | null, rate: number | null])[] = [
  ['1900-02-28', 0, 1, 0.1],
  ['1900-03-01', 1, null, 1 / 3],
  ['1970-01-01', 2 ** 31, 5, null],
  ['2000-02-29', 2 ** 53 - 1, 5, 5e-324],
  ['2026-11-23', null, null, 1e21],
  ['9999-12-31', 123_456_789_012_345, 0, 100],
];

test('a workbook says to another reader of the format what the database holds', async () => {
  const home = makeHome();
  expect((await runCli(['init', '--sample'], { home })).code).toBe(0);
  const db = new SqliteDatabase(join(home, 'smstats.db'));
  const addPost = db.prepare(
    `INSERT INTO social_media_posts (account_id, platform, external_post_id, caption, post_url, duration, posted_at)
     VALUES (1, 'tiktok', ?, ?, ?, ?, ?)`,
  );
  for (const [at, caption] of CAPTIONS.entries()) {
    const isEven = at % 2 === 0;
    const id = String(9_223_372_036_854_775_000n + BigInt(at));
    addPost.run(id, caption, isEven ? null : `https://e.test/?a=${at}&b=<c>`, isEven ? at : null, isEven ? null : AT);
  }
  const addDay = db.prepare(
    `INSERT INTO social_media_post_analytics (snapshot_date, post_id, likes_count, views_count, engagement_rate)
     VALUES (?, 1, ?, ?, ?)`,
  );
  for (const day of DAYS) addDay.run(...day);

  const stored = {
    posts: db.prepare(
      'SELECT p.*, a.username FROM social_media_posts p JOIN social_media_accounts a ON a.id = p.account_id ORDER BY p.id',
    ),
    'post-metrics': db.prepare(
      `SELECT t.*, p.platform, a.username, p.external_post_id FROM social_media_post_analytics t
       JOIN social_media_posts p ON p.id = t.post_id JOIN social_media_accounts a ON a.id = p.account_id
       ORDER BY t.snapshot_date, t.post_id`,
    ),
  };
  for (const [name, statement] of Object.entries(stored)) {
    const { columns } = DATASETS[name as keyof typeof stored];
    const file = join(home, `${name}.xlsx`);
    expect((await runCli(['export', name, '-o', file], { home })).code).toBe(0);
    const rows = statement.all() as Record<string, string | number | null>[];
    expect(rows.length).toBeGreaterThan(DAYS.length);
    const expected = rows.map((row) => columns.map(({ name: column, kind }) => toCell(row[column] ?? null, kind)));
    expect(readWorkbook(file)).toEqual({ [name]: [columns.map((column) => ['text', column.name]), ...expected] });
  }
  db.close();
});

const AT = '2026-11-22T23:59:59.123Z';

function toCell(value: string | number | null, kind: string): Cell {
  if (value === null) return ['empty', null];
  if (typeof value === 'number') return ['number', value];
  // Sheets count a 29 February 1900 that never was: days before it stay text.
  if (kind !== 'day' || value < '1900-03-01') return ['text', value];
  return ['day', (Date.parse(value) - Date.parse('1899-12-30')) / 86_400_000];
}
