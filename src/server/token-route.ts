import { Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { Failure } from './failure.ts';
import type { ServerEnv, ServerParts } from './parts.ts';
import { clientKey, createLimiter } from './rate-limit.ts';
import { SESSION_COOKIE, SESSION_MS, sessionsOf } from './token-session.ts';
import { findShown, tooMany } from './token.ts';

/** Of one address; nobody mistypes a token more often. */
const TRIES_PER_MINUTE = 10;

const COOKIE = { path: '/', httpOnly: true, sameSite: 'Strict' } as const;

/** Lets a browser in that was given a token, and out again. */
export function sessionRoutes(parts: ServerParts): Hono<ServerEnv> {
  const app = new Hono<ServerEnv>();
  const { context } = parts;
  const tries = createLimiter(TRIES_PER_MINUTE, () => context.now().getTime());
  app.post('/session', async (c) => {
    const seconds = tries.take(clientKey(c.get('caller').address));
    if (seconds > 0) throw tooMany(parts, seconds);
    const body: unknown = await c.req.json().catch(() => undefined);
    const secret = (body as { token?: unknown } | null | undefined)?.token;
    if (typeof secret !== 'string') throw new Failure('bad_request', 'token is missing: {"token":"smst_…"}');
    const token = await findShown(parts, secret);
    if (!token) throw new Failure('unauthorized', 'There is no such token in force.');
    setCookie(c, SESSION_COOKIE, sessionsOf(parts).open(token.id, context.now()), {
      ...COOKIE,
      maxAge: SESSION_MS / 1000,
      secure: c.req.header('origin')?.startsWith('https:') ?? false,
    });
    return c.json({ success: true, scope: token.scope });
  });
  app.delete('/session', (c) => {
    const name = getCookie(c, SESSION_COOKIE);
    if (name !== undefined) sessionsOf(parts).close(name);
    deleteCookie(c, SESSION_COOKIE, COOKIE);
    return c.json({ success: true });
  });
  return app;
}
