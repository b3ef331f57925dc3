import { spawn } from 'node:child_process';
import { tmpdir, userInfo } from 'node:os';

/** What a program that ran left behind. */
export interface Ran {
  /** Null when a signal ended it. */
  code: number | null;
  stdout: Buffer;
  stderr: string;
  /** There is no such program. */
  isMissing: boolean;
}

/** The machine that a schedule is installed on: tests bring their own environment, user and programs. */
export interface Machine {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  uid: number;
  user: string;
  /** The user's home directory. */
  home: string;
  /** Directories that are emptied from time to time. */
  temporary: readonly string[];
  /** Runs a program without a terminal; `env` replaces the machine's. Never throws. */
  run(argv: readonly string[], options?: { input?: Buffer; env?: NodeJS.ProcessEnv }): Promise<Ran>;
  sleep(milliseconds: number): Promise<void>;
  now(): Date;
}

const TIME_LIMIT_MS = 60_000;

/** This machine. */
export function createMachine(env: NodeJS.ProcessEnv, now: () => Date): Machine {
  const { uid, username, homedir } = userInfo();
  return {
    platform: process.platform,
    env,
    uid,
    user: username,
    home: env['HOME'] || homedir,
    temporary: [tmpdir(), '/tmp', '/var/tmp', '/dev/shm', '/private/tmp', '/private/var/folders'],
    run: (argv, options = {}) => run(argv, { env, ...options }),
    now,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}

function run(argv: readonly string[], options: { input?: Buffer; env: NodeJS.ProcessEnv }): Promise<Ran> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    // The output is read by program: in English, and a crontab without the header that some crons put before it.
    const env = { ...options.env, LC_ALL: 'C', CRONTAB_NOHEADER: 'Y' };
    const child = spawn(program, args, { env, timeout: TIME_LIMIT_MS, stdio: 'pipe' });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
    const end = (code: number | null, problem?: NodeJS.ErrnoException) =>
      resolve({
        code,
        stdout: Buffer.concat(stdout),
        stderr: problem ? problem.message : Buffer.concat(stderr).toString('utf8').trim(),
        isMissing: problem?.code === 'ENOENT',
      });
    child.on('error', (problem: NodeJS.ErrnoException) => end(null, problem));
    child.on('close', (code) => end(code));
    // A program that does not read what it is given ends with its own message.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? Buffer.alloc(0));
  });
}
