import { ProviderError, type ProviderProblem } from '../../core/errors.ts';
import type { ReportedQuota } from '../../core/quota.ts';
import type { Redact } from '../../core/redact.ts';
import type { Failure, Reply } from './failure.ts';
import { askJson, RequestError, type HttpWorld } from './http.ts';
import { parseJson } from './json.ts';
import { refusePrivateHost } from './public-host.ts';
import { runProgram, type RunProgram } from './program.ts';
import type { Ask, Provider, ReadRequest } from '../provider.ts';

/** What is about to be asked, as the book-keeping wants it. */
export interface Attempt {
  endpoint: string;
  /** What it takes from the quota at most. */
  units: number;
}

/** How one attempt to get something from a provider ended. */
export interface AttemptOutcome {
  success: boolean;
  latencyMs: number;
  /** Free of secrets. */
  error: string | null;
  reportedQuota: ReportedQuota | undefined;
  /** What it really took from the quota, where that differs from what was set aside. */
  units?: number | undefined;
}

export interface ClientOptions {
  world: HttpWorld;
  provider: Provider;
  /** The platform of the account that is fetched. */
  platform: string;
  posts: number;
  /** Replaces the provider's own base URL, and every other address it would ask. */
  baseUrl: string | undefined;
  /** Replaces the name of the provider's local program. */
  program?: string | undefined;
  /** Empty for a provider that needs none. */
  secret: string;
  hasToken?: boolean;
  setting?: Ask['setting'] | undefined;
  maxResponseMb: number | undefined;
  userAgent: string;
  redact: Redact;
  signal?: AbortSignal | undefined;
  /** Starts local programs; the system's way when left out. */
  runProgram?: RunProgram | undefined;
  /** Counts an attempt before it is made, or refuses it by throwing; what it returns is told the outcome. */
  onAttempt(attempt: Attempt): Promise<(outcome: AttemptOutcome) => void>;
}

const DEFAULT_MAX_MB = 10;
/** Of a long complaint this much is read. */
const LONGEST_COMPLAINT = 64 * 1024;
/** More than any form of a key is long: a key that the cut goes through lies in what is left out for it. */
const LONGEST_KEY = 16 * 1024;

/** What to do about a failure that brings no hint of its own. */
const NEXT_STEPS: Partial<Record<ProviderProblem, string>> = {
  unavailable: 'try again later, or use another provider: smstats providers list',
  malformed: 'try again later, or use another provider: smstats providers list',
  rate_limited: 'wait a little and run it again; smstats usage shows what was sent',
  quota: 'smstats usage shows what was sent and when the count starts again',
  refused: 'check the key, then: smstats config list',
};

/** Gives a provider its way to ask: addresses, key, limits and book-keeping are settled here, once. */
export function createAsk(options: ClientOptions): Ask {
  const send = createSend(options);
  const { world, provider, posts, platform } = options;
  return {
    posts,
    platform,
    now: world.now(),
    hasToken: options.hasToken ?? false,
    setting: options.setting ?? (() => undefined),
    redact: options.redact,
    get: async (path, query = {}) => (await send({ path, query })).body,
    send,
    run: (args) =>
      (options.runProgram ?? runProgram)({
        provider: provider.name,
        program: options.program ?? provider.program ?? '',
        args,
        maxBytes: maxBytes(options),
        redact: options.redact,
        signal: options.signal,
        onAttempt: () => options.onAttempt({ endpoint: provider.program ?? '', units: 1 }),
      }),
  };
}

function createSend(options: ClientOptions): Ask['send'] {
  const { world, provider, secret, redact } = options;
  const transport = provider.transport ? { ...world, fetch: provider.transport } : world;
  const countUnits = (count: number | undefined) => {
    if (count === undefined || (Number.isSafeInteger(count) && count >= 0)) return count;
    throw codeError(provider, `counts the units of a request as ${count}, which is no whole number`);
  };
  return async (request) => {
    try {
      let answer: unknown;
      const atMost = countUnits(request.units) ?? 1;
      const url = addressOf(request, options);
      const sent = {
        accept: 'application/json',
        'user-agent': options.userAgent,
        ...provider.headers(secret),
        ...request.headers,
      };
      refuseUnsendable(sent, options);
      if (isNamedByUser(request, options) && world.lookUp) {
        await refusePrivateHost(provider.name, url.hostname, world.lookUp);
        options.signal?.throwIfAborted();
      }
      const { body, headers } = await askJson(transport, {
        url,
        body: request.body,
        headers: sent,
        maxBytes: maxBytes(options),
        signal: options.signal,
        classify: (reply) => {
          answer = reply.body;
          const failure = provider.classify(reply);
          return failure && describeFailure(failure, reply, options);
        },
        onAttempt: async () => {
          const endpoint = redact(request.path.replace(/[?#].*$/s, ''));
          const settle = await options.onAttempt({ endpoint, units: atMost });
          return ({ failure, latencyMs, headers: received }) =>
            settle({
              success: failure === undefined,
              latencyMs,
              error: failure ? redact(failure.message) : null,
              reportedQuota: received && provider.readQuota?.(received, world.now()),
              // A vendor that bills what it delivers bills nothing for a failed reply; without one nobody knows.
              units: failure ? (received && request.unitsOf ? 0 : undefined) : countUnits(request.unitsOf?.(answer)),
            });
        },
      });
      return { body, headers };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      const { problem, message, hint, waitMs } = error.failure;
      const retryAt = waitMs === undefined ? undefined : new Date(world.now().getTime() + waitMs);
      // Of many hosts, the one that was asked is what a reader wants to know.
      const host = request.origin === undefined ? '' : `(${new URL(request.origin).host}) `;
      throw new ProviderError(provider.name, problem, redact(host + message), {
        hint: waitMs !== undefined && waitMs > 60_000 ? hintToWait(waitMs) : (hint ?? NEXT_STEPS[problem]),
        retryAt,
        cause: error,
      });
    }
  };
}

function hintToWait(waitMs: number): string {
  const minutes = Math.ceil(waitMs / 60_000);
  return minutes < 120 ? `try again in ${minutes} minutes` : `try again in ${Math.ceil(minutes / 60)} hours`;
}

function maxBytes({ maxResponseMb = DEFAULT_MAX_MB }: ClientOptions): number {
  return maxResponseMb * 1024 * 1024;
}

/** The key goes with every request, so an address that the provider did not declare is a bug and not asked. */
function addressOf({ path, query = {}, rawQuery, origin }: ReadRequest, options: ClientOptions): URL {
  const { provider, baseUrl, redact } = options;
  const own = new URL(provider.baseUrl).origin;
  const isDeclared =
    origin === undefined ||
    origin === own ||
    provider.origins?.some((each) => (typeof each === 'string' ? each === origin : each.test(origin)));
  const address = baseUrl ?? origin ?? provider.baseUrl;
  if (!isDeclared || !URL.canParse(address)) throw codeError(provider, `does not declare that it asks ${origin}`);
  const base = new URL(address);
  const target = base.pathname.replace(/\/$/, '') + path;
  // Two slashes begin the name of another host, and there are more ways to write them.
  const url =
    /^\/(?![/\\])[^\t\r\n]*$/.test(path) && URL.canParse(target, base.href) ? new URL(target, base) : undefined;
  if (!url || url.origin !== base.origin || url.username !== '' || url.password !== '') {
    throw codeError(provider, `asks for "${redact(String(path))}", which is no path of ${base.origin}`);
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  if (rawQuery) url.search = url.search === '' ? rawQuery : `${url.search}&${rawQuery}`;
  return url;
}

/** True for a host that came with the name of an account, and not from the provider or the configuration. */
function isNamedByUser({ origin }: ReadRequest, { provider, baseUrl }: ClientOptions): boolean {
  const known = [new URL(provider.baseUrl).origin, ...(provider.origins ?? [])];
  return origin !== undefined && baseUrl === undefined && !provider.transport && !known.includes(origin);
}

/** A key that was pasted with a line break fails in every request, and before anything is sent. */
function refuseUnsendable(headers: Record<string, string>, { provider, hasToken }: ClientOptions): void {
  const value = Object.values(headers).find((each) => /[^\t\u0020-\u007e\u0080-\u00ff]/.test(each));
  if (value === undefined) return;
  const what = /[\r\n]/.test(value) ? 'a line break' : 'a character that cannot be sent';
  throw new ProviderError(provider.name, 'refused', `was not asked: its key holds ${what}`, {
    hint:
      hasToken || !provider.credential
        ? `smstats login ${provider.name}`
        : `set it anew: smstats config set credentials.${provider.credential.name}`,
  });
}

function codeError(provider: Provider, message: string): ProviderError {
  return new ProviderError(provider.name, 'schema', message, {
    hint: 'this is a mistake in the code of the provider: update smstats, or correct your module',
  });
}

/**
 * A host may repeat the key in its complaint. It goes before the text is cut for length, which could leave half of it; so
 * where the words that are left say something else, none of the host's are shown.
 */
function describeFailure(failure: Failure, reply: Reply, { provider, redact }: ClientOptions): Failure {
  const clean = withoutSecrets(reply, redact);
  if (clean === reply) return failure;
  const described = provider.classify(clean);
  if (described?.problem === failure.problem) return described;
  return { ...failure, message: `failed (${reply.status}), in words that could hold the key` };
}

function withoutSecrets(reply: Reply, redact: Redact): Reply {
  const isLong = reply.text.length > LONGEST_COMPLAINT;
  const text = isLong ? redact(reply.text.slice(0, LONGEST_COMPLAINT)).slice(0, -LONGEST_KEY) : redact(reply.text);
  return text === reply.text ? reply : { ...reply, text, body: parseJson(text) };
}
