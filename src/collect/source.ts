import { basename, dirname, resolve } from 'node:path';
import type { Config } from '../config/load.ts';
import { ConfigError } from '../core/errors.ts';
import type { QuotaRule } from '../core/quota.ts';
import { nearest } from '../core/text.ts';
import { hasToken } from '../login/token-file.ts';
import { findVendor } from '../login/vendors.ts';
import type { Provider } from '../provider/provider.ts';
import { openRegistry } from './registry.ts';

/** A provider as this user configured it. */
export interface ProviderSource {
  provider: Provider;
  baseUrl: string | undefined;
  /** Where the provider's local program is, if it has one and it is there. */
  program?: string | undefined;
  /** Empty when the provider needs none; undefined when it is missing. */
  secret: string | undefined;
  /** The directory where somebody's login is kept, when there is one: it goes before the key. */
  login?: string | undefined;
  quota: QuotaRule & { requestsPerSecond: number };
  maxResponseMb: number | undefined;
  /** A value of the provider's `settings`. */
  setting?(name: string): string | undefined;
}

/** True when neither key nor program is missing to ask it. */
export function hasAccess({ provider, secret, login, program }: ProviderSource): boolean {
  return provider.program === undefined ? secret !== undefined || login !== undefined : program !== undefined;
}

/** Joins a provider with the user's settings for it. */
export function configureProvider(provider: Provider, config: Config): ProviderSource {
  const settings = config.provider(provider.name);
  const directory = dirname(config.home.configFile);
  return {
    provider,
    baseUrl: settings.baseUrl,
    program: locateProgram(settings.program ?? provider.program, config),
    secret: provider.credential ? config.credential(provider.credential.name, provider.credential.env) : '',
    // Only they log anybody in; the name of a module need not be one of a file.
    login: findVendor(provider.name) && hasToken(directory, provider.name) ? directory : undefined,
    quota: {
      ...provider.quota,
      limit: settings.limit ?? provider.quota.limit,
      period: settings.period ?? provider.quota.period,
      safetyMargin: settings.safetyMargin ?? provider.quota.safetyMargin,
      requestsPerSecond: settings.requestsPerSecond ?? provider.quota.requestsPerSecond,
    },
    maxResponseMb: settings.maxResponseMb,
    setting: (name) => config.credential(name),
  };
}

/** A name is looked for as the shell does; a path stands beside config.toml, whatever directory a scheduler starts in. */
function locateProgram(program: string | undefined, config: Config): string | undefined {
  if (program === undefined) return undefined;
  return basename(program) === program
    ? config.findProgram(program)
    : resolve(dirname(config.home.configFile), program);
}

/**
 * The providers of a platform in the order in which they are asked.
 * @throws ConfigError when the user's order names one that there is not, or when there is none because a module is broken.
 */
export async function listSources(platform: string, config: Config): Promise<ProviderSource[]> {
  const registry = await openRegistry(config);
  const known = registry.of(platform);
  const providers = config.providerOrder(platform)?.map((name) => {
    const provider = known.find((each) => each.name === name);
    if (provider) return provider;
    const names = known.map((each) => each.name);
    const guess = nearest(name, names);
    throw new ConfigError(`platforms.${platform}.providers names "${name}", which is no provider of ${platform}.`, {
      hint: guess ? `did you mean ${guess}?` : `providers of ${platform}: ${names.join(', ') || 'none yet'}`,
    });
  });
  if (known.length === 0) {
    const broken = registry.brokenModule(platform) ?? registry.problems[0];
    if (broken) throw broken;
  }
  return (providers ?? known).map((provider) => configureProvider(provider, config));
}
