import { askForToken } from './sign-in.ts';

/** Said when nobody answers. */
export const NO_REPLY = 'The server does not answer. Is "smstats serve" still running?';

/** A request that the server refused, or that did not reach it. */
export class ApiError extends Error {
  /** The HTTP status; 0 when there was no reply. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

/** What a query string is made of; null and undefined are left out. */
export type Query = Record<string, string | number | boolean | null | undefined>;

/**
 * Asks the server. Without a token where one is needed, the person is asked for it first.
 * @param path as in the API: `/api/social-media/accounts`.
 * @throws ApiError with the server's own sentence; the AbortError of the signal.
 */
export function get<Body>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Body> {
  return ask<Body>(withQuery(path, query), signal ? { signal } : {});
}

/** Sends a change. @throws ApiError with the server's own sentence. */
export function post<Body>(path: string, body: unknown, signal?: AbortSignal): Promise<Body> {
  return ask<Body>(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}

/** @returns the path with what is known of the query. */
function withQuery(path: string, query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === null || value === undefined ? [] : [[name, String(value)]],
  );
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs)}`;
}

async function ask<Body>(url: string, request: RequestInit): Promise<Body> {
  for (;;) {
    const response = await send(url, request);
    if (response.status === 401) {
      await askForToken(openSession);
      request.signal?.throwIfAborted();
      continue;
    }
    const body = await readBody(response);
    if (!response.ok) throw new ApiError(response.status, messageOf(body) ?? `The server answered ${response.status}.`);
    return body as Body;
  }
}

/** @returns what is wrong with the token, or null when the session is open. */
async function openSession(token: string): Promise<string | null> {
  const response = await send('/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (response.ok) return null;
  return messageOf(await readBody(response)) ?? 'This token is not known.';
}

async function send(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, {
      ...request,
      credentials: 'same-origin',
      headers: { Accept: 'application/json', ...request.headers },
    });
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new ApiError(0, NO_REPLY);
  }
}

async function readBody(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function messageOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('message' in body)) return null;
  return typeof body.message === 'string' ? body.message : null;
}
