import type { AccountAnswer } from '../../core/account.ts';
import { ProviderError, SmstatsError, type ProviderProblem } from '../../core/errors.ts';
import { redactShapes, type Redact } from '../../core/redact.ts';
import type { Ask, Provider } from '../provider.ts';
import { mergeDays } from '../shared/merge-days.ts';
import { withPatience, type Activity } from './patience.ts';
import { answerShape, describeIssue, isText, isWhole } from './shape.ts';

/** The same provider, with every call into the module guarded. Its methods stay methods of its own object. */
export function guard(checked: Provider, own: Provider, file: string, idleMs: number): Provider {
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
      const { guarded, isOurs, activity } = watch(ask);
      const late = () => new Error(`it did nothing for ${idleMs / 1000} s`);
      let answer: unknown;
      try {
        answer = await withPatience(own.fetchAccount(username, guarded), activity, idleMs, late);
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
function watch(ask: Ask): { guarded: Ask; isOurs(error: unknown): boolean; activity: Activity } {
  const thrown = new Set<unknown>();
  const activity: Activity = { underWay: 0, lastAt: performance.now() };
  const note =
    <Args extends unknown[], T>(way: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      activity.underWay++;
      try {
        return await way(...args);
      } catch (error) {
        thrown.add(error);
        throw error;
      } finally {
        activity.underWay--;
        activity.lastAt = performance.now();
      }
    };
  const guarded = { ...ask, get: note(ask.get), send: note(ask.send), run: note(ask.run) };
  return { guarded, activity, isOurs: (error) => thrown.has(error) || error instanceof SmstatsError };
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
export function messageOf(error: unknown, redact: Redact): string {
  const said = error instanceof Error ? error.message : `threw ${typeof error === 'string' ? error : typeof error}`;
  return redact(said).slice(0, 300) || 'an error without a message';
}
