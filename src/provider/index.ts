import { bluesky } from './bluesky.ts';
import { facebookPages } from './facebook-pages.ts';
import { hikerapi } from './hikerapi.ts';
import { instagramGraph } from './instagram-graph.ts';
import { instagramLooter2 } from './instagram-looter2.ts';
import { instagramStatistics } from './instagram-statistics.ts';
import { linkedin } from './linkedin.ts';
import { mastodon } from './mastodon.ts';
import { pinterest } from './pinterest.ts';
import type { Provider } from './provider.ts';
import { sample } from './sample.ts';
import { snapchat } from './snapchat.ts';
import { threads } from './threads.ts';
import { tiktokApi23 } from './tiktok-api23.ts';
import { tiktokDisplay } from './tiktok-display.ts';
import { tiktokScraper7 } from './tiktok-scraper7.ts';
import { tiktokVideoFeatureSummary } from './tiktok-video-feature-summary.ts';
import { x } from './x.ts';
import { youtube } from './youtube.ts';
import { ytDlp } from './yt-dlp.ts';

/** Every provider that ships. The order within a platform is the default fallback order. */
export const PROVIDERS = {
  'tiktok-scraper7': tiktokScraper7,
  'tiktok-video-feature-summary': tiktokVideoFeatureSummary,
  'tiktok-api23': tiktokApi23,
  'tiktok-display': tiktokDisplay,
  'instagram-looter2': instagramLooter2,
  hikerapi,
  'instagram-statistics': instagramStatistics,
  'instagram-graph': instagramGraph,
  youtube,
  'facebook-pages': facebookPages,
  x,
  linkedin,
  threads,
  pinterest,
  snapchat,
  bluesky,
  mastodon,
  'yt-dlp': ytDlp,
  sample,
} as const satisfies Record<string, Provider>;

export type ProviderName = keyof typeof PROVIDERS;

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
