import type { MiddlewareHandler } from 'hono';
import { readBody } from './body.ts';
import { Failure } from './failure.ts';
import { checkSender } from './host-check.ts';
import { countAndLog } from './log.ts';
import type { ServerEnv, ServerParts } from './parts.ts';
import { securityHeaders } from './security-header.ts';
import { authenticate } from './token.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'DELETE'];

/** What every request passes before anything answers it, in this order. What is refused has touched nothing but the tally. */
export function guard(parts: ServerParts): MiddlewareHandler<ServerEnv>[] {
  return [countAndLog(parts), securityHeaders, checkTarget, checkSender(parts), authenticate(parts), readBody(parts)];
}

/** Refuses methods that nothing here has, and paths that only somebody sends who looks for a hole. */
const checkTarget: MiddlewareHandler<ServerEnv> = async (c, next) => {
  if (!METHODS.includes(c.req.method)) {
    const headers = { allow: METHODS.join(', ') };
    throw new Failure('method_not_allowed', `Methods here: ${METHODS.join(', ')}.`, { headers });
  }
  if (!isPlainPath(new URL(c.req.url).pathname)) throw new Failure('bad_request', 'This path cannot be read.');
  await next();
};

function isPlainPath(path: string): boolean {
  try {
    const decoded = decodeURIComponent(path);
    // oxlint-disable-next-line no-control-regex -- these are exactly the characters to refuse
    return !/[\u0000-\u001f\u007f\\]|(^|\/)\.\.?(\/|$)/.test(decoded);
  } catch {
    return false;
  }
}
