import type { HttpWorld } from '../../src/provider/client/http.ts';

/** A request that somebody tried to send. */
export interface FakeRequest {
  method: string;
  url: URL;
  headers: Headers;
  signal: AbortSignal;
  /** What was sent with it, as text. */
  sent: string;
}

/** Says which requests a stub is for: a predicate, or what the address must hold (other parameters are free). */
export type Match =
  | ((request: FakeRequest) => boolean)
  | { host?: string; path?: string; query?: Readonly<Record<string, string>>; sent?: unknown };

export type Respond = (request: FakeRequest) => Response | Promise<Response>;

/** A network that fails on what was not foreseen, and on what was foreseen and never came. */
export interface FakeHttp {
  fetch: typeof globalThis.fetch;
  /** All requests, in order, the unforeseen ones included. */
  requests: FakeRequest[];
  /** Answers one request that matches, whenever it comes. */
  on(match: Match, respond: Respond): FakeHttp;
  /** Answers one request that matches, after all those that were given with `next` before. */
  next(match: Match, respond: Respond): FakeHttp;
  /** @throws Error naming unforeseen requests and unused stubs. */
  verify(): void;
}

interface Stub {
  name: string;
  isOrdered: boolean;
  matches(request: FakeRequest): boolean;
  respond: Respond;
}

/** Makes a network of stubs. Each answers once; the first unused one that matches does. Call `verify` at the end. */
export function createFakeHttp(): FakeHttp {
  const stubs: Stub[] = [];
  const unforeseen: string[] = [];
  const add = (match: Match, respond: Respond, isOrdered: boolean) => {
    stubs.push({ name: nameOf(match), isOrdered, matches: toPredicate(match), respond });
    return http;
  };
  const http: FakeHttp = {
    requests: [],
    fetch: async (input, init) => {
      const sent = new Request(input, init);
      const { method, headers, signal } = sent;
      const request = { method, url: new URL(sent.url), headers, signal, sent: await sent.text() };
      http.requests.push(request);
      signal.throwIfAborted();
      const nextOrdered = stubs.find((stub) => stub.isOrdered);
      const stub = stubs.find((each) => (!each.isOrdered || each === nextOrdered) && each.matches(request));
      if (!stub) {
        unforeseen.push(`${request.method} ${request.url}`);
        throw new Error(`no stub for ${request.method} ${request.url}`);
      }
      stubs.splice(stubs.indexOf(stub), 1);
      return stub.respond(request);
    },
    on: (match, respond) => add(match, respond, false),
    next: (match, respond) => add(match, respond, true),
    verify() {
      const problems = [
        ...unforeseen.map((each) => `unforeseen request: ${each}`),
        ...stubs.map(({ name }) => `stub never used: ${name}`),
      ];
      if (problems.length > 0) throw new Error(problems.join('\n'));
    },
  };
  return http;
}

/** Answers with JSON; a string is sent as it is. */
export function json(body: unknown, init: ResponseInit = {}): Respond {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return () => new Response(text, { ...init, headers: { 'content-type': 'application/json', ...init.headers } });
}

/** Never answers; ends when the caller gives up. */
export const stall: Respond = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

/** A world whose clock moves only when somebody sleeps. */
export interface FakeWorld extends HttpWorld {
  /** What was asked for, in milliseconds. */
  sleeps: number[];
  /** Moves the clock. */
  advance(ms: number): void;
}

/** Makes a world around a network. Chance is always one half, so the first backoff is 500 ms and the second 1,000. */
export function createFakeWorld(fetch: typeof globalThis.fetch, start = '2026-11-22T10:00:00Z'): FakeWorld {
  let clock = Date.parse(start);
  const world: FakeWorld = {
    fetch,
    sleeps: [],
    now: () => new Date(clock),
    random: () => 0.5,
    advance: (ms) => void (clock += ms),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      world.sleeps.push(ms);
      clock += ms;
    },
  };
  return world;
}

function toPredicate(match: Match): (request: FakeRequest) => boolean {
  if (typeof match === 'function') return match;
  const { host, path, query = {}, sent } = match;
  return ({ url, sent: given }) =>
    (host === undefined || url.host === host) &&
    (path === undefined || url.pathname === path) &&
    (sent === undefined || given === JSON.stringify(sent)) &&
    Object.entries(query).every(([name, value]) => url.searchParams.get(name) === value);
}

function nameOf(match: Match): string {
  return typeof match === 'function' ? String(match) : JSON.stringify(match);
}
