import { dirname } from 'node:path';
import { openRegistry } from '../collect/registry.ts';
import { ConfigError, UsageError } from '../core/errors.ts';
import { nearest } from '../core/text.ts';
import type { Context } from '../context.ts';
import { withLock } from '../login/lock.ts';
import { revokeToken } from '../login/revoke.ts';
import {
  findLeftover,
  hasToken,
  listLeftovers,
  lockPath,
  readToken,
  removeToken,
  type StoredToken,
} from '../login/token-file.ts';
import { appOf } from '../login/token-request.ts';
import { findVendor, type Vendor } from '../login/vendors.ts';
import type { AddCommand } from './index.ts';
import { listLogins } from './login/list.ts';

export const addLogout: AddCommand = (command, context, end) => {
  command
    .argument('<provider>', 'whose login to forget')
    .action(async (provider: string) => end(await runLogout(context, provider)));
};

/** Ends a login: at the vendor, where it has a way, and here in any case. */
export async function runLogout(context: Context, name: string, vendor = findVendor(name)): Promise<number> {
  const config = await context.config();
  const provider = (await openRegistry(config)).all.find((each) => each.name === name);
  if (!vendor && !provider) {
    const guess = nearest(name, listLogins());
    throw new UsageError(`There is no provider "${name}".`, guess ? `did you mean ${guess}?` : 'smstats login');
  }
  const directory = dirname(config.home.configFile);
  if (vendor && (hasToken(directory, name) || listLeftovers(directory, name).length > 0)) {
    await withLock(lockPath(directory, name), async () => {
      const token = readWhatIsThere(directory, name);
      const failure = token ? await revoke(context, vendor, token) : 'the file is not readable';
      removeToken(directory, name);
      context.say(
        failure === undefined
          ? `logged out of ${name}, here and there`
          : `logged out of ${name} here; there it may live on: ${failure}`,
      );
    });
  } else context.say(`nobody is logged in with ${name}`);
  const key = provider?.credential?.name;
  if (key !== undefined && config.credential(key) !== undefined) {
    context.say(`credentials.${key} is still set; to remove it: smstats config unset credentials.${key}`);
  }
  return 0;
}

/** The newest of the login. A file that is broken or open to others goes as well. */
function readWhatIsThere(directory: string, name: string): StoredToken | undefined {
  try {
    const token = readToken(directory, name);
    const left = findLeftover(directory, name)?.token;
    return token && left && left.obtained_at > token.obtained_at ? left : (token ?? left);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

async function revoke(context: Context, vendor: Vendor, token: StoredToken): Promise<string | undefined> {
  const { credential } = await context.config();
  for (const secret of [token.access_token, token.refresh_token]) if (secret !== null) context.addSecret(secret);
  const app = appOf(vendor, token, credential);
  return revokeToken(vendor, token, { app, world: await context.httpWorld() });
}
