import { ProviderError, type ProviderProblem } from '../core/errors.ts';
import type { Redact } from '../core/redact.ts';
import type { Reply } from './failure.ts';
import { getJson, RequestError, type HttpWorld } from './http.ts';
import { parseJson } from './json.ts';
import type { Ask, Provider } from './provider.ts';
import { readRapidApiQuota, type ReportedQuota } from './rapidapi.ts';

/** How one attempt to get something from a provider ended. */
export interface AttemptOutcome {
  success: boolean;
  latencyMs: number;
  /** Free of secrets. */
  error: string | null;
  reportedQuota: ReportedQuota | undefined;
}

export interface ClientOptions {
  world: HttpWorld;
  provider: Provider;
  /** Replaces the provider's own base URL. */
  baseUrl: string | undefined;
  /** Empty for a provider that needs none. */
  secret: string;
  maxResponseMb: number | undefined;
  userAgent: string;
  redact: Redact;
  signal?: AbortSignal | undefined;
  /** Counts an attempt before it is sent, or refuses it by throwing; what it returns is told the outcome. */
  onAttempt(endpoint: string): Promise<(outcome: AttemptOutcome) => void>;
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

/** Gives a provider its way to ask: base URL, key, limits and book-keeping are settled here, once. */
export function createGet(options: ClientOptions): Ask['get'] {
  const { world, provider, secret, redact } = options;
  const base = new URL(options.baseUrl ?? provider.baseUrl);
  const transport = provider.transport ? { ...world, fetch: provider.transport } : world;
  return async (path, query) => {
    const url = new URL(base.pathname.replace(/\/$/, '') + path, base);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    try {
      return await getJson(transport, {
        url,
        headers: { accept: 'application/json', 'user-agent': options.userAgent, ...provider.headers(secret) },
        maxBytes: (options.maxResponseMb ?? DEFAULT_MAX_MB) * 1024 * 1024,
        signal: options.signal,
        classify: (reply) => {
          const failure = provider.classify(reply);
          return failure && (provider.classify(withoutSecrets(reply, redact)) ?? failure);
        },
        onAttempt: async () => {
          const settle = await options.onAttempt(path);
          return ({ failure, latencyMs, headers }) =>
            settle({
              success: failure === undefined,
              latencyMs,
              error: failure ? redact(failure.message) : null,
              reportedQuota: headers && readRapidApiQuota(headers),
            });
        },
      });
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

/** A host may repeat the key in its complaint. It goes before the text is cut for length, which could leave half of it. */
function withoutSecrets(reply: Reply, redact: Redact): Reply {
  const text = redact(reply.text);
  return text === reply.text ? reply : { ...reply, text, body: parseJson(text) };
}
