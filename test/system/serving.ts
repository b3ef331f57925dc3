import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { TIMEZONE } from './process.ts';

const BIN = resolve(import.meta.dirname, '../../bin/smstats.js');

/** A server as a process of its own. */
export interface Serving {
  url: string;
  port: number;
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts `smstats serve` and waits until it says where it is. */
export async function serve(
  home: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Serving> {
  const child = spawn(process.execPath, [BIN, 'serve', '--port', '0', ...args], {
    env: {
      PATH: process.env['PATH'],
      SMSTATS_HOME: home,
      SMSTATS_TIMEZONE: TIMEZONE,
      RAPIDAPI_KEY: 'a-key-for-tests',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (text) => (stderr += String(text)));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) => {
    child.on('close', (code, signal) => done({ code, signal }));
  });
  const url = await new Promise<string>((done, fail) => {
    child.stdout.on('data', (text) => {
      stdout += String(text);
      const [, found] = /^smstats is at (http:\S+)\n$/.exec(stdout) ?? [];
      if (found !== undefined) done(found);
    });
    void ended.then(() => fail(new Error(stderr)));
  });
  return {
    url,
    port: Number(new URL(url).port),
    stderr: () => stderr,
    kill: (signal) => void child.kill(signal),
    ended,
  };
}
