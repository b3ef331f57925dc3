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
    // Whoever asks a third time shall not have to kill.
    if (abort.signal.aborted) process.exit(code);
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
  let hasStray = false;
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      hasStray = true;
      process.stderr.write(`smstats: something failed that nobody waited for: ${describe(error)}\n`);
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
  process.exitCode = signalCode ?? (hasStray && code === 0 ? 1 : code);
  setTimeout(endAtLast, LONGEST_LINGER_MS).unref();
}

/** A module of the user's may hold a timer or a connection; the work is done, and the output must be out. */
const LONGEST_LINGER_MS = 1_000;

function endAtLast(): void {
  const isWriting = process.stdout.writableLength > 0 || process.stderr.writableLength > 0;
  if (isWriting) setTimeout(endAtLast, 50).unref();
  else process.exit();
}

/** One line; the stack for whom asked for it. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return argv.includes('--verbose') || argv.includes('-v') ? (error.stack ?? error.message) : error.message;
}

/** How a person would call this program again: from a checkout it is no command. */
function nameOfProgram(): string {
  const [, script = ''] = process.argv;
  return script.endsWith('.js') ? `node ${relative(process.cwd(), script)}` : 'smstats';
}
