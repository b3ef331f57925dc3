import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { makeAccount, startTikwmServer, type TikwmServer } from '../helper/tikwm-server.ts';
import { configure, countCalls, makeDirectory, run, spread, start } from './process.ts';

let server: TikwmServer;
beforeAll(async () => {
  server = await startTikwmServer({ anna: makeAccount(100, 1) });
});
afterAll(() => server.close());

/** A home with 100 posts on 60 days. */
async function makeHome(): Promise<string> {
  const home = makeDirectory();
  configure(home, server.url);
  expect((await run(['fetch', 'tiktok', 'anna'], { home })).code).toBe(0);
  const database = new SqliteDatabase(join(home, 'smstats.db'));
  const columns = 'post_id, likes_count, comments_count, views_count, shares_count, saves_count, provider_name';
  for (let day = 1; day <= 60; day++) {
    database.exec(`INSERT INTO social_media_post_analytics (snapshot_date, ${columns})
      SELECT date('2026-01-01', '+${day} days'), ${columns} FROM social_media_post_analytics
      WHERE snapshot_date = (SELECT max(latest_date) FROM social_media_post_range)`);
    database.exec(`INSERT INTO social_media_analytics_snapshots (account_id, snapshot_date, followers_count)
      VALUES (1, date('2026-01-01', '+${day} days'), ${day})`);
  }
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  return home;
}

function readDays(home: string): string {
  // To write: what was killed in the middle is rolled back by whoever opens it next.
  const database = new SqliteDatabase(join(home, 'smstats.db'));
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    const tables = ['social_media_post_analytics', 'social_media_post_range', 'social_media_analytics_snapshots'];
    return JSON.stringify(tables.map((table) => database.prepare(`SELECT * FROM ${table}`).raw().all()));
  } finally {
    database.close();
  }
}

/** Runs a program of the system. */
function call(program: string, ...args: string[]): void {
  execFileSync(program, args);
}

function mountSmall(kilobytes: number): string {
  const place = makeDirectory();
  call('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'none', place);
  onTestFinished(() => call('umount', '-l', place));
  return place;
}

function fill(place: string, left: number): void {
  rmSync(join(place, 'filler'), { force: true });
  const { bavail, bsize } = statfsSync(place);
  writeFileSync(join(place, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - left)));
}

test.each(['csv', 'json', 'ndjson', 'xlsx', 'parquet', 'ndjson.gz'])(
  'a disk that fills up leaves no half %s, and the old one as it was',
  async (format) => {
    const home = await makeHome();
    const place = mountSmall(2048);
    const file = join(place, `days.${format}`);
    const argv = ['export', 'post-metrics', '-o', file, '--force'];
    for (const left of [0, 4]) {
      fill(place, left * 1024);
      const { code, stderr } = await run(argv, { home });
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/There is no room left for \S+\. Nothing of it was kept\.\n {2}→ free some space/),
      ]);
      expect(readdirSync(place)).toEqual(['filler']);
    }
    rmSync(join(place, 'filler'));
    writeFileSync(file, 'the old one');
    fill(place, 4 * 1024);
    expect((await run(argv, { home })).code).toBe(1);
    expect(readdirSync(place).toSorted()).toEqual([`days.${format}`, 'filler']);
    expect(readFileSync(file, 'utf8')).toBe('the old one');
    rmSync(join(place, 'filler'));
    expect((await run(argv, { home })).code).toBe(0);
    expect(readdirSync(place)).toEqual([`days.${format}`]);
  },
);

test('a backup for which there is no room leaves nothing', async () => {
  const home = await makeHome();
  const place = mountSmall(1024);
  fill(place, 64 * 1024);
  const { code, stderr } = await run(['backup', '-o', join(place, 'b.db')], { home });
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/There is no room left for \S+b\.db\. Nothing of it was kept\./),
  ]);
  expect(readdirSync(place)).toEqual(['filler']);
});

/** Kills the program at many of the calls that it makes of each kind. @returns how often it died. */
async function killEverywhere(
  argv: (directory: string) => string[],
  home: string,
  look: (copy: string, directory: string, where: string) => void | Promise<void>,
  most = 8,
): Promise<number> {
  const measured = makeDirectory();
  const traced = makeDirectory();
  cpSync(home, traced, { recursive: true });
  const trace = join(measured, 'trace');
  expect((await run(argv(measured), { home: traced, trace })).code).toBe(0);
  let deaths = 0;
  for (const [kind, count] of countCalls(trace)) {
    for (const n of spread(count, most)) {
      const [copy, directory] = [makeDirectory(), makeDirectory()];
      cpSync(home, copy, { recursive: true });
      const { code } = await run(argv(directory), { home: copy, inject: `${kind}:signal=SIGKILL:when=${n}` });
      if (code !== 0) deaths++;
      await look(copy, directory, `${kind} ${n}`);
      rmSync(copy, { recursive: true });
    }
  }
  return deaths;
}

test('an export that is long hears the signal to end, and leaves nothing', async () => {
  const home = await makeHome();
  const database = new SqliteDatabase(join(home, 'smstats.db'));
  database.exec(`WITH RECURSIVE day (n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM day WHERE n < 5000)
    INSERT INTO social_media_post_analytics (snapshot_date, post_id, likes_count)
    SELECT date('2026-01-01', '+' || n || ' days'), p.id, n FROM day CROSS JOIN social_media_posts p`);
  database.close();
  const directory = makeDirectory();
  const { ended, kill } = start(['export', 'post-metrics', '-o', join(directory, 'days.csv')], { home });
  await vi.waitUntil(() => readdirSync(directory).length > 0, { timeout: 30_000, interval: 5 });
  kill('SIGINT');
  const { code, stderr } = await ended;
  expect([code, stderr]).toEqual([130, expect.stringContaining('Broken off; nothing was written.')]);
  expect(readdirSync(directory)).toEqual([]);
});

test('an export that is killed anywhere leaves a whole file or none', async () => {
  const home = await makeHome();
  const whole = join(makeDirectory(), 'days.csv');
  await run(['export', 'post-metrics', '-o', whole], { home });
  const expected = readFileSync(whole, 'utf8');
  const deaths = await killEverywhere(
    (directory) => ['export', 'post-metrics', '-o', join(directory, 'days.csv')],
    home,
    async (copy, directory, where) => {
      const file = join(directory, 'days.csv');
      if (existsSync(file)) expect(readFileSync(file, 'utf8'), where).toBe(expected);
      expect(
        (await run(['export', 'post-metrics', '-o', file, '--force', '--quiet'], { home: copy })).code,
        where,
      ).toBe(0);
      expect(readdirSync(directory), where).toEqual(['days.csv']);
    },
  );
  expect(deaths).toBeGreaterThan(2);
  // While it writes as well, which strace does not see as one of the calls above.
  for (const n of [3, 9, 14]) {
    const directory = makeDirectory();
    const file = join(directory, 'days.csv');
    await run(['export', 'post-metrics', '-o', file], { home, inject: `write:signal=SIGKILL:when=${n}` });
    if (existsSync(file)) expect(readFileSync(file, 'utf8')).toBe(expected);
  }
});

test('an import that is killed anywhere has brought all or nothing', async () => {
  const home = await makeHome();
  const file = join(makeDirectory(), 'old.ndjson.gz');
  const before = readDays(home);
  expect((await run(['prune', '--older-than', '100d', '--archive', file, '--yes'], { home })).code).toBe(0);
  const pruned = readDays(home);
  expect(pruned).not.toBe(before);
  const deaths = await killEverywhere(
    () => ['import', file],
    home,
    async (copy, _, where) => {
      expect([pruned, before], where).toContain(readDays(copy));
      expect((await run(['import', file], { home: copy })).code, where).toBe(0);
      expect(readDays(copy), where).toBe(before);
    },
  );
  expect(deaths).toBeGreaterThan(5);
});

test('a prune that is killed anywhere has deleted nothing, or what a whole archive holds', async () => {
  const home = await makeHome();
  const before = readDays(home);
  const deaths = await killEverywhere(
    (directory) => ['prune', '--older-than', '100d', '--archive', join(directory, 'old.ndjson'), '--yes'],
    home,
    async (copy, directory, where) => {
      const left = readDays(copy);
      const archive = join(directory, 'old.ndjson');
      if (left !== before) expect(existsSync(archive), where).toBe(true);
      if (!existsSync(archive)) return;
      expect((await run(['import', archive], { home: copy })).code, where).toBe(0);
      expect(readDays(copy), where).toBe(before);
    },
  );
  expect(deaths).toBeGreaterThan(5);
});

test('a backup and a restore that are killed anywhere leave a database that is whole, old or new', async () => {
  const home = await makeHome();
  const before = readDays(home);
  const deaths = await killEverywhere(
    (directory) => ['backup', '-o', join(directory, 'b.db')],
    home,
    (copy, directory, where) => {
      expect(readDays(copy), where).toBe(before);
      if (!existsSync(join(directory, 'b.db'))) return;
      const opened = new SqliteDatabase(join(directory, 'b.db'), { readonly: true });
      expect(opened.pragma('integrity_check', { simple: true }), where).toBe('ok');
      opened.close();
    },
  );
  expect(deaths).toBeGreaterThan(3);

  const backup = join(makeDirectory(), 'b.db');
  expect((await run(['backup', '-o', backup], { home })).code).toBe(0);
  expect((await run(['prune', '--older-than', '100d', '--yes'], { home })).code).toBe(0);
  const pruned = readDays(home);
  const killed = await killEverywhere(
    () => ['restore', backup, '--force'],
    home,
    (copy, _, where) => {
      expect([pruned, before], where).toContain(readDays(copy));
    },
  );
  expect(killed).toBeGreaterThan(3);
});
