import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Printed } from './subject.ts';

/** An executable that prints what was recorded, and keeps what it was started with. */
export interface FakeProgram {
  path: string;
  /** The arguments of each run so far. */
  runs(): string[][];
  /** What it saw of the environment in its last run. */
  environment(): string;
  /** Whether its last run came to its end. */
  isFinished(): boolean;
  /** Prints that much instead, quickly. */
  printMegabytes(count: number): void;
  /** Ends by a signal instead, for example `KILL`. */
  endWith(signal: string): void;
  /** Starts a child of its own that holds its output, and then waits. @returns reads the process ids of both. */
  hang(): () => number[];
}

/** Writes the executable to a folder of its own, which goes with the test. */
export function startFakeProgram({ stdout = '', stderr = '', exitCode = 0 }: Printed): FakeProgram {
  const folder = mkdtempSync(join(tmpdir(), 'smstats-program-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string) => join(folder, name);
  const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '');
  const write = (...lines: string[]) => {
    const start = [
      '#!/bin/sh',
      `cd '${folder}'`,
      'rm -f finished',
      'for each; do printf "%s\\n" "$each"; done >>runs; echo "--end--" >>runs',
      'env >environment',
    ];
    writeFileSync(file('program'), `${[...start, ...lines].join('\n')}\n`, { mode: 0o700 });
  };
  writeFileSync(file('stdout'), typeof stdout === 'string' ? stdout : JSON.stringify(stdout));
  writeFileSync(file('stderr'), stderr);
  write('cat stderr >&2', 'cat stdout', 'touch finished', `exit ${exitCode}`);
  return {
    path: file('program'),
    runs: () =>
      read('runs')
        .split('--end--\n')
        .slice(0, -1)
        .map((lines) => lines.split('\n').slice(0, -1)),
    environment: () => read('environment'),
    isFinished: () => existsSync(file('finished')),
    printMegabytes: (count) => write(`dd if=/dev/zero bs=1048576 count=${count} 2>/dev/null`, 'touch finished'),
    endWith: (signal) => write('cat stdout', `kill -${signal} $$`, 'sleep 60'),
    hang: () => {
      write('cat stdout', 'sleep 300 &', 'echo $$ $! >pids.new', 'mv pids.new pids', 'wait', 'touch finished');
      return () => read('pids').split(' ').filter(Boolean).map(Number);
    },
  };
}
