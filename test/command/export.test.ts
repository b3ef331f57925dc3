import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { DATASET_NAMES } from '../../src/core/dataset.ts';
import { openStore } from '../../src/store/open.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';
import { queryDatabase } from '../helper/query-database.ts';
import { seedHistory } from '../query/history.ts';

const ORDER = [
  'accounts',
  'snapshots',
  'posts',
  'post-metrics',
  'daily-metrics',
  'audience',
  'content',
  'campaigns',
  'mapping',
] as const;
const FORMATS = ['csv', 'json', 'ndjson', 'parquet', 'ndjson.gz', 'csv.gz'];

/** A home with something in every dataset. */
async function makeFilledHome(): Promise<string> {
  const home = makeHome();
  const store = await openStore({ database: join(home, 'smstats.db'), create: true, appVersion: '0' });
  await seedHistory(store);
  await store.close();
  const run = (...argv: string[]) => runCli(argv, { home });
  await run('record', 'daily', '--account', 'tiktok:anna', '--followers', '1200', '--engagement-rate', '3.25');
  await run(
    'record',
    'audience',
    '--account',
    'tiktok:anna',
    '--age-18-24',
    '40.5',
    '--top-countries',
    'Österreich, USA',
  );
  await run('content', 'add', 'v1', '--title', '=SUM(A1)', '--published', '2026-01-31');
  await run('content', 'add', 'c1', '--title', "'+1", '--clip-of', 'v1');
  await run(
    'roi',
    '--campaign',
    'spring',
    '--account',
    'tiktok:anna',
    '--cost',
    '5000',
    '--revenue',
    '25000',
    '--currency',
    'EUR',
  );
  await run('roi', '--campaign', 'all', '--cost', '1.5', '--revenue', '2');
  await run('map', 'a2', '--clip', 'c1');
  return home;
}

async function exportAll(home: string, format: string, directory = makeHome()): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of ORDER) {
    const file = join(directory, `${name}.${format}`);
    const { code, stderr } = await runCli(['export', name, '-o', file], { home });
    expect(code, stderr).toBe(0);
    files[name] = file;
  }
  return files;
}

test.each(FORMATS)(
  'what is exported as %s comes back equal, and the same file again changes nothing',
  async (format) => {
    const home = await makeFilledHome();
    const files = await exportAll(home, format);
    const other = makeHome();
    for (const name of ORDER) {
      const file = files[name] as string;
      const first = await runCli(['import', file, '--json'], { home: other });
      expect(first.code, `${name}: ${first.stderr}`).toBe(0);
      const again = await runCli(['import', file, '--json'], { home: other });
      const [counts] = (JSON.parse(again.stdout) as { data: { datasets: Record<string, number>[] } }).data.datasets;
      expect(counts, name).toMatchObject({ new: 0, changed: 0, missing: 0 });
      expect(counts?.['unchanged'], name).toBeGreaterThan(0);
    }
    const [before, after] = [await exportAll(home, 'ndjson'), await exportAll(other, 'ndjson')];
    for (const name of ORDER)
      expect(readFileSync(after[name] as string, 'utf8'), name).toBe(readFileSync(before[name] as string, 'utf8'));
    // Hashtags are read from the captions, and an import that changed nothing leaves no trace.
    const tags =
      'SELECT h.tag, count(*) AS posts FROM social_media_post_hashtags x JOIN social_media_hashtags h ON h.id = x.hashtag_id GROUP BY 1 ORDER BY 1';
    expect(queryDatabase(other, tags)).toEqual(queryDatabase(home, tags));
    expect(queryDatabase(other, "SELECT count(*) AS n FROM audit_log WHERE action = 'import'")).toEqual([
      { n: ORDER.length },
    ]);
  },
);

test('any text comes back as it was, and none of it can run in a spreadsheet', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const special = fc.constantFrom(
    '=1+1',
    "'=1",
    "''@x",
    '+',
    '-5',
    '@a',
    '\t',
    '\r\n',
    '"',
    ',',
    ';',
    '＝',
    '_x0041_',
    ' ',
    '<&>',
    '\u0007',
    'é😀',
  );
  const text = fc
    .array(fc.oneof(special, fc.string({ unit: 'grapheme' })), { maxLength: 4 })
    .map((parts) => parts.join('').replaceAll('\0', ''));
  await fc.assert(
    fc.asyncProperty(text, text, fc.constantFrom('csv', 'json', 'ndjson', 'parquet'), async (caption, url, format) => {
      const directory = makeHome();
      const store = await openStore({ database: join(home, 'smstats.db'), appVersion: '0' });
      const set = (values: { caption: string | null; post_url: string | null }) =>
        store.db.updateTable('social_media_posts').set(values).where('id', '=', 1).execute();
      await set({ caption, post_url: url });
      const file = join(directory, `posts.${format}`);
      expect((await runCli(['export', 'posts', '-o', file], { home })).code).toBe(0);
      await set({ caption: 'other', post_url: null });
      const { code, stderr } = await runCli(['import', file], { home });
      expect(code, stderr).toBe(0);
      const row = await store.db
        .selectFrom('social_media_posts')
        .select(['caption', 'post_url'])
        .where('id', '=', 1)
        .executeTakeFirstOrThrow();
      await store.close();
      expect(row).toEqual({ caption, post_url: url });
      if (format === 'csv') {
        const cells = (parse(readFileSync(file), { bom: true }) as string[][]).flat();
        expect(cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([]);
      }
    }),
    { numRuns: 60 },
  );
});

test('a workbook holds values, every digit of ids, and text that looks like a formula as text', async () => {
  const home = await makeFilledHome();
  const directory = makeHome();
  await runCli(['export', 'content', '-o', join(directory, 'content.xlsx')], { home });
  await runCli(['init', '--sample'], { home });
  await runCli(['export', 'post-metrics', '-o', join(directory, 'days.xlsx'), '--account', 'tiktok:isaiah_dupree'], {
    home,
  });
  const parts = (name: string) =>
    Object.fromEntries(
      Object.entries(unzipSync(readFileSync(join(directory, name)))).map(([path, bytes]) => [
        path,
        Buffer.from(bytes).toString(),
      ]),
    );
  const content = parts('content.xlsx');
  expect(Object.keys(content).toSorted()).toEqual([
    '[Content_Types].xml',
    '_rels/.rels',
    'xl/_rels/workbook.xml.rels',
    'xl/styles.xml',
    'xl/workbook.xml',
    'xl/worksheets/sheet1.xml',
  ]);
  expect(content['xl/worksheets/sheet1.xml']).not.toContain('<f>');
  expect(content['xl/worksheets/sheet1.xml']).toContain(
    '<c t="inlineStr" s="2"><is><t xml:space="preserve">=SUM(A1)</t></is></c>',
  );
  expect(content['xl/styles.xml']).toMatch(/cellXfs count="4">(<xf[^>]*\/>){2}<xf[^>]*quotePrefix="1"/);
  const days = parts('days.xlsx')['xl/worksheets/sheet1.xml'];
  expect(days).toContain('<t xml:space="preserve">7429779620297231647</t>');
  // 2026-11-22 is day 46348 of a spreadsheet.
  expect(days).toContain('<c s="1"><v>46348</v></c><c><v>3868</v></c>');
});

test('files are for their owner alone, are not overwritten, and stdout takes what is text', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const file = join(makeHome(), 'accounts.csv');
  expect((await runCli(['export', 'accounts', '-o', file], { home })).stdout).toMatch(
    /^accounts +\S+accounts\.csv +1 /m,
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const before = readFileSync(file, 'utf8');
  const again = await runCli(['export', 'accounts', '-o', file], { home });
  expect([again.code, again.stderr]).toEqual([
    2,
    `smstats: ${file} is there already.\n  → choose another name, or replace it with --force\n`,
  ]);
  expect((await runCli(['export', 'accounts', '-o', file, '--force'], { home })).code).toBe(0);
  expect((await runCli(['export', 'accounts'], { home })).stdout).toBe(before);
  const json = JSON.parse((await runCli(['export', 'accounts', '--json'], { home })).stdout) as {
    dataset: string;
    rows: unknown[];
  };
  expect([json.dataset, json.rows.length]).toEqual(['accounts', 1]);
  const lines = await runCli(['export', 'posts', '-o', '-', '--as', 'ndjson', '--search', 'sprinkler'], { home });
  expect(
    lines.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { external_post_id: string }).external_post_id),
  ).toContain('7429779620297231647');
  expect((await runCli(['export', 'accounts', '--as', 'xlsx'], { home })).code).toBe(2);
  expect((await runCli(['export', 'accounts', '-o', 'x.txt'], { home })).code).toBe(2);
  const packed = `${file}.gz`;
  await runCli(['export', 'accounts', '-o', packed], { home });
  expect(gunzipSync(readFileSync(packed)).toString()).toBe(before);
});

test.each([
  [['export', 'post'], /There is no dataset "post"\.\n {2}→ did you mean posts\?/],
  [['export', 'content', '--platform', 'tiktok'], /--platform says nothing about content/],
  [['export', 'usage', '--account', 'tiktok:x'], /--account says nothing about usage/],
  [['export', 'accounts', '--since', '2026-01-01'], /--since says nothing about accounts/],
  [['export', 'snapshots', '--min-views', '5'], /--min-views says nothing about snapshots/],
])('%j is refused: a filter that is overlooked would give too many rows', async (argv, message) => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const { code, stderr } = await runCli(argv, { home });
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
});

test('every dataset is in the help', async () => {
  const { stdout } = await runCli(['export', '--help'], { home: makeHome() });
  for (const name of DATASET_NAMES) expect(stdout).toContain(`  ${name} `);
});

const HEADER = 'platform,username,snapshot_date,followers_count';

test.each<[string, string, RegExp]>([
  ['a.csv', 'name,age\nx,1\n', /line 1: these are no columns of anything that smstats exports: name, age/],
  ['a.csv', `${HEADER},follower\n`, /line 1, column "follower": is no column of snapshots/],
  [
    'a.csv',
    'platform,username,followers_count,following_count\n',
    /line 1, column "snapshot_date": is missing, and snapshots needs it/,
  ],
  [
    'a.csv',
    `${HEADER}\ntiktok,isaiah_dupree,2026-11-20,5\ntiktok,isaiah_dupree,2026-11-21,1.5\n`,
    /line 3, column "followers_count": "1\.5" is no whole number/,
  ],
  ['a.csv', `${HEADER}\ntiktok,isaiah_dupree,2026-02-30,5\n`, /line 2, column "snapshot_date": "2026-02-30" is no day/],
  ['a.csv', `${HEADER}\ntiktok,isaiah_dupree,,5\n`, /line 2, column "snapshot_date": is empty/],
  ['a.csv', `${HEADER}\ntiktok,isaiah_dupree,2026-11-20\n`, /line 2: 3 cells, where the first line names 4 columns/],
  ['a.csv', `${HEADER}\ntiktok,"isaiah,2026-11-20,5\n`, /line 2: .*a quote is out of place or never closed/],
  [
    'a.csv',
    `${HEADER}\ntiktok,nobody,2026-11-20,5\n`,
    /line 2, column "username": there is no account tiktok nobody in the database/,
  ],
  [
    'a.csv',
    `${HEADER}\ntiktok,isaiah_dupree,2026-11-20,-5\n`,
    /line 2: in this line, or in one up to 2, is a value that cannot be stored/,
  ],
  ['a.csv', 'type,id,title\nvideo,v1,A\nfilm,v2,B\n', /line 3, column "type": "film" is none of video, clip/],
  [
    'a.ndjson',
    '{"platform":"tiktok","username":"a","external_post_id":7429779620297231647}\n',
    /line 1, column "external_post_id": 7429779620297231000 is no text/,
  ],
  ['a.ndjson', '{"platform":"tiktok"\n', /line 1: is not one row as a JSON object/],
  [
    'a.json',
    '{"schema":"smstats.export.v1","dataset":"accounts","exported_at":"x","rows":[\n{"platform":"tiktok","username":"a"}\n',
    /line 2: the file ends here, and its document does not/,
  ],
  ['a.parquet', 'PAR1 and no more', /is no Parquet file that can be read/],
  ['a.xlsx', 'PK\u0003\u0004', /is a workbook or an archive/],
  ['a.csv.gz', 'no gzip', /line 1: these are no columns/],
])('a broken %s is refused with its line and column, and nothing of it is kept (%#)', async (name, text, message) => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const file = join(makeHome(), name);
  writeFileSync(file, text);
  const before = queryDatabase(home, 'SELECT * FROM social_media_analytics_snapshots');
  const { code, stderr } = await runCli(['import', file], { home });
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  expect(queryDatabase(home, 'SELECT * FROM social_media_analytics_snapshots')).toEqual(before);
});

test('an unknown value in a file does not erase a known one; --dry-run and --skip-missing do what they say', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const file = join(makeHome(), 'days.csv');
  writeFileSync(
    file,
    `${HEADER},total_views\ntiktok,isaiah_dupree,2026-11-22,1500,\ntiktok,isaiah_dupree,2026-11-20,1400,7\ntiktok,nobody,2026-11-20,1,1\n`,
  );
  const read = () =>
    queryDatabase(
      home,
      'SELECT snapshot_date, followers_count, total_views FROM social_media_analytics_snapshots ORDER BY 1',
    );
  const before = read();
  const dry = await runCli(['import', file, '--skip-missing', '--dry-run', '--json'], { home });
  expect(JSON.parse(dry.stdout)).toMatchObject({
    data: { is_dry_run: true, datasets: [{ dataset: 'snapshots', new: 1, changed: 1, unchanged: 0, missing: 1 }] },
    warnings: ['1 rows are of what is not stored and were left out'],
  });
  expect(read()).toEqual(before);
  expect((await runCli(['import', file, '--skip-missing'], { home })).code).toBe(0);
  expect(read()).toEqual([
    { snapshot_date: '2026-11-20', followers_count: 1400, total_views: 7 },
    { snapshot_date: '2026-11-22', followers_count: 1500, total_views: 32_092 },
  ]);
  const refused = await runCli(['export', 'usage', '-o', `${file}.ndjson`], { home });
  expect(refused.code).toBe(0);
  expect((await runCli(['import', `${file}.ndjson`], { home })).stderr).toMatch(/Requests are not imported/);
});

test.each([
  ['csv', []],
  ['csv', ['--as', 'csv']],
  ['ndjson', []],
  ['ndjson', ['--as', 'ndjson']],
  ['json', []],
  ['json', ['--as', 'json']],
])('what %s says on stdin is imported with %j', async (format, flags) => {
  const home = await makeFilledHome();
  const other = makeHome();
  for (const name of ORDER) {
    const { stdout: stdin } = await runCli(['export', name, '--as', format], { home });
    const { code, stdout, stderr } = await runCli(['import', '-', ...flags, '--json'], { home: other, stdin });
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout), name).toMatchObject({
      data: { file: 'stdin', datasets: [{ dataset: name, changed: 0, missing: 0 }] },
    });
    expect((await runCli(['export', name, '--as', format], { home: other })).stdout, name).toBe(stdin);
  }
  expect(queryDatabase(other, "SELECT DISTINCT row_id FROM audit_log WHERE action = 'import'")).toEqual([
    { row_id: 'stdin' },
  ]);
});

test('stdin that is broken, empty or said to be something else is refused; --as reads a file of any name', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const row = 'tiktok,isaiah_dupree,2026-11-20,5\n';
  const feed = (stdin: string, ...flags: string[]) => runCli(['import', '-', ...flags], { home, stdin });
  const before = queryDatabase(home, 'SELECT * FROM social_media_analytics_snapshots');
  for (const [stdin, flags, message] of [
    [
      `${HEADER}\n${row}${row.replace('5', 'x')}`,
      [],
      /^smstats: stdin: nothing was imported\.\n {2}line 3, column "foll/,
    ],
    [
      `${HEADER}\n${row}`,
      ['--as', 'ndjson'],
      /stdin: nothing was imported\.\n {2}line 1: is not one row as a JSON obj/,
    ],
    [
      '{"platform":"tiktok"}\n',
      ['--as', 'csv'],
      /stdin: nothing was imported\.\n {2}line 1: in this row, or in one of/,
    ],
    ['PK\u0003\u0004', [], /stdin is a workbook or an archive, which is for reading only/],
    [`${HEADER}\n${row}`, ['--as', 'xlsx'], /argument 'xlsx' is invalid\. Allowed choices are csv, json, ndjson/],
  ] as const) {
    const { code, stderr } = await feed(stdin, ...flags);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  }
  expect(await feed('')).toMatchObject({ code: 0, stdout: expect.stringContaining('stdin has no rows') as string });
  expect(queryDatabase(home, 'SELECT * FROM social_media_analytics_snapshots')).toEqual(before);

  const file = join(makeHome(), 'days.txt');
  writeFileSync(
    file,
    '{"platform":"tiktok","username":"isaiah_dupree","snapshot_date":"2026-11-19","followers_count":5}\n',
  );
  for (const flags of [[], ['--as', 'ndjson']])
    expect((await runCli(['import', file, ...flags], { home })).code).toBe(0);
  expect(queryDatabase(home, 'SELECT * FROM social_media_analytics_snapshots')).toHaveLength(before.length + 1);
});

test('what a dead process left of a file goes away with the next export', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const directory = makeHome();
  // No process has the highest id that Linux hands out, plus one.
  writeFileSync(join(directory, 'posts.csv.4194305.tmp'), 'half');
  writeFileSync(join(directory, `posts.csv.${process.ppid}.tmp`), 'of one that lives');
  await runCli(['export', 'posts', '-o', join(directory, 'posts.csv')], { home });
  expect(existsSync(join(directory, 'posts.csv'))).toBe(true);
  expect(readdirSync(directory).toSorted()).toEqual(['posts.csv', `posts.csv.${process.ppid}.tmp`]);
});
