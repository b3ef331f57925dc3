import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createMachine, type Machine } from '../../../src/schedule/machine.ts';

/** A `crontab` of our own, first on the path: it keeps its table in a file and writes down how it was called. */
export interface FakeCrontab {
  directory: string;
  env: Record<string, string>;
  machine: Machine;
  /** The table, or undefined when there is none. */
  table(): Buffer | undefined;
  setTable(bytes: Buffer | string): void;
  /** The arguments of each call so far. */
  calls(): string[];
  /** Replaces what one kind of call does by shell code; `$TABLE` is the file. */
  behave(call: 'list' | 'write' | 'remove' | 'edit', code: string): void;
}

const USUAL = {
  list: '[ -f "$TABLE" ] || { echo "no crontab for tester" >&2; exit 1; }; cat "$TABLE"',
  write: 'cat > "$TABLE.new" && mv "$TABLE.new" "$TABLE"',
  remove: 'rm "$TABLE"',
  edit: 'echo "no editor here" >&2; exit 1',
};

export function createFakeCrontab(): FakeCrontab {
  const directory = mkdtempSync(join(tmpdir(), 'smstats-crontab-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'table');
  const log = join(directory, 'calls');
  const behaviour = { ...USUAL };
  const write = () => {
    const program = join(directory, 'crontab');
    writeFileSync(
      program,
      `#!/bin/sh
TABLE='${file}'
echo "$*" >> '${log}'
case "$1" in
  -l) ${behaviour.list} ;;
  -) ${behaviour.write} ;;
  -r) ${behaviour.remove} ;;
  -e) ${behaviour.edit} ;;
esac
`,
    );
    chmodSync(program, 0o755);
  };
  write();
  const env = { PATH: `${directory}:/usr/bin:/bin`, HOME: directory };
  return {
    directory,
    env,
    machine: { ...createMachine(env, () => new Date('2026-11-22T10:00:00Z')), user: 'tester', sleep: async () => {} },
    table: () => (existsSync(file) ? readFileSync(file) : undefined),
    setTable: (bytes) => writeFileSync(file, bytes),
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    behave(call, code) {
      behaviour[call] = code;
      write();
    },
  };
}
