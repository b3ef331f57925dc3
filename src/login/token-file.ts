import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConfigError, SmstatsError } from '../core/errors.ts';
import { syncDirectory, writeWholeFile } from '../core/file.ts';
import { refuseForeign } from '../core/trust.ts';

/** What a login left: as it stands in the file, times as UTC ISO-8601. */
export interface StoredToken {
  provider: string;
  access_token: string;
  /** Null where the vendor gives none. */
  refresh_token: string | null;
  /** When the access token ends; null is unknown. */
  expires_at: string | null;
  /** When the refresh token ends, as far as the vendor says. */
  refresh_expires_at: string | null;
  /** What the person allowed. */
  scopes: string[];
  /** The app it was given to: no other one can renew it. */
  client_id: string;
  obtained_at: string;
}

/** Where the token of a provider is kept; `directory` is the one of config.toml. */
export function tokenPath(directory: string, provider: string): string {
  // The name becomes a file's name.
  if (!/^[a-z0-9][a-z0-9-]*$/.test(provider)) throw new ConfigError(`"${provider}" is no name of a provider.`);
  return join(directory, 'tokens', `${provider}.json`);
}

/** The lock under which the token of a provider is changed. */
export function lockPath(directory: string, provider: string): string {
  return tokenPath(directory, provider).replace(/json$/, 'lock');
}

/** True when somebody is logged in, be it that it has ended. Looks whether a file is there, no more. */
export function hasToken(directory: string, provider: string): boolean {
  return existsSync(tokenPath(directory, provider));
}

/**
 * Reads the token of a provider; undefined when nobody is logged in.
 * @throws ConfigError when others can read or could have written the file, or it is not one of ours.
 */
export function readToken(directory: string, provider: string): StoredToken | undefined {
  const path = tokenPath(directory, provider);
  const text = readPrivateText(path);
  if (text === undefined) return undefined;
  const token = parseToken(text);
  if (token) return token;
  throw new ConfigError(`${path} is broken.`, { hint: `smstats login ${provider}` });
}

/**
 * Writes the token of a provider, whole or not at all; its owner alone can read it. To be called under its lock: what
 * broken-off writes left is removed. When all was written and could not take its place, it stays for `adoptLeftover`.
 */
export function writeToken(directory: string, token: StoredToken): void {
  const path = tokenPath(directory, token.provider);
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // It may have been made by hand, for everybody.
    if (statSync(folder).uid === process.geteuid?.()) chmodSync(folder, 0o700);
    refuseForeign(folder, `${folder} is to hold a login`);
    writeWholeFile(path, `${JSON.stringify(token, null, 2)}\n`, 0o600, { keep: true });
  } catch (cause) {
    if (cause instanceof SmstatsError) throw cause;
    throw new ConfigError(`${path} could not be written: ${(cause as Error).message}.`, { cause });
  }
  try {
    removeLeftovers(directory, token.provider);
  } catch {
    // The token is kept; the next write tries again.
  }
}

/** Removes the token of a provider and what broken-off writes left of it; to be called under its lock. */
export function removeToken(directory: string, provider: string): void {
  rmSync(tokenPath(directory, provider), { force: true });
  removeLeftovers(directory, provider);
}

/**
 * The newer of a token and of what a write left that was broken off at its very end; that one takes its place on the disk, if
 * it can. To be called under the lock.
 */
export function adoptLeftover(directory: string, token: StoredToken): StoredToken {
  const newest = findLeftover(directory, token.provider);
  if (!newest || Date.parse(newest.token.obtained_at) <= Date.parse(token.obtained_at)) return token;
  const path = tokenPath(directory, token.provider);
  try {
    renameSync(newest.path, path);
    syncDirectory(dirname(path));
  } catch {
    // What was in the way may still be. It is good all the same.
  }
  return newest.token;
}

/** The newest whole token that a broken-off write left. */
export function findLeftover(directory: string, provider: string): { path: string; token: StoredToken } | undefined {
  const found = listLeftovers(directory, provider).flatMap((path) => {
    const token = readLeftover(path);
    return token?.provider === provider ? [{ path, token }] : [];
  });
  return found.toSorted((a, b) => Date.parse(b.token.obtained_at) - Date.parse(a.token.obtained_at))[0];
}

/** The temporary files of a provider's token, whole or not. */
export function listLeftovers(directory: string, provider: string): string[] {
  const path = tokenPath(directory, provider);
  const isLeftover = (name: string) => name.startsWith(`${basename(path)}.`) && name.endsWith('.tmp');
  try {
    return readdirSync(dirname(path))
      .filter(isLeftover)
      .map((name) => join(dirname(path), name));
  } catch {
    return [];
  }
}

function removeLeftovers(directory: string, provider: string): void {
  for (const path of listLeftovers(directory, provider)) rmSync(path, { force: true, recursive: true });
}

function readLeftover(path: string): StoredToken | undefined {
  try {
    return parseToken(readPrivateText(path) ?? '');
  } catch {
    return undefined;
  }
}

function readPrivateText(path: string): string | undefined {
  let file: number;
  try {
    // A link could lead to anything; Windows has no such flag.
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR'].includes(code)) return undefined;
    if (code === 'ELOOP' || code === 'EMLINK') {
      throw new ConfigError(`${path} is a link; a login is read from a file alone.`, { hint: `rm ${path}`, cause });
    }
    throw new ConfigError(`${path} could not be read: ${message}.`, { cause });
  }
  try {
    if (process.platform !== 'win32' && fstatSync(file).mode & 0o077) {
      throw new ConfigError(`${path} holds a login, and other users of this machine can read it.`, {
        hint: `chmod 600 ${path}`,
      });
    }
    refuseForeign(path, `${path} holds a login`, file);
    refuseForeign(dirname(path), `${dirname(path)} holds logins`);
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof SmstatsError) throw cause;
    throw new ConfigError(`${path} could not be read: ${(cause as Error).message}.`, { cause });
  } finally {
    closeSync(file);
  }
}

function parseToken(text: string): StoredToken | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isToken(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isToken(value: unknown): value is StoredToken {
  if (typeof value !== 'object' || value === null) return false;
  const token = value as Partial<Record<keyof StoredToken, unknown>>;
  const isText = (each: unknown) => typeof each === 'string' && each !== '';
  const isTime = (each: unknown) => typeof each === 'string' && !Number.isNaN(Date.parse(each));
  return (
    isText(token.provider) &&
    isText(token.access_token) &&
    isText(token.client_id) &&
    isTime(token.obtained_at) &&
    (token.refresh_token === null || isText(token.refresh_token)) &&
    (token.expires_at === null || isTime(token.expires_at)) &&
    (token.refresh_expires_at === null || isTime(token.refresh_expires_at)) &&
    Array.isArray(token.scopes)
  );
}
