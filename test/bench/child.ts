import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

/** The program as it is installed. */
export const BIN = resolve(import.meta.dirname, '../../bin/smstats.js');

const DRIVER = resolve(import.meta.dirname, '../../node_modules/better-sqlite3');

/** What a child process did and cost. */
export interface ChildRun {
  ms: number;
  /** Its largest resident set. */
  peakMb: number;
  stdout: string;
}

/**
 * Runs Node with these arguments to its end. Without `NODE_EXTRA_CA_CERTS`: Node 20 loads that file at every start,
 * which takes three times as long as starting, and hides everything else.
 * @throws Error with what it said when it fails.
 */
export function runNode(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildRun {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...cleanEnvironment(), ...env },
    maxBuffer: 256 * 1024 * 1024,
  });
  const ms = performance.now() - start;
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  const peak = /^peak-rss-kb (\d+)$/m.exec(stderr)?.[1];
  return { ms, peakMb: Number(peak ?? Number.NaN) / 1024, stdout };
}

/** The environment of measured processes. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...env } = process.env;
  return { ...env, TZ: 'UTC' };
}

/** Writes a script that makes any Node process say, as it ends, how much memory it had at most. */
export function writePeakReporter(directory: string): string[] {
  const path = join(directory, 'peak.cjs');
  writeFileSync(
    path,
    // On Linux `maxRSS` starts at what the parent had when it forked; the kernel's high-water mark starts anew.
    `process.on('exit', () => {
  let peak = process.resourceUsage().maxRSS;
  try { peak = /VmHWM:\\s*(\\d+)/.exec(require('node:fs').readFileSync('/proc/self/status', 'latin1'))[1]; } catch {}
  process._rawDebug('peak-rss-kb ' + peak);
});\n`,
  );
  return ['--require', path];
}

/** Writes a plain ES module that opens a database with better-sqlite3 and does `body` with `db`: the limit of what is possible. */
export function writeRawScript(directory: string, name: string, database: string, body: string): string {
  const path = join(directory, `${name}.mjs`);
  const [driver, file] = [join(DRIVER, 'lib/index.js'), database].map((each) => JSON.stringify(each));
  writeFileSync(path, `import Database from ${driver};\nconst db = new Database(${file});\n${body}\ndb.close();\n`);
  return path;
}

/** Writes a script that prints what `expression` gives, in terms of `db` and the functions of `by-hand.ts`. */
export async function writeByHandScript(
  directory: string,
  name: string,
  database: string,
  expression: string,
): Promise<string> {
  const library = join(directory, 'by-hand.cjs');
  if (!existsSync(library)) await bundle(join(import.meta.dirname, 'by-hand.ts'), library);
  const names = [...expression.matchAll(/\w+(?=\(db)/g)].join(', ');
  const body = `import byHand from ${JSON.stringify(library)};
const { ${names} } = byHand;
process.stdout.write(JSON.stringify(${expression}) + '\\n');`;
  return writeRawScript(directory, `by-hand-${name}`, database, body);
}

/** Bundles a script as the program itself is bundled. */
export async function bundle(input: string, file: string): Promise<void> {
  const build = await rolldown({ input, platform: 'node', external: ['better-sqlite3'], logLevel: 'silent' });
  await build.write({
    file,
    format: 'cjs',
    minify: true,
    codeSplitting: false,
    paths: { 'better-sqlite3': DRIVER },
  });
  await build.close();
}
