import type { AccountAnswer, DailyMetric } from '../core/account.ts';
import type { PostMetric } from '../core/metric.ts';
import type { QuotaRule, ReportedQuota } from '../core/quota.ts';
import type { Failure, Reply } from './client/failure.ts';

/** A value that a provider needs, by its names in the configuration and the environment. */
export interface Credential {
  /** The key under `credentials.` in config.toml. */
  name: string;
  env: string;
  /** Where a person gets one. */
  source: string;
}

/** What a source can report; the rest is NULL. */
export interface Reports {
  account: readonly string[];
  post: readonly PostMetric[];
  day?: readonly DailyMetric[];
  audience?: boolean;
  /** What its captions are where they are less than the whole: the title alone, which no description may be lost for. */
  captions?: 'title';
}

/** One source of numbers. It never touches the database, prints, or reads the environment. */
export interface Provider {
  readonly name: string;
  /** Most know one; a local program may know several. */
  readonly platforms: readonly [string, ...string[]];
  /** One line for `smstats providers list`. */
  readonly about: string;
  /** Whose accounts: any public one, or only the one that the key was given for. */
  readonly covers: 'any' | 'own';
  /** What a user pays, in a few words; null is nothing. */
  readonly price: string | null;
  /** Null for a source that needs no key. */
  readonly credential: Credential | null;
  /** What else it can be told, under `credentials.` too. It works without. */
  readonly settings?: readonly Credential[];
  /** The local program that is asked instead of the network. */
  readonly program?: string;
  /** An https address; `.invalid` for what is asked inside the machine. */
  readonly baseUrl: string;
  /** The addresses besides the base URL's origin that its requests may name. A pattern is for hosts that users name. */
  readonly origins?: readonly (string | RegExp)[];
  readonly quota: QuotaRule & { requestsPerSecond: number };
  /** Accounts that may be fetched from it at the same time. */
  readonly concurrency: number;
  /** What it can report, on any of its platforms. */
  readonly reports: Reports;
  /** True when what it reports of days and audiences is estimated: a platform's own word goes before it. */
  readonly estimates?: boolean;
  /** What that is on one platform, where it is less than on another. */
  readonly reportsByPlatform?: Readonly<Record<string, Reports>>;
  /**
   * The requests that one account costs when `posts` of its posts are asked for. About as many, where the replies decide:
   * a list that leaves posts out is longer, and not every question has to be put.
   * @param hasToken whether somebody is logged in: some vendors are then asked for more.
   */
  requestCount(posts: number, hasToken?: boolean): number;
  /** About what those take from the quota. Left out: a unit a request, or the posts where the vendor counts posts. */
  unitCount?(posts: number): number;
  /** What of it fails together: the provider as a whole where this is left out. */
  breakerKey?(username: string): string;
  /** The headers of every request; `secret` is empty for a source that needs none. */
  headers(secret: string): Record<string, string>;
  /** Says what is wrong with a reply in the vendor's own terms. Undefined leaves it to the general rules. */
  classify(reply: Reply): Failure | undefined;
  /** What the vendor's headers say is left of its quota, in the unit of `quota`. */
  readQuota?(headers: Headers, receivedAt: Date): ReportedQuota | undefined;
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
  /** Which of the provider's platforms the account is of. */
  platform: string;
  /** When the fetch began. */
  now: Date;
  /** Whether the key is a token that a person was logged in with, and not a key of an app. */
  hasToken: boolean;
  /** A value of `settings`, by its name. */
  setting(name: string): string | undefined;
  /** Replaces every key that is known in a text: before it is cut, which could leave half of one. */
  redact?(text: string): string;
  /** GETs a path below the base URL and returns the parsed JSON body of a good reply. Ids survive as strings. */
  get(path: string, query?: Record<string, string>): Promise<unknown>;
  /** Sends a request that is more than that, and returns the headers too. */
  send(request: ReadRequest): Promise<Answer>;
  /** Runs the provider's local program. The exit code is the provider's to judge. */
  run(args: readonly string[]): Promise<ProgramOutput>;
}

/** A request that reads; it may be sent again. */
export interface ReadRequest {
  /** Below the base URL; below the origin when one is given. */
  path: string;
  query?: Record<string, string>;
  /** Put behind the query as it is, for vendors whose syntax must not be escaped. */
  rawQuery?: string;
  /** Another address than the base URL's, for example `https://mastodon.social`; one of `origins`. */
  origin?: string;
  headers?: Record<string, string>;
  /** Sent as JSON with POST: some vendors ask that way. */
  body?: unknown;
  /** What it takes from the quota at most, where that is not one; `unitsOf` says what a good reply really took. */
  units?: number;
  unitsOf?(body: unknown): number;
}

export interface Answer {
  body: unknown;
  headers: Headers;
}

export interface ProgramOutput {
  exitCode: number;
  stdout: string;
  stderr: string;
}
