import { chmodSync, existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'plist';
import { expect, test } from 'vitest';
import { apply } from '../../../src/schedule/apply.ts';
import { ScheduleError } from '../../../src/schedule/error.ts';
import { launchd } from '../../../src/schedule/launchd/launchd.ts';
import type { Found, Plan, Task } from '../../../src/schedule/scheduler.ts';
import { parseCron } from '../../../src/schedule/times.ts';
import { makeMac, type FakeMac } from './fake-launchctl.ts';

const LABEL = 'com.smstats.main';
const JOB = `gui/501/${LABEL}`;
const PLIST = `~/Library/LaunchAgents/${LABEL}.plist`;
const LOAD = [`enable ${JOB}`, `bootstrap gui/501 ${PLIST}`];

const look = ({ machine, directory }: FakeMac): Promise<Found> => launchd.look(machine, 'main', directory);
const plistPath = ({ home }: FakeMac) => PLIST.replace('~', home);
const readPlist = (mac: FakeMac) => readFileSync(plistPath(mac));

function makeTask(mac: FakeMac, expression = '17 6-23 * * *', argv = ['/opt/node', '/opt/smstats.js', 'fetch']): Task {
  return { id: 'main', argv, times: parseCron(expression), directory: mac.directory };
}

async function install(mac: FakeMac, task = makeTask(mac)): Promise<Plan> {
  const plan = (await look(mac)).planInstall(task);
  await apply(mac.machine, plan);
  return plan;
}

async function remove(mac: FakeMac): Promise<Plan> {
  const plan = (await look(mac)).planRemoval();
  await apply(mac.machine, plan);
  return plan;
}

/** Installs a first time, and forgets what launchctl was asked for it. */
async function makeInstalled(): Promise<{ mac: FakeMac; before: Buffer }> {
  const mac = makeMac();
  await install(mac);
  mac.takeCalls();
  return { mac, before: readPlist(mac) };
}

async function catchError(work: Promise<unknown> | (() => unknown)): Promise<ScheduleError> {
  const error: unknown = await (async () => (typeof work === 'function' ? work() : work))().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ScheduleError);
  return error as ScheduleError;
}

test('a first installation writes the property list for its owner alone and loads it', async () => {
  const mac = makeMac();
  expect(await look(mac)).toMatchObject({ place: undefined, problem: undefined });
  mac.takeCalls();

  const plan = await install(mac);

  expect(plan.change).toBe('added');
  expect(plan.remarks).toEqual([expect.stringContaining('each time you log in')]);
  expect(mac.takeCalls()).toEqual([
    'print gui/501',
    `print ${JOB}`,
    `print user/501/${LABEL}`,
    'print-disabled gui/501',
    ...LOAD,
    `print ${JOB}`,
  ]);
  expect(statSync(plistPath(mac)).mode & 0o777).toBe(0o600);
  expect(statSync(mac.directory).mode & 0o777).toBe(0o700);
  expect(mac.readLoaded(JOB)).toEqual(readPlist(mac));
  expect(parse(readPlist(mac).toString())).toMatchObject({
    Label: LABEL,
    ProgramArguments: ['/opt/node', '/opt/smstats.js', 'fetch'],
  });
  expect(await look(mac)).toMatchObject({ place: plistPath(mac), problem: undefined });
});

test('looking and planning change nothing', async () => {
  const mac = makeMac();
  const found = await look(mac);
  found.planInstall(makeTask(mac));
  found.planRemoval();
  expect(mac.takeChanges()).toEqual([]);
  expect(existsSync(join(mac.home, 'Library'))).toBe(false);
});

test('a second installation finds nothing to do', async () => {
  const { mac, before } = await makeInstalled();
  const { ino } = statSync(plistPath(mac));
  expect(await install(mac)).toEqual({ change: 'unchanged', steps: [], remarks: [] });
  expect(mac.takeChanges()).toEqual([]);
  expect(readPlist(mac)).toEqual(before);
  expect(statSync(plistPath(mac)).ino).toBe(ino);
});

test('a change of time unloads the old job, then loads the new one', async () => {
  const { mac, before } = await makeInstalled();
  expect((await install(mac, makeTask(mac, '30 7 * * *'))).change).toBe('changed');
  expect(mac.takeChanges()).toEqual([`bootout ${JOB}`, ...LOAD]);
  expect(readPlist(mac)).not.toEqual(before);
  expect(mac.readLoaded(JOB)).toEqual(readPlist(mac));
  expect(statSync(plistPath(mac)).mode & 0o777).toBe(0o600);
});

test('a job that takes its time to end is waited for', async () => {
  const { mac } = await makeInstalled();
  const plan = (await look(mac)).planInstall(makeTask(mac, '30 7 * * *'));
  mac.takeCalls();
  mac.answer('bootout', ['36+']);
  mac.answer('print-service', ['0', '0']);
  await apply(mac.machine, plan);
  expect(mac.takeCalls()).toEqual([
    `bootout ${JOB}`,
    `print ${JOB}`,
    `print ${JOB}`,
    `print ${JOB}`,
    ...LOAD,
    `print ${JOB}`,
  ]);
  expect(mac.slept).toEqual([1000, 1000]);
  expect(mac.readLoaded(JOB)).toEqual(readPlist(mac));
});

test.each(['3', '113'])('a job that ended by itself meanwhile (bootout: %s) is no trouble', async (code) => {
  const { mac } = await makeInstalled();
  const plan = (await look(mac)).planInstall(makeTask(mac, '30 7 * * *'));
  mac.answer('bootout', [`${code}+`]);
  await apply(mac.machine, plan);
  expect(mac.readLoaded(JOB)).toEqual(readPlist(mac));
});

test('a job that does not end is left as it was', async () => {
  const { mac, before } = await makeInstalled();
  const plan = (await look(mac)).planInstall(makeTask(mac, '30 7 * * *'));
  mac.answer('bootout', ['36']);
  mac.answer('print-service', Array(31).fill('0'));
  const error = await catchError(apply(mac.machine, plan));
  expect(error.message).toContain('did not end with 113 within 30 seconds');
  expect(readPlist(mac)).toEqual(before);
  expect(mac.readLoaded(JOB)).toEqual(before);
});

test('loading is tried again while the old job is not quite gone', async () => {
  const mac = makeMac();
  mac.answer('bootstrap', ['5', '5']);
  await install(mac);
  const bootstrap = `bootstrap gui/501 ${PLIST}`;
  expect(mac.takeChanges()).toEqual([`enable ${JOB}`, bootstrap, bootstrap, bootstrap]);
  expect(mac.slept).toEqual([1000, 1000]);
  expect(mac.readLoaded(JOB)).toEqual(readPlist(mac));
});

test('when the new job cannot be loaded, the old one is put back and loaded again', async () => {
  const { mac, before } = await makeInstalled();
  mac.answer('bootstrap', ['5', '5', '5', '5']);
  const error = await catchError(install(mac, makeTask(mac, '30 7 * * *')));
  expect(error.message).toContain('failed with 5: Bootstrap failed: 5: Input/output error.');
  expect(error.ending).toBe('failed');
  expect(readPlist(mac)).toEqual(before);
  expect(mac.readLoaded(JOB)).toEqual(before);
  expect(statSync(plistPath(mac)).mode & 0o777).toBe(0o600);
  expect(await look(mac)).toMatchObject({ place: plistPath(mac), problem: undefined });
});

test('when a first installation fails, nothing of it stays', async () => {
  const mac = makeMac();
  mac.answer('bootstrap', ['5', '5', '5', '5']);
  const error = await catchError(install(mac));
  expect(error.message).toContain('Input/output error');
  expect(existsSync(plistPath(mac))).toBe(false);
  expect(mac.readLoaded(JOB)).toBeUndefined();
  expect((await remove(mac)).change).toBe('absent');
});

test('a code that a second attempt does not help is not tried again', async () => {
  const mac = makeMac();
  mac.answer('bootstrap', ['125']);
  expect((await catchError(install(mac))).message).toContain('failed with 125: scripted: 125.');
  expect(mac.slept).toEqual([]);
  expect(existsSync(plistPath(mac))).toBe(false);
});

test('a job that is not there after it was loaded is a failure, and unloaded', async () => {
  const mac = makeMac();
  const plan = (await look(mac)).planInstall(makeTask(mac));
  mac.answer('print-service', ['113']);
  expect((await catchError(apply(mac.machine, plan))).message).toContain(`launchctl print ${JOB} failed with 113`);
  expect(existsSync(plistPath(mac))).toBe(false);
  expect(mac.readLoaded(JOB)).toBeUndefined();
});

test('a property list that is not loaded is a problem, and loaded by the next installation', async () => {
  const { mac, before } = await makeInstalled();
  mac.unload(JOB);
  expect(await look(mac)).toMatchObject({ place: plistPath(mac), problem: 'launchd has not loaded it' });
  mac.takeCalls();
  expect((await install(mac)).change).toBe('changed');
  expect(mac.takeChanges()).toEqual(LOAD);
  expect(readPlist(mac)).toEqual(before);
  expect(mac.readLoaded(JOB)).toEqual(before);
});

test('what was not loaded before is not loaded after a failure', async () => {
  const { mac, before } = await makeInstalled();
  mac.unload(JOB);
  mac.answer('bootstrap', ['5', '5', '5', '5']);
  await catchError(install(mac, makeTask(mac, '30 7 * * *')));
  expect(readPlist(mac)).toEqual(before);
  expect(mac.readLoaded(JOB)).toBeUndefined();
});

test.each(['disabled', 'true'])('a job that was switched off (=> %s) is a problem, and switched on', async (word) => {
  const { mac } = await makeInstalled();
  mac.switchOff(LABEL, word);
  expect((await look(mac)).problem).toContain('switched off in System Settings > General > Login Items');
  mac.takeCalls();
  const plan = await install(mac);
  expect(plan.change).toBe('changed');
  expect(plan.remarks).toContainEqual(expect.stringContaining('switched off'));
  expect(mac.takeChanges()).toEqual([`bootout ${JOB}`, ...LOAD]);
  expect(mac.isOff(LABEL)).toBe(false);
  expect((await look(mac)).problem).toBeUndefined();
});

test.each(['enabled', 'false'])('a job that was switched on (=> %s) is no problem', async (word) => {
  const { mac } = await makeInstalled();
  mac.switchOff(LABEL, word);
  expect((await look(mac)).problem).toBeUndefined();
  expect((await install(mac)).change).toBe('unchanged');
});

test('what was switched off is switched off again after a failure', async () => {
  const { mac, before } = await makeInstalled();
  mac.switchOff(LABEL);
  mac.answer('bootstrap', ['5', '5', '5', '5']);
  await catchError(install(mac, makeTask(mac, '30 7 * * *')));
  expect(mac.isOff(LABEL)).toBe(true);
  expect(readPlist(mac)).toEqual(before);
  expect(mac.readLoaded(JOB)).toEqual(before);
});

test('a job whose log has no directory any more is a problem, and installed anew', async () => {
  const { mac } = await makeInstalled();
  rmdirSync(mac.directory);
  expect((await look(mac)).problem).toContain('directory');
  expect((await install(mac)).change).toBe('changed');
  expect(statSync(mac.directory).mode & 0o777).toBe(0o700);
  expect((await install(mac)).change).toBe('unchanged');
});

test('without a session at the screen it is loaded where the user has one', async () => {
  const mac = makeMac();
  mac.setScreen(false);
  const plan = await install(mac);
  expect(plan.remarks[0]).toContain('user/501');
  expect(mac.takeCalls()).toEqual([
    'print gui/501',
    `print user/501/${LABEL}`,
    'print-disabled user/501',
    `enable user/501/${LABEL}`,
    `bootstrap user/501 ${PLIST}`,
    `print user/501/${LABEL}`,
  ]);
  // launchd loads a job into that domain only when it is made for it.
  expect(parse(readPlist(mac).toString())).toMatchObject({ LimitLoadToSessionType: 'Background' });
  expect(mac.readLoaded(`user/501/${LABEL}`)).toEqual(readPlist(mac));
  const again = await install(mac);
  expect([again.change, again.remarks]).toEqual(['unchanged', [expect.stringContaining('user/501')]]);
});

test('at the screen, a job from before is found, and moved by the next installation', async () => {
  const mac = makeMac();
  mac.setScreen(false);
  await install(mac);
  mac.setScreen(true);
  expect((await look(mac)).problem).toBeUndefined();
  mac.takeCalls();
  expect((await install(mac)).change).toBe('changed');
  expect(mac.takeChanges()).toEqual([`bootout user/501/${LABEL}`, ...LOAD]);
  expect(mac.readLoaded(`user/501/${LABEL}`)).toBeUndefined();
  expect(mac.readLoaded(JOB)).toEqual(readPlist(mac));
});

test('at the screen, a job from before is removed', async () => {
  const mac = makeMac();
  mac.setScreen(false);
  await install(mac);
  mac.setScreen(true);
  expect((await remove(mac)).change).toBe('removed');
  expect(mac.readLoaded(`user/501/${LABEL}`)).toBeUndefined();
  expect(existsSync(plistPath(mac))).toBe(false);
});

test.each(['1', '64'])('when launchctl says neither yes nor no (%s), nothing is decided', async (code) => {
  const { mac, before } = await makeInstalled();
  mac.answer('print-service', [code]);
  const error = await catchError(look(mac));
  expect(error.message).toBe(`launchctl print ${JOB} failed with ${code}: scripted: ${code}.`);
  expect(error.hint).toContain('--crontab');
  expect(mac.takeChanges()).toEqual([]);
  expect(readPlist(mac)).toEqual(before);
});

test('what launchctl says about the domain that the job does not belong to is no reason to stop', async () => {
  const { mac } = await makeInstalled();
  mac.answer('print-service', ['0', '125']);
  expect((await install(mac)).change).toBe('unchanged');
});

test('when the directory for the log cannot be made, the old job stays as it is', async () => {
  const { mac, before } = await makeInstalled();
  const found = await look(mac);
  rmdirSync(mac.directory);
  writeFileSync(mac.directory, '');
  const error = await catchError(apply(mac.machine, found.planInstall(makeTask(mac, '30 7 * * *'))));
  expect(error.message).toContain('/bin/mkdir');
  expect(readPlist(mac)).toEqual(before);
  expect(mac.readLoaded(JOB)).toEqual(before);
});

test('when launchctl does not list what is switched off, nothing is decided', async () => {
  const mac = makeMac();
  mac.answer('print-disabled', ['1']);
  expect((await catchError(look(mac))).message).toContain('launchctl print-disabled gui/501 failed with 1');
});

test('without launchctl there is cron', async () => {
  const mac = makeMac();
  mac.removeLaunchctl();
  const error = await catchError(look(mac));
  expect(error.message).toBe('There is no program "launchctl".');
  expect(error.hint).toContain('--crontab');
});

test('under sudo nothing is asked', async () => {
  const mac = makeMac({ SUDO_USER: 'zoe' });
  const error = await catchError(launchd.look({ ...mac.machine, uid: 0 }, 'main', mac.directory));
  expect(error).toMatchObject({ ending: 'usage', hint: expect.stringContaining('without sudo') });
  expect(mac.takeCalls()).toEqual([]);
  expect(await look(mac), 'a name that sudo left behind is not sudo').toMatchObject({ place: undefined });
});

test('what stands in place of the property list and is none is left alone', async () => {
  const mac = makeMac();
  mkdirSync(plistPath(mac), { recursive: true });
  expect((await catchError(look(mac))).message).toContain('cannot be read');
});

test('removal unloads the job and takes the property list away, and no switch stays behind', async () => {
  const { mac } = await makeInstalled();
  expect((await remove(mac)).change).toBe('removed');
  expect(mac.takeChanges()).toEqual([`bootout ${JOB}`]);
  expect(existsSync(plistPath(mac))).toBe(false);
  expect(mac.readLoaded(JOB)).toBeUndefined();
  expect(await look(mac)).toMatchObject({ place: undefined, problem: undefined });
});

test('a second removal finds nothing to do', async () => {
  const { mac } = await makeInstalled();
  await remove(mac);
  mac.takeCalls();
  expect(await remove(mac)).toEqual({ change: 'absent', steps: [], remarks: [] });
  expect(mac.takeChanges()).toEqual([]);
});

test('removal of a property list that is not loaded', async () => {
  const { mac } = await makeInstalled();
  mac.unload(JOB);
  expect((await remove(mac)).change).toBe('removed');
  expect(mac.takeChanges()).toEqual([]);
  expect(existsSync(plistPath(mac))).toBe(false);
});

test('removal of a job whose property list is gone', async () => {
  const { mac } = await makeInstalled();
  await apply(mac.machine, { change: 'removed', steps: [{ do: 'remove', path: plistPath(mac) }], remarks: [] });
  expect(await look(mac)).toMatchObject({ place: plistPath(mac), problem: expect.stringContaining('file is gone') });
  expect((await remove(mac)).change).toBe('removed');
  expect(await look(mac)).toMatchObject({ place: undefined, problem: undefined });
  expect(mac.readLoaded(JOB)).toBeUndefined();
});

test('when a job cannot be unloaded, its property list stays', async () => {
  const { mac, before } = await makeInstalled();
  mac.answer('bootout', ['1']);
  expect((await catchError(remove(mac))).message).toContain(`launchctl bootout ${JOB} failed with 1`);
  expect(readPlist(mac)).toEqual(before);
  expect(mac.readLoaded(JOB)).toEqual(before);
});

test('when a removal fails after the job was unloaded, it is loaded again', async () => {
  const { mac, before } = await makeInstalled();
  const plan = (await look(mac)).planRemoval();
  mac.answer('bootout', ['36+']);
  mac.answer('print-service', Array(31).fill('0'));
  expect((await catchError(apply(mac.machine, plan))).message).toContain('within 30 seconds');
  expect(readPlist(mac)).toEqual(before);
  expect(mac.readLoaded(JOB)).toEqual(before);
});

test('another job of the same user is another matter', async () => {
  const { mac, before } = await makeInstalled();
  const other = await launchd.look(mac.machine, 'other', mac.directory);
  expect(other.place).toBeUndefined();
  await apply(mac.machine, other.planInstall({ ...makeTask(mac), id: 'other' }));
  await remove(mac);
  expect(mac.readLoaded('gui/501/com.smstats.other')).toBeDefined();
  expect(mac.readLoaded('gui/501/com.smstats.other')).not.toEqual(before);
});

test.each([
  ['~/Documents/smstats/cli.js', '~/Documents'],
  ['~/documents/smstats/cli.js', '~/Documents'],
  ['~/Desktop', '~/Desktop'],
  ['~/x/../Downloads/cli.js', '~/Downloads'],
  ['~/Library/Mobile Documents/com~apple~CloudDocs/cli.js', '~/Library/Mobile Documents'],
  ['/Volumes/Stick/cli.js', '/Volumes'],
  ['--db=~/Documents/numbers.db', '~/Documents'],
])('%s is refused: launchd may not go there', async (word, place) => {
  const mac = makeMac();
  const found = await look(mac);
  const inHome = (text: string) => text.replace('~/', `${mac.home}/`);
  const task = makeTask(mac, undefined, ['/opt/node', inHome(word)]);
  const error = await catchError(() => found.planInstall(task));
  expect(error).toMatchObject({ ending: 'usage', hint: expect.stringContaining('move it') });
  expect(error.message).toContain(`out of ${inHome(place)},`);
});

test('a home in another way of writing the same letters is the same home', async () => {
  const mac = makeMac();
  const found = await look(mac);
  const path = `${mac.home.normalize('NFD')}/Documents/cli.js`;
  expect(path).not.toBe(`${mac.home}/Documents/cli.js`);
  await catchError(() => found.planInstall(makeTask(mac, undefined, ['/opt/node', path])));
});

test('a directory where launchd may not go is refused', async () => {
  const mac = makeMac();
  const found = await look(mac);
  const task = { ...makeTask(mac), directory: join(mac.home, 'Documents/smstats') };
  expect((await catchError(() => found.planInstall(task))).ending).toBe('usage');
});

test.each(['~/Documents2/cli.js', '~/Library/smstats', '/VolumesX/cli.js', 'Documents', '--only=Desktop'])(
  '%s is not refused',
  async (word) => {
    const mac = makeMac();
    const task = makeTask(mac, undefined, ['/opt/node', word.replace('~/', `${mac.home}/`)]);
    expect((await look(mac)).planInstall(task).change).toBe('added');
  },
);

test('times that launchd cannot keep are refused before anything is done', async () => {
  const { mac, before } = await makeInstalled();
  const found = await look(mac);
  expect((await catchError(() => found.planInstall(makeTask(mac, '0 3 31 * *')))).ending).toBe('usage');
  expect(readPlist(mac)).toEqual(before);
});

test('a property list that somebody edited is written anew', async () => {
  const { mac, before } = await makeInstalled();
  writeFileSync(plistPath(mac), `${before.toString()}\n`);
  chmodSync(plistPath(mac), 0o644);
  expect((await install(mac)).change).toBe('changed');
  expect(readPlist(mac)).toEqual(before);
  expect(statSync(plistPath(mac)).mode & 0o777).toBe(0o600);
});

test('a database where launchd may not read is refused, though no argument names it', async () => {
  const mac = makeMac();
  const found = await look(mac);
  const task = { ...makeTask(mac), files: [join(mac.home, 'Desktop/smstats.db')] };
  expect((await catchError(() => found.planInstall(task))).message).toContain('Desktop/smstats.db');
});
