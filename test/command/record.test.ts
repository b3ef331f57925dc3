import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { queryDatabase, queryRows } from '../helper/query-database.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';

/** A home with the account tiktok:anna. */
async function makeAnna(): Promise<string> {
  const home = makeHome();
  await runCli(['accounts', 'add', 'tiktok', 'anna'], { home });
  return home;
}

const ANNA = ['--account', 'tiktok:anna'];

describe('by flags', () => {
  test('a day, with every column', async () => {
    const home = await makeAnna();
    const flags = [
      'followers',
      'reach',
      'impressions',
      'video-views',
      'likes',
      'comments',
      'shares',
      'saves',
      'clicks',
      'profile-visits',
      'mentions',
      'engagement-rate',
    ];
    const given = flags.flatMap((flag, at) => [`--${flag}`, String(at + 1)]);
    const { code, stdout, stderr } = await runCli(['record', 'daily', ...ANNA, ...given], { home });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tiktok +@anna +2026-11-22 +new +followers: 1, /m);
    expect(stderr).toBe('1 record: 1 new, 0 updated, 0 unchanged\n');
    expect(queryDatabase(home, 'SELECT * FROM social_media_daily_metrics')).toMatchObject([
      Object.fromEntries([...flags.map((flag, at) => [flag.replaceAll('-', '_'), at + 1]), ['date', '2026-11-22']]),
    ]);
  });

  test('today is that of the time zone', async () => {
    const home = await makeAnna();
    const now = new Date('2026-11-22T23:30:00Z');
    await runCli(['record', 'daily', ...ANNA, '--followers', '1', '--timezone', 'Asia/Tokyo'], { home, now });
    expect(queryRows(home, 'SELECT date FROM social_media_daily_metrics')).toEqual([['2026-11-23']]);
  });

  test('an audience, with ages and lists', async () => {
    const home = await makeAnna();
    const flags = [
      '--age-13-17',
      '5',
      '--age-65-plus',
      '2.5',
      '--female-percentage',
      '61',
      '--top-cities',
      'Berlin, Köln',
    ];
    expect(await runCli(['record', 'audience', ...ANNA, ...flags], { home })).toMatchObject({ code: 0 });
    const { stdout } = await runCli(['report', 'audience', 'tiktok', 'anna'], { home });
    expect(stdout).toMatch(/@anna +2026-11-22 +5\.00 % +— .* 2\.50 % +— +61\.00 %/);
    expect(stdout).toMatch(/cities +Berlin, Köln/);
    const json = await runCli(['report', 'audience', '--json'], { home });
    expect((JSON.parse(json.stdout) as { data: unknown }).data).toMatchObject([
      { top_cities: ['Berlin', 'Köln'], top_countries: null },
    ]);
    expect(await runCli(['report', 'audience', 'tiktok', 'nobody'], { home })).toMatchObject({ code: 7 });
  });

  test('every problem is told, and nothing is stored', async () => {
    const home = await makeAnna();
    const { code, stderr } = await runCli(
      ['record', 'daily', ...ANNA, '--followers', '1,000', '--reach=-5', '--date', '2026-11-24', '--likes', '3'],
      { home },
    );
    expect(code).toBe(2);
    expect(stderr).toContain('followers must be a whole number, 0 or more, without separators (1200), not "1,000"');
    expect(stderr).toContain('reach must be a whole number');
    expect(stderr).toContain('2026-11-24 is in the future');
    expect(queryRows(home, 'SELECT count(*) FROM social_media_daily_metrics')).toEqual([[0]]);
  });

  test('an unknown account is exit 7 with the next command; --create keeps it, recorded only', async () => {
    const home = await makeAnna();
    const argv = ['record', 'daily', '--account', 'titkok:bert', '--followers', '5'];
    const refused = await runCli(argv, { home });
    expect(refused.code).toBe(7);
    expect(refused.stderr).toContain('smstats accounts add titkok bert');
    const { code, stderr } = await runCli([...argv, '--create'], { home });
    expect(code).toBe(0);
    expect(stderr).toContain('titkok @bert was added, recorded only');
    expect(stderr).toContain('if tiktok was meant');
    expect(queryRows(home, "SELECT is_active FROM social_media_accounts WHERE username = 'bert'")).toEqual([[0]]);
  });

  test('without a database, --create makes one', async () => {
    const home = makeHome();
    const argv = ['record', 'content', ...ANNA, '--post', '1', '--views', '10', '--likes', '1'];
    expect(await runCli(argv, { home })).toMatchObject({ code: 2 });
    expect(await runCli([...argv, '--create'], { home })).toMatchObject({ code: 0 });
    expect(
      queryRows(home, 'SELECT engagement_rate, engagement_basis, provider_name FROM social_media_post_analytics'),
    ).toEqual([[10, 'views', 'manual']]);
  });

  test('ids are printed safely', async () => {
    const home = await makeAnna();
    const { stdout, stderr } = await runCli(
      ['record', 'campaign', '--campaign', '\u001b[31mspring\u202e', '--cost', '5'],
      { home },
    );
    expect(stdout + stderr).not.toContain('\u001b');
    expect(stdout).toContain('\\u{1b}[31mspring\\u{202e}');
  });
});

describe('from a file', () => {
  const write = (home: string, name: string, text: string | Uint8Array) => {
    writeFileSync(join(home, name), text);
    return join(home, name);
  };

  test.each([
    ['CSV', 'account,date,followers,reach\r\ntiktok:anna,2026-11-20,10,\r\ntiktok:anna,2026-11-21,11,5\r\n'],
    [
      'CSV of a spreadsheet',
      '\ufeffaccount;date;followers;reach\ntiktok:anna;2026-11-20;10;\n\n"tiktok:anna";2026-11-21;"11";5\n',
    ],
    [
      'tabs, without a last line end',
      'platform\tusername\tdate\tFollowers\treach\ntiktok\tanna\t2026-11-20\t10\t\ntiktok\t@Anna\t2026-11-21\t11\t5',
    ],
    [
      'JSON',
      JSON.stringify([
        { account: 'tiktok:anna', date: '2026-11-20', followers: 10, reach: null },
        { platform: 'tiktok', username: 'anna', date: '2026-11-21', followers: 11, reach: 5 },
      ]),
    ],
  ])('%s is understood, also from stdin', async (_, text) => {
    const home = await makeAnna();
    const first = await runCli(['record', 'daily', '--from', write(home, 'in.txt', text)], { home });
    expect(first).toMatchObject({ code: 0, stderr: '2 records: 2 new, 0 updated, 0 unchanged\n' });
    const again = await runCli(['record', 'daily', '--from', '-'], { home, stdin: text });
    expect(again.stderr).toBe('2 records: 0 new, 0 updated, 2 unchanged\n');
    expect(queryRows(home, 'SELECT date, followers, reach FROM social_media_daily_metrics ORDER BY date')).toEqual([
      ['2026-11-20', 10, null],
      ['2026-11-21', 11, 5],
    ]);
    expect(queryRows(home, "SELECT count(*) FROM audit_log WHERE action = 'record'")).toEqual([[2]]);
  });

  test('flags stand for what the records leave out', async () => {
    const home = await makeAnna();
    await runCli(['accounts', 'add', 'instagram', 'bert'], { home });
    const stdin = JSON.stringify([
      { followers: 1 },
      { followers: 2, account: 'instagram:bert' },
      { followers: 3, date: '2026-11-19', account: null },
    ]);
    expect(
      await runCli(['record', 'daily', ...ANNA, '--date', '2026-11-20', '--from', '-'], { home, stdin }),
    ).toMatchObject({ code: 0 });
    expect(
      queryRows(home, 'SELECT platform, date, followers FROM social_media_daily_metrics ORDER BY followers'),
    ).toEqual([
      ['tiktok', '2026-11-20', 1],
      ['instagram', '2026-11-20', 2],
      ['tiktok', '2026-11-19', 3],
    ]);
    const other = await runCli(['record', 'daily', '--followers', '5', '--from', '-'], { home, stdin });
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('--followers does not go with --from') });
  });

  test('one bad record of many: nothing is stored, and each problem has its line', async () => {
    const home = await makeAnna();
    const stdin =
      'account,date,followers\ntiktok:anna,2026-11-20,10\n"tiktok:anna","2026-11-21","lots"\ntiktok:anna,2026-02-30,1\n';
    const { code, stderr } = await runCli(['record', 'daily', '--from', '-'], { home, stdin });
    expect(code).toBe(2);
    expect(stderr).toContain('Nothing was stored: 2 of 3 records are wrong.');
    expect(stderr).toContain(
      'line 3: followers must be a whole number, 0 or more, without separators (1200), not "lots"',
    );
    expect(stderr).toContain('line 4: date must be a day');
    expect(queryRows(home, 'SELECT count(*) FROM social_media_daily_metrics')).toEqual([[0]]);
  });

  test('ids beyond 2^53 keep their digits, also as bare numbers', async () => {
    const home = await makeAnna();
    const stdin = '{"account": "tiktok:anna", "post": 7429779620297231647, "likes": 5}';
    expect(await runCli(['record', 'content', '--from', '-'], { home, stdin })).toMatchObject({ code: 0 });
    expect(queryRows(home, 'SELECT external_post_id FROM social_media_posts')).toEqual([['7429779620297231647']]);
  });

  test.each([
    ['an empty file', '', /is empty/],
    ['a header alone', 'account,followers\n', /There is no record/],
    ['an empty list', '[]', /There is no record/],
    ['broken JSON', '[{"followers": 1', /is not valid JSON/],
    ['a list of numbers', '[1, 2]', /record 1 is not an object/],
    ['a row that is too short', 'account,followers\ntiktok:anna\n', /is not valid CSV/],
    ['an open quote', 'account,followers\n"tiktok:anna,1\n', /is not valid CSV/],
    ['two columns of one name', 'account,followers,followers\ntiktok:anna,1,2\n', /two columns "followers"/],
    [
      'a column nobody knows',
      'account,folowers\ntiktok:anna,1\n',
      /there is no field "folowers"; did you mean followers\?/,
    ],
  ])('%s is refused', async (_, stdin, message) => {
    const home = await makeAnna();
    const { code, stderr } = await runCli(['record', 'daily', '--from', '-'], { home, stdin });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('a file that is not there, or no UTF-8, is refused', async () => {
    const home = await makeAnna();
    expect((await runCli(['record', 'daily', '--from', join(home, 'none.csv')], { home })).stderr).toContain(
      'cannot be read',
    );
    const path = write(home, 'latin.csv', Buffer.from('account,followers\ntiktok:ann\xe4,1\n', 'latin1'));
    expect((await runCli(['record', 'daily', '--from', path], { home })).stderr).toContain('is not text in UTF-8');
  });
});

test('audit tells who changed what, the newest first', async () => {
  const home = await makeAnna();
  await runCli(['record', 'daily', ...ANNA, '--followers', '10'], { home });
  await runCli(['record', 'daily', ...ANNA, '--followers', '12', '--reach', '5'], { home });
  const { stdout } = await runCli(['audit'], { home });
  expect(
    stdout
      .split('\n')
      .slice(1, 4)
      .map((line) => line.slice(22).replace(/ +/g, ' ')),
  ).toEqual([
    'cli record social_media_daily_metrics 1 followers: 10 -> 12, reach: — -> 5',
    'cli record social_media_daily_metrics 1 account_id: 1, platform: tiktok, date: 2026-11-22, followers: 10',
    'cli add social_media_accounts 1 platform: tiktok, username: anna, is_active: 1, is_competitor: 0',
  ]);
  const json = await runCli(['audit', '--limit', '1', '--json'], { home });
  expect((JSON.parse(json.stdout) as { data: unknown[] }).data).toEqual([
    expect.objectContaining({
      actor: 'cli',
      action: 'record',
      row_id: '1',
      before: expect.objectContaining({ followers: 10, reach: null }),
      after: expect.objectContaining({ followers: 12, reach: 5 }),
    }),
  ]);
  expect((await runCli(['audit', '--table', 'videos'], { home })).stdout).toContain('nobody has changed anything');
  expect(await runCli(['audit', '--since', '22.11.2026'], { home })).toMatchObject({ code: 2 });
});
