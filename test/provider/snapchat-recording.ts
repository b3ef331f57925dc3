import type { Recording } from './recording.ts';
import { readFixture } from './subject.ts';

const stats = '/v1/public_profiles/6f1f5a2e-3a4b-4c5d-8e9f-0a1b2c3d4e5f/stats';

/** A public profile that is somebody else's: the owner's numbers are refused, the public ones are not. */
export const snapchatRecording: Recording = {
  provider: 'snapchat',
  platform: 'snapchat',
  username: 'harborlights',
  posts: 100,
  replies: [
    {
      path: '/public/v1/public_profiles/search',
      query: { query: 'harborlights' },
      body: readFixture('snapchat/search.json'),
    },
    { path: stats, status: 403, body: readFixture('snapchat/error.json') },
    {
      path: `/public${stats}`,
      query: { granularity: 'DAY', startTime: '2026-08-25T00:00:00.000Z', endTime: '2026-11-22T00:00:00.000Z' },
      body: readFixture('snapchat/stats-day.json'),
    },
  ],
  stored: {
    account: {
      external_id: '6f1f5a2e-3a4b-4c5d-8e9f-0a1b2c3d4e5f',
      display_name: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      is_verified: 1,
      is_business: 0,
    },
    snapshot: { followers_count: 120_344, following_count: null, posts_count: null },
    posts: [],
    days: {
      '2026-08-18': { followers: 120_101, shares: 31, video_views: 8_120 },
      '2026-08-19': { followers: 120_344, shares: 28, video_views: 7_911 },
    },
  },
};
