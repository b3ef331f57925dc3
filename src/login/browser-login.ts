import { authorizeUrl, isEndOf, parsePasted, readCode } from './authorize.ts';
import { exchangeCode, type GrantOptions } from './grant.ts';
import { openLoopback } from './loopback.ts';
import { createProof } from './proof.ts';
import type { StoredToken } from './token-file.ts';
import { FIXED_PORT, type Vendor } from './vendors.ts';

/** What the person needs to see. */
export interface LoginPage {
  /** The vendor's page that asks. */
  url: string;
  /** The redirect URI that the app must be registered with; undefined where any of this machine will do. */
  register: string | undefined;
}

type Options = GrantOptions & { show(page: LoginPage): void };

const STRANGER =
  'something came back that does not belong to this login (its state is missing or another one); still waiting';

/**
 * Logs in through the browser of this machine, which comes back to a port of it.
 * @param options `port` instead of the usual one, `timeoutMs` to wait for the person.
 * `warn` is told once when something came back that is not of this login; it is waited on.
 * @throws SmstatsError (credentials) when the answer is a no, or does not come.
 */
export async function loopbackLogin(
  options: Options & {
    port?: number | undefined;
    timeoutMs: number;
    signal: AbortSignal;
    warn(text: string): void;
  },
): Promise<StoredToken> {
  const { vendor, app, signal, timeoutMs } = options;
  const proof = createProof();
  const loopback = await openLoopback(vendor.redirect, options.port ?? usualPort(vendor));
  const { redirectUri } = loopback;
  try {
    const url = authorizeUrl(vendor, app.id, redirectUri, proof);
    options.show({ url, register: registrationOf(vendor, redirectUri) });
    let isWarned = false;
    const code = await loopback.wait((query) => readCode(vendor, query, proof), {
      isEnd: (query) => isEndOf(query, proof),
      onStranger() {
        if (!isWarned) options.warn(STRANGER);
        isWarned = true;
      },
      timeoutMs,
      signal,
    });
    return await exchangeCode({ ...options, code, verifier: proof.verifier, redirectUri });
  } finally {
    await loopback.close();
  }
}

/** Logs in through any browser: the person pastes the address of the page they land on, which need not exist. */
export async function pasteLogin(
  options: Options & { redirectUri: string; paste(): Promise<string> },
): Promise<StoredToken> {
  const { vendor, app, redirectUri } = options;
  const proof = createProof();
  options.show({
    url: authorizeUrl(vendor, app.id, redirectUri, proof),
    register: registrationOf(vendor, redirectUri),
  });
  const code = readCode(vendor, parsePasted(await options.paste()), proof);
  return exchangeCode({ ...options, code, verifier: proof.verifier, redirectUri });
}

/** The redirect URI of a login whose answer is pasted. */
export function pasteRedirect({ redirect }: Vendor, port = FIXED_PORT): string {
  if (redirect.port === 'paste') return `https://${redirect.host}${redirect.path}`;
  return `http://${redirect.host}:${port}${redirect.path}`;
}

function registrationOf({ redirect }: Vendor, redirectUri: string): string | undefined {
  const isOurs = redirectUri.startsWith(`http://${redirect.host}:`);
  return redirect.port === 'any' && isOurs ? redirect.register : redirectUri;
}

/** 0 is any that is free. */
function usualPort({ redirect }: Vendor): number {
  return redirect.port === 'any' ? 0 : FIXED_PORT;
}
