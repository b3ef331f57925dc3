import { parseRetryAfter, type Failure, type Reply } from '../client/failure.ts';

/** Errors are problems with a type; those about the account come with status 200 in place of the data. */
export function classifyX(reply: Reply): Failure | undefined {
  const { status, body } = reply;
  const said = (typeof body === 'object' && body !== null ? body : {}) as {
    data?: unknown;
    errors?: unknown;
    type?: unknown;
    detail?: unknown;
  };
  if (status === 200) {
    const [first] = Array.isArray(said.errors) ? (said.errors as unknown[]) : [];
    return said.data === undefined && first
      ? classifyProblem(first as { type?: unknown; detail?: unknown })
      : undefined;
  }
  const problem = problemOf(said);
  if (problem === 'usage-capped') {
    return {
      problem: 'quota',
      message: `says the quota of posts is spent (${status}, usage cap)`,
      retry: false,
      hint: 'raise the spending limit or wait for the next billing cycle: https://console.x.com',
    };
  }
  if (status === 402) {
    return {
      problem: 'quota',
      message: 'has no credits left, which are its quota (402)',
      retry: false,
      hint: 'buy credits: https://console.x.com',
    };
  }
  if (status === 403 && problem === 'client-forbidden') {
    return {
      problem: 'refused',
      message: 'does not let this app read accounts and posts (403)',
      retry: false,
      hint: 'move the app to a project with pay-per-use: https://console.x.com',
    };
  }
  if (status === 400 && problem === 'invalid-request') {
    return {
      problem: 'schema',
      message: `refused the form of the request (400: ${sentence(said.detail)})`,
      retry: false,
      hint: 'the API may have changed: update smstats',
    };
  }
  if (status !== 429) return undefined;
  const waitMs = parseRetryAfter(reply.headers, reply.receivedAt) ?? untilReset(reply) ?? 5_000;
  const wait = `back in ${Math.ceil(waitMs / 1000)} s`;
  return { problem: 'rate_limited', message: `asks to slow down (429, ${wait})`, retry: true, waitMs };
}

function classifyProblem(error: { type?: unknown; detail?: unknown }): Failure {
  const problem = problemOf(error);
  const said = sentence(error.detail);
  if (problem === 'not-authorized-for-resource') {
    return { problem: 'private', message: 'says the account is protected', retry: false };
  }
  if (problem === 'resource-not-found' && /suspended/i.test(said)) {
    return { problem: 'not_found', message: 'says the account is suspended', retry: false };
  }
  if (problem === 'resource-not-found') {
    return { problem: 'not_found', message: 'knows no account of that name', retry: false };
  }
  return { problem: 'unavailable', message: `answered with an error: ${said || 'no reason given'}`, retry: true };
}

/** The last part of a type such as `https://api.x.com/2/problems/usage-capped`. */
function problemOf({ type }: { type?: unknown }): string {
  return typeof type === 'string' ? (/\/problems\/([\w-]+)$/.exec(type)?.[1] ?? '') : '';
}

function sentence(detail: unknown): string {
  return typeof detail === 'string' ? detail.slice(0, 200) : '';
}

/** Milliseconds until the window ends, by the host's own clock when it sends one. */
function untilReset({ headers, receivedAt }: Reply): number | undefined {
  const reset = headers.get('x-rate-limit-reset') ?? '';
  const clock = Date.parse(headers.get('date') ?? '') || receivedAt.getTime();
  const wait = /^\d{9,11}$/.test(reset) ? Number(reset) * 1000 - clock : Number.NaN;
  return wait > 0 && wait <= 86_400_000 ? wait : undefined;
}
