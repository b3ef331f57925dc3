import type { Kysely, Transaction } from 'kysely';
import type { Database } from './schema.ts';

/** An account that is this process's to fetch, with the open job that says so. */
export interface Claim {
  jobId: number;
  /**
   * Makes sure inside the transaction that saves the account that it still is.
   * @throws LockError when another process has taken it over.
   */
  confirm(trx: Transaction<Database>): Promise<void>;
  /** Gives the account back, whatever became of it. */
  release(): Promise<void>;
}

/** The accounts that this process is to fetch, one after the other; several workers may take from it. */
export interface Work {
  /** The next account, without a claim when another process has it in hand. Undefined when nothing is left. */
  next(
    day: string,
    now: Date,
    stop?: AbortSignal,
  ): Promise<{ accountId: number; claim: Claim | undefined } | undefined>;
  /** The accounts that nobody has taken yet. */
  untried(): Promise<number[]>;
  /** Ends this process's part in it. */
  close(now: Date): Promise<void>;
}

/** Names the accounts of a run; asked once the run is this process's, with the transaction that it has open, if any. */
export type ListAccounts = (db: Kysely<Database>) => Promise<readonly number[]>;

/** Who fetches which account: no two processes fetch the same one at once, whatever becomes of them. */
export interface Claims {
  /** Takes one account. @returns undefined while another process has it. */
  claim(accountId: number, day: string, now: Date): Promise<Claim | undefined>;
  /**
   * Starts the run over all accounts, of which there is one at a time.
   * @param onWait told once when all that is left is in the hands of other processes.
   * @returns undefined when one is under way that this process cannot join.
   */
  openRun(list: ListAccounts, day: string, now: Date, onWait?: () => void): Promise<Work | undefined>;
  /** Marks as failed what processes that died left open. */
  failAbandoned(now: Date): Promise<void>;
}

/** A list of accounts that are claimed when they are come to. */
export function workOn(accountIds: readonly number[], claim: Claims['claim']): Work {
  let next = 0;
  return {
    async next(day, now) {
      const accountId = accountIds[next++];
      return accountId === undefined ? undefined : { accountId, claim: await claim(accountId, day, now) };
    },
    untried: () => Promise.resolve(accountIds.slice(next)),
    close: () => Promise.resolve(),
  };
}
