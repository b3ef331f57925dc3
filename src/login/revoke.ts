import { ProviderError } from '../core/errors.ts';
import type { HttpWorld } from '../provider/client/http.ts';
import type { StoredToken } from './token-file.ts';
import { sendTokenRequest, type App } from './token-request.ts';
import type { Vendor } from './vendors.ts';

/** Ends a login at the vendor. @returns why that did not work; undefined when it did. */
export async function revokeToken(
  vendor: Vendor,
  token: StoredToken,
  options: { app: App; world: HttpWorld; signal?: AbortSignal },
): Promise<string | undefined> {
  if (!vendor.revoke) return `${vendor.provider} names no way to end a login from here`;
  const { url, tokens, withApp } = vendor.revoke;
  const values = tokens.map((name) => token[name]).filter((value) => value !== null);
  for (const value of values.length > 0 ? values : [token.access_token]) {
    const app = withApp ? options.app : undefined;
    try {
      const reply = await sendTokenRequest({ ...options, vendor, url, form: { token: value }, app });
      if (reply.error !== undefined) return `${vendor.provider} answered ${reply.error}`;
    } catch (error) {
      if (error instanceof ProviderError) return `${vendor.provider} ${error.message}`;
      throw error;
    }
  }
  return undefined;
}
