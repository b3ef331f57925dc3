import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

const BIN = resolve(import.meta.dirname, '../../bin/smstats.js');

/** A zone in which it is about noon now, so that no test runs over midnight. */
export const TIMEZONE = noonZone(new Date().getUTCHours());

function noonZone(utcHour: number): string {
  const ahead = 12 - utcHour;
  return ahead === 0 ? 'UTC' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

/** What a process left behind. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

export interface StartOptions {
  home: string;
  env?: Record<string, string>;
  stdin?: string;
  /** Lets the n-th call of a system call fail or kill the process: what stands after `inject=`. */
  inject?: string;
  /** Where strace writes the calls it saw. */
  trace?: string;
}

/** The key that tests use unless they bring their own. */
const KEY = 'a-key-for-tests';

/** Starts the built program in a process of its own, with nothing of this process's environment but the path. */
export function start(args: readonly string[], options: StartOptions): Started {
  const { home, inject, trace } = options;
  const program = [process.execPath, BIN, ...args];
  const call = inject?.split(':')[0] ?? '';
  // With --seccomp-bpf this would be faster, but it does not inject then.
  const tracer = ['strace', '-f', '-qq', '-o', trace ?? '/dev/null'];
  if (inject !== undefined) tracer.push('-e', `trace=${call}`, '-e', `inject=${inject}`);
  else if (trace !== undefined) tracer.push('-e', 'trace=pwrite64,fdatasync,fsync,ftruncate,fallocate,unlink,rename');
  const [command = '', ...rest] = inject === undefined && trace === undefined ? program : [...tracer, ...program];
  const child = spawn(command, rest, {
    env: {
      PATH: process.env['PATH'],
      SMSTATS_HOME: home,
      SMSTATS_TIMEZONE: TIMEZONE,
      RAPIDAPI_KEY: KEY,
      ...options.env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<Ended>((done, fail) => {
    const result: Ended = { code: null, signal: null, stdout: '', stderr: '' };
    child.stdout.on('data', (text) => (result.stdout += String(text)));
    child.stderr.on('data', (text) => (result.stderr += String(text)));
    child.on('error', fail);
    child.on('close', (code, signal) => done({ ...result, code, signal }));
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  return { ended, kill: (signal) => void child.kill(signal) };
}

/** Runs the built program to its end. */
export function run(args: readonly string[], options: StartOptions): Promise<Ended> {
  return start(args, options).ended;
}

/** Makes a directory that goes away with the test. */
export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'smstats-system-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes a configuration that asks the server on loopback alone. */
export function configure(home: string, url: string, more = '', concurrency = 1): void {
  const text = `[fetch]
delay_ms = 0
concurrency = ${concurrency}
[platforms.tiktok]
providers = ["tiktok-scraper7"]
[providers.tiktok-scraper7]
base_url = "${url}"
requests_per_second = 1000
${more}`;
  writeFileSync(join(home, 'config.toml'), text, { mode: 0o600 });
}

/** How often a process made each system call, by a trace of it. */
export function countCalls(trace: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [, call = ''] of readFileSync(trace, 'utf8').matchAll(/^\d+\s+(\w+)\(/gm)) {
    counts.set(call, (counts.get(call) ?? 0) + 1);
  }
  return counts;
}

/** Up to `count` numbers from 1 to `last`, evenly spread, the first and the last among them. */
export function spread(last: number, count: number): number[] {
  if (last <= count) return Array.from({ length: last }, (_, index) => index + 1);
  const numbers = Array.from({ length: count }, (_, index) => 1 + Math.round((index * (last - 1)) / (count - 1)));
  return [...new Set(numbers)];
}
