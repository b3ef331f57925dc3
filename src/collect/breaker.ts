import { ProviderError } from '../core/errors.ts';

const FAILURES_IN_A_ROW = 3;

/** Remembers which providers are not worth asking for the rest of a run. `key` is the part of a provider that fails alone. */
export interface Breaker {
  /** Why it is left out, or undefined. */
  reason(provider: string, key?: string): ProviderError | undefined;
  succeed(provider: string, key?: string): void;
  fail(error: ProviderError, key?: string): void;
}

/**
 * A provider, or that part of it, that fails three accounts in a row is left out; a spent quota leaves the whole provider
 * out at once.
 */
export function createBreaker(): Breaker {
  const failures = new Map<string, { count: number; error: ProviderError }>();
  const nameOf = (provider: string, key = '') => `${provider} ${key}`;
  return {
    reason(provider, key) {
      const state = [nameOf(provider), nameOf(provider, key)]
        .map((name) => failures.get(name))
        .find((each) => each && each.count >= FAILURES_IN_A_ROW);
      if (!state) return undefined;
      const { problem, message, hint, retryAt } = state.error;
      return new ProviderError(provider, problem, `is left out of this run: it ${message}`, { hint, retryAt });
    },
    succeed: (provider, key) => void failures.delete(nameOf(provider, key)),
    fail(error, key) {
      const isSpent = error.problem === 'quota';
      const name = nameOf(error.provider, isSpent ? '' : key);
      const count = isSpent ? FAILURES_IN_A_ROW : (failures.get(name)?.count ?? 0) + 1;
      failures.set(name, { count, error });
    },
  };
}
