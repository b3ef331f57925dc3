import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir, userInfo } from 'node:os';

/** What a program that ran left behind. */
export interface Ran {
  /** Null when a signal ended it, or it could not be started. */
  code: number | null;
  stdout: Buffer;
  stderr: string;
  /** There is no such program. */
  isMissing: boolean;
}

/** How a program is run. */
interface RunOptions {
  input?: Buffer;
  /** Replaces the machine's. */
  env?: NodeJS.ProcessEnv;
  cwd?: string;
}

/** The machine that a schedule is installed on: tests bring their own environment, user and programs. */
export interface Machine {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  uid: number;
  user: string;
  /** The user's home directory as the system has it, which schedulers go by, whatever `HOME` says. */
  home: string;
  /** Directories that are emptied from time to time. */
  temporary: readonly string[];
  /** Runs a program without a terminal. Never throws. */
  run(argv: readonly string[], options?: RunOptions): Promise<Ran>;
  sleep(milliseconds: number): Promise<void>;
  now(): Date;
}

const TIME_LIMIT_MS = 30_000;

/** This machine. */
export function createMachine(env: NodeJS.ProcessEnv, now: () => Date): Machine {
  const { uid, username, homedir } = userInfo();
  return {
    platform: process.platform,
    env,
    uid,
    user: username,
    home: homedir,
    temporary: [tmpdir(), '/tmp', '/var/tmp', '/dev/shm', '/private/tmp', '/private/var/folders'],
    run: (argv, options = {}) => run(argv, { env, ...options }),
    now,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}

function run(argv: readonly string[], { input, env, cwd }: RunOptions): Promise<Ran> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    let child: ChildProcess & { stdin: NodeJS.WritableStream };
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const end = (code: number | null, problem?: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve({
        code,
        stdout: Buffer.concat(stdout),
        stderr: problem ? problem.message : Buffer.concat(stderr).toString('utf8').trim(),
        isMissing: problem?.code === 'ENOENT',
      });
    };
    const timer = setTimeout(() => {
      // What it has started holds its pipes open, so all of it must go.
      killGroup(child);
      child.stdout?.destroy();
      child.stderr?.destroy();
      end(null, new Error(`no answer within ${TIME_LIMIT_MS / 1000} seconds`));
    }, TIME_LIMIT_MS);
    try {
      // The output is read by program: in English, and a crontab without the header that some crons put before it.
      const variables = { ...env, LC_ALL: 'C', CRONTAB_NOHEADER: 'Y' };
      child = spawn(program, args, { env: variables, cwd, stdio: 'pipe', detached: true });
    } catch (error) {
      end(null, error as NodeJS.ErrnoException);
      return;
    }
    child.stdout?.on('data', (bytes: Buffer) => stdout.push(bytes));
    child.stderr?.on('data', (bytes: Buffer) => stderr.push(bytes));
    child.on('error', (problem: NodeJS.ErrnoException) => end(null, problem));
    child.on('close', (code) => end(code));
    // A program that does not read what it is given ends with its own message.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? Buffer.alloc(0));
  });
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended just now.
  }
}
