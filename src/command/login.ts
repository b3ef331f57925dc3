import { dirname } from 'node:path';
import { openRegistry, type Registry } from '../collect/registry.ts';
import { editConfigFile } from '../config/file.ts';
import { ProviderError, SmstatsError, UsageError } from '../core/errors.ts';
import { wholeNumber } from '../core/option.ts';
import { nearest, safeLines } from '../core/text.ts';
import type { Context } from '../context.ts';
import { loopbackLogin, pasteLogin, pasteRedirect, type LoginPage } from '../login/browser-login.ts';
import { openBrowser } from '../login/browser.ts';
import { deviceLogin } from '../login/device.ts';
import type { GrantOptions } from '../login/grant.ts';
import { withLock } from '../login/lock.ts';
import { lockPath, tokenPath, writeToken, type StoredToken } from '../login/token-file.ts';
import { findVendor, type Vendor } from '../login/vendors.ts';
import type { AddCommand } from './index.ts';
import { askAddress, askApp, askToken } from './login/ask.ts';
import { endOf, isRenewed, listLogins, printLogins } from './login/list.ts';

interface LoginOptions {
  token?: boolean;
  device?: boolean;
  paste?: boolean;
  redirect?: string;
  port?: number;
  browser?: boolean;
}

/** What tests bring instead of the real thing. */
export interface LoginParts {
  vendor?: Vendor;
  openBrowser?: typeof openBrowser;
  timeoutMs?: number;
}

const TIMEOUT_MS = 5 * 60_000;

export const addLogin: AddCommand = (command, context, end) => {
  command
    .argument('[provider]', 'who to log in with; without it: who can, and who is')
    .option('--token', 'keep a key or token that you have: asked for, or read from stdin')
    .option('--device', 'type a code in on another machine (youtube)')
    .option('--paste', 'paste the address that the browser ends on: for a browser on another machine')
    .option('--redirect <uri>', 'the redirect URI your app is registered with; implies --paste')
    .option('--port <n>', 'the port of this machine that the browser comes back to', wholeNumber('--port', 1, 65_535))
    .option('--no-browser', 'only print the address, and open nothing')
    .action(async (provider: string | undefined, options: LoginOptions) =>
      end(await runLogin(context, provider, options)),
    );
};

/** Logs in with a vendor and keeps the token, or shows who is logged in. */
export async function runLogin(
  context: Context,
  name: string | undefined,
  options: LoginOptions,
  parts: LoginParts = {},
): Promise<number> {
  if (name === undefined) return printLogins(context);
  const vendor = parts.vendor ?? findVendor(name);
  const registry = await openRegistry(await context.config());
  const provider = registry.all.find((each) => each.name === name);
  if (!vendor && !provider) throw unknownProvider(name, registry);
  const { credential } = provider ?? {};
  if (!vendor && credential === null) {
    context.say(`${name} needs no key: there is nothing to log in to`);
    return 0;
  }
  if (options.token) {
    if (credential) return keepKey(context, name, credential.name);
    throw new UsageError(`${name} takes no key.`, `smstats login ${name}`);
  }
  if (!vendor) throw new UsageError(`${name} has no page to log in on.`, `smstats login ${name} --token`);
  checkFlags(vendor, options);

  const { app, save } = await askApp(context, vendor);
  context.onSignals();
  const { home } = await context.config();
  const grant = {
    vendor,
    app,
    world: await context.httpWorld(),
    signal: context.stop,
    addSecret: context.addSecret,
  };
  const token = await logIn(context, grant, options, parts).catch((error: unknown) => {
    // The pipeline puts the name before what a provider did; here that is left to us.
    if (error instanceof ProviderError) throw new SmstatsError(error.ending, `${name} ${error.message}.`, error);
    if (!context.stop.aborted || error instanceof SmstatsError) throw error;
    throw new SmstatsError('interrupted', 'Broken off; nobody was logged in.', { cause: error });
  });
  const directory = dirname(home.configFile);
  await withLock(lockPath(directory, name), async () => writeToken(directory, token));
  save();
  await printLogin(context, vendor, token, options.device ? (vendor.device?.scopes ?? []) : vendor.scopes);
  await warnOfEnvironment(context, vendor);
  return 0;
}

function logIn(
  context: Context,
  grant: GrantOptions & { signal: AbortSignal },
  options: LoginOptions,
  parts: LoginParts,
): Promise<StoredToken> {
  const { vendor } = grant;
  if (options.device && vendor.device) {
    context.say(vendor.device.remark);
    const show = ({ page, userCode }: { page: string; userCode: string }) =>
      tell(context, `Open ${page} on any machine and type in: ${userCode}`);
    return deviceLogin({ ...grant, device: vendor.device, show });
  }
  const isPasted = options.paste || options.redirect !== undefined || vendor.redirect.port === 'paste';
  const show = ({ url, register }: LoginPage) => {
    if (register !== undefined) {
      tell(context, `Your app at ${vendor.provider} must be registered with this redirect URI: ${register}`);
    }
    tell(context, `Log in here:\n${url}`);
    if (options.browser !== false) (parts.openBrowser ?? openBrowser)(url, context.env);
  };
  if (!isPasted) {
    const timeoutMs = parts.timeoutMs ?? TIMEOUT_MS;
    return loopbackLogin({ ...grant, show, warn: context.say, port: options.port, timeoutMs });
  }
  const paste = () => {
    tell(context, 'The page you land on may not open. Paste its whole address here:');
    return askAddress(context);
  };
  return pasteLogin({ ...grant, show, paste, redirectUri: options.redirect ?? pasteRedirect(vendor, options.port) });
}

/** An instruction: it is printed with `--quiet` too, and the app's id, which is no secret, stays readable in it. */
function tell(context: Context, text: string): void {
  context.stderr.write(`${safeLines(text)}\n`);
}

async function keepKey(context: Context, name: string, credential: string): Promise<number> {
  const key = await askToken(context, `the key or token of ${name}`);
  const { home } = await context.config();
  editConfigFile(home.configFile, `credentials.${credential}`, key);
  context.say(`credentials.${credential} is set in ${home.configFile}`);
  return 0;
}

async function printLogin(
  context: Context,
  vendor: Vendor,
  token: StoredToken,
  wanted: readonly string[],
): Promise<void> {
  const { home } = await context.config();
  const path = tokenPath(dirname(home.configFile), vendor.provider);
  const missing = wanted.filter((scope) => !token.scopes.includes(scope) && scope !== 'offline.access');
  const data = {
    provider: vendor.provider,
    until: endOf(vendor, token),
    is_renewed: isRenewed(vendor, token),
    scopes: token.scopes,
    file: path,
  };
  const warnings = [
    ...(missing.length > 0 ? [`not allowed, so those numbers stay unknown: ${missing.join(', ')}`] : []),
    ...(data.is_renewed
      ? []
      : [`${vendor.provider} gave nothing to renew this login with: it ends, then log in again`]),
  ];
  await context.print({
    command: 'login',
    title: `Logged in with ${vendor.provider}`,
    data,
    warnings,
    sections: [
      {
        isFacts: true,
        columns: [
          { key: 'name', label: '', kind: 'text' },
          { key: 'value', label: '', kind: 'text' },
        ],
        rows: [
          { name: 'Until', value: data.until, kind: 'instant' },
          { name: 'Renews itself', value: data.is_renewed, kind: 'flag' },
          { name: 'Allowed', value: token.scopes.join(', '), kind: 'text' },
          { name: 'Kept in', value: path, kind: 'text' },
        ],
      },
    ],
  });
}

/** A schedule has none of this shell's variables, and renewing needs the app. */
async function warnOfEnvironment(context: Context, { credentials }: Vendor): Promise<void> {
  const { entries } = await context.config();
  for (const name of [credentials.id, credentials.secret]) {
    const entry = entries.find(({ key }) => key === `credentials.${name}`);
    if (entry?.source !== 'environment') continue;
    context.say(`note: ${entry.origin} is known to this shell alone; for a schedule: smstats config set ${entry.key}`);
  }
}

/** @throws UsageError for flags that would be passed over. */
function checkFlags(vendor: Vendor, options: LoginOptions): void {
  if (options.device && !vendor.device) {
    throw new UsageError(`${vendor.provider} has no login with --device.`, `smstats login ${vendor.provider}`);
  }
  const idle = [options.paste && '--paste', options.redirect && '--redirect', options.port && '--port'].filter(Boolean);
  if (options.device && idle.length > 0) throw new UsageError(`--device has no use for ${idle.join(', ')}.`);
  if (options.redirect !== undefined && !/^https?:\/\/[^?#\s]+$/.test(options.redirect)) {
    throw new UsageError('--redirect must be an address without ? and #.', 'for example https://localhost/callback');
  }
}

function unknownProvider(name: string, registry: Registry): UsageError {
  const broken = registry.brokenModule(name);
  if (broken) return new UsageError(broken.message, broken.hint);
  const ofPlatform = registry.of(name).filter(({ credential }) => credential !== null);
  if (ofPlatform.length > 0) {
    const names = ofPlatform.map((each) => each.name).join(', ');
    return new UsageError(`${name} is a platform; a login is for one of its providers.`, `smstats login <${names}>`);
  }
  const names = [...new Set([...listLogins(), ...registry.all.map((each) => each.name)])];
  const guess = nearest(name, names);
  return new UsageError(
    `There is no provider "${name}".`,
    guess ? `did you mean ${guess}?` : `with a login: ${listLogins().join(', ')}`,
  );
}
