import type { Config } from '../config/load.ts';
import type { Redact } from '../core/redact.ts';
import type { HttpWorld } from '../provider/client/http.ts';
import { sample } from '../provider/sample.ts';
import type { Provider } from '../provider/provider.ts';
import { findLatestProvider } from '../query/find-latest-provider.ts';
import type { DueAccount } from '../query/list-due-accounts.ts';
import type { Store } from '../store/open.ts';
import type { CollectWorld, Progress } from './collect.ts';
import { configureProvider, hasAccess, listSources, type ProviderSource } from './source.ts';

/** What the caller of a run has at hand. */
export interface RunParts {
  store: Store;
  config: Config;
  world: HttpWorld;
  version: string;
  redact: Redact;
  addSecret?: (secret: string) => void;
  onWarning?: (text: string) => void;
  stop?: AbortSignal;
  abort?: AbortSignal;
  /** Ask this provider alone. */
  provider?: Provider | undefined;
  onProgress?: (event: Progress) => void;
  onRequest?: (line: string) => void;
}

/** Puts a run together: the user's providers in their order, the database. */
export function createRun({ store, config, version, provider, ...rest }: RunParts): CollectWorld {
  return {
    ...rest,
    db: store.db,
    timezone: config.timezone,
    userAgent: `smstats/${version}`,
    sourcesOf: (account) => sourcesOf(store, config, account, provider),
  };
}

/**
 * The providers to ask for an account. An account of the sample goes on with the sample for as long as no real provider
 * has its key; the first real answer replaces the sample's numbers.
 */
export async function sourcesOf(
  store: Store,
  config: Config,
  account: DueAccount,
  provider?: Provider,
): Promise<ProviderSource[]> {
  if (provider) return [configureProvider(provider, config)];
  const sources = await listSources(account.platform, config);
  if (sources.some((source) => source.provider.credential !== null && hasAccess(source))) return sources;
  const latest = await findLatestProvider(store.db, account.id);
  return latest === sample.name ? [configureProvider(sample, config)] : sources;
}
