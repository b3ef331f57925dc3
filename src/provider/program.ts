import { spawn } from 'node:child_process';
import { ProviderError } from '../core/errors.ts';
import type { Redact } from '../core/redact.ts';
import type { AttemptOutcome } from './client.ts';
import type { ProgramOutput } from './provider.ts';

export interface ProgramRequest {
  provider: string;
  /** A name to be found on the PATH, or a path. */
  program: string;
  args: readonly string[];
  /** Of what it prints. */
  maxBytes: number;
  redact: Redact;
  signal?: AbortSignal | undefined;
  onAttempt(): Promise<(outcome: AttemptOutcome) => void>;
}

export type RunProgram = (request: ProgramRequest) => Promise<ProgramOutput>;

/**
 * Runs a local program to its end, without a shell.
 * @throws ProviderError when there is no such program.
 */
export const runProgram: RunProgram = async ({ provider, program, args, signal, onAttempt }) => {
  const settle = await onAttempt();
  const start = performance.now();
  const output = await new Promise<ProgramOutput>((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(signal && { signal }) });
    const out = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => (out[name] += chunk));
    }
    child.on('error', (cause) =>
      reject(new ProviderError(provider, 'not_installed', `needs ${program}, which could not be started`, { cause })),
    );
    child.on('close', (code) => resolve({ exitCode: code ?? 1, ...out }));
  });
  settle({
    success: output.exitCode === 0,
    latencyMs: performance.now() - start,
    error: output.exitCode === 0 ? null : `ended with ${output.exitCode}`,
    reportedQuota: undefined,
  });
  return output;
};
