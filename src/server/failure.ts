import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { ConfigError, SmstatsError, StoreError, type Ending } from '../core/errors.ts';
import type { ErrorBody, ServerEnv } from './parts.ts';

/** Every way to fail, by its word for programs. */
export const FAILURES = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  misdirected: 421,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type FailureName = keyof typeof FAILURES;

/** How an explained error is answered. What is wrong with the machine is nobody's request. */
const ENDING_FAILURE: Record<Ending, FailureName> = {
  done: 'internal',
  failed: 'unavailable',
  usage: 'bad_request',
  partial: 'internal',
  credentials: 'unavailable',
  quota: 'unavailable',
  unavailable: 'unavailable',
  not_found: 'not_found',
  fired: 'internal',
  locked: 'unavailable',
  interrupted: 'unavailable',
  terminated: 'unavailable',
};

/** A request that is not answered. Thrown anywhere in a handler. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly kind: FailureName;
  readonly items: ErrorBody['items'];
  readonly headers: Record<string, string>;

  constructor(
    kind: FailureName,
    message: string,
    details: { items?: ErrorBody['items']; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.kind = kind;
    this.items = details.items;
    this.headers = details.headers ?? {};
  }
}

/** What is wrong, as a sentence; the name of a field stays as it is. */
export function sentence(problems: readonly string[]): string {
  const text = [...new Set(problems)]
    .join('; ')
    .replace(/^(it|there|the) /, (word) => word[0]?.toUpperCase() + word.slice(1));
  return /[.?]$/.test(text) ? text : `${text}.`;
}

/** Answers with an error: status, body and headers of the failure. */
export function refuse(c: Context<ServerEnv>, failure: Failure): Response {
  const { kind, message, items, headers } = failure;
  const body: ErrorBody = { success: false, message, error: kind, ...(items && { items }) };
  return c.json(body, FAILURES[kind], headers);
}

/** What any thrown thing is for a client. Of a bug, of files and of the database it learns nothing. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof HTTPException) {
    const kind = (Object.keys(FAILURES) as FailureName[]).find((name) => FAILURES[name] === error.status);
    return kind === undefined || error.status >= 500 ? bug() : new Failure(kind, error.message || 'refused');
  }
  if (!(error instanceof SmstatsError) || error instanceof ConfigError) return bug();
  // What a store says is wrong with the configuration names a file.
  const isOfStore = error instanceof StoreError && error.ending === 'usage';
  const kind = isOfStore ? 'unavailable' : ENDING_FAILURE[error.ending];
  if (kind === 'internal') return bug();
  if (kind === 'unavailable') return new Failure(kind, 'The database does not answer, or is locked; try again.');
  return new Failure(kind, withHint(error));
}

/** With the next step, unless that is a command or a flag. */
function withHint({ message, hint }: SmstatsError): string {
  if (hint === undefined || /\bsmstats\b|--/.test(hint)) return message;
  return `${message.replace(/\.$/, '')}; ${hint}.`;
}

function bug(): Failure {
  return new Failure('internal', 'Something went wrong here; the log of the server says what.');
}
