// https://rapidapi.com/tikwm-tikwm-default/api/tiktok-scraper7
import { createTikwmProvider } from './shared/tikwm.ts';

export const tiktokScraper7 = createTikwmProvider({
  name: 'tiktok-scraper7',
  host: 'tiktok-scraper7.p.rapidapi.com',
  page: 'https://rapidapi.com/tikwm-tikwm-default/api/tiktok-scraper7',
  about: 'public TikTok accounts by handle, through RapidAPI',
});
