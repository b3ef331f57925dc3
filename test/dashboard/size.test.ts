import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const BUILT = resolve(import.meta.dirname, '../../dist/dashboard');
const MOST = 150 * 1024;

const text = (name: string) => readFileSync(join(BUILT, name), 'utf8');
const compressed = (names: readonly string[]) => names.reduce((sum, name) => sum + gzipSync(text(name)).length, 0);

/** What a name leads to by static imports. */
function withImports(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const [, next] of text(`assets/${name}`).matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)) {
    withImports(next as string, seen);
  }
  return seen;
}

test('everything together is below 150 kB compressed', () => {
  const names = readdirSync(join(BUILT, 'assets')).map((name) => `assets/${name}`);
  expect(names.length).toBeGreaterThan(10);
  expect(compressed(['index.html', ...names])).toBeLessThan(MOST);
});

test('the overview loads no chart, and little else', () => {
  const named = [...text('index.html').matchAll(/(?:src|href)="\/assets\/([^"]+)"/g)].map(([, name]) => name as string);
  const overview = readdirSync(join(BUILT, 'assets')).find((name) => /^overview-.*\.js$/.test(name)) as string;
  const scripts = [...named.filter((name) => name.endsWith('.js')), overview].flatMap((name) => [...withImports(name)]);
  const first = [...new Set([...named, ...scripts])].map((name) => `assets/${name}`);
  expect(first.filter((name) => text(name).includes('uplot')).map((name) => name.split('.').at(-1))).toEqual(['css']);
  expect(compressed(['index.html', ...first])).toBeLessThan(30 * 1024);
});

test('the page names only files that are there, holds no script and no style of its own', () => {
  const page = text('index.html');
  const names = [...page.matchAll(/"\/assets\/([^"]+)"/g)].map(([, name]) => name);
  expect(readdirSync(join(BUILT, 'assets'))).toEqual(expect.arrayContaining(names));
  for (const name of names) expect(name).toMatch(/-[\w-]{8}\.(js|css|svg)$/);
  expect(page).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*src=)/);
});

test('nothing comes from another host', () => {
  const css = readdirSync(join(BUILT, 'assets')).filter((name) => name.endsWith('.css'));
  for (const name of css) expect(text(`assets/${name}`)).not.toMatch(/@import|url\(/);
  expect(text('index.html')).not.toMatch(/https?:/);
});
