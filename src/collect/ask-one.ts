import type { AccountAnswer } from '../core/account.ts';
import { ProviderError, SmstatsError } from '../core/errors.ts';
import type { Redact } from '../core/redact.ts';
import { createAsk } from '../provider/client/client.ts';
import type { HttpWorld } from '../provider/client/http.ts';
import type { Breaker } from './breaker.ts';
import type { Ledger } from './ledger.ts';
import type { Pace } from './pace.ts';
import type { ProviderSource } from './source.ts';

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
  /** Told what a person should know of, such as a login that could not be kept. */
  onWarning?: ((text: string) => void) | undefined;
  /** Told of each request and its outcome, and where a provider's code failed. */
  onRequest?: ((line: string) => void) | undefined;
}

export interface AskedAccount {
  platform: string;
  username: string;
  /** Posts we already know of. */
  storedPosts: number;
}

/**
 * Asks one provider for the account, with a login that is renewed when the vendor does not take it any more.
 * @throws ProviderError when it does not deliver; whatever breaks the database as it is.
 */
export async function askOne(
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
  const fetchWith = (given: string | undefined) =>
    provider.fetchAccount(
      account.username,
      createAsk({
        world: ask.world,
        provider,
        platform: account.platform,
        posts,
        baseUrl: source.baseUrl,
        program: source.program,
        secret: given ?? tell(source.secret) ?? '',
        hasToken: given !== undefined,
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
            ask.onRequest?.(
              `${provider.name} ${endpoint}: ${outcome.error ?? 'ok'}, ${Math.round(outcome.latencyMs)} ms`,
            );
          };
        },
      }),
    );
  const answer = await fetchRenewed(ask, source, token, fetchWith).catch((error: unknown) => {
    if (broken) throw broken.error;
    if (error instanceof SmstatsError || ask.signal?.aborted) throw error;
    throw failedInside(ask, provider.name, error);
  });
  if (provider.reports.post.length > 0) refuseImplausible(provider.name, account, answer);
  return answer;
}

/** A token may have ended before its time, or our clock be behind: renewed once, it is tried once more. */
async function fetchRenewed(
  ask: AskWorld,
  source: ProviderSource,
  token: string | undefined,
  fetchWith: (token: string | undefined) => Promise<AccountAnswer>,
): Promise<AccountAnswer> {
  try {
    return await fetchWith(token);
  } catch (error) {
    const isRefused = error instanceof ProviderError && error.problem === 'refused';
    if (!isRefused || token === undefined) throw error;
    const renewed = await findToken(ask, source, true).catch(() => undefined);
    if (renewed === undefined || renewed === token) throw error;
    return fetchWith(renewed);
  }
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
  force = false,
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
      ...(ask.onWarning && { warn: ask.onWarning }),
      force,
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
