import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const EXAMPLE = join(ROOT, 'test/fixture/custom/devto.mjs');

/** A project of somebody who installed the package as it would be published. */
const project = mkdtempSync(join(tmpdir(), 'smstats-package-'));
const installed = join(project, 'node_modules/smstats');

beforeAll(() => {
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(project, filename), '-C', installed, '--strip-components=1']);
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  cpSync(EXAMPLE, join(project, 'devto.mjs'));
}, 60_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** @returns what the compiler complains about. */
function compile(file: string, ...options: string[]): string {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '--ignoreConfig', '--noEmit', '--strict', '--allowJs', '--checkJs', '--target', 'es2023'];
  try {
    return execFileSync(process.execPath, [...args, ...options, file], { cwd: project, encoding: 'utf8' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

const RESOLUTIONS = [
  ['--module', 'nodenext'],
  ['--module', 'esnext', '--moduleResolution', 'bundler'],
];

test.each(RESOLUTIONS)(
  'the example is a Provider to the compiler: %s %s',
  (...options) => {
    expect(compile('devto.mjs', ...options)).toBe('');
  },
  30_000,
);

test('what is not a Provider is none to the compiler either', () => {
  const text = readFileSync(EXAMPLE, 'utf8');
  writeFileSync(join(project, 'wrong.mjs'), text.replace('concurrency: 1', "concurrency: 'one'"));
  expect(compile('wrong.mjs', '--module', 'nodenext')).toMatch(
    /wrong\.mjs.*'string' is not assignable to type 'number'/,
  );
}, 30_000);

test('the helpers have types, and are there at run time', () => {
  writeFileSync(
    join(project, 'helpers.ts'),
    `import { collectPages, ProviderError, toMetric } from 'smstats/provider';
    import type { AccountAnswer, Ask, Failure, Page, Post, Profile, Provider, Reply } from 'smstats/provider';
    const likes: number | null = toMetric('77');
    const posts: Promise<Post[]> = collectPages(1, async (): Promise<Page> => ({ posts: [], next: undefined }));
    const fetchAccount: Provider['fetchAccount'] = async (username: string, ask: Ask): Promise<AccountAnswer> => {
      throw new ProviderError('forum', 'not_found', \`knows no \${username} \${ask.posts} \${likes}\`);
    };
    export type { Failure, Profile, Reply };
    export { fetchAccount, posts };`,
  );
  expect(compile('helpers.ts', '--module', 'nodenext')).toBe('');
  const script = `import('smstats/provider').then(({ toMetric, ProviderError, collectPages }) =>
    console.log(toMetric('77'), toMetric(-1), new ProviderError('a', 'private', 'b').problem, typeof collectPages))`;
  const said = execFileSync(process.execPath, ['-e', script], { cwd: project, encoding: 'utf8' });
  expect(said.trim()).toBe('77 null private function');
}, 30_000);

test('the command still starts', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const said = execFileSync(process.execPath, [join(installed, 'bin/smstats.js'), '--version'], { encoding: 'utf8' });
  expect(said).toContain(version);
});

test('the example is short enough to be read', () => {
  expect(readFileSync(EXAMPLE, 'utf8').split('\n').length).toBeLessThan(75);
});
