import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { environmentFor } from '../../core/environment.ts';
import { ProviderError } from '../../core/errors.ts';
import type { Redact } from '../../core/redact.ts';
import type { AttemptOutcome } from './client.ts';
import type { ProgramOutput } from '../provider.ts';

export interface ProgramRequest {
  provider: string;
  /** A name to be found on the PATH, or a path. */
  program: string;
  args: readonly string[];
  /** Of what it prints. Of its errors the last 64 KB are kept. */
  maxBytes: number;
  /** Until it is ended; five minutes when left out. */
  timeoutMs?: number | undefined;
  redact: Redact;
  signal?: AbortSignal | undefined;
  onAttempt(): Promise<(outcome: AttemptOutcome) => void>;
}

export type RunProgram = (request: ProgramRequest) => Promise<ProgramOutput>;

const TIMEOUT_MS = 300_000;
const VERSION_TIMEOUT_MS = 5_000;
const STDERR_BYTES = 64 * 1024;
const LONGEST_LINE = 300;
const NOT_STARTED = new Set(['ENOENT', 'EACCES', 'ENOEXEC', 'ENOTDIR', 'EPERM', 'UNKNOWN']);

/**
 * Runs a local program to its end, without a shell and without the user's secrets. It may not print more than allowed or
 * take longer; then it is ended with all that it started. The exit code is the caller's to judge.
 * @returns what it printed, its errors free of secrets.
 * @throws ProviderError `not_installed` when it cannot be started, `malformed` when it prints too much, `unavailable` when
 * it takes too long; the signal's reason when that aborts.
 */
export const runProgram: RunProgram = async (request) => {
  request.signal?.throwIfAborted();
  const settle = await request.onAttempt();
  const start = performance.now();
  const tell = (error: string | null) =>
    settle({ success: error === null, latencyMs: performance.now() - start, error, reportedQuota: undefined });
  try {
    const output = await execute(request);
    const stderr = request.redact(output.stderr);
    tell(output.exitCode === 0 ? null : (findLastError(stderr) ?? `ended with ${output.exitCode}`));
    return { ...output, stderr };
  } catch (error) {
    tell(error instanceof ProviderError ? error.message : 'was stopped');
    throw error;
  }
};

/** The version that a program gives of itself; undefined when it is not there or does not answer soon. */
export async function findProgramVersion(
  program: string,
  timeoutMs: number = VERSION_TIMEOUT_MS,
): Promise<string | undefined> {
  const request = { provider: program, program, args: ['--version'], maxBytes: STDERR_BYTES, timeoutMs };
  const output = await execute(request).catch(() => undefined);
  if (output?.exitCode !== 0) return undefined;
  return cut(output.stdout.trim().split('\n')[0] ?? '') || undefined;
}

/** The line that says why a program failed: the last that begins with `ERROR:`, or else the last. */
export function findLastError(stderr: string): string | undefined {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const line = lines.findLast((each) => each.startsWith('ERROR:')) ?? lines.at(-1);
  return line === undefined ? undefined : cut(line.replace(/^ERROR:\s*/, ''));
}

function cut(line: string): string {
  const text = line.trim().toWellFormed();
  return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text;
}

type Execution = Omit<ProgramRequest, 'redact' | 'onAttempt'>;

function execute({ provider, program, args, maxBytes, timeoutMs, signal }: Execution): Promise<ProgramOutput> {
  const time = timeoutMs ?? TIMEOUT_MS;
  return new Promise((resolve, reject) => {
    const child = startChild(provider, program, args);
    const end = () => endGroup(child.pid);
    const abort = () => stop(signal?.reason);
    const timer = setTimeout(() => {
      const message = `did not finish within ${time / 1000} s, so it was ended`;
      stop(new ProviderError(provider, 'unavailable', message, { hint: 'ask for fewer posts: --posts <n>' }));
    }, time);
    const release = () => {
      clearTimeout(timer);
      process.off('exit', end);
      signal?.removeEventListener('abort', abort);
    };
    const stop = (reason: unknown) => {
      release();
      end();
      // What it started may still hold its end of a pipe.
      child.stdout.destroy();
      child.stderr.destroy();
      reject(reason as Error);
    };
    process.on('exit', end);
    signal?.addEventListener('abort', abort);

    const printed: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size <= maxBytes) return void printed.push(chunk);
      stop(tooMuch(provider, maxBytes));
    });
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      complaints += chunk;
      if (complaints.length > STDERR_BYTES * 2) complaints = lastLines(complaints);
    });
    child.on('error', (cause) => stop(notStarted(provider, program, cause)));
    child.on('close', (code, signalName) => {
      release();
      resolve({
        exitCode: code ?? 128 + (signalName ? constants.signals[signalName] : 0),
        stdout: Buffer.concat(printed).toString('utf8'),
        stderr: complaints.length > STDERR_BYTES ? lastLines(complaints) : complaints,
      });
    });
  });
}

/** Some of what is wrong with a program is thrown here, the rest comes as an event. */
function startChild(provider: string, program: string, args: readonly string[]) {
  try {
    return spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environmentFor(process.env),
      // A group of its own, so that what it starts can be ended with it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
  } catch (cause) {
    throw notStarted(provider, program, cause as NodeJS.ErrnoException);
  }
}

/** The end of a text, from a whole line on: half a line could begin in the middle of a secret. */
function lastLines(text: string): string {
  const tail = text.slice(-STDERR_BYTES);
  const at = tail.indexOf('\n');
  return at === -1 ? '' : tail.slice(at + 1);
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function tooMuch(provider: string, maxBytes: number): ProviderError {
  const megabytes = (maxBytes / 1024 / 1024).toLocaleString('en-US', { maximumFractionDigits: 1 });
  return new ProviderError(provider, 'malformed', `printed more than ${megabytes} MB; it was ended there`, {
    hint: `ask for fewer posts, or raise providers.${provider}.max_response_mb`,
  });
}

function notStarted(provider: string, program: string, cause: NodeJS.ErrnoException): ProviderError {
  const { code = '' } = cause;
  if (!NOT_STARTED.has(code)) {
    return new ProviderError(provider, 'unavailable', `could not start ${program} (${code})`, { cause });
  }
  const why = code === 'ENOENT' ? 'there is none' : `which cannot be run (${code})`;
  return new ProviderError(provider, 'not_installed', `needs the program ${program}: ${why}`, {
    hint: `install it, or say where it is: smstats config set providers.${provider}.program <path>`,
    cause,
  });
}
