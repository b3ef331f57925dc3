import { SmstatsError, UsageError } from '../core/errors.ts';
import { challengeOf, isSame, type Proof } from './proof.ts';
import type { Vendor } from './vendors.ts';

/** The page of the vendor that asks the person. */
export function authorizeUrl(vendor: Vendor, clientId: string, redirectUri: string, proof: Proof): string {
  const url = new URL(vendor.authorizeUrl);
  const parameters = {
    response_type: 'code',
    [vendor.idParameter]: clientId,
    redirect_uri: redirectUri,
    scope: vendor.scopes.join(vendor.scopeSeparator),
    state: proof.state,
    ...(vendor.challenge && {
      code_challenge: challengeOf(proof.verifier, vendor.challenge),
      code_challenge_method: 'S256',
    }),
    ...vendor.authorizeParameters,
  };
  // A space as %20: some vendors do not read a plus sign as one.
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  url.search = query.join('&');
  return url.href;
}

/** True when a page that the browser came back to is the end of this login: who sent it there knows the state. */
export function isEndOf(query: URLSearchParams, proof: Proof): boolean {
  const state = query.get('state');
  return state !== null && isSame(state, proof.state) && (query.has('code') || query.has('error'));
}

/**
 * Reads the code from what the vendor sent the browser back with.
 * @throws SmstatsError (credentials) when the answer is of another login, or the person or the vendor said no.
 */
export function readCode(vendor: Vendor, query: URLSearchParams, proof: Proof): string {
  const hint = `smstats login ${vendor.provider}`;
  const refuse = (message: string) => new SmstatsError('credentials', message, { hint });
  const state = query.get('state');
  const error = query.get('error');
  if (state === null ? error === null : !isSame(state, proof.state)) {
    throw refuse(
      `The answer that came does not belong to this login of ${vendor.provider}: its state is ${state === null ? 'missing' : 'another one'}.`,
    );
  }
  if (error !== null) {
    // Without the state anybody may have sent it: then only a code that cannot say anything else is repeated.
    const code = /^[a-z_]{1,40}$/.test(error) ? error : 'an error';
    const reason = state === null ? null : query.get('error_description');
    throw refuse(
      error === 'access_denied'
        ? `${vendor.provider} was not allowed: the person, or the vendor, said no (access_denied).`
        : `${vendor.provider} did not log in: ${code}${reason ? ` (${reason.slice(0, 200)})` : ''}.`,
    );
  }
  const code = query.get('code');
  if (code) return code;
  throw refuse(`The answer of ${vendor.provider} holds no code.`);
}

/**
 * Reads the address of the page that a person landed on and pasted.
 * @throws UsageError when it is no address.
 */
export function parsePasted(text: string): URLSearchParams {
  const address = text.trim();
  if (!URL.canParse(address) || !/^https?:/i.test(address)) {
    throw new UsageError(
      'That is no address of a page.',
      'paste all of what stands in the address bar: http… with code= and state= in it',
    );
  }
  return new URL(address).searchParams;
}
