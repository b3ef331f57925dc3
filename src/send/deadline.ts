import { NotSentError } from './not-sent.ts';
import type { SendWorld } from './world.ts';

/**
 * Does work that ends in time, whatever it waits for, and when the run is to end.
 * @param fallbackMs how long it may take when the world does not say
 * @throws NotSentError when the time is up; whatever `work` throws.
 */
export async function withDeadline<T>(
  { timeoutMs, signal: outer }: SendWorld,
  fallbackMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ms = timeoutMs ?? fallbackMs;
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(new NotSentError(`no answer within ${ms / 1000} s`, true)), ms);
  const stop = () => controller.abort(new NotSentError('the run was ended before there was an answer', true));
  try {
    // Looking a name up cannot be stopped, so nobody waits for it.
    const ended = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    outer?.addEventListener('abort', stop, { once: true });
    if (outer?.aborted) stop();
    return await Promise.race([ended, signal.aborted ? ended : work(signal)]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', stop);
  }
}
