import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startReplayServer } from '../helper/replay-server.ts';
import { makeDirectory, run } from './process.ts';

const EXAMPLE = readFileSync(join(import.meta.dirname, '../fixture/custom/devto.mjs'), 'utf8');
const REPLIES = [
  { path: '/api/users/by_username', body: { id: 1, name: 'Ada' } },
  { path: '/api/articles', body: [] },
];

/** Fetches through the README's module with one line put into it, as a process of its own. */
async function fetchWith(line: string, ...flags: string[]) {
  const home = makeDirectory();
  const server = await startReplayServer(REPLIES);
  writeFileSync(join(home, 'devto.mjs'), EXAMPLE.replace('    const user = ', `    ${line}\n    const user = `));
  const config = `[providers.devto]\nmodule = "devto.mjs"\nbase_url = "${server.url}"\n`;
  writeFileSync(join(home, 'config.toml'), config, { mode: 0o600 });
  const started = performance.now();
  const ended = await run(['fetch', 'devto', 'ada', ...flags], { home });
  await server.close();
  return { ...ended, seconds: (performance.now() - started) / 1000 };
}

test('a module that holds a timer does not keep the program from ending', async () => {
  const { code, stderr } = await fetchWith('setInterval(() => {}, 1000);');
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('stored with 0 posts from devto');
});

test('what a module throws where nobody waits is a line and an exit code, no stack trace', async () => {
  for (const line of [
    "Promise.reject(new Error('floating'));",
    "setTimeout(() => { throw new Error('floating') }, 1);",
  ]) {
    const { code, stderr } = await fetchWith(line);
    expect(code).toBe(1);
    expect(stderr).toContain('something failed that nobody waited for: floating');
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stderr).toContain('stored with 0 posts from devto');
  }
});

test('what a module prints is no part of a result', async () => {
  const { code, stdout, stderr } = await fetchWith("console.log('thinking');", '--json');
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ command: 'fetch' });
  expect(stderr).toContain('thinking');
});
