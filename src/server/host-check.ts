import type { IncomingMessage } from 'node:http';
import type { MiddlewareHandler } from 'hono';
import { isLoopback } from '../core/loopback.ts';
import { Failure } from './failure.ts';
import type { Address, ServerEnv, ServerParts } from './parts.ts';

/** What of a request says where it was sent to, and from where. */
interface Sender {
  host: string | undefined;
  origin: string | undefined;
  /** What browsers tell by themselves, and no page can change. */
  site: string | undefined;
  mode: string | undefined;
}

/** An address as it stands in a URL. */
export function formatAddress({ host, port }: Address): string {
  return `${bracket(host)}:${port}`;
}

const bracket = (host: string) => (host.includes(':') ? `[${host}]` : host);

/**
 * Whether a Host header names this server. On loopback a page whose name was made to lead here (DNS rebinding) is told apart
 * by it: nothing but the names of this machine will do, with the port. Elsewhere any name will, for there a token is needed
 * that no such page has.
 */
function isOwnHost(host: string, address: Address): boolean {
  if (!isLoopback(address.host)) return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.test(host);
  const names = ['127.0.0.1', 'localhost', '[::1]', bracket(address.host)];
  // Browsers leave out the port that http has by itself.
  const ports = address.port === 80 ? ['', ':80'] : [`:${address.port}`];
  return names.some((name) => ports.some((port) => host.toLowerCase() === name + port));
}

/** Whether an Origin is a page of this server. Behind a proxy that speaks TLS it is https. */
function isOwnOrigin(origin: string, host: string, address: Address): boolean {
  const [, scheme = '', from = ''] = /^(https?):\/\/([^/]+)$/i.exec(origin) ?? [];
  if (isLoopback(address.host)) return scheme.toLowerCase() === 'http' && isOwnHost(from, address);
  return from !== '' && from.toLowerCase() === host.toLowerCase();
}

/** What shows a page, and holds no numbers: other sites may link to it, and it needs no token. */
export function isPage(path: string): boolean {
  return path === '/' || path === '/docs' || path === '/docs.css' || path.startsWith('/assets/');
}

/** Refuses what other sites make a browser send here. */
export function checkSender(parts: ServerParts): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const sender = {
      host: c.req.header('host'),
      origin: c.req.header('origin'),
      site: c.req.header('sec-fetch-site'),
      mode: c.req.header('sec-fetch-mode'),
    };
    const { incoming } = (c.env ?? {}) as { incoming?: IncomingMessage };
    // Without a socket there is no network: it was asked within this process. A target may name a host as well.
    const target = incoming?.url?.startsWith('http') ? new URL(c.req.url).host : undefined;
    if (incoming && (!sender.host || (target !== undefined && target !== sender.host))) throw misdirected();
    judge(sender, parts.address, c.req.method === 'GET' && isPage(c.req.path));
    await next();
  };
}

function judge({ host, origin, site, mode }: Sender, address: Address, isGetOfPage: boolean): void {
  if (host !== undefined && !isOwnHost(host, address)) throw misdirected();
  if (origin !== undefined && !isOwnOrigin(origin, host ?? formatAddress(address), address)) throw foreign();
  const isLink = isGetOfPage && mode === 'navigate';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isLink) throw foreign();
}

const misdirected = () => new Failure('misdirected', 'This server does not answer to that name.');
const foreign = () => new Failure('forbidden', 'Pages of other sites may not ask here.');
