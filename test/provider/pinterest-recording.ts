import type { Recording } from './recording.ts';
import { readFixture } from './subject.ts';

/** A login to Pinterest: a profile, two pages of pins and the days. */
export const pinterestRecording: Recording = {
  provider: 'pinterest',
  platform: 'pinterest',
  username: 'harborlights',
  posts: 100,
  replies: [
    { path: '/v5/user_account', body: readFixture('pinterest/user-account.json') },
    {
      path: '/v5/pins',
      query: { page_size: '250', pin_metrics: 'true', pin_filter: 'exclude_repins' },
      body: readFixture('pinterest/pins-page1.json'),
    },
    {
      path: '/v5/pins',
      query: { bookmark: 'LT4xMjM0NTY3ODkwfGV4YW1wbGU=' },
      body: readFixture('pinterest/pins-last.json'),
    },
    {
      path: '/v5/user_account/analytics',
      query: { start_date: '2026-08-25', end_date: '2026-11-22' },
      body: readFixture('pinterest/user-account-analytics.json'),
    },
  ],
  stored: {
    account: {
      external_id: '2783136121146311751',
      display_name: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      is_verified: null,
      is_business: 1,
    },
    snapshot: { followers_count: 1_210, following_count: 47, posts_count: 339 },
    posts: [
      {
        external_post_id: '813183201234567811',
        post_url: 'https://www.pinterest.com/pin/813183201234567811/',
        caption: 'Fog at dawn\n\nMorning at the pier',
        media_type: 'video',
        duration: 21,
        posted_at: '2026-08-20T17:30:12.000Z',
        metrics: { likes: 10, comments: 2, saves: 4, impressions: 211 },
      },
      {
        external_post_id: '813183201234567812',
        post_url: 'https://www.pinterest.com/pin/813183201234567812/',
        caption: 'Lamps of the pier',
        media_type: 'image',
        duration: null,
        posted_at: '2026-08-18T09:05:44.000Z',
        metrics: {},
      },
      {
        external_post_id: '813183201234567810',
        post_url: 'https://www.pinterest.com/pin/813183201234567810/',
        caption: 'Three lamps #light',
        media_type: 'carousel',
        duration: null,
        posted_at: '2026-08-17T06:00:00.000Z',
        metrics: { likes: 0, comments: 0, saves: 0, impressions: 55 },
      },
    ],
    days: { '2026-08-18': { impressions: 240, saves: 20, clicks: 20 } },
  },
};
