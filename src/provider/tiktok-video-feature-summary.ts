// https://rapidapi.com/voyagel/api/tiktok-video-feature-summary
import { createTikwmProvider } from './shared/tikwm.ts';

export const tiktokVideoFeatureSummary = createTikwmProvider({
  name: 'tiktok-video-feature-summary',
  host: 'tiktok-video-feature-summary.p.rapidapi.com',
  page: 'https://rapidapi.com/voyagel/api/tiktok-video-feature-summary',
  about: 'public TikTok accounts by handle, through RapidAPI (same backend)',
});
