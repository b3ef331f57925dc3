// https://docs.rapidapi.com/docs/response-headers
import type { ReportedQuota } from '../../core/quota.ts';
import { parseRetryAfter, type Failure, type Reply } from '../client/failure.ts';
import type { Credential } from '../provider.ts';

/** The key that opens every API on the RapidAPI gateway that its owner subscribed to; `page` is where that is done. */
export function rapidApiCredential(page: string): Credential {
  return { name: 'rapidapi_key', env: 'RAPIDAPI_KEY', source: `${page}, then "Subscribe to Test"` };
}

/** The headers that the gateway wants on every request. */
export function rapidApiHeaders(host: string, key: string): Record<string, string> {
  return { 'x-rapidapi-key': key, 'x-rapidapi-host': host };
}

/** Says what the gateway's own errors mean; the API behind it has its own ways. */
export function classifyRapidApi(reply: Reply): Failure | undefined {
  const { status } = reply;
  const said = messageOf(reply.body);
  if (status === 401) {
    const isBlocked = /^blocked/i.test(said);
    return {
      problem: 'refused',
      message: isBlocked ? 'has blocked this RapidAPI account (401)' : 'refused the RapidAPI key (401)',
      retry: false,
      hint: 'check the key, then: smstats config set credentials.rapidapi_key',
    };
  }
  if (status === 403) {
    const isUnsubscribed = /not subscribed/i.test(said);
    return {
      problem: 'refused',
      message: isUnsubscribed
        ? 'is not part of this RapidAPI key: no subscription (403)'
        : 'refused the RapidAPI key (403)',
      retry: false,
      hint: 'subscribe to the API on https://rapidapi.com (free plans too), or use another provider: smstats providers list',
    };
  }
  if (status === 429) {
    const quota = /exceeded the (\w+) quota/i.exec(said);
    if (quota) {
      return {
        problem: 'quota',
        message: `says the plan's ${quota[1]?.toLowerCase()} quota is spent (429)`,
        retry: false,
        hint: 'wait for the reset (smstats usage), or upgrade the plan on https://rapidapi.com',
      };
    }
    // The per-second limit answers without Retry-After; a second and a bit is enough.
    const window = Number(reply.headers.get('x-ratelimit-reset') ?? Number.NaN) * 1000;
    const waitMs =
      parseRetryAfter(reply.headers, reply.receivedAt) ?? (window > 0 && window < 3_600_000 ? window : 1_100);
    const wait = `back in ${Math.ceil(waitMs / 1000)} s`;
    return { problem: 'rate_limited', message: `asks to slow down (429, ${wait})`, retry: true, waitMs };
  }
  if (status === 200 && isStatusFalse(reply.body)) {
    return { problem: 'unavailable', message: `answered with an error: ${said || 'no reason given'}`, retry: true };
  }
  return undefined;
}

/** Reads the plan's quota from a reply, where the gateway sends it. */
export function readRapidApiQuota(headers: Headers): ReportedQuota | undefined {
  const read = (name: string) => {
    const value = headers.get(`x-ratelimit-requests-${name}`);
    return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  };
  const [limit, remaining, resetsInSeconds] = [read('limit'), read('remaining'), read('reset')];
  if (limit === undefined || remaining === undefined || resetsInSeconds === undefined || remaining > limit)
    return undefined;
  return { limit, remaining, resetsInSeconds };
}

function messageOf(body: unknown): string {
  const { message, messages } = (body ?? {}) as { message?: unknown; messages?: unknown };
  const said = message ?? messages;
  return typeof said === 'string' ? said.slice(0, 200) : '';
}

function isStatusFalse(body: unknown): boolean {
  return typeof body === 'object' && body !== null && (body as { status?: unknown }).status === false;
}
