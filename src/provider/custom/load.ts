import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AccountAnswer } from '../../core/account.ts';
import { ConfigError, ProviderError, SmstatsError, type ProviderProblem } from '../../core/errors.ts';
import { redactShapes, type Redact } from '../../core/redact.ts';
import { refuseForeign } from '../../core/trust.ts';
import { answerShape, describeIssue, isText, isWhole, moduleShape } from './shape.ts';
import { findProvider } from '../index.ts';
import { mergeDays } from '../shared/merge-days.ts';
import type { Ask, Provider } from '../provider.ts';

/**
 * Loads a provider that the user wrote: the default export of an ES module, checked field by field. What it answers is
 * checked too, and what it throws becomes a ProviderError.
 * @param name what the configuration calls it; the module must say the same.
 * @param path of the module; a relative one starts at `directory`, the configuration's own.
 * @throws ConfigError naming module, field and what was expected there; also when somebody else could have written it.
 */
export async function loadCustomProvider(providerName: string, path: string, directory = '.'): Promise<Provider> {
  const file = resolve(directory, path);
  const refuse = (message: string, cause?: unknown): never => {
    throw new ConfigError(`${file}: ${message}`, {
      hint: `correct the module, or: smstats config unset providers.${providerName}.module`,
      cause,
    });
  };
  if (findProvider(providerName)) refuse(`"${providerName}" is the name of a provider that ships; choose another.`);
  refuseForeignModule(file);
  let exported: { default?: unknown } = {};
  try {
    exported = (await import(pathToFileURL(file).href)) as { default?: unknown };
  } catch (error) {
    refuse(`the module cannot be loaded: ${messageOf(error, redactShapes)}`, error);
  }
  const given = exported.default;
  const result = moduleShape.safeParse(given);
  if (!result.success) refuse(`${describeIssue(result.error.issues[0], given, 'the default export', redactShapes)}.`);
  const checked = result.data as unknown as Provider;
  if (checked.name !== providerName) {
    refuse(`name must be "${providerName}" as in providers.${providerName}.module, not "${checked.name}".`);
  }
  return guard(checked, given as Provider, file);
}

/** It runs as this user. Who can write its directory can put another in its place. */
function refuseForeignModule(file: string): void {
  let real: string;
  try {
    real = realpathSync(file);
  } catch {
    // Not there: loading it says so.
    return;
  }
  for (const path of new Set([real, dirname(real), dirname(file)])) {
    refuseForeign(path, `${path} ${path === real ? 'is' : 'holds'} a module that is run`);
  }
}

/** The same provider, with every call into the module guarded. Its methods stay methods of its own object. */
function guard(checked: Provider, own: Provider, file: string): Provider {
  // What a run knows of keys, from the first fetch on: a module may complain in the words of a host, key included.
  let redact: Redact = redactShapes;
  const fail = (error: unknown): ProviderError => toProviderError(checked.name, file, error, redact);
  const wrong = (what: string) => fail(new TypeError(what));
  const call = <T>(ask: () => T): T => {
    try {
      return ask();
    } catch (error) {
      throw fail(error);
    }
  };
  const count = (what: string, ask: () => unknown): number => {
    const value = call(ask);
    if (!isWhole(value, 0, 1e9)) throw wrong(`${what} must return a whole number`);
    return value as number;
  };
  return {
    ...checked,
    // One that remembers where it stopped would answer differently each time.
    ...(checked.origins && {
      origins: checked.origins.map((each) =>
        typeof each === 'string' ? each : new RegExp(each.source, each.flags.replaceAll(/[gy]/g, '')),
      ),
    }),
    requestCount: (posts, hasToken) => count('requestCount', () => own.requestCount(posts, hasToken)),
    ...(own.unitCount && { unitCount: (posts) => count('unitCount', () => own.unitCount?.(posts)) }),
    ...(own.breakerKey && {
      breakerKey(username: string) {
        const key: unknown = call(() => own.breakerKey?.(username));
        if (!isText(key)) throw wrong('breakerKey must return a text');
        return key;
      },
    }),
    headers(secret) {
      const value: unknown = call(() => own.headers(secret));
      const isFine = typeof value === 'object' && value !== null && Object.values(value).every(isText);
      if (!isFine) throw wrong('headers must return an object of texts');
      return value as Record<string, string>;
    },
    classify: (reply) => call(() => own.classify(reply)) ?? undefined,
    ...(own.readQuota && { readQuota: (headers, at) => call(() => own.readQuota?.(headers, at)) ?? undefined }),
    async fetchAccount(username, ask) {
      redact = ask.redact ?? redact;
      const { guarded, isOurs } = watch(ask);
      let answer: unknown;
      try {
        answer = await own.fetchAccount(username, guarded);
      } catch (error) {
        throw isOurs(error) ? error : fail(error);
      }
      const result = answerShape.safeParse(answer);
      if (!result.success) {
        throw wrong(`its answer is wrong: ${describeIssue(result.error.issues[0], answer, 'it', redact)}`);
      }
      const { posts, days, ...rest } = result.data as AccountAnswer;
      const unique = new Map(posts.toReversed().map((each) => [each.externalId, each]));
      const kept = posts.filter((each) => unique.get(each.externalId) === each);
      return { ...rest, posts: kept.slice(0, ask.posts), ...(days && { days: mergeDays(days) }) };
    },
  };
}

/** Notes what the program itself throws, an interruption for example, so that it is not blamed on the module. */
function watch(ask: Ask): { guarded: Ask; isOurs(error: unknown): boolean } {
  const thrown = new Set<unknown>();
  const note =
    <Args extends unknown[], T>(way: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      try {
        return await way(...args);
      } catch (error) {
        thrown.add(error);
        throw error;
      }
    };
  const guarded = { ...ask, get: note(ask.get), send: note(ask.send), run: note(ask.run) };
  return { guarded, isOurs: (error) => thrown.has(error) || error instanceof SmstatsError };
}

const PROBLEMS: Record<ProviderProblem, true> = {
  not_found: true,
  private: true,
  missing_credentials: true,
  not_installed: true,
  not_covered: true,
  refused: true,
  quota: true,
  rate_limited: true,
  unavailable: true,
  malformed: true,
  schema: true,
  implausible: true,
};

/** A module brings a ProviderError of another copy of this package, or an Error of its own with a `problem`. */
function toProviderError(provider: string, file: string, error: unknown, redact: Redact): ProviderError {
  if (error instanceof ProviderError) return error;
  const { problem, hint, retryAt } = (error ?? {}) as { problem?: unknown; hint?: unknown; retryAt?: unknown };
  if (error instanceof Error && isText(problem) && Object.hasOwn(PROBLEMS, problem)) {
    return new ProviderError(provider, problem as ProviderProblem, messageOf(error, redact), {
      hint: isText(hint) ? hint : undefined,
      retryAt: retryAt instanceof Date && !Number.isNaN(retryAt.getTime()) ? retryAt : undefined,
      cause: error,
    });
  }
  return new ProviderError(provider, 'schema', `failed in its module ${file}: ${messageOf(error, redact)}`, {
    hint: 'correct the module; --verbose shows where it failed',
    cause: error,
  });
}

/** What was thrown, in short. Keys go before it is cut, which could leave half of one. */
function messageOf(error: unknown, redact: Redact): string {
  const said = error instanceof Error ? error.message : `threw ${typeof error === 'string' ? error : typeof error}`;
  return redact(said).slice(0, 300) || 'an error without a message';
}
