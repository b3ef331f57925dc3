import type { Recording } from './recording.ts';
import { readFixture } from './subject.ts';

/** A login to TikTok: a profile and two pages of videos. */
export const tiktokDisplayRecording: Recording = {
  provider: 'tiktok-display',
  platform: 'tiktok',
  username: 'harbor.lights',
  posts: 40,
  replies: [
    { path: '/v2/user/info/', body: readFixture('tiktok-display/user-info.json') },
    {
      method: 'POST',
      path: '/v2/video/list/',
      sent: { max_count: 20 },
      body: readFixture('tiktok-display/video-list-page1.json'),
    },
    {
      method: 'POST',
      path: '/v2/video/list/',
      sent: { max_count: 20, cursor: 1_787_043_944_000 },
      body: readFixture('tiktok-display/video-list-last.json'),
    },
  ],
  stored: {
    account: {
      external_id: null,
      display_name: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      is_verified: 1,
      is_business: null,
    },
    snapshot: { followers_count: 427_682, following_count: 212, posts_count: 318 },
    posts: [
      {
        external_post_id: '7676167466413831785',
        post_url: 'https://www.tiktok.com/@harbor.lights/video/7676167466413831785',
        caption: 'Fog rolling in at dawn #harbor',
        media_type: 'video',
        duration: 21,
        posted_at: '2026-08-20T17:30:12.000Z',
        metrics: { likes: 5_120, comments: 88, views: 48_210, shares: 210 },
      },
      {
        external_post_id: '7675295295995300990',
        post_url: 'https://www.tiktok.com/@harbor.lights/photo/7675295295995300990',
        caption: '',
        media_type: 'carousel',
        duration: null,
        posted_at: '2026-08-18T09:05:44.000Z',
        metrics: { likes: 240, comments: 6, views: 3_102, shares: 3 },
      },
      {
        external_post_id: '7674353491272000147',
        post_url: 'https://www.tiktok.com/@harbor.lights/video/7674353491272000147',
        caption: 'Q&A: how we light a scene',
        media_type: 'video',
        duration: 124,
        posted_at: '2026-08-15T20:11:03.000Z',
        metrics: { likes: 77, comments: 0, views: 912, shares: 0 },
      },
    ],
  },
};
