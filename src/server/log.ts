import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { safeJson } from '../core/text.ts';
import type { Context as World } from '../context.ts';
import type { ServerEnv, ServerParts } from './parts.ts';
import { countDuration, countRequest, tallyOf } from './tally.ts';
import { addressOf } from './token.ts';

/** What the log says of a request: no query, no header and no body, for they may hold secrets. */
export interface LoggedRequest {
  time: string;
  id: string;
  method: string;
  /** The pattern; `none` where nothing answers. */
  route: string;
  status: number;
  ms: number;
  /** What went over the socket, headers included; null without one. */
  bytes: number | null;
  client: string;
  /** Of what is our fault. */
  error?: string;
}

/** As others log it whose client left before there was an answer. */
const CLIENT_GONE = 499;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Gives each request its id; counts and logs it when it is over: when the last byte is out, or the client has gone. */
export function countAndLog(parts: ServerParts): MiddlewareHandler<ServerEnv> {
  const tally = tallyOf(parts);
  const { context } = parts;
  return async (c, next) => {
    const start = performance.now();
    const { outgoing } = (c.env ?? {}) as { outgoing?: ServerResponse };
    // The response lets go of its socket when it is over.
    const socket = outgoing?.socket;
    const writtenBefore = socket?.bytesWritten ?? 0;
    c.set('requestId', randomUUID());
    const method = METHODS.has(c.req.method) ? c.req.method : 'other';
    const finish = () => {
      const seconds = (performance.now() - start) / 1000;
      const status = c.finalized ? c.res.status : CLIENT_GONE;
      const route = routeOf(c);
      tally.inFlight -= 1;
      countRequest(tally, method, route, status);
      const isStream = c.finalized && c.res.headers.get('content-type')?.startsWith('text/event-stream');
      if (!isStream) countDuration(tally, route, seconds);
      if (context.flags.quiet) return;
      log(context, {
        time: context.now().toISOString(),
        id: c.get('requestId'),
        method,
        route,
        status,
        ms: Math.round(seconds * 1e6) / 1000,
        bytes: socket ? socket.bytesWritten - writtenBefore : null,
        client: addressOf(c),
        ...(status >= 500 && { error: describe(c.error, context) }),
      });
    };
    tally.inFlight += 1;
    outgoing?.once('close', finish);
    await next();
    if (!outgoing) finish();
  };
}

/** The pattern of the handler that a request leads to: what stands before it answers to every method. */
function routeOf(c: Context<ServerEnv>): string {
  return matchedRoutes(c).findLast(({ method }) => method !== 'ALL')?.path ?? 'none';
}

/** One line: for a person on a terminal, JSON for everything else and with `--verbose`. */
function log(context: World, request: LoggedRequest): void {
  if (context.stderr.isTTY && !context.flags.verbose) {
    const { time, method, route, status, ms, error } = request;
    const line = `${time.slice(11, 19)} ${method} ${route} ${status} ${ms.toFixed(1)} ms`;
    context.say(error === undefined ? line : `${line}: ${error} (${request.id})`);
  } else context.say(safeJson(JSON.stringify(request)));
}

function describe(error: Error | undefined, { flags }: World): string {
  if (!error) return 'no reason was given';
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return flags.verbose ? (error.stack ?? error.message) : `${error.message}${cause}`;
}
