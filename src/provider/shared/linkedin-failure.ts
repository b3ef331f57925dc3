import { addDays, dayIn } from '../../core/time.ts';
import { parseRetryAfter, type Failure, type Reply } from '../client/failure.ts';

/** July 2026. LinkedIn answers each version for about a year: raise it by the summer of 2027, and read the migrations. */
export const VERSION = '202607';

/** What a token must be allowed. */
export const SCOPES = 'the token needs r_organization_social and rw_organization_admin, its member a role in the page';

/** Errors are `{status, serviceErrorCode, code, message}`. */
export function classifyLinkedIn(reply: Reply): Failure | undefined {
  const { status, body } = reply;
  const { code, message } = (body ?? {}) as { code?: unknown; message?: unknown };
  const said = typeof message === 'string' ? message.slice(0, 200) : '';
  if (status === 401 && typeof code === 'string') {
    const how = /^(EXPIRED|REVOKED)_/.exec(code)?.[1]?.toLowerCase();
    return {
      problem: 'refused',
      message: how
        ? `says the token has ${how === 'expired' ? 'expired' : 'been revoked'} (401)`
        : 'refused the token (401)',
      retry: false,
      hint: 'a token is good for 60 days; get a new one: https://www.linkedin.com/developers/tools/oauth',
    };
  }
  if (status === 403 && typeof code === 'string') {
    const hint = `${SCOPES}: https://www.linkedin.com/developers/apps`;
    return { problem: 'refused', message: 'does not let this token read that (403)', retry: false, hint };
  }
  if (status === 400 && typeof code === 'string') {
    const hint = 'the API may have changed: update smstats';
    return { problem: 'schema', message: `refused the form of the request (400: ${said || code})`, retry: false, hint };
  }
  if (status === 426) {
    const hint = 'update smstats';
    return { problem: 'schema', message: `no longer answers version ${VERSION} of its API (426)`, retry: false, hint };
  }
  if (status !== 429) return undefined;
  const waitMs = parseRetryAfter(reply.headers, reply.receivedAt);
  if (/\bDAY\b/.test(said)) {
    const midnight = Date.parse(`${addDays(dayIn('UTC', reply.receivedAt), 1)}T00:00:00Z`);
    return {
      problem: 'quota',
      message: "says the day's quota is spent (429)",
      retry: false,
      waitMs: waitMs ?? midnight - reply.receivedAt.getTime(),
      hint: 'it starts again at midnight UTC; the limits of your app: https://www.linkedin.com/developers/apps',
    };
  }
  // Nothing says how long: LinkedIn sends no header with it.
  const wait = waitMs ?? 5_000;
  const back = `back in ${Math.ceil(wait / 1000)} s`;
  return { problem: 'rate_limited', message: `asks to slow down (429, ${back})`, retry: true, waitMs: wait };
}
