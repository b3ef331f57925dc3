import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { getCookie } from 'hono/cookie';
import type { Context, MiddlewareHandler } from 'hono';
import { isLoopback } from '../core/loopback.ts';
import { findToken } from '../query/find-token.ts';
import { hashToken, touchToken, type TokenRow } from '../store/token.ts';
import { Failure } from './failure.ts';
import { isPage } from './host-check.ts';
import type { Caller, ServerEnv, ServerParts } from './parts.ts';
import { clientKey, createLimiter } from './rate-limit.ts';
import { tallyOf } from './tally.ts';
import { SESSION_COOKIE, sessionsOf } from './token-session.ts';

/** What holds no numbers, or is asked before there is a token. */
const OPEN_PATHS = new Set(['/healthz', '/session', '/openapi.json']);
/** A proxy on this machine passes on who knows whom. */
const FORWARDED = /^(forwarded|via|x-forwarded-.*|x-real-ip|x-client-ip|true-client-ip|cf-connecting-ip)$/;
const TOUCH_MS = 100;

/**
 * Finds out who asks, and stops who may not or asks too much. On loopback nobody needs a token, unless a proxy asks for
 * somebody else. Who shows one is counted by it, everybody else by address; health is for all, always.
 */
export function authenticate(parts: ServerParts): MiddlewareHandler<ServerEnv> {
  const { context } = parts;
  let limiter: ReturnType<typeof createLimiter> | undefined;
  return async (c, next) => {
    const address = addressOf(c);
    const token = await shownToken(c, parts);
    c.set('caller', { address, token: token ? { id: token.id, scope: token.scope } : null });
    if (c.req.path !== '/healthz') {
      limiter ??= createLimiter((await context.config()).api.requestsPerMinute, () => context.now().getTime());
      const seconds = limiter.take(token ? `token ${token.id}` : clientKey(address));
      if (seconds > 0) throw tooMany(parts, seconds);
    }
    if (needsToken(c, parts) && !isOpenPath(c.req.path)) requireToken(c.get('caller'), isWrite(c.req.method));
    await next();
  };
}

/** Where a request came from: the other end of its socket, `local` without one. */
export function addressOf(c: Context<ServerEnv>): string {
  const { incoming } = (c.env ?? {}) as { incoming?: IncomingMessage };
  return incoming?.socket?.remoteAddress ?? 'local';
}

/** The failure of who asks too much, counted. */
export function tooMany(parts: ServerParts, seconds: number): Failure {
  tallyOf(parts).limited += 1;
  const headers = { 'retry-after': String(seconds) };
  return new Failure('too_many_requests', `Too many requests: try again in ${seconds} s.`, { headers });
}

/** Whether who asks has to show a token. */
export function needsToken(c: Context<ServerEnv>, { address }: ServerParts): boolean {
  return !isLoopback(address.host) || Object.keys(c.req.header()).some((name) => FORWARDED.test(name));
}

/** The token in force that a secret is, if it is one. */
export async function findShown(parts: ServerParts, secret: string): Promise<TokenRow | undefined> {
  const hash = hashToken(secret);
  const { db } = await parts.context.openStore();
  const row = await findToken(db, { hash }, parts.context.now());
  return row && timingSafeEqual(Buffer.from(row.token_hash), Buffer.from(hash)) ? row : undefined;
}

/** Whether a token that was shown is neither revoked nor over by now. */
export async function isInForce({ context }: ServerParts, id: number): Promise<boolean> {
  const { db } = await context.openStore();
  return (await findToken(db, { id }, context.now())) !== undefined;
}

async function shownToken(c: Context<ServerEnv>, parts: ServerParts): Promise<TokenRow | undefined> {
  const [, bearer] = /^Bearer ([\w-]{1,128})$/i.exec(c.req.header('authorization') ?? '') ?? [];
  const cookie = getCookie(c, SESSION_COOKIE);
  if (bearer === undefined && cookie === undefined) return undefined;
  const { db } = await parts.context.openStore();
  const now = parts.context.now();
  const id = cookie === undefined ? undefined : sessionsOf(parts).find(cookie, now);
  const row =
    bearer !== undefined
      ? await findShown(parts, bearer)
      : id === undefined
        ? undefined
        : await findToken(db, { id }, now);
  // When it was last used is worth no failure, and no waiting for somebody who imports.
  if (row) await Promise.race([touchToken(db, row, now).catch(() => {}), setTimeout(TOUCH_MS)]);
  return row;
}

function isOpenPath(path: string): boolean {
  return isPage(path) || OPEN_PATHS.has(path);
}

function isWrite(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

function requireToken({ token }: Caller, isToWrite: boolean): void {
  if (token === null) {
    const headers = { 'www-authenticate': 'Bearer realm="smstats"' };
    throw new Failure('unauthorized', 'A token is needed: Authorization: Bearer …', { headers });
  }
  if (isToWrite && token.scope !== 'write') throw new Failure('forbidden', 'This token may read, not write.');
}
