import { Console } from 'node:console';
import { dirname, resolve } from 'node:path';
import type { Config } from '../config/load.ts';
import { ConfigError, SmstatsError, UsageError } from '../core/errors.ts';
import { PLATFORMS } from '../core/platform.ts';
import { nearest } from '../core/text.ts';
import { findProvider, listProviders, PROVIDERS } from '../provider/index.ts';
import type { Provider } from '../provider/provider.ts';

/** The providers that ship, and those that the user brings as modules. */
export interface Registry {
  all: readonly Provider[];
  /** Every platform that can be named. */
  platforms: readonly string[];
  /** The user's modules that could not be loaded. */
  problems: readonly SmstatsError[];
  /** Why the module of that name could not be loaded. */
  brokenModule(name: string): SmstatsError | undefined;
  /**
   * The provider that a person named.
   * @throws UsageError naming the nearest one, or why its module could not be loaded.
   */
  require(name: string, platform?: string): Provider;
  /**
   * The providers of a platform in their default order, the user's own last. The sample is no source of real numbers
   * and never among them.
   */
  of(platform: string): Provider[];
}

const opened = new WeakMap<Config, Promise<Registry>>();

/** Loads the user's modules once. One that cannot be loaded is a problem of those alone who ask for it. */
export function openRegistry(config: Config): Promise<Registry> {
  let registry = opened.get(config);
  if (!registry) opened.set(config, (registry = loadRegistry(config)));
  return registry;
}

async function loadRegistry(config: Config): Promise<Registry> {
  const modules = config.modules;
  const loaded = modules.length === 0 ? [] : await loadModules(config);
  const custom = loaded.filter((each) => !(each instanceof SmstatsError)) as Provider[];
  const problems = loaded.filter((each) => each instanceof SmstatsError);
  const all = [...Object.values<Provider>(PROVIDERS), ...custom];
  const names = all.map(({ name }) => name);
  const brokenModule = (name: string) => {
    const result = loaded[modules.findIndex((each) => each.name === name)];
    return result instanceof SmstatsError ? result : undefined;
  };
  return {
    all,
    problems,
    // One whose module is broken is known by its name, so that asking for it says what is wrong.
    platforms: [
      ...new Set([...PLATFORMS, ...custom.flatMap(({ platforms }) => platforms), ...modules.map(({ name }) => name)]),
    ],
    of: (platform) => [...listProviders(platform), ...custom.filter(({ platforms }) => platforms.includes(platform))],
    brokenModule,
    require(name, platform) {
      const broken = brokenModule(name);
      if (broken) throw broken;
      const provider = findProvider(name) ?? custom.find((each) => each.name === name);
      if (!provider) {
        const guess = nearest(name, names);
        throw new UsageError(
          `There is no provider "${name}".`,
          guess ? `did you mean ${guess}?` : 'smstats providers list',
        );
      }
      if (platform !== undefined && !provider.platforms.includes(platform)) {
        const others = all.filter(({ platforms }) => platforms.includes(platform)).map((each) => each.name);
        throw new UsageError(
          `${name} is a provider of ${provider.platforms.join(' and ')}, not of ${platform}.`,
          others.length > 0 ? `providers: ${others.join(', ')}` : 'smstats providers list',
        );
      }
      return provider;
    },
  };
}

/** Each module's provider, or why there is none. */
async function loadModules({ modules, home }: Config): Promise<(Provider | SmstatsError)[]> {
  const { loadCustomProvider } = await import('../provider/custom/load.ts');
  const directory = dirname(home.configFile);
  // What a module prints while it works is a remark: stdout belongs to results.
  globalThis.console = new Console(process.stderr);
  return Promise.all(
    modules.map(async ({ name, path }) => {
      try {
        return await loadCustomProvider(name, resolve(directory, path));
      } catch (error) {
        if (error instanceof SmstatsError) return error;
        const reason = error instanceof Error ? error.message : String(error);
        return new ConfigError(`The module of the provider ${name} could not be loaded: ${reason}.`, { cause: error });
      }
    }),
  );
}
