import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TIMEZONE } from './process.ts';
import { startUserManager, type UserManager } from './systemd-user.ts';

let manager: UserManager;
beforeAll(async () => {
  manager = await startUserManager();
});
afterAll(() => manager?.close());

/** Runs the program as the user; stdout, or the error with its code. */
async function smstats(args: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return manager.run(`node ${manager.project}/bin/smstats.js ${args}`);
}

const dataDirectory = () => join(manager.home, '.local/share/smstats');

function query<T>(sql: string): T[] {
  const db = new SqliteDatabase(join(dataDirectory(), 'smstats.db'));
  try {
    const statement = db.prepare(sql);
    return statement.reader ? (statement.all() as T[]) : (statement.run(), []);
  } finally {
    db.close();
  }
}

test('a timer of systemd that missed its run catches up, and the sample lands in the database', async () => {
  expect((await smstats('init --sample --yes')).code).toBe(0);
  await smstats(`config set timezone ${TIMEZONE}`);
  // The numbers are of another day, so that today's are due.
  query("UPDATE social_media_analytics_snapshots SET snapshot_date = '2020-01-01'");
  const days = () => query<{ day: string }>('SELECT snapshot_date AS day FROM social_media_analytics_snapshots');
  expect(days()).toHaveLength(1);

  const installed = await smstats('install-schedule --systemd --at 03:00');
  expect(installed).toMatchObject({ code: 0, stdout: expect.stringMatching(/schedule +added/) });
  const timer = join(manager.home, '.config/systemd/user/smstats-default.timer');
  expect(installed.stdout).toContain(timer);
  expect(readFileSync(timer, 'utf8')).toContain('\nOnCalendar=*-*-* 03:00:00\nPersistent=true\n');
  expect((await smstats('install-schedule --systemd --at 03:00')).stdout).toMatch(/schedule +unchanged/);
  expect(days()).toHaveLength(1);

  const stamp = '~/.local/share/systemd/timers/stamp-smstats-default.timer';
  const slept = await manager.run(
    `systemctl --user stop smstats-default.timer && touch -d '2 days ago' ${stamp} && systemctl --user start smstats-default.timer`,
  );
  expect(slept).toMatchObject({ code: 0 });
  const heartbeat = join(dataDirectory(), 'schedule/default/last-run.json');
  await vi.waitUntil(() => existsSync(heartbeat) && readFileSync(heartbeat, 'utf8').includes('"exit_code": 0'), 20_000);

  expect(days()).toHaveLength(2);
  expect(query('SELECT count(*) AS posts FROM social_media_posts')).toEqual([{ posts: 36 }]);
  const log = join(dataDirectory(), 'schedule/default/fetch.log');
  expect(readFileSync(log, 'utf8')).toContain('tiktok @isaiah_dupree: stored with 36 posts from sample');
  expect(statSync(log).mode & 0o777).toBe(0o600);
  expect(readFileSync(log, 'utf8').match(/ started$/gm)).toHaveLength(1);

  const status = await smstats('install-schedule --status');
  expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining(timer) });
  expect(status.stdout).toMatch(/last exit +0: tiktok @isaiah_dupree: stored/);
  expect(status.stdout).toMatch(/problems +none/);
  expect((await smstats('doctor')).stdout).toMatch(/ok +schedule +.*smstats-default\.timer, next run/);

  expect(await smstats('install-schedule --uninstall')).toMatchObject({ code: 0 });
  expect(existsSync(timer)).toBe(false);
  expect((await manager.run('systemctl --user list-timers --all --no-legend')).stdout).not.toContain('smstats');
  expect(await smstats('install-schedule --status')).toMatchObject({ code: 1 });
});

test('a schedule moves from systemd to crontab and back, and never stands in both', async () => {
  await smstats('init --sample --yes');
  // A crontab of the test's own: the machine's is not touched.
  const fake = `mkdir -p ~/bin && cat > ~/bin/crontab <<'END'
#!/bin/sh
case "$1" in
  -l) cat ~/table 2>/dev/null || { echo "no crontab for me" >&2; exit 1; } ;;
  -) cat > ~/table ;;
  -r) rm ~/table ;;
esac
END
chmod +x ~/bin/crontab`;
  expect((await manager.run(fake)).code).toBe(0);
  const install = (flags: string) =>
    manager.run(`PATH=~/bin:$PATH node ${manager.project}/bin/smstats.js install-schedule ${flags}`);
  const timer = join(manager.home, '.config/systemd/user/smstats-default.timer');
  const table = join(manager.home, 'table');
  expect(await install('--systemd')).toMatchObject({ code: 0 });
  expect([existsSync(timer), existsSync(table)]).toEqual([true, false]);
  expect(await install('')).toMatchObject({ code: 0 });
  expect([existsSync(timer), existsSync(table)]).toEqual([false, true]);
  expect(await install('--systemd')).toMatchObject({ code: 0 });
  expect([existsSync(timer), existsSync(table)]).toEqual([true, false]);
  expect(await install('--uninstall')).toMatchObject({ code: 0 });
  expect([existsSync(timer), existsSync(table)]).toEqual([false, false]);
});
