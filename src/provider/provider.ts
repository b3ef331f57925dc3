import type { AccountAnswer } from '../core/account.ts';
import type { PostMetric } from '../core/metric.ts';
import type { QuotaRule } from '../core/quota.ts';
import type { Failure, Reply } from './failure.ts';

/** A secret that a provider needs, by its names in the configuration and the environment. */
export interface Credential {
  /** The key under `credentials.` in config.toml. */
  name: string;
  env: string;
  /** Where a person gets one. */
  source: string;
}

/** One source of numbers for one platform. It never touches the database, prints, or reads the environment. */
export interface Provider {
  readonly name: string;
  readonly platform: string;
  /** One line for `smstats providers list`. */
  readonly about: string;
  /** Null for a source that needs no key. */
  readonly credential: Credential | null;
  readonly baseUrl: string;
  readonly quota: QuotaRule & { requestsPerSecond: number };
  /** Accounts that may be fetched from it at the same time. */
  readonly concurrency: number;
  /** What it can report; the rest is NULL. */
  readonly reports: { account: readonly string[]; post: readonly PostMetric[] };
  /** The requests that one account costs when `posts` of its posts are asked for. */
  requestCount(posts: number): number;
  /** The headers of every request; `secret` is empty for a source that needs none. */
  headers(secret: string): Record<string, string>;
  /** Says what is wrong with a reply in the vendor's own terms. Undefined leaves it to the general rules. */
  classify(reply: Reply): Failure | undefined;
  /** Answers from inside the program instead of the network: the sample does. */
  readonly transport?: typeof globalThis.fetch;
  /**
   * Fetches one account whole.
   * @throws ProviderError when it cannot be delivered.
   */
  fetchAccount(username: string, ask: Ask): Promise<AccountAnswer>;
}

/** What a provider is given to fetch an account with. */
export interface Ask {
  /** How many posts are wanted at most. */
  posts: number;
  /** GETs a path below the base URL and returns the parsed JSON body of a good reply. Ids survive as strings. */
  get(path: string, query: Record<string, string>): Promise<unknown>;
}
