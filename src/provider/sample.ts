import { fetchTikwmAccount, tikwm } from './shared/tikwm.ts';
import type { Provider } from './provider.ts';
import info from './sample/user-info.json' with { type: 'json' };
import page1 from './sample/user-posts-page1.json' with { type: 'json' };
import page2 from './sample/user-posts-page2.json' with { type: 'json' };

/** The one account that the sample knows. */
export const SAMPLE_USERNAME = 'isaiah_dupree';

/**
 * Replays responses in the form that the TikWM family answers, through the same code, without key or network. The
 * numbers are a sample and are marked as one wherever they show.
 */
export const sample: Provider = {
  ...tikwm,
  name: 'sample',
  about: `recorded-shape responses for @${SAMPLE_USERNAME}, without key or network`,
  price: null,
  credential: null,
  baseUrl: 'https://sample.invalid',
  quota: { limit: 1_000_000, period: 'day', safetyMargin: 1, requestsPerSecond: 1000 },
  concurrency: 1,
  headers: () => ({}),
  transport: async (input) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return Response.json(replay(url));
  },
  fetchAccount: (username, ask) => fetchTikwmAccount('sample', username, ask),
};

function replay(url: URL): unknown {
  if (url.searchParams.get('unique_id') !== SAMPLE_USERNAME) return { code: -1, msg: 'unique_id is invalid' };
  if (url.pathname === '/user/info') return info;
  return url.searchParams.get('cursor') === '0' ? page1 : page2;
}
