import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { dayBefore, readAge } from '../../src/command/prune/age.ts';
import { openStore } from '../../src/store/open.ts';
import { queryDatabase } from '../helper/query-database.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';
import { seedHistory } from '../query/history.ts';

const DAYS = 'SELECT * FROM social_media_post_analytics ORDER BY snapshot_date, post_id';
const SNAPSHOTS = 'SELECT * FROM social_media_analytics_snapshots ORDER BY account_id, snapshot_date';
const RANGES = 'SELECT * FROM social_media_post_range ORDER BY post_id';

async function makeHistoryHome(): Promise<string> {
  const home = makeHome();
  const store = await openStore({ database: join(home, 'smstats.db'), create: true, appVersion: '0' });
  await seedHistory(store);
  await store.close();
  return home;
}

test('old days go, the latest of each post and account stays, and the archive brings all of it back', async () => {
  const home = await makeHistoryHome();
  const archive = join(makeHome(), 'old.ndjson.gz');
  const read = () => [DAYS, SNAPSHOTS, RANGES].map((query) => queryDatabase(home, query));
  const before = read();

  const dry = await runCli(['prune', '--older-than', '1d', '--dry-run', '--json'], { home });
  const { data } = JSON.parse(dry.stdout) as { data: unknown };
  expect(data).toEqual({
    before: '2026-11-21',
    is_dry_run: true,
    archive: null,
    datasets: [
      {
        dataset: 'post-metrics',
        table: 'social_media_post_analytics',
        rows: 5,
        from: '2026-10-01',
        to: '2026-11-15',
        latest: 0,
        kept: 7,
      },
      // Of zoe the only day is old, and stays.
      {
        dataset: 'snapshots',
        table: 'social_media_analytics_snapshots',
        rows: 4,
        from: '2026-10-01',
        to: '2026-11-15',
        latest: 1,
        kept: 4,
      },
    ],
  });
  expect(read()).toEqual(before);

  const nobody = await runCli(['prune', '--older-than', '1d'], { home });
  expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining('add --yes if you are sure')]);
  const { code, stderr } = await runCli(['prune', '--older-than', '1d', '--archive', archive, '--yes'], { home });
  expect(code, stderr).toBe(0);
  expect(queryDatabase(home, DAYS)).toHaveLength(7);
  expect(queryDatabase(home, SNAPSHOTS).map((row) => row['snapshot_date'])).toEqual([
    '2026-11-22',
    '2026-11-21',
    '2026-11-22',
    '2026-11-20',
  ]);
  expect(
    queryDatabase(home, 'SELECT count(*) AS n FROM social_media_post_range WHERE first_date <> latest_date'),
  ).toEqual([{ n: 0 }]);
  const [audited] = queryDatabase(home, "SELECT * FROM audit_log WHERE action = 'prune'");
  expect(JSON.parse(String(audited?.['after_json']))).toEqual({
    before: '2026-11-21',
    'post-metrics': 5,
    snapshots: 4,
    archive,
  });
  expect(statSync(archive).mode & 0o777).toBe(0o600);
  expect(gunzipSync(readFileSync(archive)).toString().split('\n')[0]).toMatch(
    /^\{"dataset":"post-metrics","platform":"instagram"/,
  );

  const back = await runCli(['import', archive, '--json'], { home });
  expect(JSON.parse(back.stdout)).toMatchObject({
    data: {
      datasets: [
        { dataset: 'post-metrics', new: 5 },
        { dataset: 'snapshots', new: 4 },
      ],
    },
  });
  expect(read()).toEqual(before);
});

test('nothing is deleted when the archive cannot be written, or nothing is old', async () => {
  const home = await makeHistoryHome();
  const directory = makeHome();
  const before = queryDatabase(home, DAYS);
  for (const archive of ['x.csv', 'x.parquet']) {
    expect((await runCli(['prune', '--older-than', '1d', '--archive', archive, '--yes'], { home })).code).toBe(2);
  }
  const taken = join(home, 'smstats.db', 'old.ndjson');
  expect((await runCli(['prune', '--older-than', '1d', '--archive', taken, '--yes'], { home })).code).not.toBe(0);
  expect(queryDatabase(home, DAYS)).toEqual(before);
  const { code, stdout } = await runCli(
    ['prune', '--older-than', '10y', '--yes', '--archive', join(directory, 'a.ndjson')],
    { home },
  );
  expect([code, existsSync(join(directory, 'a.ndjson'))]).toEqual([0, false]);
  expect(stdout).toMatch(/post-metrics +0 /);
});

test('ages count back from today by the calendar', () => {
  expect(dayBefore('2026-11-22', readAge('90'))).toBe('2026-08-24');
  expect(dayBefore('2026-11-22', readAge('90 days'))).toBe('2026-08-24');
  expect(dayBefore('2026-03-31', readAge('1m'))).toBe('2026-02-28');
  expect(dayBefore('2024-03-31', readAge('1 month'))).toBe('2024-02-29');
  expect(dayBefore('2024-02-29', readAge('1y'))).toBe('2023-02-28');
  expect(dayBefore('2026-01-15', readAge('18 months'))).toBe('2024-07-15');
  for (const bad of ['', '0', '-1', '1w', 'm', '1.5m', '999999'])
    expect(() => readAge(bad), bad).toThrow(/--older-than must be an age/);
});

test('a backup is whole, private and checked; restore puts it back and keeps what it replaces', async () => {
  const home = await makeHistoryHome();
  const { code, stderr } = await runCli(['backup'], { home });
  expect(code, stderr).toBe(0);
  const file = join(home, 'backups', 'smstats-20261122T100000Z.db');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(home, 'backups'))).toEqual(['smstats-20261122T100000Z.db']);
  expect((await runCli(['backup', '-o', file], { home })).stderr).toMatch(/is there already/);

  const before = queryDatabase(home, DAYS);
  await runCli(['prune', '--older-than', '1d', '--yes'], { home });
  const refused = await runCli(['restore', file], { home });
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringMatching(/The backup is good; nothing was changed.*\n.*--force/),
  ]);
  expect(queryDatabase(home, DAYS)).toHaveLength(7);
  const restored = await runCli(['restore', file, '--force', '--json'], { home });
  expect(restored.code, restored.stderr).toBe(0);
  expect(queryDatabase(home, DAYS)).toEqual(before);
  const { kept } = (JSON.parse(restored.stdout) as { data: { kept: string } }).data;
  expect(statSync(kept).mode & 0o777).toBe(0o600);
  const trail = 'SELECT actor, action, row_id, happened_at, after_json FROM audit_log ORDER BY id DESC LIMIT 1';
  const [entry] = queryDatabase(home, trail) as { after_json: string }[];
  expect(entry).toMatchObject({
    actor: 'cli',
    action: 'restore',
    row_id: 'smstats-20261122T100000Z.db',
    happened_at: '2026-11-22T10:00:00.000Z',
  });
  const { data } = JSON.parse(restored.stdout) as { data: { rows: number } };
  expect(JSON.parse(entry?.after_json ?? '')).toEqual({ file, rows: data.rows, kept });
  expect((await runCli(['audit'], { home })).stdout).toMatch(/cli +restore +all +smstats-20261122T100000Z\.db +file: /);
  expect((await runCli(['report', 'posts', '--db', kept], { home })).code).toBe(0);
  expect(readdirSync(home).filter((name) => name.includes('.tmp'))).toEqual([]);

  const empty = makeHome();
  expect((await runCli(['restore', file], { home: empty })).code).toBe(0);
  expect(queryDatabase(empty, DAYS)).toEqual(before);
  expect(queryDatabase(empty, trail)).toEqual([
    expect.objectContaining({ action: 'restore', after_json: expect.stringContaining('"kept":null') as string }),
  ]);
});

test('restore refuses what is no good backup, and a database that somebody has open', async () => {
  const home = await makeHistoryHome();
  await runCli(['backup', '-o', join(home, 'b.db')], { home });
  const before = queryDatabase(home, DAYS);
  const { writeFileSync } = await import('node:fs');
  const bytes = readFileSync(join(home, 'b.db'));
  const broken = (name: string, content: Uint8Array | string) => (
    writeFileSync(join(home, name), content),
    join(home, name)
  );
  const cut = broken('cut.db', bytes.subarray(0, bytes.length - 8192));
  const torn = Buffer.from(bytes);
  torn.fill(0xee, 3 * 4096 + 8, 3 * 4096 + 600);
  for (const file of [
    join(home, 'none.db'),
    broken('text.db', 'no database at all, but long enough to look at'),
    broken('empty.db', ''),
    cut,
    broken('torn.db', torn),
  ]) {
    const { code, stderr } = await runCli(['restore', file, '--force'], { home });
    expect(code, `${file}: ${stderr}`).toBeGreaterThan(0);
    expect(queryDatabase(home, DAYS)).toEqual(before);
  }
  const open = await openStore({ database: join(home, 'smstats.db'), appVersion: '0' });
  const busy = await runCli(['restore', join(home, 'b.db'), '--force'], { home });
  await open.close();
  expect([busy.code, busy.stderr]).toEqual([11, expect.stringMatching(/Another program has \S+smstats\.db open/)]);
  expect(readdirSync(home).filter((name) => /\.tmp|replaced/.test(name))).toEqual([]);

  // The reason to restore: what is there is damaged. It is kept as it is.
  writeFileSync(join(home, 'smstats.db'), 'rubbish');
  const { code, stderr } = await runCli(['restore', join(home, 'b.db'), '--force'], { home });
  expect(code, stderr).toBe(0);
  expect(queryDatabase(home, DAYS)).toEqual(before);
  const kept = readdirSync(home).find((name) => name.includes('replaced')) ?? '';
  expect(readFileSync(join(home, kept), 'utf8')).toBe('rubbish');
});
