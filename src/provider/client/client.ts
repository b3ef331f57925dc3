import { ProviderError, type ProviderProblem } from '../../core/errors.ts';
import type { ReportedQuota } from '../../core/quota.ts';
import type { Redact } from '../../core/redact.ts';
import type { Reply } from './failure.ts';
import { askJson, RequestError, type HttpWorld } from './http.ts';
import { parseJson } from './json.ts';
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
  return async (request) => {
    try {
      let units: number | undefined;
      const { body, headers } = await askJson(transport, {
        url: addressOf(request, options),
        body: request.body,
        headers: {
          accept: 'application/json',
          'user-agent': options.userAgent,
          ...provider.headers(secret),
          ...request.headers,
        },
        maxBytes: maxBytes(options),
        signal: options.signal,
        classify: (reply) => {
          const failure = provider.classify(reply);
          if (!failure) units = request.unitsOf?.(reply.body);
          return failure && (provider.classify(withoutSecrets(reply, redact)) ?? failure);
        },
        onAttempt: async () => {
          const settle = await options.onAttempt({ endpoint: request.path, units: request.units ?? 1 });
          return ({ failure, latencyMs, headers: received }) =>
            settle({
              success: failure === undefined,
              latencyMs,
              error: failure ? redact(failure.message) : null,
              reportedQuota: received && provider.readQuota?.(received, world.now()),
              units: failure ? undefined : units,
            });
        },
      });
      return { body, headers };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      const { problem, message, hint, waitMs } = error.failure;
      const retryAt = waitMs === undefined ? undefined : new Date(world.now().getTime() + waitMs);
      throw new ProviderError(provider.name, problem, redact(message), {
        hint: hint ?? NEXT_STEPS[problem],
        retryAt,
        cause: error,
      });
    }
  };
}

function maxBytes({ maxResponseMb = DEFAULT_MAX_MB }: ClientOptions): number {
  return maxResponseMb * 1024 * 1024;
}

/** The key goes with every request, so an address that the provider did not declare is a bug and not asked. */
function addressOf({ path, query = {}, rawQuery, origin }: ReadRequest, { provider, baseUrl }: ClientOptions): URL {
  const own = new URL(provider.baseUrl).origin;
  const isDeclared =
    origin === undefined ||
    origin === own ||
    provider.origins?.some((each) => (typeof each === 'string' ? each === origin : each.test(origin)));
  if (!isDeclared) throw new Error(`${provider.name} does not declare that it asks ${origin}`);
  const base = new URL(baseUrl ?? origin ?? provider.baseUrl);
  const url = new URL(base.pathname.replace(/\/$/, '') + path, base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  if (rawQuery) url.search = url.search === '' ? rawQuery : `${url.search}&${rawQuery}`;
  return url;
}

/** A host may repeat the key in its complaint. It goes before the text is cut for length, which could leave half of it. */
function withoutSecrets(reply: Reply, redact: Redact): Reply {
  const text = redact(reply.text);
  return text === reply.text ? reply : { ...reply, text, body: parseJson(text) };
}
