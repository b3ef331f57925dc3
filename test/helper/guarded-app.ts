import { Hono } from 'hono';
import { createContext, type Context, type Environment, type GlobalFlags } from '../../src/context.ts';
import { Failure, refuse, toFailure } from '../../src/server/failure.ts';
import { guard } from '../../src/server/guard.ts';
import type { Address, ServerEnv, ServerParts } from '../../src/server/parts.ts';
import { systemRoutes } from '../../src/server/system.ts';
import { databaseOf, makeDirectory, openTempStore } from './temp-store.ts';
import type { Store } from '../../src/store/open.ts';
import { NOW } from './run-cli.ts';

/** A server's parts on a database of their own, with a clock that tests move and a log that they read. */
export interface TestParts extends ServerParts {
  store: Store;
  /** What was written to stderr. */
  log(): string;
  clock: { now: Date };
  /** As a signal does. */
  stop(): void;
}

export interface TestOptions extends Partial<Address> {
  flags?: GlobalFlags;
  env?: Record<string, string>;
  isTTY?: boolean;
}

/** Makes the parts of a server. Its context opens the same database as `store`, over a connection of its own. */
export async function makeParts({ host = '127.0.0.1', port = 8001, ...options }: TestOptions = {}): Promise<TestParts> {
  const store = await openTempStore();
  const stop = new AbortController();
  const clock = { now: NOW };
  let log = '';
  const env = { SMSTATS_HOME: makeDirectory(), SMSTATS_TIMEZONE: 'UTC', ...options.env };
  const environment: Environment = {
    env: { ...env, SMSTATS_DATABASE_URL: await databaseOf(store) },
    stdin: () => process.stdin,
    stdout: { write: () => true },
    stderr: { write: (text) => (log += text), isTTY: options.isTTY ?? false },
    now: () => clock.now,
    version: '0.0.0-test',
    running: { execPath: process.execPath, script: 'smstats.js', version: process.version, modules: '0' },
    program: 'smstats',
    stop: stop.signal,
    abort: new AbortController().signal,
    onSignals: () => {},
  };
  const context: Context = createContext(environment, { ...options.flags });
  return { context, address: { host, port }, store, log: () => log, clock, stop: () => stop.abort() };
}

/** What guards the server, around routes that say what reached them. */
export function guardedApp(parts: ServerParts): Hono<ServerEnv> {
  const app = new Hono<ServerEnv>();
  app.onError((error, c) => refuse(c, toFailure(error)));
  app.notFound((c) => refuse(c, new Failure('not_found', 'There is no such page here.')));
  app.use('*', ...guard(parts));
  app.route('/', systemRoutes(parts, { pollMs: 50, heartbeatMs: 200 }));
  app.get('/', (c) => c.html('<p>page</p>'));
  app.get('/assets/:file', (c) => c.body('', 200, { 'cache-control': 'max-age=9' }));
  app.get('/api/echo', (c) => c.json({ success: true }));
  app.get('/api/broken', () => {
    throw new Error('at /secret/place.ts: token=abcdef123456');
  });
  app.post('/api/echo', async (c) => {
    const text = await c.req.text();
    return c.json({ success: true, type: c.req.header('content-type') ?? null, length: text.length });
  });
  app.delete('/api/echo', (c) => c.json({ success: true }));
  return app;
}

/** A request as a client sends it: to this host unless it says otherwise. */
export function ask(
  app: { request: Hono<ServerEnv>['request'] },
  method: string,
  path: string,
  headers: Record<string, string | undefined> = {},
  body?: string | Buffer | ReadableStream,
): Promise<Response> {
  const given = Object.entries({ host: '127.0.0.1:8001', ...headers }).filter(([, value]) => value !== undefined);
  const init = { method, headers: given as [string, string][], ...(body !== undefined && { body, duplex: 'half' }) };
  return Promise.resolve(app.request(path, init as RequestInit));
}
