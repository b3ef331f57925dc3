import type { Provider } from './provider.ts';
import { sample } from './sample.ts';
import { tiktokApi23 } from './tiktok-api23.ts';
import { tiktokScraper7 } from './tiktok-scraper7.ts';
import { tiktokVideoFeatureSummary } from './tiktok-video-feature-summary.ts';

export type ProviderName = 'tiktok-scraper7' | 'tiktok-video-feature-summary' | 'tiktok-api23' | 'sample';

/** Every provider that ships. The order within a platform is the default fallback order. */
export const PROVIDERS = {
  'tiktok-scraper7': tiktokScraper7,
  'tiktok-video-feature-summary': tiktokVideoFeatureSummary,
  'tiktok-api23': tiktokApi23,
  sample,
} as const satisfies Record<ProviderName, Provider>;

/** The provider of that name, if there is one. */
export function findProvider(name: string): Provider | undefined {
  return Object.hasOwn(PROVIDERS, name) ? (PROVIDERS as Record<string, Provider>)[name] : undefined;
}

/** The providers of a platform in their default order. The sample is no source of real numbers and never among them. */
export function listProviders(platform: string): Provider[] {
  return Object.values<Provider>(PROVIDERS).filter(
    (each) => each.platforms.includes(platform) && each.name !== sample.name,
  );
}
