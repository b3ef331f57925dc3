import type { Recording } from './recording.ts';
import { readFixture } from './subject.ts';

/** Two pages: a reel, a picture, and a carousel that stands on both. */
export const hikerapiRecording: Recording = {
  provider: 'hikerapi',
  platform: 'instagram',
  username: 'harbor.lights',
  posts: 100,
  replies: [
    {
      path: '/v1/user/by/username',
      query: { username: 'harbor.lights' },
      body: readFixture('hikerapi/user-by-username.json'),
    },
    {
      path: '/v1/user/medias/chunk',
      query: { user_id: '48213907715' },
      body: readFixture('hikerapi/user-medias-chunk.json'),
    },
    {
      path: '/v1/user/medias/chunk',
      query: { user_id: '48213907715', end_cursor: 'QVFCaDlfMm1xR3hLd0ZfWm5vN0t5Q0V4YW1wbGVDdXJzb3I=' },
      body: readFixture('hikerapi/user-medias-chunk-last.json'),
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
        external_post_id: '3968037994870453865',
        post_url: 'https://www.instagram.com/reel/DcRTYhjgbZp/',
        caption: 'Fog at dawn',
        media_type: 'video',
        duration: 21,
        posted_at: '2026-08-20T17:30:12.000Z',
        metrics: { likes: 5_120, comments: 88, views: 61_877 },
      },
      {
        external_post_id: '3966334537021443198',
        post_url: 'https://www.instagram.com/p/DcLQD8zhsx-/',
        caption: '',
        media_type: 'image',
        duration: null,
        posted_at: '2026-08-18T09:05:44.000Z',
        // Three stands for hidden likes, and the flag that would say so is not sent.
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
