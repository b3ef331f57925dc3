import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { takeLock } from '../../../src/store/sqlite/lock.ts';
import { makeDirectory } from '../../helper/temp-store.ts';
import { startChild } from '../start-child.ts';

test('a lock is held until it is given back', () => {
  const path = join(makeDirectory(), 'x.db');
  const release = takeLock(path, 'run');
  expect(release).toBeDefined();
  expect(takeLock(path, 'run')).toBeUndefined();
  release?.();
  const again = takeLock(path, 'run');
  expect(again).toBeDefined();
  again?.();
});

test('locks of different names do not know of each other', () => {
  const path = join(makeDirectory(), 'x.db');
  const locks = ['run', 'account-1', 'account-2'].map((name) => takeLock(path, name));
  expect(locks.every(Boolean)).toBe(true);
  for (const release of locks) release?.();
});

test('the lock files are private and beside the database, which need not exist', () => {
  const path = join(makeDirectory(), 'x.db');
  takeLock(path, 'run')?.();
  expect(existsSync(path)).toBe(false);
  expect(statSync(`${path}.locks`).mode & 0o777).toBe(0o700);
  expect(statSync(`${path}.locks/run.lock`).mode & 0o777).toBe(0o600);
});

test('another process cannot take a lock that is held, and can once it is given back', async () => {
  const path = join(makeDirectory(), 'x.db');
  const release = takeLock(path, 'run');
  const [first, second] = await Promise.all([startChild('lock', path), startChild('lock', path)]);
  expect(await first.go()).toBe('busy');
  release?.();
  expect(await second.go()).toBe('held');
  expect(takeLock(path, 'run')).toBeUndefined();
  expect(await second.end()).toBe(0);
  expect(await first.end()).toBe(0);
  takeLock(path, 'run')?.();
}, 30_000);

test('a lock is free as soon as its holder was killed, and not while it is suspended', async () => {
  const path = join(makeDirectory(), 'x.db');
  const child = await startChild('lock', path);
  expect(await child.go()).toBe('held');
  await child.suspend();
  expect(takeLock(path, 'run')).toBeUndefined();
  await child.kill();
  const release = takeLock(path, 'run');
  expect(release).toBeDefined();
  release?.();
}, 30_000);

test('of twenty processes at once exactly one gets the lock', async () => {
  const path = join(makeDirectory(), 'x.db');
  const children = await Promise.all(Array.from({ length: 20 }, () => startChild('lock', path)));
  const answers = await Promise.all(children.map((child) => child.go()));
  expect(answers.toSorted()).toEqual([...Array.from({ length: 19 }, () => 'busy'), 'held']);
  await Promise.all(children.map((child) => child.end()));
}, 90_000);
