import { createServer, type ServerResponse } from 'node:http';
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
  timeoutMs: number;
  signal: AbortSignal;
}

const HEADERS = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  connection: 'close',
};

/**
 * Listens on 127.0.0.1 alone, on `port` or on one that is free.
 * @throws UsageError when the port is taken.
 */
export async function openLoopback(redirect: Redirect, port: number): Promise<Loopback> {
  let answer: ((query: URLSearchParams) => boolean) | undefined;
  const server = createServer({ maxHeaderSize: 32_768 }, (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    // A page of another name that was pointed at this address (DNS rebinding) does not get to speak.
    const isOurs = [`127.0.0.1:${bound}`, `localhost:${bound}`].includes(request.headers.host ?? '');
    const isPath = url.pathname.replace(/\/$/, '') === redirect.path.replace(/\/$/, '');
    if (!isOurs || !isPath) return send(response, 404, 'There is nothing here.');
    if (request.method !== 'GET') return send(response, 405, 'Only GET.');
    // What comes after the one request, a reload for example, changes nothing any more.
    if (!answer) return send(response, 410, 'This login is over. You can close this page.');
    const isGood = answer(url.searchParams);
    send(
      response,
      isGood ? 200 : 400,
      isGood
        ? 'smstats has its answer. You can close this page; the terminal says how it went.'
        : 'This did not work. The terminal says why. You can close this page.',
    );
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 10_000;
  await new Promise<void>((done, fail) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      fail(
        new UsageError(
          code === 'EADDRINUSE' ? `Port ${port} of this machine is taken.` : `Port ${port} cannot be opened (${code}).`,
          'another one: --port <n>',
        ),
      ),
    );
    server.listen(port, '127.0.0.1', done);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    redirectUri: `http://${redirect.host}:${bound}${redirect.path}`,
    wait: (read, { timeoutMs, signal }) =>
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
          try {
            const result = read(query);
            end(() => done(result));
            return true;
          } catch (error) {
            end(() => fail(error));
            return false;
          }
        };
      }),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeIdleConnections();
        // A page that is not read to its end must not keep the program alive.
        setTimeout(() => server.closeAllConnections(), 500).unref();
      }),
  };
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
