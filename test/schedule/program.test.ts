import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createMachine, type Machine } from '../../src/schedule/machine.ts';
import { findProgram, type Running } from '../../src/schedule/program.ts';

let root: string;
let machine: Machine;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'smstats-program-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  machine = { ...createMachine({ PATH: '/usr/bin:/bin', HOME: root }, () => new Date()), home: root, temporary: [] };
});

/** Puts a node of some version at a path below the root: a script that answers as node would. */
function putNode(path: string, version = process.version, modules = process.versions.modules): string {
  return putScript(path, `echo '${version} ${modules}'`);
}

function putScript(path: string, code: string): string {
  const whole = join(root, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, `#!/bin/sh\n${code}\n`);
  chmodSync(whole, 0o755);
  return whole;
}

function running(execPath: string, script = '/usr/local/bin/smstats'): Running {
  return { execPath, script, version: process.version, modules: process.versions.modules };
}

describe('a node that an upgrade replaces is scheduled by the path that stays', () => {
  test.each([
    ['Homebrew', 'opt/homebrew/Cellar/node/22.1.0/bin/node', 'opt/homebrew/opt/node/bin/node'],
    ['Homebrew, a formula of one version', 'brew/Cellar/node@22/22.1.0/bin/node', 'brew/opt/node@22/bin/node'],
    ['Homebrew without opt', 'brew/Cellar/node/22.1.0/bin/node', 'brew/bin/node'],
    ['volta', '.volta/tools/image/node/22.1.0/bin/node', '.volta/bin/node'],
    ['mise', '.local/share/mise/installs/node/22.1.0/bin/node', '.local/share/mise/installs/node/22/bin/node'],
    ['mise, by shim', '.local/share/mise/installs/node/22.1.0/bin/node', '.local/share/mise/shims/node'],
    ['asdf', '.asdf/installs/nodejs/22.1.0/bin/node', '.asdf/shims/node'],
    [
      'fnm',
      '.local/share/fnm/node-versions/v22.1.0/installation/bin/node',
      '.local/share/fnm/aliases/default/bin/node',
    ],
    ['fnm, hidden', '.fnm/node-versions/v22.1.0/installation/bin/node', '.fnm/aliases/default/bin/node'],
  ])('%s', async (_, path, stable) => {
    const execPath = putNode(path);
    const kept = putNode(stable);
    expect((await findProgram(machine, running(execPath), false)).node).toBe(kept);
  });

  test('unless that is missing, fails in a bare environment, or is another version', async () => {
    const execPath = putNode('.volta/tools/image/node/22.1.0/bin/node');
    const ask = async () => (await findProgram(machine, running(execPath), false)).node;
    expect(await ask()).toBe(execPath);
    putScript('.volta/bin/node', 'test -n "$VOLTA_HOME" || exit 1; echo here');
    expect(await ask()).toBe(execPath);
    putNode('.volta/bin/node', 'v99.0.0');
    expect(await ask()).toBe(execPath);
    putNode('.volta/bin/node', process.version, '1');
    expect(await ask()).toBe(execPath);
    putNode('.volta/bin/node');
    expect(await ask()).toBe(join(root, '.volta/bin/node'));
  });

  test('nvm has none: it is said', async () => {
    const execPath = putNode('.nvm/versions/node/v22.1.0/bin/node');
    const program = await findProgram(machine, running(execPath), false);
    expect(program.node).toBe(execPath);
    expect(program.remarks).toEqual([expect.stringContaining('after an upgrade run smstats install-schedule')]);
  });

  test('a node of the system is scheduled as it is, without a remark', async () => {
    expect(await findProgram(machine, running('/usr/bin/node'), false)).toEqual({
      node: '/usr/bin/node',
      script: '/usr/local/bin/smstats',
      remarks: [],
    });
  });
});

test('the link that was called is scheduled, not what it points to', async () => {
  const script = putScript('lib/node_modules/smstats/bin/smstats.js', '');
  mkdirSync(join(root, 'bin'));
  symlinkSync(script, join(root, 'bin/smstats'));
  expect((await findProgram(machine, running('/usr/bin/node', join(root, 'bin/smstats')), false)).script).toBe(
    join(root, 'bin/smstats'),
  );
});

test('a link of one shell is followed', async () => {
  const script = putScript('lib/node_modules/smstats/bin/smstats.js', '');
  const link = join(root, 'fnm_multishells/123_456/bin/smstats');
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(script, link);
  expect((await findProgram(machine, running('/usr/bin/node', link), false)).script).toBe(script);
});

describe('places that are emptied are refused', () => {
  test.each([
    '.npm/_npx/0123abcd/node_modules/.bin/smstats',
    'Library/pnpm/dlx-1234/node_modules/smstats/bin/smstats.js',
    '.cache/pnpm/dlx/abc/node_modules/smstats/bin/smstats.js',
    '.pnpm-store/v3/smstats.js',
    'bunx-1000-smstats@latest/node_modules/smstats/bin/smstats.js',
  ])('%s', async (path) => {
    const script = putScript(path, '');
    await expect(findProgram(machine, running('/usr/bin/node', script), false)).rejects.toThrow(
      'a place that is emptied',
    );
    expect((await findProgram(machine, running('/usr/bin/node', script), true)).script).toBe(script);
  });

  test('a node that a package runner brought', async () => {
    const node = putNode('.npm/_npx/0123abcd/node_modules/node/bin/node');
    await expect(findProgram(machine, running(node), false)).rejects.toThrow(node);
  });

  test('the temporary directory, also behind a link', async () => {
    const script = putScript('tmp/smstats/bin/smstats.js', '');
    symlinkSync(script, join(root, 'smstats'));
    const here = { ...machine, temporary: [join(root, 'tmp')] };
    for (const path of [script, join(root, 'smstats')]) {
      await expect(findProgram(here, running('/usr/bin/node', path), false)).rejects.toThrow('a place that is emptied');
    }
  });
});
