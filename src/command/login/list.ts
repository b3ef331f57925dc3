import { dirname } from 'node:path';
import { SmstatsError } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import { readToken, type StoredToken } from '../../login/token-file.ts';
import { findVendor, VENDORS, type Vendor } from '../../login/vendors.ts';
import { PROVIDERS } from '../../provider/index.ts';
import type { Provider } from '../../provider/provider.ts';

/** The providers that somebody can log in to, those with a page to log in on first. */
export function listLogins(): string[] {
  const keyed = Object.values<Provider>(PROVIDERS).filter(({ credential }) => credential !== null);
  return [...new Set([...Object.keys(VENDORS), ...keyed.map(({ name }) => name)])];
}

/** Prints who can log in, who is, and until when. */
export async function printLogins(context: Context): Promise<number> {
  const config = await context.config();
  const directory = dirname(config.home.configFile);
  const warnings: string[] = [];
  const look = (name: string): StoredToken | undefined => {
    try {
      return readToken(directory, name);
    } catch (error) {
      if (!(error instanceof SmstatsError)) throw error;
      warnings.push(`${error.message}${error.hint ? ` → ${error.hint}` : ''}`);
      return undefined;
    }
  };
  const rows = listLogins().map((name) => {
    const vendor = findVendor(name);
    const token = vendor && look(name);
    const provider = (PROVIDERS as Record<string, Provider>)[name];
    const key = provider?.credential?.name;
    return {
      provider: name,
      way: wayOf(vendor),
      is_logged_in: token !== undefined,
      until: vendor && token ? endOf(vendor, token) : null,
      is_renewed: token ? isRenewed(vendor, token) : null,
      has_key: key === undefined ? null : config.credential(key) !== undefined,
    };
  });
  await context.print({
    command: 'login',
    data: rows,
    warnings,
    sections: [
      {
        columns: [
          { key: 'provider', label: 'Provider', kind: 'text' },
          { key: 'way', label: 'smstats login …', kind: 'text' },
          { key: 'is_logged_in', label: 'Logged in', kind: 'flag' },
          { key: 'until', label: 'Until', kind: 'instant' },
          { key: 'is_renewed', label: 'Renews itself', kind: 'flag' },
          { key: 'has_key', label: 'Key in config', kind: 'flag', rank: 1 },
        ],
        rows,
      },
    ],
  });
  return 0;
}

function wayOf(vendor: Vendor | undefined): string {
  if (!vendor) return '--token';
  if (vendor.redirect.port === 'paste') return 'browser, the address is pasted; --token';
  return vendor.device ? 'browser; --device; --token' : 'browser; --token';
}

/** When a login ends for good; null is unknown, or never as far as the vendor says. */
export function endOf(vendor: Vendor, token: StoredToken): string | null {
  return token.refresh_token !== null && !vendor.longLived ? token.refresh_expires_at : token.expires_at;
}

/** True when the login is renewed as it is used. */
export function isRenewed(vendor: Vendor | undefined, token: StoredToken): boolean {
  return token.refresh_token !== null || vendor?.longLived !== undefined;
}
