import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');

/** Who may import what inside `src/`. The same table stands in `src/README.md`. */
const MAY_IMPORT: Record<string, string[]> = {
  core: [],
  config: ['core'],
  insight: ['core'],
  provider: ['core'],
  store: ['core'],
  query: ['core', 'insight', 'store/schema.ts', 'store/engine.ts'],
  report: ['core'],
  match: ['core', 'insight'],
  schedule: ['core'],
  login: ['core', 'provider/client/http.ts'],
  send: ['core'],
  alert: ['core', 'insight', 'query', 'store', 'send'],
  digest: ['core', 'insight', 'query', 'report'],
  question: [
    'core',
    'insight/describe-doubt.ts',
    'query',
    'report',
    'collect',
    'provider',
    'store/open.ts',
    'context.ts',
  ],
  dashboard: ['core'],
  server: [
    'core',
    'config',
    'collect',
    'insight',
    'provider/client/json.ts',
    'query',
    'record',
    'question',
    'schedule',
    'store',
    'context.ts',
  ],
  collect: ['core', 'config', 'insight', 'provider', 'login', 'store', 'query'],
  record: ['core', 'insight', 'store', 'query'],
  'context.ts': [
    'core',
    'config',
    'provider/client/http.ts',
    'collect/world.ts',
    'store/open.ts',
    'report',
    'schedule/machine.ts',
    'schedule/program.ts',
  ],
  'progress.ts': ['core', 'context.ts', 'collect'],
  'confirm.ts': ['core', 'context.ts'],
  command: [
    'core',
    'config',
    'provider',
    'store',
    'query',
    'report',
    'collect',
    'match',
    'record',
    'schedule',
    'login',
    'alert',
    'send',
    'digest',
    'question',
    'server',
    'context.ts',
    'progress.ts',
    'confirm.ts',
  ],
  'main.ts': ['core', 'command', 'config/path.ts', 'context.ts', 'report/index.ts', 'schedule', 'store/open.ts'],
  'cli.ts': ['main.ts'],
};

/** Libraries that belong to one place. */
const ONLY_IN: Record<string, string[]> = {
  'better-sqlite3': ['store/sqlite'],
  pg: ['store/postgres'],
  ky: ['provider/client/http.ts'],
  commander: ['main.ts', 'command'],
  'string-width': ['report/table.ts'],
  'csv-stringify/sync': ['report/csv.ts'],
  'csv-parse/sync': ['command/record'],
  'csv-parse': ['command/content', 'command/import'],
  fflate: ['report/file/xlsx.ts'],
  hyparquet: ['report/file/parquet.ts', 'command/import/read-parquet.ts'],
  'hyparquet-writer': ['report/file/parquet.ts'],
  chalk: ['report/paint.ts'],
  ora: ['progress.ts'],
  '@clack/prompts': ['command/init.ts', 'command/config.ts', 'command/login/ask.ts'],
  'smol-toml': ['config/file.ts'],
  'env-paths': ['config/path.ts'],
  hono: ['server'],
  'hono/cookie': ['server'],
  'hono/html': ['server'],
  'hono/http-exception': ['server'],
  'hono/route': ['server'],
  '@hono/node-server': ['server'],
  '@hono/zod-openapi': ['server'],
  uplot: ['dashboard'],
  kysely: ['store', 'query', 'collect', 'record', 'alert', 'digest'],
  'cron-parser': ['schedule/times.ts'],
  cronstrue: ['schedule/times.ts'],
  plist: ['schedule/launchd'],
  nodemailer: ['send/email.ts'],
  standardwebhooks: ['send/webhook.ts'],
  // A copy of its own: the server's zod brings all of it, and each command would load that with its settings.
  'zod-mini/mini': ['config/setting.ts'],
  'zod/mini': ['provider'],
  'simple-statistics': ['insight'],
};

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(/(?:from\s+|import\()'([^']+)'/g)].map(([, specifier]) => specifier as string);
}

function isWithin(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`);
}

test.each(files)('%s imports only what its place allows', (file) => {
  const place = Object.keys(MAY_IMPORT).find((each) => isWithin(file, each));
  expect(place, 'every file has a place in the table').toBeDefined();
  for (const specifier of importsOf(file)) {
    if (specifier.startsWith('.')) {
      const target = relative(SRC, resolve(SRC, dirname(file), specifier));
      const allowed = [place as string, ...(MAY_IMPORT[place as string] as string[])];
      expect(
        allowed.some((each) => isWithin(target, each)),
        `${file} -> ${target}`,
      ).toBe(true);
    } else if (!specifier.startsWith('node:')) {
      const homes = ONLY_IN[specifier];
      expect(homes, `${specifier} has no place in the table`).toBeDefined();
      expect(
        homes?.some((each) => isWithin(file, each)),
        `${file} -> ${specifier}`,
      ).toBe(true);
    }
  }
});

test('the table of places holds no place that does not exist', () => {
  for (const place of Object.keys(MAY_IMPORT))
    expect(
      files.some((file) => isWithin(file, place)),
      place,
    ).toBe(true);
});

test('process.exit is called in cli.ts alone', () => {
  const callers = files.filter((file) => /process\.exit\(/.test(readFileSync(join(SRC, file), 'utf8')));
  expect(callers).toEqual(['cli.ts']);
});

test('src/README.md shows the same import table', () => {
  const [, readme = ''] = readFileSync(join(SRC, 'README.md'), 'utf8').split('## Who may import what');
  for (const [place, allowed] of Object.entries(MAY_IMPORT)) {
    const row = readme.split('\n').find((line) => line.replaceAll(/ +/g, ' ').startsWith(`| \`${place}\` |`));
    expect(row, place).toBeDefined();
    for (const each of allowed) expect(row, place).toContain(`\`${each}\``);
  }
});
