import { Hono } from 'hono';
import { findSchemaVersion } from '../query/find-schema-version.ts';
import { createListeners, type ListenerTiming } from './events.ts';
import { Failure } from './failure.ts';
import { listGauges } from './gauge.ts';
import type { ServerEnv, ServerParts } from './parts.ts';
import { describeTally, renderFamilies } from './prometheus.ts';
import { tallyOf } from './tally.ts';
import { isInForce, needsToken } from './token.ts';
import { sessionRoutes } from './token-route.ts';

/** A database that takes longer to say its version is not well. */
const HEALTH_TIMEOUT_MS = 2_000;
/** Whoever asks more often gets the answer that there is: this route has no limit. */
const HEALTH_LASTS_MS = 1_000;

/** What machines ask a server: is it well, what does it count, has anything changed. */
export function systemRoutes(parts: ServerParts, timing?: ListenerTiming): Hono<ServerEnv> {
  const { context } = parts;
  const app = new Hono<ServerEnv>();
  const listeners = createListeners(parts, timing);
  const findHealth = createHealth(parts);

  app.get('/healthz', async (c) => {
    const schema = await findHealth();
    if (schema === undefined) return c.json({ status: 'unavailable' }, 503);
    // A stranger learns that it is well, and nothing else.
    const isStranger = needsToken(c, parts) && c.get('caller').token === null;
    return c.json(isStranger ? { status: 'ok' } : { status: 'ok', version: context.version, schema });
  });

  app.get('/metrics', async (c) => {
    const text = renderFamilies([...describeTally(tallyOf(parts)), ...(await listGauges(parts))]);
    return c.body(text, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });

  app.get('/api/social-media/events', (c) => {
    const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' };
    // Nobody would ever close a stream of which only the head was wanted.
    if (c.req.method === 'HEAD') return c.body(null, 200, headers);
    const { token } = c.get('caller');
    const isFree = !needsToken(c, parts);
    const mayListen = async () => isFree || (token !== null && (await isInForce(parts, token.id)));
    const stream = listeners.open(c.req.header('last-event-id'), mayListen);
    if (!stream) {
      throw new Failure('unavailable', 'As many listen as can.', { headers: { 'retry-after': '30' } });
    }
    return c.body(stream, 200, headers);
  });

  app.route('/', sessionRoutes(parts));
  return app;
}

/** Asks the database for its schema, at most once a second. @returns undefined when it does not answer in time. */
function createHealth({ context }: ServerParts): () => Promise<number | undefined> {
  let known: { at: number; answer: Promise<number | undefined> } | undefined;
  const ask = async () => {
    const { db } = await context.openStore();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((done) => {
      timer = setTimeout(() => done(undefined), HEALTH_TIMEOUT_MS);
    });
    try {
      return await Promise.race([findSchemaVersion(db), late]);
    } finally {
      clearTimeout(timer);
    }
  };
  return () => {
    const at = performance.now();
    if (!known || at - known.at >= HEALTH_LASTS_MS) known = { at, answer: ask().catch(() => undefined) };
    return known.answer;
  };
}
