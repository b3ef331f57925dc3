import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.write(`${version}\n`);
} else {
  void run();
}

/** Gives `main` the process: its streams, its signals, its exit code. */
async function run(): Promise<void> {
  // What ships is minified: a stack trace that somebody asked for names the sources.
  if (argv.includes('--verbose') || argv.includes('-v')) process.setSourceMapsEnabled(true);
  const { main } = await import('./main.ts');
  const stop = new AbortController();
  const abort = new AbortController();
  let signalCode: number | undefined;
  const onSignal = (code: number) => () => {
    if (stop.signal.aborted) abort.abort();
    signalCode ??= code;
    stop.abort();
  };
  // A reader that closes the pipe (head, less) has all it wanted.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
  // Should ever nothing be left to wait for before there is an answer, that is no success.
  process.exitCode = 1;
  const code = await main(argv, {
    env: process.env,
    stdin: () => process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    now: () => new Date(),
    version,
    running: {
      execPath: process.execPath,
      script: process.argv[1] ?? '',
      version: process.version,
      modules: process.versions.modules,
    },
    program: nameOfProgram(),
    stop: stop.signal,
    abort: abort.signal,
    signalCode: () => signalCode,
    onSignals: () => {
      process.on('SIGINT', onSignal(130));
      process.on('SIGTERM', onSignal(143));
    },
  });
  process.exitCode = signalCode ?? code;
}

/** How a person would call this program again: from a checkout it is no command. */
function nameOfProgram(): string {
  const [, script = ''] = process.argv;
  return script.endsWith('.js') ? `node ${relative(process.cwd(), script)}` : 'smstats';
}
