import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { HttpWorld } from '../../src/provider/client/http.ts';
import { main } from '../../src/main.ts';
import type { Machine } from '../../src/schedule/machine.ts';
import type { Running } from '../../src/schedule/program.ts';

/** What a run of the program left behind. */
export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  home: string;
  env?: Record<string, string>;
  stdin?: string;
  /** Lines typed on a terminal: stdin and stderr are one then. */
  typed?: string;
  now?: Date;
  /** Columns of a terminal on stdout; without it there is none. */
  columns?: number;
  http?: Partial<HttpWorld>;
  stop?: AbortSignal;
  running?: Running;
  machine?: Partial<Machine>;
}

/** The instant that tests run at unless they say otherwise. */
export const NOW = new Date('2026-11-22T10:00:00Z');

/** Makes a directory that goes away with the test. */
export function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'smstats-test-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

/** Runs the program in this process, with its own home, clock and network. Waits take no time. */
export async function runCli(argv: readonly string[], options: CliOptions): Promise<CliResult> {
  const result: CliResult = { code: 0, stdout: '', stderr: '' };
  const never = new AbortController().signal;
  const isTTY = options.columns !== undefined;
  result.code = await main(argv, {
    env: { SMSTATS_HOME: options.home, SMSTATS_TIMEZONE: 'UTC', ...options.env },
    stdin: () =>
      Object.assign(Readable.from([options.typed ?? options.stdin].filter((text) => text !== undefined)), {
        isTTY: options.typed !== undefined,
      }),
    stdout: { write: (text) => (result.stdout += text), isTTY, columns: options.columns },
    stderr: { write: (text) => (result.stderr += text), isTTY: options.typed !== undefined },
    now: () => options.now ?? NOW,
    version: '0.0.0-test',
    running: options.running ?? {
      execPath: process.execPath,
      script: '/opt/smstats/bin/smstats.js',
      version: process.version,
      modules: process.versions.modules,
    },
    program: 'smstats',
    stop: options.stop ?? never,
    abort: never,
    onSignals: () => {},
    ...(options.machine && { machine: options.machine }),
    http: { sleep: () => Promise.resolve(), random: () => 0, lookUp: () => Promise.resolve([]), ...options.http },
  });
  return result;
}
