/** What every run of the program ends with. `smstats help exit-codes` prints this table. */
export const EXIT_CODES = {
  done: { code: 0, meaning: 'done, also when there was nothing to show' },
  failed: { code: 1, meaning: 'failed' },
  usage: { code: 2, meaning: 'the command line or the configuration is wrong' },
  partial: { code: 3, meaning: 'partial: some accounts failed, the others are stored' },
  credentials: { code: 4, meaning: 'credentials or rights are missing, or were refused' },
  quota: { code: 5, meaning: 'quota spent or rate limit reached' },
  unavailable: {
    code: 6,
    meaning: 'the provider, the database server or the network is down, or answered something unusable',
  },
  not_found: { code: 7, meaning: 'not found: no such account, post or record, or the account is private' },
  fired: { code: 10, meaning: 'alerts fired, where --exit-code asks for it' },
  locked: { code: 11, meaning: 'another run holds the lock' },
  interrupted: { code: 130, meaning: 'ended by Ctrl-C (SIGINT)' },
  terminated: { code: 143, meaning: 'ended by SIGTERM' },
} as const;

/** The class of an ending; decides the exit code, and the HTTP status where an API reports it. */
export type Ending = keyof typeof EXIT_CODES;

interface ErrorDetails {
  /** The next command to run, or the next thing to do. */
  hint?: string | undefined;
  cause?: unknown;
}

/** A failure we can explain: one line for the reader, a next step, and an exit code. Everything else is a bug. */
export class SmstatsError extends Error {
  override readonly name: string = 'SmstatsError';
  readonly ending: Ending;
  readonly hint: string | undefined;

  constructor(ending: Ending, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.ending = ending;
    this.hint = details.hint;
  }

  get exitCode(): number {
    return EXIT_CODES[this.ending].code;
  }
}

/** The command line asks for something that does not exist or does not fit. */
export class UsageError extends SmstatsError {
  override readonly name = 'UsageError';
  constructor(message: string, hint?: string) {
    super('usage', message, { hint });
  }
}

/** The configuration file, an environment variable or a path is wrong. */
export class ConfigError extends SmstatsError {
  override readonly name = 'ConfigError';
  constructor(message: string, details: ErrorDetails = {}) {
    super('usage', message, details);
  }
}

/** The database cannot be opened, read or written. */
export class StoreError extends SmstatsError {
  override readonly name = 'StoreError';
  constructor(message: string, details: ErrorDetails & { ending?: Ending } = {}) {
    super(details.ending ?? 'failed', message, details);
  }
}

/** Another process works on the same thing. */
export class LockError extends SmstatsError {
  override readonly name = 'LockError';
  constructor(message: string, hint?: string) {
    super('locked', message, { hint });
  }
}

/**
 * Why a provider did not deliver. `not_found` and `private` are answers about the account; all others are failures of
 * the provider, so the next provider in the order is asked. `missing_credentials` and `not_installed` were never asked;
 * `not_covered` answers for other accounts than this one, its owner's for example.
 */
export type ProviderProblem =
  | 'not_found'
  | 'private'
  | 'missing_credentials'
  | 'not_installed'
  | 'not_covered'
  | 'refused'
  | 'quota'
  | 'rate_limited'
  | 'unavailable'
  | 'malformed'
  | 'schema'
  | 'implausible';

const PROBLEM_ENDING: Record<ProviderProblem, Ending> = {
  not_found: 'not_found',
  private: 'not_found',
  missing_credentials: 'credentials',
  not_installed: 'credentials',
  not_covered: 'credentials',
  refused: 'credentials',
  quota: 'quota',
  rate_limited: 'quota',
  unavailable: 'unavailable',
  malformed: 'unavailable',
  schema: 'unavailable',
  implausible: 'unavailable',
};

/** A provider did not deliver an account. */
export class ProviderError extends SmstatsError {
  override readonly name = 'ProviderError';
  readonly provider: string;
  readonly problem: ProviderProblem;
  /** When the provider said to come back, if it did. */
  readonly retryAt: Date | undefined;

  constructor(
    provider: string,
    problem: ProviderProblem,
    message: string,
    details: ErrorDetails & { retryAt?: Date | undefined } = {},
  ) {
    super(PROBLEM_ENDING[problem], message, details);
    this.provider = provider;
    this.problem = problem;
    this.retryAt = details.retryAt;
  }

  /** True when the provider answered the question and the answer is "no such account" or "private". */
  get isAnswer(): boolean {
    return this.problem === 'not_found' || this.problem === 'private';
  }
}
