import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { lookup } from 'node:dns/promises';
import { getRequestListener } from '@hono/node-server';
import { SmstatsError, UsageError } from '../core/errors.ts';
import { isLoopback } from '../core/loopback.ts';
import type { Context } from '../context.ts';
import { hasToken } from '../query/find-token.ts';
import { createApp } from './app.ts';
import { formatAddress } from './host-check.ts';
import type { Address, ErrorBody, ServerParts } from './parts.ts';

/** A server that answers. */
export interface Listening {
  address: Address;
  url: string;
  /** Nobody has to show a token. */
  isOpen: boolean;
  /** Takes nothing new, lets what is under way end, for ten seconds at most; `now` ends it at once. */
  close(now: AbortSignal): Promise<void>;
}

const GRACE_MS = 10_000;

/** Whoever sends slower than this holds a connection for its own sake. */
const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // How often the two above are looked at: by itself every 30 seconds.
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
  keepAlive: true,
};
const MOST_CONNECTIONS = 1_024;
/** Of a connection on which nothing moves in either direction. An event stream moves each 15 seconds. */
const SILENCE_MS = 120_000;

/**
 * Starts the server.
 * @throws UsageError when it would be open to others and nobody has a token; SmstatsError when it cannot listen there.
 */
export async function listen(context: Context, { host, port }: Address): Promise<Listening> {
  // Judged by what it leads to: a name may be anything. The empty one would be every address.
  const name = host.replace(/^\[(.*)\]$/, '$1') || '.';
  const resolved = await lookup(name).catch(() => {
    throw new UsageError(`There is no host "${host}".`, 'smstats serve --host 127.0.0.1');
  });
  const parts: ServerParts = { context, address: { host: resolved.address, port } };
  const isOpen = isLoopback(resolved.address);
  if (!isOpen) await requireAnyToken(context, host);
  const app = createApp(parts, { isOpen });
  const server = createServer(LIMITS, getRequestListener(app.fetch, { errorHandler: refuseUnread }));
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(SILENCE_MS);
  server.listen({ host: resolved.address, port, exclusive: true });
  await once(server, 'listening').catch((error: unknown) => {
    throw explainListenError(error, { host, port });
  });
  parts.address.port = (server.address() as AddressInfo).port;
  return {
    address: parts.address,
    url: `http://${formatAddress(parts.address)}`,
    isOpen,
    close: (now) => close(server, now),
  };
}

async function requireAnyToken(context: Context, host: string): Promise<void> {
  const { db } = await context.openStore();
  if (await hasToken(db, context.now())) return;
  throw new UsageError(
    `On ${host} others could read and change the numbers, and there is no token yet.`,
    'smstats token create <name>, or leave out --host to serve this machine alone',
  );
}

/** What a failure to listen means. */
export function explainListenError(error: unknown, { host, port }: Address): unknown {
  const elsewhere = `smstats serve --port ${port === 8001 ? 8002 : 8001}, or --port 0 for any that is free`;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new SmstatsError('failed', `Port ${port} on ${host} is in use.`, { hint: elsewhere, cause: error });
    case 'EACCES':
      return new SmstatsError('failed', `Port ${port} is for the system's own services: this user may not open it.`, {
        hint: elsewhere,
        cause: error,
      });
    case 'EADDRNOTAVAIL':
      return new SmstatsError('failed', `${host} is no address of this machine.`, {
        hint: 'smstats serve --host 127.0.0.1, or 0.0.0.0 for every address of this machine',
        cause: error,
      });
    default:
      return error;
  }
}

/** The answer to what could not be made a request of: a target or a Host header that is none. */
function refuseUnread(): Response {
  const body: ErrorBody = { success: false, message: 'This request cannot be read.', error: 'bad_request' };
  return Response.json(body, { status: 400, headers: { 'x-content-type-options': 'nosniff' } });
}

async function close(server: Server, now: AbortSignal): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A connection that is kept alive becomes idle when its request is over.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const end = () => server.closeAllConnections();
  const timer = setTimeout(end, GRACE_MS);
  now.addEventListener('abort', end, { once: true });
  if (now.aborted) end();
  await closed;
  clearInterval(idle);
  clearTimeout(timer);
}
