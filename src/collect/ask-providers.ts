import type { AccountAnswer } from '../core/account.ts';
import { ProviderError, SmstatsError, UsageError, type ProviderProblem } from '../core/errors.ts';
import type { Redact } from '../core/redact.ts';
import { createAsk } from '../provider/client/client.ts';
import type { HttpWorld } from '../provider/client/http.ts';
import type { Reports } from '../provider/provider.ts';
import type { Breaker } from './breaker.ts';
import type { Ledger } from './ledger.ts';
import type { Pace } from './pace.ts';
import { hasAccess, type ProviderSource } from './source.ts';

/** What asking needs besides the account. */
export interface AskWorld {
  world: HttpWorld;
  userAgent: string;
  redact: Redact;
  breaker: Breaker;
  ledger: Ledger;
  /** The pace of requests to a provider. */
  paceOf(source: ProviderSource): Pace;
  signal?: AbortSignal | undefined;
  /** Told each secret that comes up, before it is used. */
  addSecret?: ((secret: string) => void) | undefined;
  /** Told of each request and its outcome, and where a provider's code failed. */
  onRequest?: ((line: string) => void) | undefined;
}

export interface AskedAccount {
  platform: string;
  username: string;
  /** Posts we already know of. */
  storedPosts: number;
}

/** Who answered, and why those before did not. */
export interface ProviderAnswer {
  answer: AccountAnswer;
  providerName: string;
  /** What it can report of that platform. */
  reports?: Reports;
  /** For the job row: why those before did not answer, and what was left out. Null when there is nothing to say. */
  note: string | null;
}

/** Problems that say nothing about whether the provider works. */
const NEUTRAL = new Set<ProviderProblem>(['missing_credentials', 'not_installed', 'not_covered']);

/** A provider without its key or program was not. */
const wasAsked = ({ problem }: ProviderError) => problem !== 'missing_credentials' && problem !== 'not_installed';

/**
 * Asks providers in their order until one delivers the account whole.
 * @throws ProviderError when one says that there is no such account or that it is private, or when none delivers: then
 * with the first failure's class and everyone's reasons.
 */
export async function askProviders(
  ask: AskWorld,
  account: AskedAccount,
  sources: readonly ProviderSource[],
  posts: number,
): Promise<ProviderAnswer> {
  const failures: ProviderError[] = [];
  let verdict: ProviderError | undefined;
  for (const source of sources) {
    const { name, covers, breakerKey } = source.provider;
    // A private account, and one that a search does not find, still opens itself to its owner's token.
    if (verdict && !(covers === 'own' && hasAccess(source))) continue;
    const key = breakerKey?.(account.username) ?? '';
    try {
      const reason = ask.breaker.reason(name, key);
      if (reason) throw reason;
      if (!hasAccess(source)) throw missingAccess(source);
      const answer = await askOne(ask, account, source, posts);
      ask.breaker.succeed(name, key);
      const before = verdict ? [...failures, verdict] : failures;
      const { reports, reportsByPlatform } = source.provider;
      const reported = reportsByPlatform?.[account.platform] ?? reports;
      return { answer, providerName: name, reports: reported, note: noteOf(before, name, answer) };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (error.problem === 'schema' && error.cause instanceof Error) ask.onRequest?.(`${name} ${error.cause.stack}`);
      if (error.isAnswer) {
        ask.breaker.succeed(name, key);
        verdict ??= error;
        continue;
      }
      if (!NEUTRAL.has(error.problem) && !ask.breaker.reason(name, key)) ask.breaker.fail(error, key);
      if (!verdict) failures.push(error);
    }
  }
  if (verdict) throw describe(account, verdict, failures);
  // What those said that were asked matters more than who could not be.
  const first = failures.find(({ problem }) => !NEUTRAL.has(problem)) ?? failures.find(wasAsked) ?? failures[0];
  if (!first) throw new UsageError(`There is no provider for ${account.platform} yet.`, 'smstats providers list');
  const asked = failures.filter((failure) => failure === first || wasAsked(failure));
  throw new ProviderError(first.provider, first.problem, `${summarise(asked)}.`, {
    hint: first.hint,
    retryAt: first.retryAt,
    cause: first.cause,
  });
}

async function askOne(
  ask: AskWorld,
  account: AskedAccount,
  source: ProviderSource,
  posts: number,
): Promise<AccountAnswer> {
  const pace = ask.paceOf(source);
  const { provider } = source;
  const tell = (secret: string | undefined) => {
    if (secret) ask.addSecret?.(secret);
    return secret;
  };
  const token = await findToken(ask, source);
  // A database that fails ends the run, whatever a provider's code makes of it.
  let broken: { error: unknown } | undefined;
  const way = createAsk({
    world: ask.world,
    provider,
    platform: account.platform,
    posts,
    baseUrl: source.baseUrl,
    program: source.program,
    secret: token ?? tell(source.secret) ?? '',
    hasToken: token !== undefined,
    setting: (name) => tell(source.setting?.(name)),
    maxResponseMb: source.maxResponseMb,
    userAgent: ask.userAgent,
    redact: ask.redact,
    signal: ask.signal,
    onAttempt: async ({ endpoint, units }) => {
      await pace(ask.signal);
      const attempt = { platform: account.platform, endpoint, units };
      const settle = await ask.ledger.count(source, attempt).catch((error: unknown) => {
        if (!(error instanceof SmstatsError)) broken = { error };
        throw error;
      });
      return (outcome) => {
        settle(outcome);
        ask.onRequest?.(`${provider.name} ${endpoint}: ${outcome.error ?? 'ok'}, ${Math.round(outcome.latencyMs)} ms`);
      };
    },
  });
  const answer = await provider.fetchAccount(account.username, way).catch((error: unknown) => {
    if (broken) throw broken.error;
    if (error instanceof SmstatsError || ask.signal?.aborted) throw error;
    throw failedInside(ask, provider.name, error);
  });
  if (provider.reports.post.length > 0) refuseImplausible(provider.name, account, answer);
  return answer;
}

/** A reply that nobody thought of, as a provider's code sees it: it costs this account, and not the run. */
function failedInside({ redact }: AskWorld, provider: string, error: unknown): ProviderError {
  const said = redact(String(error)).slice(0, 300);
  return new ProviderError(provider, 'schema', `its code failed on this answer: ${said}`, {
    hint: 'run it again with --verbose for the stack trace, and report it; or use another provider',
    cause: error,
  });
}

/** The token of who is logged in. A login that has ended gives way to the key, when there is one. */
async function findToken(
  ask: AskWorld,
  { provider, login, secret, setting }: ProviderSource,
): Promise<string | undefined> {
  if (login === undefined) return undefined;
  const { freshToken } = await import('../login/refresh.ts');
  try {
    return await freshToken({
      provider: provider.name,
      directory: login,
      world: ask.world,
      credential: (name) => setting?.(name),
      addSecret: ask.addSecret ?? (() => {}),
      signal: ask.signal,
    });
  } catch (error) {
    if (secret !== undefined && error instanceof ProviderError && error.problem === 'refused') return undefined;
    throw error;
  }
}

/** An empty page where posts were, or where the profile counts some, is a failure of the source and not a fact. */
function refuseImplausible(provider: string, account: AskedAccount, { profile, posts }: AccountAnswer): void {
  if (posts.length > 0) return;
  const counted = profile.posts ?? 0;
  if (account.storedPosts === 0 && counted === 0) return;
  const known = account.storedPosts > 0 ? `${account.storedPosts} are stored` : `the profile counts ${counted}`;
  throw new ProviderError(provider, 'implausible', `listed no posts although ${known}; nothing was saved`, {
    hint: `try again later; if the account really is empty: smstats accounts pause ${account.platform} ${account.username}`,
  });
}

function missingAccess({ provider: { name, credential, program } }: ProviderSource): ProviderError {
  if (program !== undefined) {
    return new ProviderError(name, 'not_installed', `needs ${program}, which is not on the PATH`, {
      hint: `install ${program}, or: smstats config set providers.${name}.program <path>`,
    });
  }
  return new ProviderError(name, 'missing_credentials', `needs a key that is not configured (${credential?.env})`, {
    hint: `smstats login ${name}, or: smstats config set credentials.${credential?.name} (get one: ${credential?.source})`,
  });
}

function describe(account: AskedAccount, error: ProviderError, before: readonly ProviderError[]): ProviderError {
  const name = `${account.platform} @${account.username}`;
  const asked = before.length === 0 ? error.provider : `${summarise(before)}; then ${error.provider}`;
  const isPrivate = error.problem === 'private';
  const message = isPrivate
    ? `${name} is private, so its numbers cannot be fetched (${asked}).`
    : `There is no account ${name} (${asked} ${error.message}).`;
  const hint = isPrivate ? 'only the platform itself shows them, to followers' : 'check the spelling of the handle';
  return new ProviderError(error.provider, error.problem, message, { hint, cause: error });
}

/** What the job row says besides: why others did not answer, and what the one who did left out. */
function noteOf(failures: readonly ProviderError[], name: string, { remarks = [] }: AccountAnswer): string | null {
  const parts = [
    ...(failures.length > 0 ? [summarise(failures)] : []),
    ...remarks.map((remark) => `${name} ${remark}`),
  ];
  return parts.length > 0 ? parts.join('; ') : null;
}

/** Everyone's reasons, those with the same one together. */
function summarise(failures: readonly ProviderError[]): string {
  const reasons = new Map<string, string[]>();
  for (const { message, provider } of failures) reasons.set(message, [...(reasons.get(message) ?? []), provider]);
  return [...reasons].map(([message, providers]) => `${providers.join(', ')} ${message}`).join('; ');
}
