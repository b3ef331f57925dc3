import { chmodSync, closeSync, existsSync, fstatSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { writeWholeFile } from '../core/file.ts';

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
 * @throws ConfigError when others can read the file, or it is not one of ours.
 */
export function readToken(directory: string, provider: string): StoredToken | undefined {
  const path = tokenPath(directory, provider);
  const text = readPrivateText(path);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (isToken(value)) return value;
  throw new ConfigError(`${path} is broken.`, { hint: `smstats login ${provider}` });
}

/** Writes the token of a provider, whole or not at all; its owner alone can read it. */
export function writeToken(directory: string, token: StoredToken): void {
  const path = tokenPath(directory, token.provider);
  try {
    writeWholeFile(path, `${JSON.stringify(token, null, 2)}\n`, 0o600);
    // It may have been made by hand, for everybody.
    chmodSync(dirname(path), 0o700);
  } catch (cause) {
    throw new ConfigError(`${path} could not be written: ${(cause as Error).message}.`, { cause });
  }
}

/** @returns false when there was none. */
export function removeToken(directory: string, provider: string): boolean {
  const path = tokenPath(directory, provider);
  const had = existsSync(path);
  rmSync(path, { force: true });
  return had;
}

function readPrivateText(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw new ConfigError(`${path} could not be read: ${(cause as Error).message}.`, { cause });
  }
  try {
    if (process.platform !== 'win32' && fstatSync(file).mode & 0o077) {
      throw new ConfigError(`${path} holds a login, and other users of this machine can read it.`, {
        hint: `chmod 600 ${path}`,
      });
    }
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
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
