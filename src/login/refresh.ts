import { ConfigError, ProviderError, SmstatsError } from '../core/errors.ts';
import type { HttpWorld } from '../provider/client/http.ts';
import { readGrant, requestRenewal, type GrantOptions } from './grant.ts';
import { withLock } from './lock.ts';
import { adoptLeftover, lockPath, readToken, writeToken, type StoredToken } from './token-file.ts';
import { appOf, refusal } from './token-request.ts';
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
  /**
   * The vendor did not take the token, so it is renewed although it seems good; one that is younger than a minute is handed
   * out as it is, because another account has just had it renewed.
   */
  force?: boolean | undefined;
  /** Told what the person should mend although there is a token. */
  warn?: ((text: string) => void) | undefined;
  /** Instead of the one in the table; for tests. */
  vendor?: Vendor | undefined;
}

const LEAST_LIFE_MS = 5 * 60_000;
const JUST_NOW_MS = 60_000;

/**
 * What a vendor gave and the disk did not take, by the path of its lock: good until this process ends. `from` is the token
 * on the disk that was spent for it.
 */
const unsaved = new Map<string, { from: string; token: StoredToken }>();

/**
 * The access token of the person who logged in, good for five more minutes; renewed before it ends, where the vendor
 * renews. What the vendor gave is on disk before it is handed out, or `warn` is told. Processes take turns: a refresh token
 * may be good for one use.
 * @returns undefined when nobody is logged in.
 * @throws ProviderError (refused) when the login has ended, (unavailable and others) when it cannot be renewed now, or its
 * lock or file cannot be written, and it has run out; ConfigError when the file is broken or open to others.
 */
export async function freshToken(options: FreshTokenOptions): Promise<string | undefined> {
  const vendor = options.vendor ?? findVendor(options.provider);
  const token = vendor && read(options);
  if (!vendor || !token) return undefined;
  const { world, warn } = options;
  const path = lockPath(options.directory, options.provider);
  const isWanted = (each: StoredToken) =>
    isDue(vendor, each, world) ||
    (options.force === true && each.access_token === token.access_token && !isNew(each, world));
  if (!isWanted(token) && !unsaved.has(path)) return token.access_token;
  let isLocked = false;
  const renewed = withLock(path, async () => {
    isLocked = true;
    // Somebody else may have done it meanwhile, or was killed just before it was done.
    const found = read(options);
    if (!found) return undefined;
    const current = unsaved.has(path) ? found : adopt(options, path, found);
    if (!isWanted(current)) {
      if (unsaved.has(path)) keep(options, path, current);
      return current.access_token;
    }
    try {
      return (await renew(options, vendor, path, current)).access_token;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      // A login that was made meanwhile is better than the old one.
      const latest = read(options) ?? current;
      const isSame = latest.access_token === current.access_token;
      if (isSame && options.force) throw error;
      if (!isAlive(latest, world, isSame ? toleranceFor(error) : LEAST_LIFE_MS)) throw error;
      if (error.cause instanceof ConfigError) warn?.(`${options.provider} ${error.message}`);
      return latest.access_token;
    }
  });
  return renewed.catch((error: unknown) => {
    if (isLocked || !(error instanceof SmstatsError)) throw error;
    const message = `cannot renew its login: ${withoutStop(error)}`;
    if (!options.force && isAlive(token, world, 0)) {
      warn?.(`${options.provider} ${message}`);
      return token.access_token;
    }
    throw new ProviderError(options.provider, 'unavailable', message, { hint: error.hint, cause: error });
  });
}

function read(options: FreshTokenOptions): StoredToken | undefined {
  const { directory, provider } = options;
  const token = readToken(directory, provider);
  const path = lockPath(directory, provider);
  const better = unsaved.get(path);
  if (better && better.from !== token?.access_token) unsaved.delete(path);
  const newest = token && unsaved.get(path)?.token;
  return (newest ?? token) && tell(options, (newest ?? token) as StoredToken);
}

function adopt(options: FreshTokenOptions, path: string, found: StoredToken): StoredToken {
  const newest = adoptLeftover(options.directory, found);
  if (newest !== found) unsaved.set(path, { from: found.access_token, token: newest });
  return tell(options, newest);
}

function tell({ addSecret }: FreshTokenOptions, token: StoredToken): StoredToken {
  for (const secret of [token.access_token, token.refresh_token]) if (secret) addSecret(secret);
  return token;
}

async function renew(options: FreshTokenOptions, vendor: Vendor, path: string, old: StoredToken): Promise<StoredToken> {
  const grant = grantOptions(options, vendor, old);
  if (!canRenew(vendor, old)) throw overdue(vendor, old);
  options.signal?.throwIfAborted();
  // A full disk must show before the old refresh token is spent, not after.
  write(options, old);
  unsaved.delete(path);
  const reply = await requestRenewal(grant, old);
  if (reply.error !== undefined) throw refusal(vendor, 'to renew the login', reply);
  const token = readGrant(grant, reply, old);
  unsaved.set(path, { from: old.access_token, token });
  if (!keep(options, path, token)) {
    options.warn?.(
      `the new login of ${vendor.provider} could not be kept and is good for this run alone: make room beside ${path}, or log in again afterwards`,
    );
  }
  return token;
}

/** Writes what the vendor gave; the old one is spent, so this run goes on with the new one in any case. */
function keep(options: FreshTokenOptions, path: string, token: StoredToken): boolean {
  try {
    writeToken(options.directory, token);
  } catch (error) {
    if (error instanceof SmstatsError) return false;
    throw error;
  }
  unsaved.delete(path);
  return true;
}

/** @throws ProviderError (unavailable): other accounts have nothing to do with it. */
function write({ directory, provider }: FreshTokenOptions, token: StoredToken): void {
  try {
    writeToken(directory, token);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const message = `cannot renew its login: ${withoutStop(error)}`;
    throw new ProviderError(provider, 'unavailable', message, { hint: error.hint, cause: error });
  }
}

/** Who prints a provider's message ends the sentence. */
function withoutStop({ message }: Error): string {
  return message.replace(/\.$/, '');
}

function grantOptions(options: FreshTokenOptions, vendor: Vendor, old: StoredToken): GrantOptions {
  const { world, addSecret, credential } = options;
  return { vendor, app: appOf(vendor, old, credential), world, addSecret };
}

/**
 * True when the token should be renewed: it ends soon, or what renews it would end if nobody did, or it is from the future:
 * then the clock was wrong, now or when its end was worked out.
 */
function isDue(vendor: Vendor, token: StoredToken, world: HttpWorld): boolean {
  if (!isAlive(token, world, LEAST_LIFE_MS)) return true;
  const age = world.now().getTime() - Date.parse(token.obtained_at);
  return canRenew(vendor, token) && (age < 0 || (vendor.renewAfterMs !== undefined && age >= vendor.renewAfterMs));
}

function isNew(token: StoredToken, world: HttpWorld): boolean {
  const age = world.now().getTime() - Date.parse(token.obtained_at);
  return age >= 0 && age < JUST_NOW_MS;
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
