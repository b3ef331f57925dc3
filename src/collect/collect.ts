import type { Kysely } from 'kysely';
import { LockError, ProviderError, SmstatsError } from '../core/errors.ts';
import { dayIn } from '../core/time.ts';
import type { Redact } from '../core/redact.ts';
import type { HttpWorld } from '../provider/client/http.ts';
import { countStoredPosts } from '../query/count-stored-posts.ts';
import type { DueAccount } from '../query/list-due-accounts.ts';
import type { Claim, Work } from '../store/claims.ts';
import { failJob } from '../store/job.ts';
import type { Database } from '../store/schema.ts';
import { inTransaction } from '../store/transaction.ts';
import { askProviders } from './ask-providers.ts';
import { createBreaker } from './breaker.ts';
import { createLedger } from './ledger.ts';
import { createPace, type Pace } from './pace.ts';
import { saveAccount } from './save-account.ts';
import type { ProviderSource } from './source.ts';

/** What a run needs from outside. */
export interface CollectWorld {
  db: Kysely<Database>;
  world: HttpWorld;
  timezone: string;
  userAgent: string;
  redact: Redact;
  addSecret?: ((secret: string) => void) | undefined;
  /** Told what a person should know of. */
  onWarning?: ((text: string) => void) | undefined;
  /** The providers to ask for an account, in order. */
  sourcesOf(account: DueAccount): ProviderSource[] | Promise<ProviderSource[]>;
  /** Aborted: finish the accounts in hand and take up no further one. */
  stop?: AbortSignal | undefined;
  /** Aborted: give up the accounts in hand as well. */
  abort?: AbortSignal | undefined;
  /** Told of each account as it starts and as it ends. */
  onProgress?: (event: Progress) => void;
  /** Told of each request and its outcome. */
  onRequest?: (line: string) => void;
}

export interface CollectOptions {
  /** Posts per account at most. */
  posts: number;
  /** Milliseconds between the starts of two accounts. */
  delayMs: number;
  /** Accounts at the same time; by default what the first provider allows. */
  concurrency?: number | undefined;
}

export type Progress = { account: DueAccount; index: number; of: number } & (
  { phase: 'start' } | { phase: 'end'; outcome: Outcome }
);

/** What came of one account. `skipped` accounts were not tried. */
export interface Outcome {
  account: DueAccount;
  status: 'stored' | 'failed' | 'skipped';
  providerName: string | null;
  posts: number | null;
  requests: number;
  /** Why providers before the one that answered did not. */
  note: string | null;
  replacedSample: boolean;
  error: SmstatsError | null;
}

/**
 * THE pipeline: for each account that `work` hands out, ask its providers and save the answer whole. One account's failure
 * is its own; what breaks the database ends the run.
 * @returns what came of each of `accounts`, without those that other processes took.
 */
export async function collect(
  run: CollectWorld,
  accounts: readonly DueAccount[],
  work: Work,
  options: CollectOptions,
): Promise<Outcome[]> {
  const breaker = createBreaker();
  const paceAccounts = createPace(run.world, options.delayMs);
  const paceOf = createRequestPaces(run.world);
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const outcomes = new Map<number, Outcome>();
  const of = accounts.length;
  let taken = 0;

  async function takeAccounts(): Promise<void> {
    while (taken < of && !run.stop?.aborted) {
      const index = taken++;
      try {
        await paceAccounts(run.stop);
      } catch {
        return;
      }
      const now = run.world.now();
      const next = await work.next(dayIn(run.timezone, now), now, run.stop);
      if (!next) return;
      const account = byId.get(next.accountId) as DueAccount;
      run.onProgress?.({ phase: 'start', account, index, of });
      const outcome = next.claim ? await collectOne(account, next.claim) : busyElsewhere(account);
      outcomes.set(account.id, outcome);
      run.onProgress?.({ phase: 'end', account, index, of, outcome });
    }
  }

  async function collectOne(account: DueAccount, claim: Claim): Promise<Outcome> {
    const outcome: Outcome = { ...untried(account), status: 'failed' };
    const wait = (ms: number) => run.world.sleep(ms, run.abort);
    const ledger = createLedger(run.db, run.timezone, run.world.now, wait);
    try {
      const sources = await run.sourcesOf(account);
      const storedPosts = await countStoredPosts(run.db, account.id);
      const ask = {
        world: run.world,
        userAgent: run.userAgent,
        redact: run.redact,
        addSecret: run.addSecret,
        onWarning: run.onWarning,
        breaker,
        ledger,
        paceOf,
        signal: run.abort,
        onRequest: run.onRequest,
      };
      const answered = await askProviders(ask, { ...account, storedPosts }, sources, options.posts);
      const now = run.world.now();
      // The day is the one on which the answer arrived: a run that crosses midnight belongs to the new day.
      const day = dayIn(run.timezone, now);
      // A module's remarks are its own words, and may hold a key.
      const kept = { ...answered, note: answered.note && run.redact(answered.note) };
      const { note, replacesSample } = await saveAccount(run.db, { account, claim, day, now }, kept, ledger);
      outcome.replacedSample = replacesSample;
      const { providerName, answer } = answered;
      return { ...outcome, status: 'stored', providerName, note, posts: answer.posts.length, requests: ledger.sent };
    } catch (error) {
      const known = explain(error, run.abort);
      if (!known) throw error;
      await inTransaction(run.db, async (trx) => {
        await ledger.settle(trx);
        await failJob(trx, claim.jobId, run.redact(known.message), run.world.now());
      });
      // Without quota nothing was asked: the account waits, it did not fail. Nor did one that another process has now.
      const isWaiting = (ledger.sent === 0 && known.ending === 'quota') || known.ending === 'locked';
      return { ...outcome, status: isWaiting ? 'skipped' : 'failed', error: known, requests: ledger.sent };
    } finally {
      // When the database is out of reach, what broke it is the error to report; the claim runs out by itself.
      await claim.release().catch(() => {});
    }
  }

  const [first] = accounts;
  const concurrency = options.concurrency ?? (first && (await run.sourcesOf(first))[0]?.provider.concurrency) ?? 1;
  await Promise.all(Array.from({ length: Math.min(concurrency, of) }, takeAccounts));
  for (const id of await work.untried()) outcomes.set(id, untried(byId.get(id) as DueAccount));
  return accounts.flatMap(({ id }) => outcomes.get(id) ?? []);
}

function busyElsewhere(account: DueAccount): Outcome {
  const error = new LockError(
    `${account.platform} @${account.username} is being fetched by another process.`,
    'wait for it to end; one that was killed gives the account up within 30 seconds',
  );
  return { ...untried(account), error };
}

/** What is to be said of an account that a run did not come to. */
function untried(account: DueAccount): Outcome {
  return {
    account,
    status: 'skipped',
    providerName: null,
    posts: null,
    requests: 0,
    note: null,
    replacedSample: false,
    error: null,
  };
}

/** A failure of this account alone, or undefined for what must end the run. */
function explain(error: unknown, abort: AbortSignal | undefined): SmstatsError | undefined {
  if (error instanceof SmstatsError) return error;
  if (abort?.aborted)
    return new ProviderError('none', 'unavailable', 'The fetch was broken off before the account was saved.');
  return undefined;
}

function createRequestPaces(world: HttpWorld): (source: ProviderSource) => Pace {
  const paces = new Map<string, Pace>();
  return ({ provider, quota }) => {
    let pace = paces.get(provider.name);
    if (!pace) paces.set(provider.name, (pace = createPace(world, 1000 / quota.requestsPerSecond)));
    return pace;
  };
}
