import type { Config } from '../config/load.ts';
import { ConfigError, UsageError } from '../core/errors.ts';
import type { QuotaRule } from '../core/quota.ts';
import { nearest } from '../core/text.ts';
import { findProvider, listProviders, PROVIDERS } from '../provider/index.ts';
import type { Provider } from '../provider/provider.ts';

/** A provider as this user configured it. */
export interface ProviderSource {
  provider: Provider;
  baseUrl: string | undefined;
  /** The user's own path of the provider's local program. */
  program?: string | undefined;
  /** Empty when the provider needs none; undefined when it is missing. */
  secret: string | undefined;
  quota: QuotaRule & { requestsPerSecond: number };
  maxResponseMb: number | undefined;
  /** A value of the provider's `settings`. */
  setting?(name: string): string | undefined;
}

/** Joins a provider with the user's settings for it. */
export function configureProvider(provider: Provider, config: Config): ProviderSource {
  const settings = config.provider(provider.name);
  return {
    provider,
    baseUrl: settings.baseUrl,
    program: settings.program,
    secret: provider.credential ? config.credential(provider.credential.name) : '',
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

/** The providers of a platform in the order in which they are asked. */
export function listSources(platform: string, config: Config): ProviderSource[] {
  const order = config.providerOrder(platform);
  const providers = order
    ? order.map((name) => {
        const provider = findProvider(name);
        if (provider?.platforms.includes(platform)) return provider;
        const names = listProviders(platform).map((each) => each.name);
        const guess = nearest(name, names);
        throw new ConfigError(`platforms.${platform}.providers names "${name}", which is no provider of ${platform}.`, {
          hint: guess ? `did you mean ${guess}?` : `providers of ${platform}: ${names.join(', ') || 'none yet'}`,
        });
      })
    : listProviders(platform);
  return providers.map((provider) => configureProvider(provider, config));
}

/**
 * The provider that a person named.
 * @throws UsageError naming the nearest one.
 */
export function requireProvider(name: string, platform?: string): Provider {
  const provider = findProvider(name);
  const names = Object.values<Provider>(PROVIDERS)
    .filter((each) => platform === undefined || each.platforms.includes(platform))
    .map((each) => each.name);
  if (!provider) {
    const guess = nearest(name, names);
    throw new UsageError(
      `There is no provider "${name}".`,
      guess ? `did you mean ${guess}?` : 'smstats providers list',
    );
  }
  if (platform !== undefined && !provider.platforms.includes(platform)) {
    throw new UsageError(
      `${name} is a provider of ${provider.platforms.join(' and ')}, not of ${platform}.`,
      `providers: ${names.join(', ')}`,
    );
  }
  return provider;
}
