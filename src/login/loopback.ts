import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SmstatsError, UsageError } from '../core/errors.ts';
import type { Redirect } from './vendors.ts';

/** A server on this machine that waits for the browser to come back. */
export interface Loopback {
  redirectUri: string;
  /**
   * Waits for the one request that counts and lets `read` judge its query; the page says no more than whether that went
   * well.
   * @throws what `read` throws; SmstatsError (credentials) after `timeoutMs`, (interrupted) when the signal aborts.
   */
  wait<Result>(read: (query: URLSearchParams) => Result, options: WaitOptions): Promise<Result>;
  close(): Promise<void>;
}

interface WaitOptions {
  /** Whether a query is the one that is waited for. Any page of the browser, and any user, can send another. */
  isEnd(query: URLSearchParams): boolean;
  /** Told of each that is not. */
  onStranger(): void;
  timeoutMs: number;
  signal: AbortSignal;
}

type Verdict = 'good' | 'bad' | 'stranger';

const HEADERS = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  connection: 'close',
};

const PAGES: Record<Verdict, [status: number, text: string]> = {
  good: [200, 'smstats has its answer. You can close this page; the terminal says how it went.'],
  bad: [400, 'This did not work. The terminal says why. You can close this page.'],
  stranger: [400, 'This does not belong to the login that is waited for. You can close this page.'],
};

/** A machine without IPv6 says one of these; then nobody else can listen there either. */
const NO_IPV6 = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EPROTONOSUPPORT']);

/**
 * Listens on 127.0.0.1 alone, on `port` or on one that is free. Where the browser is sent to `localhost`, which may be either
 * address, on [::1] as well: another user who listens there would get the code.
 * @throws UsageError when the port is taken.
 */
export async function openLoopback(redirect: Redirect, port: number): Promise<Loopback> {
  let answer: ((query: URLSearchParams) => Verdict) | undefined;
  let bound = port;
  const respond = (request: IncomingMessage, response: ServerResponse) => {
    const address = request.url ?? '/';
    // `//` is a path to a browser and no address to a parser.
    const url = URL.canParse(address, 'http://127.0.0.1') ? new URL(address, 'http://127.0.0.1') : undefined;
    // A page of another name that was pointed at this address (DNS rebinding) does not get to speak.
    const isOurs = [`127.0.0.1:${bound}`, `localhost:${bound}`].includes(request.headers.host ?? '');
    const isPath = url?.pathname.replace(/\/$/, '') === redirect.path.replace(/\/$/, '');
    if (!url || !isOurs || !isPath) return send(response, 404, 'There is nothing here.');
    if (request.method !== 'GET') return send(response, 405, 'Only GET.');
    // What comes after the one request, a reload for example, changes nothing any more.
    if (!answer) return send(response, 410, 'This login is over. You can close this page.');
    send(response, ...PAGES[answer(url.searchParams)]);
  };
  const open = () => {
    const server = createServer({ maxHeaderSize: 32_768 }, (request, response) => {
      try {
        respond(request, response);
      } catch {
        // Whoever sent it, it must not end the program.
        response.destroy();
      }
    });
    server.headersTimeout = 10_000;
    server.requestTimeout = 10_000;
    return server;
  };
  const servers = [open()];
  const close = () => Promise.all(servers.map(closeServer)).then(() => {});
  try {
    bound = await listen(servers[0] as Server, port, '127.0.0.1');
    if (redirect.host === 'localhost') {
      const other = open();
      const isThere = await listen(other, bound, '::1').catch((error: NodeJS.ErrnoException) => {
        if (NO_IPV6.has(error.code ?? '')) return undefined;
        throw error;
      });
      if (isThere !== undefined) servers.push(other);
    }
  } catch (error) {
    await close();
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === 'EADDRINUSE' ? `Port ${bound} of this machine is taken.` : `Port ${bound} cannot be opened (${code}).`,
      'another one: --port <n>',
    );
  }
  return {
    redirectUri: `http://${redirect.host}:${bound}${redirect.path}`,
    wait: (read, { isEnd, onStranger, timeoutMs, signal }) =>
      new Promise((done, fail) => {
        const end = (settle: () => void) => {
          answer = undefined;
          clearTimeout(timer);
          signal.removeEventListener('abort', stop);
          settle();
        };
        const stop = () => end(() => fail(new SmstatsError('interrupted', 'Broken off; nobody was logged in.')));
        const timer = setTimeout(() => end(() => fail(lateAnswer(timeoutMs))), timeoutMs);
        signal.addEventListener('abort', stop);
        if (signal.aborted) return stop();
        answer = (query) => {
          if (!isEnd(query)) {
            onStranger();
            return 'stranger';
          }
          try {
            const result = read(query);
            end(() => done(result));
            return 'good';
          } catch (error) {
            end(() => fail(error));
            return 'bad';
          }
        };
      }),
    close,
  };
}

/** @returns the port. */
function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      // A connection that could not be accepted is no reason to end.
      server.on('error', () => {});
      done((server.address() as AddressInfo).port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeIdleConnections();
    // A page that is not read to its end must not keep the program alive.
    setTimeout(() => server.closeAllConnections(), 500).unref();
  });
}

function lateAnswer(timeoutMs: number): SmstatsError {
  return new SmstatsError(
    'credentials',
    `No answer came from the browser in ${Math.round(timeoutMs / 60_000)} minutes.`,
    {
      hint: 'run it again; where the browser is on another machine: --paste',
    },
  );
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, HEADERS);
  response.end(`${text}\n`);
}
