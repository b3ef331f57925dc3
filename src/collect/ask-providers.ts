import type { AccountAnswer } from '../core/account.ts';
import { ProviderError, UsageError, type ProviderProblem } from '../core/errors.ts';
import type { Reports } from '../provider/provider.ts';
import { askOne, type AskedAccount, type AskWorld } from './ask-one.ts';
import { hasAccess, type ProviderSource } from './source.ts';

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
  const unasked = new Set<ProviderError>();
  const wasAsked = (failure: ProviderError) => !unasked.has(failure);
  let verdict: ProviderError | undefined;
  for (const source of sources) {
    const { name, covers, breakerKey } = source.provider;
    // A private account, and one that a search does not find, still opens itself to its owner's token.
    if (verdict && !(covers === 'own' && hasAccess(source))) continue;
    const key = breakerKey?.(account.username) ?? '';
    try {
      const reason = ask.breaker.reason(name, key);
      if (reason) throw reason;
      if (!hasAccess(source)) {
        const missing = missingAccess(source);
        unasked.add(missing);
        throw missing;
      }
      const answer = await askOne(ask, account, source, posts);
      ask.breaker.succeed(name, key);
      const before = verdict ? [...failures, verdict] : failures;
      const { reports, reportsByPlatform } = source.provider;
      const reported = reportsByPlatform?.[account.platform] ?? reports;
      return { answer, providerName: name, reports: reported, note: noteOf(before.filter(wasAsked), name, answer) };
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
