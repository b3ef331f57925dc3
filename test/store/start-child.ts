import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { QuotaRule } from '../../src/core/quota.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SCRIPT = new URL('./child.ts', import.meta.url).pathname;

/** A process that runs the program's own code and waits to be told when. */
export interface Child {
  /** Lets it act. @returns the word that it prints. */
  go(): Promise<string>;
  /** Lets it end, and waits until it has. @returns its exit code. */
  end(): Promise<number | null>;
  /** Stops it as a sleeping laptop would. */
  suspend(): Promise<void>;
  /** Kills it (SIGKILL), and waits until it is gone. */
  kill(): Promise<void>;
}

/** What a process counts: requests of so many units until the rule refuses one. */
export interface Counting {
  rule: QuotaRule;
  units: number;
}

/** Starts a process that will take a lock, open a database or count requests; resolves once it is loaded. */
export async function startChild(
  action: 'lock' | 'open' | 'count',
  database: string,
  counting?: Counting,
): Promise<Child> {
  const argv = ['--import', 'tsx', SCRIPT, action, database, ...(counting ? [JSON.stringify(counting)] : [])];
  const child = spawn(process.execPath, argv, {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let errors = '';
  child.stderr.on('data', (text) => (errors += String(text)));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the process ended without a word: ${errors}`);
    return value as string;
  };
  if ((await read()) !== 'ready') throw new Error(`the process did not start: ${errors}`);
  return {
    go: () => {
      child.stdin.write('go\n');
      return read();
    },
    end: async () => {
      child.stdin.end();
      return (await ended)[0];
    },
    suspend: async () => {
      child.kill('SIGSTOP');
      while (!/^\S+ \(.*\) T/.test(readFileSync(`/proc/${child.pid}/stat`, 'utf8'))) await delay(5);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
