import { ProviderError } from '../core/errors.ts';
import type { HttpWorld } from '../provider/client/http.ts';
import type { StoredToken } from './token-file.ts';
import { refusal, sendTokenRequest, type App, type TokenReply } from './token-request.ts';
import type { Vendor } from './vendors.ts';

/** More than any vendor gives; what is beyond is no date any more. */
const LONGEST_LIFE_S = 10 * 365 * 86_400;

/** What every request for a token needs. */
export interface GrantOptions {
  vendor: Vendor;
  app: App;
  world: HttpWorld;
  signal?: AbortSignal | undefined;
  /** Told each secret as soon as it is known, so that no message repeats it. */
  addSecret(secret: string): void;
}

/**
 * Exchanges the code that the browser brought for a token.
 * @throws ProviderError (refused) when the vendor does not take it, for example the second time.
 */
export async function exchangeCode(
  options: GrantOptions & { code: string; verifier: string; redirectUri: string },
): Promise<StoredToken> {
  const { vendor, app, code, verifier, redirectUri } = options;
  options.addSecret(code);
  const reply = await sendTokenRequest({
    ...options,
    url: vendor.tokenUrl,
    form: {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      ...(vendor.challenge && { code_verifier: verifier }),
      ...vendor.tokenParameters,
    },
  });
  if (reply.error !== undefined) throw refusal(vendor, 'the code', reply);
  const token = readGrant(options, reply);
  return vendor.longLived ? exchangeForLonger(options, vendor.longLived.exchangeUrl, app, token) : token;
}

async function exchangeForLonger(
  options: GrantOptions,
  url: string,
  app: App,
  short: StoredToken,
): Promise<StoredToken> {
  const form = {
    grant_type: 'th_exchange_token',
    client_secret: app.secret ?? '',
    access_token: short.access_token,
  };
  // The page names the secret alone, not the id of the app.
  const reply = await sendTokenRequest({ ...options, url, method: 'GET', form, app: undefined });
  if (reply.error !== undefined) throw refusal(options.vendor, 'the exchange for a longer login', reply);
  return { ...readGrant(options, reply), scopes: short.scopes };
}

/** Asks for a new token with what the old one left. @returns the reply, good or not. */
export function requestRenewal(options: GrantOptions, old: StoredToken): Promise<TokenReply> {
  const { vendor } = options;
  if (vendor.longLived) {
    const form = { grant_type: 'th_refresh_token', access_token: old.access_token };
    return sendTokenRequest({ ...options, url: vendor.longLived.refreshUrl, method: 'GET', form, app: undefined });
  }
  const form = { grant_type: 'refresh_token', refresh_token: old.refresh_token ?? '', ...vendor.tokenParameters };
  return sendTokenRequest({ ...options, url: vendor.tokenUrl, form });
}

/**
 * Reads a good reply as a token; what it leaves out stays as in `old`.
 * @throws ProviderError (schema) when there is no token in it, or one that is not sent as a bearer's.
 */
export function readGrant(options: GrantOptions, { body }: TokenReply, old?: StoredToken): StoredToken {
  const { vendor, app, world } = options;
  const text = (name: string) => (typeof body[name] === 'string' && body[name] !== '' ? body[name] : undefined);
  const accessToken = text('access_token');
  const refreshToken = text('refresh_token');
  for (const secret of [accessToken, refreshToken]) if (secret) options.addSecret(secret);
  if (accessToken === undefined) {
    throw new ProviderError(vendor.provider, 'schema', 'answered without a token');
  }
  const type = body['token_type'] ?? 'bearer';
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
    throw new ProviderError(vendor.provider, 'schema', 'answered with a token of another type than bearer');
  }
  const now = world.now();
  const after = (...names: string[]) => {
    const seconds = Number(names.map((name) => body[name]).find((value) => value !== undefined));
    if (!(seconds > 0)) return null;
    return new Date(now.getTime() + Math.min(seconds, LONGEST_LIFE_S) * 1000).toISOString();
  };
  const scopes = text('scope')?.split(/[\s,]+/);
  return {
    provider: vendor.provider,
    access_token: accessToken,
    refresh_token: refreshToken ?? old?.refresh_token ?? null,
    expires_at: after('expires_in'),
    refresh_expires_at:
      // LinkedIn and Google; Pinterest and LinkedIn; TikTok.
      after('refresh_token_expires_in', 'refresh_expires_in') ??
      (refreshToken === undefined ? (old?.refresh_expires_at ?? null) : null),
    scopes: scopes ?? old?.scopes ?? [...vendor.scopes],
    client_id: app.id,
    obtained_at: now.toISOString(),
  };
}
