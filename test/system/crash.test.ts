import { existsSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTikwmServer, type TikwmServer } from '../helper/tikwm-server.ts';
import { copyHome, makeHistory, readState, type State } from './history.ts';
import { configure, countCalls, makeDirectory, run, spread } from './process.ts';

const FETCH = ['fetch', 'tiktok', 'anna'];

let server: TikwmServer;
beforeAll(async () => {
  server = await startTikwmServer();
});
afterAll(() => server.close());

/** A home before today's fetch, what an undisturbed fetch makes of it, and the writes that this takes. */
let home: string;
let before: State;
let after: State;
let calls: Map<string, number>;

beforeEach(async () => {
  home = await makeHistory(server);
  before = readState(home);
  const undisturbed = copyHome(home);
  const trace = join(makeDirectory(), 'trace');
  expect((await run(FETCH, { home: undisturbed, trace })).code).toBe(0);
  after = readState(undisturbed);
  calls = countCalls(trace);
});

/** A database that may be looked at: sound, with the account wholly as it was or wholly as it is now. */
function expectWhole(state: State, where: string): 'old' | 'new' {
  expect(state.integrity, where).toBe('ok');
  expect(state.orphans, where).toEqual([]);
  const isNew = state.content === after.content;
  if (!isNew) expect(state.content, where).toBe(before.content);
  expect(state.completedJobs, where).toBe(isNew ? after.completedJobs : before.completedJobs);
  return isNew ? 'new' : 'old';
}

/** The run after a broken one brings the account to where an undisturbed run would have. */
async function expectNextRunToComplete(victim: string, where: string): Promise<void> {
  const next = await run(FETCH, { home: victim });
  expect(next.code, `${where}: ${next.stderr}`).toBe(0);
  const state = readState(victim);
  expect(expectWhole({ ...state, completedJobs: after.completedJobs }, where), where).toBe('new');
  expect(state.runningJobs, where).toBe(0);
}

/** Which calls of that name to disturb; SQLite is built with either of the two ways to wait for the disk. */
function placesOf(name: string, points: number): { call: string; at: number[] } {
  const call = name === 'fsync' && !calls.has('fsync') ? 'fdatasync' : name;
  const at = spread(calls.get(call) ?? 0, points);
  expect(at.length, `calls of ${call}`).toBeGreaterThan(0);
  return { call, at };
}

test('an undisturbed run takes the account from its old to its new state', () => {
  expect(before.content).not.toBe(after.content);
  expect([before.completedJobs, after.completedJobs]).toEqual([1, 2]);
  expect(expectWhole(before, 'before')).toBe('old');
  expect(expectWhole(after, 'after')).toBe('new');
  expect(calls.get('pwrite64')).toBeGreaterThan(40);
  expect((calls.get('fsync') ?? 0) + (calls.get('fdatasync') ?? 0)).toBeGreaterThan(3);
});

describe('kill -9 in the middle of a write', () => {
  test.each([
    ['pwrite64', 30],
    ['fsync', 12],
    ['ftruncate', 4],
    ['unlink', 4],
  ])('(%s) leaves the account wholly old or wholly new, and the next run completes', async (name, points) => {
    const { call, at: places } = placesOf(name, points);
    const seen = new Set<string>();
    for (const at of places) {
      const where = `killed at ${call} ${at} of ${calls.get(call)}`;
      const victim = copyHome(home);
      const { code } = await run(FETCH, { home: victim, inject: `${call}:signal=SIGKILL:when=${at}` });
      expect(code, where).not.toBe(0);
      const state = readState(victim);
      seen.add(expectWhole(state, where));
      await expectNextRunToComplete(victim, where);
    }
    // The kills came before and after the commit.
    if (name === 'pwrite64' || name === 'fsync') expect([...seen].toSorted()).toEqual(['new', 'old']);
  });

  test('of the first run of all leaves a place where the next one can begin', async () => {
    const fresh = makeDirectory();
    configure(fresh, server.url);
    const trace = join(makeDirectory(), 'trace');
    expect((await run(FETCH, { home: fresh, trace })).code).toBe(0);
    const writes = countCalls(trace).get('pwrite64') ?? 0;
    const whole = readState(fresh).content;
    for (const at of spread(writes, 24)) {
      const where = `killed at pwrite64 ${at} of ${writes}`;
      const victim = makeDirectory();
      configure(victim, server.url);
      const killed = await run(FETCH, { home: victim, inject: `pwrite64:signal=SIGKILL:when=${at}` });
      expect(killed.code, where).not.toBe(0);
      const next = await run(FETCH, { home: victim });
      expect(next.code, `${where}: ${next.stderr}`).toBe(0);
      const state = readState(victim);
      expect(state.integrity, where).toBe('ok');
      expect(state.content, where).toBe(whole);
      expect(state.runningJobs, where).toBe(0);
    }
  });
});

describe.each([
  ['ENOSPC', 'a full disk'],
  ['EIO', 'a broken disk'],
])('%s', (error, what) => {
  test.each([
    ['pwrite64', 16],
    ['fsync', 8],
    ['ftruncate', 3],
  ])(`in the middle of a write (%s) is told as ${what}, and nothing is half written`, async (name, points) => {
    const { call, at: places } = placesOf(name, points);
    let failures = 0;
    for (const at of places) {
      const where = `${error} at ${call} ${at} of ${calls.get(call)}`;
      const victim = copyHome(home);
      const { code, stderr } = await run(FETCH, { home: victim, inject: `${call}:error=${error}:when=${at}` });
      const state = expectWhole(readState(victim), where);
      if (code === 0) expect(state, where).toBe('new');
      else {
        failures++;
        expect(code, `${where}: ${stderr}`).toBe(1);
        expect(stderr, where).toMatch(/^smstats: (The disk with .* is full|Reading or writing .* failed: .*)/m);
        expect(stderr, where).toMatch(/^ {2}→ /m);
        expect(stderr, where).not.toMatch(/\n {4}at |bug in smstats/);
      }
      await expectNextRunToComplete(victim, where);
    }
    if (name === 'pwrite64') expect(failures).toBeGreaterThan(points / 2);
  });
});

test('a database that a kill left with a hot WAL is not taken for a new one', async () => {
  const victim = copyHome(home);
  await run(FETCH, { home: victim, inject: `pwrite64:signal=SIGKILL:when=60` });
  expect(existsSync(join(victim, 'smstats.db-wal'))).toBe(true);
  const report = await run(['report', 'overview', '--json'], { home: victim });
  expect(report.code).toBe(0);
  const db = new SqliteDatabase(join(victim, 'smstats.db'));
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
});
