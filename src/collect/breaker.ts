import { ProviderError } from '../core/errors.ts';

const FAILURES_IN_A_ROW = 3;

/** Remembers which providers are not worth asking for the rest of a run. */
export interface Breaker {
  /** Why the provider is left out, or undefined. */
  reason(provider: string): ProviderError | undefined;
  succeed(provider: string): void;
  fail(error: ProviderError): void;
}

/** A provider that fails three accounts in a row is left out; a spent quota leaves it out at once. */
export function createBreaker(): Breaker {
  const failures = new Map<string, { count: number; error: ProviderError }>();
  return {
    reason(provider) {
      const state = failures.get(provider);
      if (!state || state.count < FAILURES_IN_A_ROW) return undefined;
      const { problem, message, hint } = state.error;
      return new ProviderError(provider, problem, `is left out of this run: it ${message}`, { hint });
    },
    succeed: (provider) => void failures.delete(provider),
    fail(error) {
      const count = error.problem === 'quota' ? FAILURES_IN_A_ROW : (failures.get(error.provider)?.count ?? 0) + 1;
      failures.set(error.provider, { count, error });
    },
  };
}
