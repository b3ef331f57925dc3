import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { makeMac } from '../schedule/launchd/fake-launchctl.ts';
import { createFakeCrontab, type FakeCrontab } from '../schedule/crontab/fake-crontab.ts';
import { queryDatabase } from '../helper/query-database.ts';
import { makeHome, NOW, runCli, type CliOptions, type CliResult } from '../helper/run-cli.ts';

/** The built program: a schedule that is installed is one that runs. */
const SCRIPT = resolve(import.meta.dirname, '../../bin/smstats.js');

let home: string;
let crontab: FakeCrontab;
beforeEach(async () => {
  home = makeHome();
  crontab = createFakeCrontab();
  await runCli(['init', '--sample', '--yes'], { home });
});

function runWith(options: Partial<CliOptions>, ...argv: string[]): Promise<CliResult> {
  const env = { ...crontab.env, SMSTATS_TIMEZONE: '', ...options.env };
  return runCli(argv, {
    home,
    running: {
      execPath: process.execPath,
      script: SCRIPT,
      version: process.version,
      modules: process.versions.modules,
    },
    // The checkout may stand in a temporary directory, and no cron runs where tests do.
    machine: { platform: 'linux', temporary: [], home: crontab.directory },
    ...options,
    env,
  });
}

const run = (...argv: string[]) => runWith({}, 'install-schedule', ...argv);

async function json(...argv: string[]): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await runWith({}, 'install-schedule', ...argv, '--json');
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as { data: Record<string, unknown> }).data;
}

const table = () => crontab.table()?.toString() ?? '';
const id = () => /smstats ([0-9a-f]{8}) >>>/.exec(table())?.[1] ?? '';

test('installs, says when it runs next, and does nothing the second time', async () => {
  crontab.setTable('# mine\n');
  const { code, stdout } = await run();
  expect(code).toBe(0);
  expect(stdout).toMatch(/schedule +added/);
  expect(stdout).toMatch(/when +At 03:00 \(0 3 \* \* \*\), /);
  expect(stdout.match(/ 03:00, in \d+ (hours|days)$/gm)).toHaveLength(3);
  expect(table()).toBe(
    `# mine
# >>> smstats ${id()} >>> managed block; do not edit
0 3 * * * '${process.execPath}' '${SCRIPT}' '--home' '${home}' 'fetch' '--if-due' '--scheduled' '${id()}'
# <<< smstats ${id()} <<<
`,
  );
  const record = readFileSync(join(home, 'schedule', id(), 'installed.json'), 'utf8');
  expect((await run()).stdout).toMatch(/schedule +unchanged/);
  expect(crontab.calls().filter((call) => call === '-')).toHaveLength(1);
  expect(readFileSync(join(home, 'schedule', id(), 'installed.json'), 'utf8')).toBe(record);
  expect(await json('--cron', '30 6 * * mon-fri')).toMatchObject({
    change: 'changed',
    system: 'crontab',
    expression: '30 6 * * 1-5',
    words: 'At 06:30, Monday through Friday',
  });
  expect((await json('--uninstall'))['change']).toBe('removed');
  expect(table()).toBe('# mine\n');
  expect((await json('--uninstall'))['change']).toBe('absent');
});

test('what stands in the crontab runs as it stands there, and fetches', async () => {
  await run();
  const database = join(home, 'smstats.db');
  queryDatabase(home, 'SELECT 1');
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite(database);
  db.exec("UPDATE social_media_analytics_snapshots SET snapshot_date = '2020-01-01', provider_name = 'sample'");
  db.close();
  const line =
    table()
      .split('\n')
      .find((each) => each.startsWith('0 3')) ?? '';
  const { spawnSync } = await import('node:child_process');
  const env = { HOME: home, LOGNAME: 'tester', SHELL: '/bin/sh', PATH: '/usr/bin:/bin' };
  const ran = spawnSync('/bin/sh', ['-c', line.split(' ').slice(5).join(' ')], { env, encoding: 'utf8', cwd: '/' });
  expect(ran).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(queryDatabase(home, 'SELECT count(*) AS days FROM social_media_analytics_snapshots')).toEqual([{ days: 2 }]);
  expect(readFileSync(join(home, 'schedule', id(), 'fetch.log'), 'utf8')).toContain('stored with 36 posts from sample');
});

describe('--dry-run', () => {
  test('prints what would be written and run, and changes nothing', async () => {
    crontab.setTable('# mine\n');
    const { code, stdout, stderr } = await run('--dry-run', '--at', '4:05');
    expect(code).toBe(0);
    expect(stderr).toContain('nothing was changed');
    expect(stdout).toContain('crontab -   # with this input\n    # mine\n    # >>> smstats ');
    expect(stdout).toContain(`\n    5 4 * * * '${process.execPath}' '${SCRIPT}' '--home' '${home}' 'fetch'`);
    expect(stdout).toContain(`env -i HOME=${crontab.directory} `);
    expect(stdout).toContain(`# writes ${home}/schedule/`);
    expect(table()).toBe('# mine\n');
    expect(existsSync(join(home, 'schedule'))).toBe(false);
    expect(new Set(crontab.calls())).toEqual(new Set(['-l']));
  });

  test('what it printed is what is then done', async () => {
    const planned = (await json('--dry-run', '--at', '4:05'))['steps'] as {
      do: string;
      input?: string;
      command: string[];
    }[];
    const write = planned.find((step) => step.do === 'run');
    expect(write?.command).toEqual(['crontab', '-']);
    await run('--at', '4:05');
    expect(table()).toBe(write?.input);
    expect((await json('--dry-run', '--at', '4:05'))['steps']).toEqual([]);
    const removal = (await json('--uninstall', '--dry-run'))['steps'] as { do: string; command: string[] }[];
    expect(removal.find((step) => step.do === 'run')?.command).toEqual(['crontab', '-r']);
    expect(table()).toContain('smstats');
  });
});

describe('what only this shell knows is found before anything is written', () => {
  test.each([
    ['a key', { RAPIDAPI_KEY: 'canary-key' }, 4, 'RAPIDAPI_KEY is known to this shell alone'],
    ['a zone', { SMSTATS_TIMEZONE: 'Asia/Tokyo' }, 2, 'SMSTATS_TIMEZONE is known to this shell alone'],
    ['a database', { SMSTATS_DATABASE_URL: 'other.db' }, 2, 'SMSTATS_DATABASE_URL is known to this shell alone'],
  ])('%s', async (_, env, code, message) => {
    if ('SMSTATS_DATABASE_URL' in env) {
      env.SMSTATS_DATABASE_URL = join(home, 'other.db');
      await runWith({ env }, 'init', '--sample', '--yes');
    }
    await runCli(['accounts', 'add', 'tiktok', 'somebody'], { home });
    if (code === 2) await runCli(['config', 'set', 'credentials.rapidapi_key'], { home, stdin: 'a-key' });
    const result = await runWith({ env }, 'install-schedule');
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toContain('canary-key');
    expect(result.code).toBe(code);
    expect(crontab.table()).toBeUndefined();
  });

  test('no key at all, a configuration that is broken, a program that is gone; --force installs all the same', async () => {
    await runCli(['accounts', 'add', 'tiktok', 'somebody'], { home });
    expect(await run()).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('No provider of tiktok has its key'),
    });
    const gone = {
      execPath: process.execPath,
      script: '/nowhere/smstats.js',
      version: process.version,
      modules: process.versions.modules,
    };
    expect(await runWith({ running: gone }, 'install-schedule')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('/nowhere/smstats.js'),
    });
    expect(crontab.table()).toBeUndefined();
    const forced = await run('--force');
    expect(forced.code).toBe(0);
    expect(forced.stderr).toContain('installed all the same: --force');
    expect(table()).toContain('smstats');
  });

  test.each([
    'postgres://u:canary@localhost/x',
    'postgres://u:pa/canary@h/db',
    'postgres://u@h/db?password=canary',
    'postgres://u@h/db?PASSWORD=canary',
    'postgres://u@h/db?sslpassword=canary',
    'postgres://u:pw#canary@h/db',
  ])('a password after --db does not go into a schedule, forced or not: %s', async (url) => {
    for (const flags of [[], ['--force'], ['--dry-run']]) {
      const result = await run('--db', url, ...flags);
      expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('password') });
      expect(result.stdout + result.stderr + table()).not.toContain('canary');
    }
  });

  test('a home that only this shell has', async () => {
    const machine = { platform: 'linux' as const, temporary: [], home: makeHome() };
    const env = { SMSTATS_HOME: '' };
    const result = await runWith({ machine, env }, 'install-schedule', '--force', '--dry-run');
    expect(result.code).toBe(0);
    await runWith({ machine, env: { ...env, HOME: makeHome() } }, 'install-schedule');
    expect(crontab.table()).toBeUndefined();
  });

  test('data in a temporary place are refused', async () => {
    const machine = { platform: 'linux' as const, temporary: [home], home: crontab.directory };
    const result = await runWith({ machine }, 'install-schedule');
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('keep your data elsewhere') });
  });

  test('a schedule whose database is gone fails, and makes no empty one', async () => {
    await run();
    rmSync(join(home, 'smstats.db'));
    const result = await runCli(['fetch', '--if-due', '--scheduled', id()], { home });
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain('There is no database');
    expect(existsSync(join(home, 'smstats.db'))).toBe(false);
  });

  test('a temporary place is refused', async () => {
    const machine = { platform: 'linux' as const, temporary: [resolve(SCRIPT, '../..')], home: crontab.directory };
    const result = await runWith({ machine }, 'install-schedule');
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('a place that is emptied') });
    expect(crontab.table()).toBeUndefined();
  });
});

describe('flags', () => {
  test.each([
    [['--at', '25:00'], '"25:00" is no time of day'],
    [['--at', '3:00', '--cron', '0 3 * * *'], '--at and --cron both say when'],
    [['--cron', '0 3 * *'], 'has five fields'],
    [['--cron', '0 */2 * * *', '--catch-up'], '--catch-up tries each hour'],
    [['--crontab', '--systemd'], 'which one?'],
    [['--launchd'], 'launchd is not for this machine (linux)'],
    [['--status', '--uninstall'], 'are two things'],
    [['--status', '--at', '5:00'], '--status goes without --at'],
    [['--uninstall', '--cron', 'x', '--catch-up'], '--uninstall goes without --cron, --catch-up'],
  ])('%j are refused', async (flags, message) => {
    expect(await run(...flags)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
    expect(crontab.table()).toBeUndefined();
  });

  test('--catch-up runs each hour from then on', async () => {
    await run('--at', '22:10', '--catch-up');
    expect(table()).toContain('\n10 22-23 * * * ');
    await run('--cron', '5 4 * * *', '--catch-up');
    expect(table()).toContain('\n5 4-23 * * * ');
  });

  test('where there is no scheduler, it says what to do', async () => {
    const machine = { platform: 'win32' as const, temporary: [] };
    expect(await runWith({ machine }, 'install-schedule')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('smstats fetch --if-due'),
    });
  });

  test('database and time zone of the command line go along, and make a schedule of their own', async () => {
    await run();
    await runWith({}, '--db', join(home, 'second.db'), 'init', '--sample', '--yes');
    await runWith({}, 'install-schedule', '--db', join(home, 'second.db'), '--timezone', 'Asia/Tokyo');
    expect(table().match(/>>> managed block/g)).toHaveLength(2);
    expect(table()).toContain(`'--db' '${join(home, 'second.db')}' '--timezone' 'Asia/Tokyo' 'fetch'`);
  });
});

describe('--status', () => {
  const heartbeat = (more: object) => {
    mkdirSync(join(home, 'schedule', id()), { recursive: true });
    const usual = {
      started_at: '2026-11-22T03:00:00.000Z',
      ended_at: '2026-11-22T03:00:09.000Z',
      exit_code: 0,
      message: 'done',
      pid: 2 ** 30,
      node: 'v20',
    };
    writeFileSync(join(home, 'schedule', id(), 'last-run.json'), JSON.stringify({ ...usual, ...more }));
  };
  const problems = async (now = NOW) => {
    const { stdout } = await runWith({ now }, 'install-schedule', '--status', '--json');
    const { data } = JSON.parse(stdout) as { data: { problems: string[]; overdue: string | null } };
    // Whether a cron runs is up to the machine that tests run on.
    return [...data.problems, ...(data.overdue === null ? [] : [data.overdue])].filter(
      (each) => !each.includes('no cron daemon'),
    );
  };

  test('nothing is installed: 1, and what to do', async () => {
    const { code, stdout, stderr } = await run('--status');
    expect(code).toBe(1);
    expect(stdout).toMatch(/installed +nowhere/);
    expect(stderr).toContain('smstats install-schedule');
  });

  test('where, when, and what came of the latest run', async () => {
    await run();
    heartbeat({});
    expect(await problems()).toEqual([]);
    const { stdout } = await run('--status');
    expect(stdout).toMatch(/installed +the crontab of /);
    expect(stdout).toMatch(/next run +Mon 2026-11-23 03:00, in \d+ hours|next run +\w{3} 2026-11-2/);
    expect(stdout).toMatch(/last exit +0: done/);
    expect(stdout).toMatch(/tiktok +isaiah_dupree +2026-11-22/);
  });

  test('a run that failed, was killed, or is under way', async () => {
    await run();
    heartbeat({ exit_code: 4, message: 'the key was refused' });
    expect(await problems()).toEqual(['the last run ended with 4: the key was refused']);
    heartbeat({ ended_at: null, exit_code: null, message: null });
    expect(await problems()).toEqual(['the run that started at 2026-11-22T03:00:00.000Z did not come to its end']);
    heartbeat({
      started_at: '2026-11-22T09:00:00.000Z',
      ended_at: null,
      exit_code: null,
      message: null,
      pid: process.pid,
    });
    expect(await problems()).toEqual([]);
  });

  test('more than 26 hours without success, or more than the pause of the schedule', async () => {
    await run();
    const after = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);
    const beat = (hours: number) =>
      heartbeat({ started_at: after(hours).toISOString(), ended_at: after(hours).toISOString() });
    beat(20);
    expect(await problems(after(25.9))).toEqual([]);
    expect(await problems(after(26.1))).toEqual([
      expect.stringContaining('not fetched for more than 26 hours: tiktok @isaiah_dupree'),
    ]);
    expect((await runWith({ now: after(26.1) }, 'install-schedule', '--status')).code).toBe(1);
    expect((await runWith({ now: after(26.1) }, 'doctor')).code).toBe(1);
    // Friday to Monday, and the first run of the Friday may have been the one that went well.
    await run('--cron', '0 9-17 * * 1-5');
    beat(60);
    expect(await problems(after(60))).toEqual([]);
    await run('--cron', '0 3 * * 0');
    expect(await problems(after(26.1))).toEqual([]);
    beat(7 * 24 - 7);
    expect(await problems(after(7 * 24 + 2.5))).toEqual([
      expect.stringContaining('not fetched for more than 170 hours'),
    ]);
  });

  test('a schedule that has fallen silent', async () => {
    await run();
    heartbeat({});
    const [tomorrow, later] = [new Date('2026-11-23T04:59:00Z'), new Date('2026-11-23T05:01:00Z')];
    await runWith({ env: { TZ: 'UTC' } }, 'install-schedule', '--status');
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone === 'UTC') expect(await problems(tomorrow)).toEqual([]);
    expect(await problems(new Date(later.getTime() + 86_400_000))).toContainEqual(
      expect.stringContaining('nothing has run since the schedule was due at'),
    );
  });

  test('an account that fails all the same, and none at all', async () => {
    await run();
    heartbeat({});
    await runCli(['accounts', 'pause', 'tiktok', 'isaiah_dupree'], { home });
    expect(await problems()).toEqual(['there is no active account to fetch']);
    await runCli(['config', 'set', 'credentials.rapidapi_key'], { home, stdin: 'a-key' });
    await runCli(['config', 'set', 'providers.tiktok-scraper7.base_url', 'http://127.0.0.1:9'], { home });
    await runCli(['config', 'set', 'platforms.tiktok.providers', 'tiktok-scraper7'], { home });
    await runCli(['fetch', 'tiktok', 'somebody'], { home });
    await runCli(['accounts', 'resume', 'tiktok', 'somebody'], { home });
    expect(await problems()).toEqual([expect.stringContaining('tiktok @somebody failed the last time: ')]);
  });

  test('the status is told without a database or a configuration that can be read', async () => {
    await run();
    heartbeat({});
    writeFileSync(join(home, 'smstats.db'), 'no database');
    expect(await problems()).toContainEqual(expect.stringContaining('is not a SQLite database'));
    expect((await run('--status')).stdout).toMatch(/last exit +0: done/);
    writeFileSync(join(home, 'config.toml'), '[broken');
    expect(await problems()).toContainEqual(expect.stringContaining('config.toml, line 1'));
    expect((await runWith({}, 'doctor')).stdout).toMatch(/failed +schedule/);
    expect((await run('--uninstall')).code).toBe(0);
    expect(crontab.table()).toBeUndefined();
  });

  test('a crontab that cannot be read is not "nothing installed", also without the record', async () => {
    await run();
    rmSync(join(home, 'schedule'), { recursive: true });
    crontab.behave('list', 'echo "Input/output error" >&2; exit 1');
    expect(await problems()).toContainEqual(expect.stringContaining('Input/output error'));
    expect(await run('--uninstall')).toMatchObject({ code: 1, stderr: expect.stringContaining('Input/output error') });
  });

  test('a block that was changed, removed, or is not on record', async () => {
    await run();
    const installed = table();
    crontab.setTable(installed.replace('0 3 * * *', '0 4 * * *'));
    expect(await problems()).toEqual([expect.stringContaining('was changed since it was installed')]);
    crontab.setTable('# mine\n');
    expect(await problems()).toEqual([expect.stringContaining('no longer in crontab')]);
    crontab.setTable(installed);
    rmSync(join(home, 'schedule'), { recursive: true });
    expect(await problems()).toEqual([expect.stringContaining('not on record here')]);
    expect((await json('--uninstall'))['change']).toBe('removed');
  });

  test('a node or a script that is gone', async () => {
    const node = join(home, 'node');
    symlinkSync(process.execPath, node);
    const running = { execPath: node, script: SCRIPT, version: process.version, modules: process.versions.modules };
    await runWith({ running }, 'install-schedule');
    expect(await problems()).toEqual([]);
    renameSync(node, `${node}.old`);
    expect(await problems()).toEqual([`There is no ${node} any more.`]);
    const doctor = await runWith({}, 'doctor');
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/failed +schedule +.*There is no /);
  });
});

test('doctor only remarks that there is no schedule', async () => {
  const { code, stdout } = await runWith({}, 'doctor');
  expect(code).toBe(0);
  expect(stdout).toMatch(/warning +schedule +no schedule is installed → smstats install-schedule/);
});

describe('on a Mac', () => {
  test('launchd is the default: installed, looked at, changed, removed', async () => {
    const mac = makeMac();
    const { platform, uid, sleep, home: userHome } = mac.machine;
    const options = {
      env: { PATH: mac.machine.env['PATH'] ?? '', HOME: userHome },
      machine: { platform, uid, sleep, home: userHome, temporary: [] },
    };
    const onMac = (...flags: string[]) => runWith(options, 'install-schedule', ...flags);
    const dry = await onMac('--dry-run');
    expect(dry.stdout).toContain('<key>StartCalendarInterval</key>');
    expect(dry.stdout).toContain('launchctl bootstrap gui/501 ');
    const installed = await onMac();
    expect(installed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/where +.*\/Library\/LaunchAgents\/com\.smstats\..*\.plist/),
    });
    expect((await onMac()).stdout).toMatch(/schedule +unchanged/);
    expect(await onMac('--status')).toMatchObject({ code: 0, stdout: expect.stringMatching(/problems +none/) });
    expect((await onMac('--at', '6:00', '--catch-up')).stdout).toMatch(/schedule +changed/);
    expect(await onMac('--systemd')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not for this machine'),
    });
    expect((await onMac('--uninstall')).stdout).toContain('/Library/LaunchAgents/');
    expect(await onMac('--status')).toMatchObject({ code: 1 });
  });

  test('a database that launchd may not read is refused', async () => {
    const mac = makeMac();
    const { platform, uid, sleep } = mac.machine;
    const machine = { platform, uid, sleep, home: join(home, '..'), temporary: [] };
    const env = { PATH: mac.machine.env['PATH'] ?? '', HOME: join(home, '..') };
    const database = join(home, '..', 'Documents', 'smstats.db');
    const result = await runWith({ env, machine }, 'install-schedule', '--db', database);
    expect(result).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('macOS keeps programs that launchd starts out of'),
    });
    expect(mac.takeChanges()).toEqual([]);
  });
});
