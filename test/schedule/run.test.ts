import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { isAlive, loadHeartbeat, loadInstalled } from '../../src/schedule/record.ts';
import { runScheduled } from '../../src/schedule/run.ts';

let directory: string;
let complaints: string;
let seconds: number;
beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), 'smstats-run-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  directory = join(root, 'schedule/default');
  complaints = '';
  seconds = 0;
});

const surroundings = () => ({
  directory,
  now: () => new Date(Date.UTC(2026, 10, 22, 3, 0, seconds++)),
  complain: (text: string) => (complaints += text),
});
const log = (name = 'fetch.log') => readFileSync(join(directory, name), 'utf8');

test('a run that went well leaves its remarks in the log, its end in the heartbeat, and says nothing', async () => {
  const code = await runScheduled(surroundings(), async (remark) => {
    expect(loadHeartbeat(directory)).toMatchObject({ ended_at: null, exit_code: null, pid: process.pid });
    remark('tiktok @one: stored\ntiktok @two: stored\n');
    return 0;
  });
  expect(code).toBe(0);
  expect(complaints).toBe('');
  expect(log().split('\n')).toEqual([
    expect.stringMatching(/^2026-11-22T03:00:0\d\.000Z started$/),
    expect.stringMatching(/Z tiktok @one: stored$/),
    expect.stringMatching(/Z tiktok @two: stored$/),
    expect.stringMatching(/Z ended with 0 after \d s$/),
    '',
  ]);
  expect(loadHeartbeat(directory)).toMatchObject({
    exit_code: 0,
    message: 'tiktok @two: stored',
    node: process.version,
  });
  for (const name of ['fetch.log', 'last-run.json']) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});

test('a run that failed is told to the scheduler, and why', async () => {
  const code = await runScheduled(surroundings(), async (remark) => {
    remark('smstats: no quota left\n  → wait until tomorrow\n');
    return 5;
  });
  expect(code).toBe(5);
  expect(complaints).toBe('smstats: no quota left\n  → wait until tomorrow\n');
  expect(loadHeartbeat(directory)).toMatchObject({ exit_code: 5, message: 'smstats: no quota left' });
});

test('a long failure is not mailed whole', async () => {
  await runScheduled(surroundings(), async (remark) => {
    for (let i = 1; i <= 1000; i++) remark(`line ${i}\n`);
    return 1;
  });
  expect(complaints.split('\n').slice(0, -1)).toHaveLength(100);
  expect(complaints).toContain('line 1000\n');
  expect(log().split('\n')).toHaveLength(1003);
});

test('the log is set aside at a megabyte, and five of them are kept', async () => {
  mkdirSync(directory, { recursive: true });
  for (let i = 0; i < 7; i++) {
    writeFileSync(join(directory, 'fetch.log'), `run ${i}\n${'x'.repeat(1024 * 1024)}`);
    await runScheduled(surroundings(), () => Promise.resolve(0));
    expect(log()).toMatch(/^2026\S+ started\n/);
  }
  const first = [1, 2, 3, 4].map((i) => log(`fetch.log.${i}`).split('\n')[0]);
  expect(first).toEqual(['run 6', 'run 5', 'run 4', 'run 3']);
  expect(existsSync(join(directory, 'fetch.log.5'))).toBe(false);
});

test('a log that others could read is closed to them, and the one of launchd does not grow for ever', async () => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'fetch.log'), 'old\n');
  chmodSync(join(directory, 'fetch.log'), 0o644);
  writeFileSync(join(directory, 'launchd.log'), 'x'.repeat(1024 * 1024 + 1));
  await runScheduled(surroundings(), () => Promise.resolve(0));
  expect(statSync(join(directory, 'fetch.log')).mode & 0o777).toBe(0o600);
  expect(log()).toMatch(/^old\n/);
  expect(statSync(join(directory, 'launchd.log')).size).toBe(0);
});

test('without a place for log and heartbeat it runs all the same, and says so', async () => {
  mkdirSync(join(directory, '..'), { recursive: true });
  writeFileSync(directory, 'a file');
  let hasRun = false;
  const code = await runScheduled(surroundings(), (remark) => {
    hasRun = true;
    remark('done\n');
    return Promise.resolve(0);
  });
  expect({ code, hasRun }).toEqual({ code: 0, hasRun: true });
  expect(complaints).toContain('the log could not be');
  expect(complaints).toContain('the heartbeat could not be written');
});

/** Records that somebody edited, or a later version wrote. */
const BROKEN = [
  { system: 'crontab', expression: '0 3 * * *', installed_at: '2026-11-22T03:00:00Z', argv: 5 },
  { system: 'crontab', expression: '0 3 * * *', installed_at: '2026-11-22T03:00:00Z', argv: [] },
  { system: 'crontab', expression: '0 3 * * *', installed_at: '2026-11-22T03:00:00Z', argv: [1, 2] },
  { system: 'crontab', expression: '0 3 * * *', installed_at: '2026-11-22T03:00:00Z', argv: ['a\0', 'b'] },
  { system: 'foo', expression: '0 3 * * *', installed_at: '2026-11-22T03:00:00Z', argv: ['a', 'b'] },
  { system: 'crontab', expression: '0 3 * * *', installed_at: 'soon', argv: ['a', 'b'] },
].map((record) => JSON.stringify(record));

test('records that are missing or broken are none', () => {
  expect(loadHeartbeat(directory)).toBeUndefined();
  mkdirSync(directory, { recursive: true });
  for (const text of ['', '{', 'null', '[]', '{"started_at":1}', '"text"', '{"started_at":"x","pid":1}', ...BROKEN]) {
    writeFileSync(join(directory, 'last-run.json'), text);
    writeFileSync(join(directory, 'installed.json'), text);
    expect(loadHeartbeat(directory), text).toBeUndefined();
    expect(loadInstalled(directory), text).toBeUndefined();
  }
});

test('a run without an end is alive as long as its process is, and not for ever', () => {
  const now = new Date('2026-11-22T05:00:00Z');
  const heartbeat = { started_at: '2026-11-22T03:00:00Z', ended_at: null, exit_code: null, message: null, node: '' };
  expect(isAlive({ ...heartbeat, pid: process.pid }, now)).toBe(true);
  expect(isAlive({ ...heartbeat, pid: 2 ** 30 }, now)).toBe(false);
  expect(isAlive({ ...heartbeat, ended_at: '2026-11-22T03:01:00Z', pid: process.pid }, now)).toBe(false);
  expect(isAlive({ ...heartbeat, started_at: '2026-11-21T03:00:00Z', pid: process.pid }, now)).toBe(false);
});

test('one that finds another at work leaves the heartbeat to it', async () => {
  mkdirSync(directory, { recursive: true });
  const first = {
    started_at: '2026-11-22T02:59:00.000Z',
    ended_at: null,
    exit_code: null,
    message: null,
    pid: process.ppid,
    node: 'v20',
  };
  writeFileSync(join(directory, 'last-run.json'), JSON.stringify(first));
  await runScheduled(surroundings(), () => Promise.resolve(0));
  expect(loadHeartbeat(directory)).toEqual(first);
  expect(log()).toContain('ended with 0');
});

test('a directory in the place of the log is left alone', async () => {
  mkdirSync(join(directory, 'fetch.log'), { recursive: true, mode: 0o755 });
  expect(await runScheduled(surroundings(), () => Promise.resolve(0))).toBe(0);
  expect(statSync(join(directory, 'fetch.log')).mode & 0o777).toBe(0o755);
  expect(complaints).toContain('the log could not be written');
});
