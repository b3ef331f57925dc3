import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openBrowser } from '../../src/login/browser.ts';
import { makeDirectory } from '../helper/temp-store.ts';

test.each([
  ['linux', 'xdg-open', { DISPLAY: ':0' }],
  ['darwin', 'open', {}],
] as const)('on %s the page is opened without a shell', async (platform, program, screen) => {
  const directory = makeDirectory();
  const said = join(directory, 'said');
  writeFileSync(
    join(directory, program),
    `#!/bin/sh\nprintf '%s|' "$@" > "${said}.part" && mv "${said}.part" "${said}"\n`,
    {
      mode: 0o755,
    },
  );
  const url = "https://vendor.example/?a=$(touch${IFS}x)&b='c';d=`e`";
  expect(openBrowser(url, { PATH: `${directory}:/bin:/usr/bin`, ...screen }, platform)).toBe(true);
  await vi.waitUntil(() => existsSync(said));
  expect(readFileSync(said, 'utf8')).toBe(`${url}|`);
});

test('what opens it is told the screen and no secret', async () => {
  const directory = makeDirectory();
  const said = join(directory, 'said');
  writeFileSync(join(directory, 'xdg-open'), `#!/bin/sh\nenv > "${said}.part" && mv "${said}.part" "${said}"\n`, {
    mode: 0o755,
  });
  const env = {
    PATH: `${directory}:/bin:/usr/bin`,
    DISPLAY: ':7',
    X_CLIENT_SECRET: 'canary-1',
    RAPIDAPI_KEY: 'canary-2',
  };
  openBrowser('https://vendor.example/', env, 'linux');
  await vi.waitUntil(() => existsSync(said));
  const text = readFileSync(said, 'utf8');
  expect(text).toContain('DISPLAY=:7');
  expect(text).not.toContain('canary');
});

test('without a screen, or without the program, nothing happens', () => {
  expect(openBrowser('https://vendor.example/', { PATH: '/none' }, 'linux')).toBe(false);
  expect(openBrowser('https://vendor.example/', { PATH: '/none', DISPLAY: ':0' }, 'linux')).toBe(true);
});
