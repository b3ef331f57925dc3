import type { ProviderProblem } from '../../core/errors.ts';
import { readRetryAfter } from '../../core/retry-after.ts';

/** What a host answered, read to its end. */
export interface Reply {
  /** When its end arrived, by our clock. */
  receivedAt: Date;
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; undefined when it is not JSON. */
  body: unknown;
}

/** Why a request did not deliver, and whether the same request may be sent again. */
export interface Failure {
  problem: ProviderProblem;
  /** A sentence without its subject, for example "answered 503": the provider's name goes before it. */
  message: string;
  retry: boolean;
  /** How long the host asked us to wait, in milliseconds. */
  waitMs?: number | undefined;
  hint?: string | undefined;
  cause?: unknown;
}

/** How long a host asks to wait, in milliseconds, if it says so. */
export function parseRetryAfter(headers: Headers, now: Date): number | undefined {
  return readRetryAfter(headers.get('retry-after'), headers.get('date'), now);
}

/** The rules of HTTP that hold for every host. */
export function generalFailure(reply: Reply): Failure | undefined {
  const { status } = reply;
  const waitMs = parseRetryAfter(reply.headers, reply.receivedAt);
  if (status === 401 || status === 403)
    return { problem: 'refused', message: `refused the key (${status})`, retry: false };
  if (status === 402) return { problem: 'quota', message: 'asks for payment (402)', retry: false };
  if (status === 404 || status === 410) {
    return { problem: 'malformed', message: `does not know the address that was asked (${status})`, retry: false };
  }
  if (status === 429) {
    return { problem: 'rate_limited', message: `asks to slow down (429${formatWait(waitMs)})`, retry: true, waitMs };
  }
  if (status === 408 || status === 425 || status >= 500) {
    const retry = ![501, 505].includes(status);
    return { problem: 'unavailable', message: `is failing (${status}${formatWait(waitMs)})`, retry, waitMs };
  }
  if (status < 200 || status > 299) return { problem: 'malformed', message: `answered ${status}`, retry: false };
  if (reply.body !== undefined) return undefined;
  if (reply.text.trim() === '') return { problem: 'malformed', message: 'sent an empty answer', retry: false };
  if (/^\s*</.test(reply.text)) {
    return { problem: 'malformed', message: 'sent a web page (HTML) instead of JSON', retry: false };
  }
  const isCut = /^\s*[{[]/.test(reply.text);
  return {
    problem: 'malformed',
    message: isCut ? 'sent JSON that is cut off or broken' : 'sent something that is not JSON',
    retry: isCut,
  };
}

function formatWait(waitMs: number | undefined): string {
  return waitMs === undefined ? '' : `, back in ${Math.ceil(waitMs / 1000)} s`;
}

/** A host that did not answer in time. */
export class TimeoutFailure extends Error {
  override readonly name = 'TimeoutFailure';
}

const NEVER_RETRIED = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_INVALID/;

/** Says what went wrong before there was a reply. */
export function networkFailure(error: unknown): Failure {
  if (error instanceof TimeoutFailure)
    return { problem: 'unavailable', message: error.message, retry: true, cause: error };
  const codes: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = (cause as { code?: unknown }).code;
    if (typeof code === 'string') codes.push(code);
  }
  const code = codes.at(-1);
  const said =
    code === 'ENOTFOUND' || code === 'EAI_AGAIN'
      ? 'could not be found on the network'
      : code === 'ECONNREFUSED'
        ? 'does not accept connections'
        : NEVER_RETRIED.test(codes.join(' '))
          ? 'has a certificate that cannot be trusted'
          : 'broke off the connection';
  return {
    problem: 'unavailable',
    message: code ? `${said} (${code})` : said,
    retry: !NEVER_RETRIED.test(codes.join(' ')),
    hint: 'check the network, and providers.<name>.base_url if you set one',
    cause: error,
  };
}
