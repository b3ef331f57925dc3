import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { apply } from '../../../src/schedule/apply.ts';
import type { Machine } from '../../../src/schedule/machine.ts';
import type { Plan, Task } from '../../../src/schedule/scheduler.ts';
import { openSession } from '../../../src/schedule/systemd/session.ts';
import { systemd } from '../../../src/schedule/systemd/systemd.ts';
import { parseCron } from '../../../src/schedule/times.ts';
import { createFakeSystemd, type FakeSystemd } from './fake-systemd.ts';

const [SERVICE, TIMER] = ['smstats-ab12.service', 'smstats-ab12.timer'];
const TASK: Task = {
  id: 'ab12',
  argv: ['/usr/bin/node', '/opt/smstats.js', 'fetch'],
  times: parseCron('30 6 * * *'),
  directory: '/var/empty/smstats',
};

const look = (machine: Machine) => systemd.look(machine, TASK.id, TASK.directory);

async function install({ machine }: FakeSystemd, task = TASK): Promise<Plan> {
  const plan = (await look(machine)).planInstall(task);
  await apply(machine, plan);
  return plan;
}

async function remove({ machine }: FakeSystemd): Promise<Plan> {
  const plan = (await look(machine)).planRemoval();
  await apply(machine, plan);
  return plan;
}

function unitDirectory({ home }: FakeSystemd): string {
  return join(home, '.config/systemd/user');
}

/** The user's units by name. */
function readUnits(fake: FakeSystemd): Record<string, string> {
  const directory = unitDirectory(fake);
  const names = existsSync(directory) ? readdirSync(directory) : [];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}

/** The calls that change something. */
function takeChanges(fake: FakeSystemd): string[] {
  return fake.takeCalls().filter((call) => !/^loginctl|^systemctl --user show/.test(call));
}

const INSTALL = [
  'systemctl --user stop smstats-ab12.timer',
  'systemctl --user daemon-reload',
  'systemctl --user clean --what=state smstats-ab12.timer',
  'systemctl --user enable --now smstats-ab12.timer',
  'systemctl --user is-active smstats-ab12.timer',
];

test('a first installation writes two units, has them verified, and starts the timer with nothing to catch up on', async () => {
  const fake = createFakeSystemd();
  expect((await look(fake.machine)).place).toBeUndefined();
  const { change, remarks } = await install(fake);
  expect(change).toBe('added');
  expect(remarks).toEqual([]);
  const units = readUnits(fake);
  expect(Object.keys(units)).toEqual([SERVICE, TIMER]);
  expect(units[SERVICE]).toContain('ExecStart=/usr/bin/env -- "/usr/bin/node" "/opt/smstats.js" "fetch"\n');
  expect(units[TIMER]).toContain('OnCalendar=*-*-* 06:30:00\n');
  const [service, timer] = [SERVICE, TIMER].map((name) => join(unitDirectory(fake), name)) as [string, string];
  expect([service, timer].map((path) => statSync(path).mode & 0o777)).toEqual([0o644, 0o644]);
  expect(takeChanges(fake)).toEqual([`systemd-analyze --user verify ${service} ${timer}`, ...INSTALL]);
  const found = await look(fake.machine);
  expect(found.place).toBe(timer);
  expect(found.problem).toBeUndefined();
});

test('the same once more changes nothing', async () => {
  const fake = createFakeSystemd();
  await install(fake);
  fake.takeCalls();
  expect(await install(fake)).toEqual({ change: 'unchanged', steps: [], remarks: [] });
  expect(takeChanges(fake)).toEqual([]);
});

test('another time replaces the timer, which is stopped before systemd reads it', async () => {
  const fake = createFakeSystemd();
  await install(fake);
  fake.takeCalls();
  expect((await install(fake, { ...TASK, times: parseCron('0 7 * * *') })).change).toBe('changed');
  expect(takeChanges(fake).slice(1)).toEqual(INSTALL);
  expect(readUnits(fake)[TIMER]).toContain('OnCalendar=*-*-* 07:00:00\n');
});

test('an exit code of "not loaded" or "nothing to clean" is none of our trouble', async () => {
  const fake = createFakeSystemd();
  fake.fail(5, 'stop');
  fake.fail(1, 'clean');
  expect((await install(fake)).change).toBe('added');
});

test.each([
  ['enabled', 'disabled', `${TIMER} is not enabled`],
  ['enabled', 'enabled-runtime', `${TIMER} is not enabled`],
  ['active', 'inactive', `${TIMER} is not active`],
  ['active', 'failed', `${TIMER} is not active`],
  ['outdated', 'yes', 'its files were changed, and systemd has not read them since'],
] as const)('%s = %s is told and put right', async (word, value, problem) => {
  const fake = createFakeSystemd();
  await install(fake);
  fake.set(word, value);
  const found = await look(fake.machine);
  expect(found.place).toBe(join(unitDirectory(fake), TIMER));
  expect(found.problem).toBe(problem);
  expect((await install(fake)).change).toBe('changed');
  expect((await look(fake.machine)).problem).toBeUndefined();
});

test.each([SERVICE, TIMER])('without %s the schedule is there, and broken', async (name) => {
  const fake = createFakeSystemd();
  await install(fake);
  rmSync(join(unitDirectory(fake), name));
  const found = await look(fake.machine);
  expect(found.place).toBeDefined();
  expect(found.problem).toBe(`${name} is missing`);
  await install(fake);
  expect((await look(fake.machine)).problem).toBeUndefined();
});

test('units that do not verify are taken away again', async () => {
  const fake = createFakeSystemd();
  fake.fail(1, 'verify');
  await expect(install(fake)).rejects.toThrow(
    /^systemd-analyze --user verify .* failed with 1: verify does not work today\./,
  );
  expect(readUnits(fake)).toEqual({});
  expect((await look(fake.machine)).place).toBeUndefined();
});

test.each(['verify', 'stop', 'daemon-reload', 'clean', 'enable --now', 'is-active'])(
  'when %s fails, the units are what they were byte for byte, enabled and active',
  async (words) => {
    const fake = createFakeSystemd();
    await install(fake);
    const before = readUnits(fake);
    fake.fail(9, words);
    await expect(install(fake, { ...TASK, times: parseCron('0 7 * * *') })).rejects.toThrow('failed with 9');
    expect(readUnits(fake)).toEqual(before);
    const calls = fake.takeCalls().filter((call) => !call.includes(words));
    expect(calls).toContain('systemctl --user restart smstats-ab12.timer');
    expect((await look(fake.machine)).problem).toBeUndefined();
  },
);

test('a timer that was switched off is so after a failure', async () => {
  const fake = createFakeSystemd();
  await install(fake);
  fake.set('enabled', 'disabled');
  fake.set('active', 'inactive');
  fake.fail(3, 'is-active');
  await expect(install(fake)).rejects.toThrow('failed with 3');
  expect((await look(fake.machine)).problem).toBe(`${TIMER} is not enabled`);
  expect(fake.takeCalls().at(-4)).toBe('systemctl --user stop smstats-ab12.timer');
});

test('a first installation that fails late leaves nothing enabled', async () => {
  const fake = createFakeSystemd();
  fake.fail(3, 'is-active');
  await expect(install(fake)).rejects.toThrow('failed with 3');
  expect(readUnits(fake)).toEqual({});
  expect(fake.takeCalls()).toContain('systemctl --user disable --now smstats-ab12.timer');
  expect((await remove(fake)).change).toBe('absent');
});

test('uninstalling stops the timer, forgets its runs and removes the units', async () => {
  const fake = createFakeSystemd();
  await install(fake);
  fake.takeCalls();
  expect((await remove(fake)).change).toBe('removed');
  expect(takeChanges(fake)).toEqual([
    'systemctl --user disable --now smstats-ab12.timer',
    'systemctl --user clean --what=state smstats-ab12.timer',
    'systemctl --user daemon-reload',
    'systemctl --user reset-failed smstats-ab12.timer smstats-ab12.service',
  ]);
  expect(readUnits(fake)).toEqual({});
});

test('uninstalling twice changes nothing the second time', async () => {
  const fake = createFakeSystemd();
  await install(fake);
  await remove(fake);
  fake.set('enabled', '');
  fake.takeCalls();
  expect(await remove(fake)).toEqual({ change: 'absent', steps: [], remarks: [] });
  expect(takeChanges(fake)).toEqual([]);
});

test('uninstalling leaves what others have written', async () => {
  const fake = createFakeSystemd();
  mkdirSync(unitDirectory(fake), { recursive: true });
  const theirs = { 'smstats-other.timer': '[Timer]\n', 'backup.service': 'x' };
  for (const [name, text] of Object.entries(theirs)) writeFileSync(join(unitDirectory(fake), name), text);
  await install(fake);
  await remove(fake);
  expect(readUnits(fake)).toEqual(theirs);
});

test('a timer whose files somebody deleted is stopped all the same', async () => {
  const fake = createFakeSystemd();
  await install(fake);
  rmSync(unitDirectory(fake), { recursive: true });
  fake.fail(1, 'disable');
  expect((await look(fake.machine)).place).toBeUndefined();
  fake.takeCalls();
  expect((await remove(fake)).change).toBe('removed');
  expect(takeChanges(fake)).toContain('systemctl --user stop smstats-ab12.timer');
});

test('a timer that cannot be stopped keeps its units', async () => {
  const fake = createFakeSystemd();
  await install(fake);
  const before = readUnits(fake);
  fake.fail(1, 'disable');
  await expect(remove(fake)).rejects.toThrow('disable does not work today');
  expect(readUnits(fake)).toEqual(before);
});

test('a removal that fails after the files are gone brings them back, enabled and active', async () => {
  const fake = createFakeSystemd();
  await install(fake);
  const before = readUnits(fake);
  fake.fail(1, 'daemon-reload');
  await expect(remove(fake)).rejects.toThrow('daemon-reload does not work today');
  expect(readUnits(fake)).toEqual(before);
  expect((await look(fake.machine)).problem).toBeUndefined();
});

test('without a manager that answers, cron is proposed', async () => {
  const fake = createFakeSystemd();
  fake.fail(1, 'show-environment');
  await expect(look(fake.machine)).rejects.toMatchObject({
    message: 'systemctl --user show-environment failed with 1: show-environment does not work today.',
    hint: 'cron does without systemd: --crontab',
  });
  expect(fake.takeCalls()).toEqual(['systemctl --user show-environment']);
});

test('without systemctl, cron is proposed', async () => {
  const fake = createFakeSystemd();
  rmSync(join(fake.bin, 'systemctl'));
  await expect(look(fake.machine)).rejects.toMatchObject({
    message: 'There is no program "systemctl".',
    hint: 'cron does without systemd: --crontab',
  });
});

test('without systemd-analyze nothing is installed', async () => {
  const fake = createFakeSystemd();
  rmSync(join(fake.bin, 'systemd-analyze'));
  await expect(install(fake)).rejects.toThrow('There is no program "systemd-analyze".');
  expect(readUnits(fake)).toEqual({});
});

test('sudo is refused, root is not', async () => {
  const fake = createFakeSystemd({ SUDO_USER: 'anna' });
  await expect(look({ ...fake.machine, uid: 0, user: 'root' })).rejects.toMatchObject({
    ending: 'usage',
    hint: 'run the same command without sudo',
  });
  expect(fake.takeCalls()).toEqual([]);
  await expect(look({ ...createFakeSystemd().machine, uid: 0, user: 'root' })).resolves.toBeDefined();
});

test('nobody who is not logged in has a manager', async () => {
  const { machine } = createFakeSystemd({ XDG_RUNTIME_DIR: undefined });
  await expect(look({ ...machine, uid: 4_000_000_001 })).rejects.toMatchObject({
    message: 'systemd runs nothing for anna now: there is no /run/user/4000000001.',
    hint: 'log in as anna, or use --crontab',
  });
});

test('a missing XDG_RUNTIME_DIR is put before every call', async () => {
  const fake = createFakeSystemd({ XDG_RUNTIME_DIR: undefined });
  const root = join(fake.home, 'run');
  mkdirSync(join(root, '1000'), { recursive: true });
  const session = await openSession(fake.machine, root);
  const words = ['/usr/bin/env', `XDG_RUNTIME_DIR=${root}/1000`];
  expect(session.call('systemctl', 'stop', 'x')).toEqual([...words, 'systemctl', '--user', 'stop', 'x']);
  expect(fake.runtimeDirectories()).toEqual([`${root}/1000`]);
});

test('XDG_CONFIG_HOME is followed, unless the manager does not know of it', async () => {
  const config = join(createFakeSystemd().home, 'config');
  const own = createFakeSystemd({ XDG_CONFIG_HOME: config, UNIT_PATH: `${config}/systemd/user` });
  await install(own);
  expect(readdirSync(join(config, 'systemd/user'))).toEqual([SERVICE, TIMER]);
  const unknown = createFakeSystemd({ XDG_CONFIG_HOME: config });
  unknown.machine.env['UNIT_PATH'] = unitDirectory(unknown);
  await install(unknown);
  expect(Object.keys(readUnits(unknown))).toEqual([SERVICE, TIMER]);
  const relative = createFakeSystemd({ XDG_CONFIG_HOME: 'config' });
  await install(relative);
  expect(Object.keys(readUnits(relative))).toEqual([SERVICE, TIMER]);
});

test('without linger, the person is told when it does not run', async () => {
  const fake = createFakeSystemd();
  fake.set('linger', 'Linger=no');
  const told = ['it runs only while anna is logged in; loginctl enable-linger changes that'];
  expect((await install(fake)).remarks).toEqual(told);
  expect(await install(fake)).toEqual({ change: 'unchanged', steps: [], remarks: told });
  expect(fake.takeCalls().filter((call) => call.includes('enable-linger'))).toEqual([]);
});

test.each([
  [(fake: FakeSystemd) => fake.fail(1, 'loginctl'), / failed with 1: loginctl does not work today; loginctl/],
  [(fake: FakeSystemd) => fake.set('linger', 'Linger='), /: loginctl does not say it; loginctl/],
  [(fake: FakeSystemd) => rmSync(join(fake.bin, 'loginctl')), /: There is no program "loginctl"; loginctl/],
])('when loginctl cannot say, the person is told so', async (spoil, words) => {
  const fake = createFakeSystemd();
  spoil(fake);
  const { change, remarks } = await install(fake);
  expect(change).toBe('added');
  expect(remarks).toEqual([expect.stringMatching(words)]);
  expect(remarks[0]).toMatch(
    /^whether it runs while anna is not logged in cannot be told: .*; loginctl enable-linger makes sure$/,
  );
});

test('a place of a unit that cannot be read is an error, and no reason to overwrite it', async () => {
  const fake = createFakeSystemd();
  mkdirSync(join(unitDirectory(fake), TIMER), { recursive: true });
  await expect(look(fake.machine)).rejects.toThrow(`${TIMER} cannot be read: EISDIR`);
});
