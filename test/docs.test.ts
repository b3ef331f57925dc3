import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { COMMANDS } from '../src/command/index.ts';
import { SETTINGS } from '../src/config/setting.ts';
import { EXIT_CODES } from '../src/core/errors.ts';
import { PROVIDERS } from '../src/provider/index.ts';
import type { Provider } from '../src/provider/provider.ts';
import { platformTable } from './doc/platform-table.ts';
import { readme, readmeBlocks } from './helper/readme.ts';
import { makeHome, runCli } from './helper/run-cli.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** The time a request took is different each time. */
function withoutTimes(text: string): string {
  return text.replace(/^(sample +\d+ +\d+ +\d+ +\d+) +\d+ /gm, '$1 * ');
}

test('every output in the README is what the program prints on the sample', { timeout: 60_000 }, async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const examples = readmeBlocks('console');
  expect(examples.length).toBeGreaterThan(3);
  for (const example of examples) {
    const [command = '', ...shown] = example.trimEnd().split('\n');
    const words = command.replace(/^\$ smstats /, '').matchAll(/"([^"]*)"|\S+/g);
    const argv = [...words].map(([word, quoted]) => quoted ?? word);
    const { stdout, code } = await runCli(argv, { home });
    expect(code, command).toBe(0);
    expect(withoutTimes(stdout), command).toContain(withoutTimes(shown.join('\n')));
  }
});

test('the table of platforms in the README is what the providers say of themselves', () => {
  const [, shown = ''] = readme.split(/<!-- \/?providers -->/);
  const rows = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => line.replaceAll(/-{3,}/g, '---').replaceAll(/ +/g, ' '));
  const providers = Object.values<Provider>(PROVIDERS).filter(({ transport }) => transport === undefined);
  expect(rows(shown)).toEqual(rows(platformTable(providers)));
});

test('the module in the README is the one that the tests run', () => {
  const example = readFileSync(join(ROOT, 'test/fixture/custom/devto.mjs'), 'utf8');
  expect(readmeBlocks('js')).toEqual([example]);
});

test('every command, setting and exit code is in the README', () => {
  for (const [name, { isHidden }] of Object.entries(COMMANDS)) {
    if (!isHidden) expect(readme, name).toContain(`smstats ${name}`);
  }
  for (const { key } of SETTINGS) {
    const last = key.split('.').at(-1) as string;
    expect(readme, key).toMatch(new RegExp(`\`[\\w.<>]*${last}\``));
  }
  for (const { code } of Object.values(EXIT_CODES)) expect(readme).toMatch(new RegExp(`^\\|.*\\b${code}\\b.*\\|`, 'm'));
});

test('every command has a summary and help', async () => {
  const home = makeHome();
  for (const name of Object.keys(COMMANDS)) {
    const { stdout, code } = await runCli([name, '--help'], { home });
    expect(code, name).toBe(0);
    expect(stdout, name).toContain(`Usage: smstats ${name}`);
  }
});

test('the SQL of the README runs as printed and answers', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const database = new SqliteDatabase(join(home, 'smstats.db'));
  const queries = readmeBlocks('sql');
  expect(queries.length).toBeGreaterThan(10);
  for (const query of queries) {
    const statement = database.prepare(query);
    if (statement.reader) expect(statement.all().length, query).toBeGreaterThan(0);
    else expect(statement.run().changes, query).toBe(query.startsWith('DELETE') ? 0 : 1);
  }
  database.close();
});

test('every table and view is described in sql/README.md', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const database = new SqliteDatabase(join(home, 'smstats.db'));
  const names = database
    .prepare("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all() as string[];
  database.close();
  const description = readFileSync(join(ROOT, 'sql/README.md'), 'utf8');
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) expect(description).toContain(`**${name}**`);
});

test('the repository names no path of a machine and no registry host', () => {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /^(src|test|sql|bin|\.ci|[A-Z]+\.md)/.test(file) && /\.(ts|md|sql|json|sh|js)$|run$/.test(file),
  );
  expect(files.length).toBeGreaterThan(100);
  for (const file of files) {
    expect(readFileSync(join(ROOT, file), 'utf8'), file).not.toMatch(
      /\/(home|Users)\/[a-z]+\/|registry\.[a-z]+\.(org|com)/,
    );
  }
});
