import type { Recording } from './recording.ts';
import { readFixture } from './subject.ts';

const { nextPageToken: _, ...uploads } = readFixture('youtube/playlistItems-page1.json') as Record<string, unknown>;

/** A channel with a video, one that is live, and one without comments. */
export const youtubeRecording: Recording = {
  provider: 'youtube',
  platform: 'youtube',
  username: 'harborlights',
  posts: 50,
  replies: [
    {
      path: '/youtube/v3/channels',
      query: { part: 'snippet,statistics,contentDetails', forHandle: '@harborlights' },
      body: readFixture('youtube/channels.json'),
    },
    {
      path: '/youtube/v3/playlistItems',
      query: { playlistId: 'UUq3TnV8rXw5LmZ0aYbK7dEg', maxResults: '50' },
      body: uploads,
    },
    {
      path: '/youtube/v3/videos',
      query: { id: 'kT3xW9pLq0A,Zr7_bN2mVcE,hJ5-yQ8dXsU' },
      body: readFixture('youtube/videos.json'),
    },
  ],
  stored: {
    account: {
      external_id: 'UCq3TnV8rXw5LmZ0aYbK7dEg',
      display_name: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      is_verified: null,
      is_business: null,
    },
    snapshot: { followers_count: 182_000, following_count: null, posts_count: 411 },
    posts: [
      {
        external_post_id: 'kT3xW9pLq0A',
        post_url: 'https://www.youtube.com/watch?v=kT3xW9pLq0A',
        caption: 'Fog at dawn',
        media_type: 'video',
        duration: 21,
        posted_at: '2026-08-20T17:30:12.000Z',
        metrics: { likes: 5_120, comments: 88, views: 48_210 },
      },
      {
        external_post_id: 'Zr7_bN2mVcE',
        post_url: 'https://www.youtube.com/watch?v=Zr7_bN2mVcE',
        caption: 'Boat parade LIVE',
        media_type: 'video',
        duration: null,
        posted_at: '2026-08-18T09:05:44.000Z',
        metrics: { comments: 6, views: 311 },
      },
      {
        external_post_id: 'hJ5-yQ8dXsU',
        post_url: 'https://www.youtube.com/watch?v=hJ5-yQ8dXsU',
        caption: 'Lighting Q&A',
        media_type: 'video',
        duration: 3_724,
        posted_at: '2026-08-15T20:11:03.000Z',
        metrics: { likes: 770, views: 9_122 },
      },
    ],
  },
};
