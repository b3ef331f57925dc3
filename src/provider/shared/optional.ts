import { ProviderError } from '../../core/errors.ts';

/** What of an account may fail without costing the account. One is made for each account that is fetched. */
export interface Optional {
  /**
   * Runs a read, with everything that can go wrong in it: asking and understanding the answer. Any ProviderError is kept
   * as a remark and ends in undefined; what else is thrown (the end of the program, a bug) passes.
   *
   * After a spent quota, or when told to slow down, nothing more is run. What failed three times in a row under the same
   * name is not run again either: a host that is down would be asked for each of a hundred posts.
   * @param what names what is missing then, for example `the audience`. Reads of the same kind share a name.
   */
  read<T>(what: string, run: () => Promise<T>): Promise<T | undefined>;
  /** What is missing and why, each once: `left out the audience: it is failing (500)`. Meant for the answer's `remarks`. */
  remarks(): string[];
}

const MOST_FAILURES_IN_A_ROW = 3;

/**
 * Makes the way to ask for what an account can be saved without. The profile and the list of posts are asked without it:
 * an account is saved whole or not at all.
 */
export function createOptional(): Optional {
  const failed = new Set<string>();
  const skipped = new Set<string>();
  const inARow = new Map<string, number>();
  let stoppedAt: string | undefined;
  return {
    async read(what, run) {
      if (stoppedAt !== undefined) {
        if (what !== stoppedAt) skipped.add(what);
        return undefined;
      }
      const failures = inARow.get(what) ?? 0;
      if (failures >= MOST_FAILURES_IN_A_ROW) return undefined;
      try {
        const found = await run();
        inARow.delete(what);
        return found;
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        failed.add(`left out ${what}: it ${error.message}`);
        inARow.set(what, failures + 1);
        if (error.problem === 'quota' || error.problem === 'rate_limited') stoppedAt = what;
        return undefined;
      }
    },
    remarks: () => [
      ...failed,
      ...(skipped.size === 0 ? [] : [`was not asked for ${[...skipped].join(', ')} after that`]),
    ],
  };
}
