import ky, { type KyInstance } from 'ky';
import { generalFailure, networkFailure, TimeoutFailure, type Failure, type Reply } from './failure.ts';
import { parseJson } from './json.ts';
import type { LookUp } from './public-host.ts';

/** A request that did not deliver, after all attempts. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message, { cause: failure.cause });
    this.failure = failure;
  }
}

/** What the outside world looks like to the client; tests bring their own. */
export interface HttpWorld {
  fetch: typeof globalThis.fetch;
  now(): Date;
  /** Resolves after the time, or rejects at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A number in [0, 1). */
  random(): number;
  /** Looks up where the names of hosts lead that users name. Left out: nobody looks, as where the network is not real. */
  lookUp?: LookUp | undefined;
  /** How long to wait for a host; the usual patience when left out. */
  timeouts?: Timeouts | undefined;
}

/** Milliseconds until a host is given up. */
export interface Timeouts {
  /** For the headers of a reply. */
  headersMs: number;
  /** For each pause in a body. */
  idleMs: number;
  /** For all attempts together, bodies included. */
  totalMs: number;
}

export interface HttpRequest {
  url: URL;
  /** Sent as JSON with POST; without it the request is a GET. */
  body?: unknown;
  headers: Record<string, string>;
  /** Decompressed bytes of a body that are read at most. */
  maxBytes: number;
  signal?: AbortSignal | undefined;
  classify(reply: Reply): Failure | undefined;
  /** Called before each attempt is sent; what it returns is called with the outcome. It may refuse by throwing. */
  onAttempt(): Promise<(outcome: { failure?: Failure; latencyMs: number; headers?: Headers }) => void>;
}

const ATTEMPTS = 3;
const TIMEOUTS: Timeouts = { headersMs: 30_000, idleMs: 30_000, totalMs: 120_000 };
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const LONGEST_WAIT_MS = 60_000;
const MAX_REDIRECTS = 3;

/**
 * Asks for a URL and returns a good reply, its JSON parsed. It must be a question that may be asked twice: up to three attempts with exponential backoff and full
 * jitter; Retry-After is obeyed up to a minute. One deadline covers all attempts, bodies included. Redirects are
 * followed on the same origin only: the key in the headers must not travel.
 * @throws RequestError after the last attempt, or at once when trying again is pointless.
 */
export async function askJson(world: HttpWorld, request: HttpRequest): Promise<Reply> {
  const client = openClient(world.fetch);
  const timeouts = world.timeouts ?? TIMEOUTS;
  const deadline = world.now().getTime() + timeouts.totalMs;
  let earlier: Failure | undefined;
  for (let attempt = 1; ; attempt++) {
    const settle = await begin(request, earlier);
    const start = performance.now();
    const outcome = await attemptOnce(client, world, request, {
      ...timeouts,
      // Not the plain difference: the clock may have been set back.
      totalMs: Math.min(timeouts.totalMs, Math.max(1, deadline - world.now().getTime())),
    });
    const latencyMs = performance.now() - start;
    const failure =
      'failure' in outcome ? outcome.failure : (request.classify(outcome.reply) ?? generalFailure(outcome.reply));
    const headers = 'reply' in outcome ? outcome.reply.headers : undefined;
    settle({ latencyMs, ...(failure && { failure }), ...(headers && { headers }) });
    if (!failure) return (outcome as { reply: Reply }).reply;
    if (!failure.retry || attempt >= ATTEMPTS) throw new RequestError(failure);
    const backoff = world.random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
    const wait = Math.max(backoff, failure.waitMs ?? 0);
    if (wait > LONGEST_WAIT_MS || world.now().getTime() + wait > deadline) throw new RequestError(failure);
    await world.sleep(wait, request.signal);
    earlier = failure;
  }
}

/** Begins an attempt. When a further one is refused, by a spent quota for example, what failed before is what matters. */
async function begin(request: HttpRequest, earlier: Failure | undefined) {
  try {
    return await request.onAttempt();
  } catch (error) {
    throw earlier && !request.signal?.aborted ? new RequestError(earlier) : error;
  }
}

const clients = new WeakMap<HttpWorld['fetch'], KyInstance>();

/** The client over a fetch: made once, as making it costs as much as a small request. */
function openClient(fetch: HttpWorld['fetch']): KyInstance {
  let client = clients.get(fetch);
  if (!client) {
    client = ky.create({ fetch, retry: 0, timeout: false, redirect: 'manual', throwHttpErrors: false });
    clients.set(fetch, client);
  }
  return client;
}

/** Sends one request and reads its body, within a time-out for the headers, for each pause, and in total. */
async function attemptOnce(
  client: KyInstance,
  world: HttpWorld,
  request: HttpRequest,
  timeouts: Timeouts,
): Promise<{ reply: Reply } | { failure: Failure }> {
  const controller = new AbortController();
  const { signal } = controller;
  const forward = () => controller.abort(request.signal?.reason);
  if (request.signal?.aborted) forward();
  request.signal?.addEventListener('abort', forward, { once: true });
  const given = giveUp(signal);
  const stop = (what: string) => () => controller.abort(new TimeoutFailure(`${what} in time`));
  const total = setTimeout(stop('did not finish its answer'), timeouts.totalMs);
  let idle = setTimeout(stop('did not answer'), timeouts.headersMs);
  const alive = () => {
    clearTimeout(idle);
    idle = setTimeout(stop('stopped in the middle of its answer and did not go on'), timeouts.idleMs);
  };
  try {
    const response = await Promise.race([follow(client, request, signal), given]);
    alive();
    const text = await readBody(response, request.maxBytes, alive, given);
    const { status, headers } = response;
    return { reply: { receivedAt: world.now(), status, headers, text, body: parseJson(text) } };
  } catch (error) {
    if (request.signal?.aborted) throw error;
    const cause: unknown = controller.signal.aborted ? controller.signal.reason : error;
    // Ends what is still on its way of a reply that was given up.
    controller.abort();
    return { failure: cause instanceof RequestError ? cause.failure : networkFailure(cause) };
  } finally {
    clearTimeout(total);
    clearTimeout(idle);
    request.signal?.removeEventListener('abort', forward);
  }
}

/**
 * Rejects when the signal aborts. Waiting for that beside the request is not too much: what the request itself listens with
 * may have been collected as garbage, and then it never hears of it.
 */
function giveUp(signal: AbortSignal): Promise<never> {
  const given = new Promise<never>((_, reject) => {
    const give = () => reject(signal.reason as Error);
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
  given.catch(() => {});
  return given;
}

/** Follows redirects, but never to another origin. */
async function follow(client: KyInstance, request: HttpRequest, signal: AbortSignal): Promise<Response> {
  let url = request.url;
  for (let hop = 0; ; hop++) {
    const response = await (request.body === undefined
      ? client.get(url, { headers: request.headers, signal })
      : client.post(url, { headers: request.headers, signal, json: request.body }));
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || !location) return response;
    const target = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    if (!target || target.origin !== url.origin) {
      throw new RequestError({
        problem: 'malformed',
        message: `redirects to another host (${target?.origin ?? 'an unreadable address'}); it was not followed, so the key stayed here`,
        retry: false,
      });
    }
    if (target.username !== '' || target.password !== '') {
      throw new RequestError({
        problem: 'malformed',
        message: 'redirects to an address with a user name in it; it was not followed',
        retry: false,
      });
    }
    if (hop >= MAX_REDIRECTS) {
      throw new RequestError({ problem: 'malformed', message: 'redirects in a circle', retry: false });
    }
    await response.body?.cancel();
    url = target;
  }
}

/** Reads a body as text; what counts against the limit are the decompressed bytes. */
async function readBody(
  response: Response,
  maxBytes: number,
  onChunk: () => void,
  given: Promise<never>,
): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const chunks: Uint8Array[] = [];
  try {
    for (let size = 0; ;) {
      const { done, value } = await Promise.race([reader.read(), given]);
      if (done) return new TextDecoder().decode(Buffer.concat(chunks, size));
      onChunk();
      size += value.byteLength;
      chunks.push(value);
      if (size > maxBytes) throw tooLarge(maxBytes);
    }
  } finally {
    // Nobody waits for what is still on its way.
    reader.cancel().catch(() => {});
  }
}

function tooLarge(maxBytes: number): RequestError {
  const megabytes = (maxBytes / 1024 / 1024).toLocaleString('en-US', { maximumFractionDigits: 1 });
  return new RequestError({
    problem: 'malformed',
    message: `sent a body larger than ${megabytes} MB; reading stopped there`,
    retry: false,
    hint: 'if that is expected, raise providers.<name>.max_response_mb',
  });
}
