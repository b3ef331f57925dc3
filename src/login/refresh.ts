import { LockError, ProviderError } from '../core/errors.ts';
import type { HttpWorld } from '../provider/client/http.ts';
import { readGrant, requestRenewal, type GrantOptions } from './grant.ts';
import { withLock } from './lock.ts';
import { lockPath, readToken, writeToken, type StoredToken } from './token-file.ts';
import { refusal } from './token-request.ts';
import { findVendor, type Vendor } from './vendors.ts';

/** What a token is asked for with. */
export interface FreshTokenOptions {
  provider: string;
  /** Where config.toml is. */
  directory: string;
  world: HttpWorld;
  /** The app's id and secret, as `Config.credential` gives them. */
  credential(name: string): string | undefined;
  /** Told each token as soon as it is known, so that no message repeats it. */
  addSecret(secret: string): void;
  /** Looked at before the vendor is asked; a request that is under way is waited for, or its answer would be lost. */
  signal?: AbortSignal | undefined;
  /** Instead of the one in the table; for tests. */
  vendor?: Vendor | undefined;
}

const LEAST_LIFE_MS = 5 * 60_000;

/**
 * The access token of the person who logged in, good for five more minutes; renewed before it ends, where the vendor
 * renews. What the vendor gave is on disk before it is handed out. Processes take turns: a refresh token may be good for
 * one use.
 * @returns undefined when nobody is logged in.
 * @throws ProviderError (refused) when the login has ended, (unavailable and others) when it cannot be renewed now and has
 * run out; ConfigError when the file is broken or open to others.
 */
export async function freshToken(options: FreshTokenOptions): Promise<string | undefined> {
  const vendor = options.vendor ?? findVendor(options.provider);
  const token = vendor && read(options);
  if (!vendor || !token) return undefined;
  if (!isDue(vendor, token, options.world)) return token.access_token;
  const renewed = withLock(lockPath(options.directory, options.provider), async () => {
    // Somebody else may have done it meanwhile.
    const current = read(options);
    if (!current) return undefined;
    if (!isDue(vendor, current, options.world)) return current.access_token;
    try {
      return (await renew(options, vendor, current)).access_token;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      // A login that was made meanwhile is better than the old one.
      const latest = read(options) ?? current;
      const leastMs = latest.access_token === current.access_token ? toleranceFor(error) : LEAST_LIFE_MS;
      if (isAlive(latest, options.world, leastMs)) return latest.access_token;
      throw error;
    }
  });
  return renewed.catch((error: unknown) => {
    if (!(error instanceof LockError)) throw error;
    const message = 'is waited for: another process renews its login';
    throw new ProviderError(options.provider, 'unavailable', message, { hint: error.hint, cause: error });
  });
}

function read({ directory, provider, addSecret }: FreshTokenOptions): StoredToken | undefined {
  const token = readToken(directory, provider);
  if (token) for (const secret of [token.access_token, token.refresh_token]) if (secret) addSecret(secret);
  return token;
}

async function renew(options: FreshTokenOptions, vendor: Vendor, old: StoredToken): Promise<StoredToken> {
  const grant = grantOptions(options, vendor, old);
  if (!canRenew(vendor, old)) throw overdue(vendor, old);
  options.signal?.throwIfAborted();
  // A full disk must show before the old refresh token is spent, not after.
  writeToken(options.directory, old);
  const reply = await requestRenewal(grant, old);
  if (reply.error !== undefined) throw refusal(vendor, 'to renew the login', reply);
  const token = readGrant(grant, reply, old);
  writeToken(options.directory, token);
  return token;
}

function grantOptions(options: FreshTokenOptions, vendor: Vendor, { client_id: id }: StoredToken): GrantOptions {
  const { world, addSecret, credential } = options;
  const configured = credential(vendor.credentials.id);
  // The secret of another app would not fit.
  const secret = configured === undefined || configured === id ? credential(vendor.credentials.secret) : undefined;
  return { vendor, app: { id, secret }, world, addSecret };
}

/** True when the token should be renewed: it ends soon, or what renews it would end if nobody did. */
function isDue(vendor: Vendor, token: StoredToken, world: HttpWorld): boolean {
  if (!isAlive(token, world, LEAST_LIFE_MS)) return true;
  const age = world.now().getTime() - Date.parse(token.obtained_at);
  return vendor.renewAfterMs !== undefined && canRenew(vendor, token) && age >= vendor.renewAfterMs;
}

function canRenew(vendor: Vendor, token: StoredToken): boolean {
  return vendor.longLived !== undefined || token.refresh_token !== null;
}

/** True when the token is good for `leastMs` more. Where no end is known, it is taken to be good. */
function isAlive(token: StoredToken, world: HttpWorld, leastMs: number): boolean {
  return token.expires_at === null || Date.parse(token.expires_at) - world.now().getTime() > leastMs;
}

/** A vendor that is down is waited for to the last second; one that says no is not asked again with minutes to go. */
function toleranceFor({ problem }: ProviderError): number {
  return problem === 'refused' ? LEAST_LIFE_MS : 0;
}

function overdue(vendor: Vendor, { expires_at: end }: StoredToken): ProviderError {
  const when = end === null ? '' : ` on ${end.slice(0, 10)}`;
  return new ProviderError(
    vendor.provider,
    'refused',
    `needs a new login: the old one ends${when}, and there is nothing to renew it with`,
    { hint: `smstats login ${vendor.provider}` },
  );
}
