import { spawnSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { createRedactor } from '../../src/core/redact.ts';
import type { AttemptOutcome } from '../../src/provider/client/client.ts';
import {
  findLastError,
  findProgramVersion,
  runProgram,
  type ProgramRequest,
} from '../../src/provider/client/program.ts';
import { startFakeProgram } from './fake-program.ts';

const SECRET = 'canary-Key/7c1f0e9b+a4=';

function request(program: string, changes: Partial<ProgramRequest> = {}) {
  const outcomes: AttemptOutcome[] = [];
  const onAttempt = async () => (outcome: AttemptOutcome) => void outcomes.push(outcome);
  const redact = createRedactor([SECRET]);
  return { outcomes, provider: 'yt-dlp', program, args: [], maxBytes: 1e6, redact, onAttempt, ...changes };
}

/** One that has ended stays in the list, as a zombie, until somebody asks after it. */
const isAlive = (pid: number) => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
};

test('gives what a program prints, its exit code, and its arguments to it as they are', async () => {
  const program = startFakeProgram({ stdout: 'Grüße 💧\n', stderr: 'WARNING: odd\n', exitCode: 3 });
  const one = request(program.path, { args: ['-J', '$(id)', 'a b', "'", '*'] });
  expect(await runProgram(one)).toEqual({ exitCode: 3, stdout: 'Grüße 💧\n', stderr: 'WARNING: odd\n' });
  expect(program.runs()).toEqual([['-J', '$(id)', 'a b', "'", '*']]);
  expect(one.outcomes).toEqual([
    { success: false, error: 'WARNING: odd', latencyMs: expect.any(Number), reportedQuota: undefined },
  ]);
});

test('reads megabytes of text whole, wherever the pipe cuts a character', async () => {
  const stdout = 'ü💧'.repeat(500_000);
  const output = await runProgram(request(startFakeProgram({ stdout }).path, { maxBytes: 10e6 }));
  expect(output.stdout).toBe(stdout);
});

test('ends a program that takes too long, and what it started', async () => {
  const program = startFakeProgram({ stdout: '{"half":' });
  const pids = program.hang();
  const one = request(program.path, { timeoutMs: 1_500 });
  await expect(runProgram(one)).rejects.toMatchObject({
    problem: 'unavailable',
    message: 'did not finish within 1.5 s, so it was ended',
  });
  expect(pids()).toHaveLength(2);
  await vi.waitFor(() => expect(pids().filter(isAlive)).toEqual([]));
  expect(one.outcomes).toMatchObject([{ success: false, error: 'did not finish within 1.5 s, so it was ended' }]);
});

test('ends a program and what it started when the run is interrupted, and starts none afterwards', async () => {
  const program = startFakeProgram({});
  const pids = program.hang();
  const controller = new AbortController();
  const one = request(program.path, { signal: controller.signal });
  const running = runProgram(one);
  const ended = expect(running).rejects.toThrow('SIGINT');
  await vi.waitFor(() => expect(pids()).toHaveLength(2), 5_000);
  expect(pids().filter(isAlive)).toHaveLength(2);
  controller.abort(new Error('SIGINT'));
  await ended;
  await vi.waitFor(() => expect(pids().filter(isAlive)).toEqual([]));
  expect(one.outcomes).toMatchObject([{ success: false, error: 'was stopped' }]);

  await expect(runProgram(one)).rejects.toThrow('SIGINT');
  expect(one.outcomes).toHaveLength(1);
  expect(program.runs()).toHaveLength(1);
});

test('leaves no listeners behind', async () => {
  const before = process.listenerCount('exit');
  const program = startFakeProgram({});
  await runProgram(request(program.path));
  await runProgram(request('smstats-no-such-program')).catch(() => undefined);
  expect(process.listenerCount('exit')).toBe(before);
});

test('keeps the last lines of endless complaints, from a whole line on and free of secrets', async () => {
  const stderr = `${`WARNING: ${SECRET} again\n`.repeat(9_000)}ERROR: [a] b: ${SECRET} refused\n`;
  const one = request(startFakeProgram({ stderr, exitCode: 1 }).path);
  const output = await runProgram(one);
  expect(output.stderr.length).toBeLessThan(64 * 1024);
  expect(output.stderr).toMatch(/^WARNING: \*\*\* again\n/);
  expect(output.stderr).not.toContain('canary');
  expect(one.outcomes[0]?.error).toBe('[a] b: *** refused');
});

test('counts before it starts, and starts nothing when that is refused', async () => {
  const program = startFakeProgram({});
  const onAttempt = () => Promise.reject(new Error('spent'));
  await expect(runProgram(request(program.path, { onAttempt }))).rejects.toThrow('spent');
  expect(program.runs()).toEqual([]);
});

test('finds the line that says why', () => {
  expect(findLastError('')).toBeUndefined();
  expect(findLastError('\n \n')).toBeUndefined();
  expect(findLastError('Traceback\n  File "x"\nModuleNotFoundError: No module named y\n')).toBe(
    'ModuleNotFoundError: No module named y',
  );
  expect(findLastError('ERROR: one\nERROR: two\nWARNING: three\n')).toBe('two');
  expect(findLastError(`ERROR: ${'x'.repeat(900)}`)).toHaveLength(301);
});

test('finds the version of a program, or nothing and soon', async () => {
  expect(await findProgramVersion(startFakeProgram({ stdout: '2026.08.19\nmore\n' }).path)).toBe('2026.08.19');
  expect(await findProgramVersion(startFakeProgram({ stdout: 'x'.repeat(900) }).path)).toHaveLength(301);
  expect(await findProgramVersion(startFakeProgram({ stdout: '1', exitCode: 1 }).path)).toBeUndefined();
  expect(await findProgramVersion(startFakeProgram({}).path)).toBeUndefined();
  expect(await findProgramVersion('smstats-no-such-program')).toBeUndefined();
  const program = startFakeProgram({});
  const pids = program.hang();
  expect(await findProgramVersion(program.path, 1_500)).toBeUndefined();
  await vi.waitFor(() => expect(pids().filter(isAlive)).toEqual([]));
  expect(program.runs()).toEqual([['--version']]);
});
