import { readText } from './instagram-replay.ts';
import type { Recording } from './recording.ts';
import { readFixture } from './subject.ts';

/** Two pages: a pinned carousel, a reel, a picture with hidden likes, and a carousel that stands on both. */
export const instagramLooter2Recording: Recording = {
  provider: 'instagram-looter2',
  platform: 'instagram',
  username: 'harbor.lights',
  posts: 100,
  replies: [
    { path: '/profile2', query: { username: 'harbor.lights' }, body: readFixture('instagram-looter2/profile2.json') },
    {
      path: '/user-feeds',
      query: { id: '48213907715', count: '30' },
      body: readText('instagram-looter2/user-feeds.json'),
    },
    {
      path: '/user-feeds',
      query: { id: '48213907715', count: '30', max_id: '3964495074670928531_48213907715' },
      body: readText('instagram-looter2/user-feeds-last.json'),
    },
  ],
  stored: {
    account: {
      external_id: '48213907715',
      display_name: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      is_verified: 1,
      is_business: 1,
    },
    snapshot: { followers_count: 152_340, following_count: 611, posts_count: 842 },
    posts: [
      {
        external_post_id: '3910715255797663310',
        post_url: 'https://www.instagram.com/p/DZFps4nhUZO/',
        caption: 'Start here: the studio in ten frames',
        media_type: 'carousel',
        duration: null,
        posted_at: '2026-06-02T15:20:09.000Z',
        metrics: { likes: 12_044, comments: 230, shares: 340 },
      },
      {
        external_post_id: '3968037994870453865',
        post_url: 'https://www.instagram.com/reel/DcRTYhjgbZp/',
        caption: 'Fog at dawn',
        media_type: 'video',
        duration: 21,
        posted_at: '2026-08-20T17:30:12.000Z',
        metrics: { likes: 5_120, comments: 88, views: 61_877, shares: 210 },
      },
      {
        external_post_id: '3966334537021443198',
        post_url: 'https://www.instagram.com/p/DcLQD8zhsx-/',
        caption: '',
        media_type: 'image',
        duration: null,
        posted_at: '2026-08-18T09:05:44.000Z',
        metrics: { comments: 6 },
      },
      {
        external_post_id: '3964495074670928531',
        post_url: 'https://www.instagram.com/p/DcEt0P_i-KT/',
        caption: 'Three lamps, one window',
        media_type: 'carousel',
        duration: null,
        posted_at: '2026-08-15T20:11:03.000Z',
        metrics: { likes: 240, comments: 0 },
      },
    ],
  },
};
