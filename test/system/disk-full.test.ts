import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startTikwmServer, type TikwmServer } from '../helper/tikwm-server.ts';
import { copyHome, makeHistory, readState } from './history.ts';
import { makeDirectory, run } from './process.ts';

const FETCH = ['fetch', 'tiktok', 'anna'];

let server: TikwmServer;
beforeAll(async () => {
  server = await startTikwmServer();
});
afterAll(() => server.close());

/** Runs a program of the system. */
function call(program: string, ...args: string[]): void {
  execFileSync(program, args);
}

/** Mounts a small file system that goes away with the test. */
function mountSmall(kilobytes: number): string {
  const place = makeDirectory();
  call('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'none', place);
  onTestFinished(() => call('umount', '-l', place));
  return place;
}

/** Fills a file system until so many bytes are left. @returns the file to delete. */
function fill(place: string, left: number): string {
  const { bavail, bsize } = statfsSync(place);
  const filler = join(place, 'filler');
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - left)));
  return filler;
}

test.each([0, 16, 48, 96, 128])(
  'a disk with %i kB left: the message says so, nothing is half written, and the next run completes',
  async (kilobytes) => {
    const home = await makeHistory(server);
    const before = readState(home).content;
    const undisturbed = copyHome(home);
    expect((await run(FETCH, { home: undisturbed })).code).toBe(0);
    const after = readState(undisturbed).content;

    const small = copyHome(home, mountSmall(2048));
    const filler = fill(small, kilobytes * 1024);
    const { code, stderr } = await run(FETCH, { home: small });
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/^smstats: The disk with \S+ is full \([\d,]+ bytes free\)\. Nothing was half written/m);
    expect(stderr).toMatch(/→ free some space and run the command again/);

    rmSync(filler);
    const state = readState(small);
    expect(state.integrity).toBe('ok');
    expect(state.orphans).toEqual([]);
    expect(state.content).toBe(before);

    expect((await run(FETCH, { home: small })).code).toBe(0);
    expect(readState(small).content).toBe(after);
  },
);

test('a read-only file system is told as such', async () => {
  const place = copyHome(await makeHistory(server), mountSmall(2048));
  const before = readState(place).content;
  call('mount', '-o', 'remount,ro', place);
  const { code, stderr } = await run(FETCH, { home: place });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^smstats: The database \S+ is read-only\./m);
  call('mount', '-o', 'remount,rw', place);
  expect(readState(place).content).toBe(before);
});
