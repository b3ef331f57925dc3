import type { Recording } from './recording.ts';
import { readFixture } from './subject.ts';

const PAGE = '/v25.0/104821937465012';
const read = (name: string) => readFixture(`facebook-pages/${name}.json`);

/** A Page: a video that was shared, a photo that nobody shared, and its days by the midnights of California. */
export const facebookPagesRecording: Recording = {
  provider: 'facebook-pages',
  platform: 'facebook',
  username: 'harborlights',
  posts: 100,
  replies: [
    { path: '/v25.0/me', body: read('page') },
    { path: `${PAGE}/published_posts`, query: { limit: '100' }, body: read('published_posts') },
    { path: `${PAGE}/published_posts`, query: { limit: '100', after: 'QVFIUa' }, body: { data: [] } },
    { path: `${PAGE}_2948301928374650/insights`, body: read('post_insights') },
    { path: `${PAGE}_2948301928374111/insights`, body: { data: [] } },
    {
      path: `${PAGE}/insights`,
      query: { period: 'day', since: '1795075200', until: '1795334400' },
      body: read('page_insights'),
    },
  ],
  stored: {
    account: {
      external_id: '104821937465012',
      display_name: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      is_verified: 1,
      is_business: null,
    },
    snapshot: { followers_count: 21_344, following_count: null, posts_count: null },
    posts: [
      {
        external_post_id: '104821937465012_2948301928374650',
        post_url: 'https://www.facebook.com/104821937465012/posts/2948301928374650',
        caption: 'Fog at dawn',
        media_type: 'video',
        duration: null,
        posted_at: '2026-08-20T17:30:12.000Z',
        metrics: { likes: 211, comments: 9, shares: 12, reach: 1_820 },
      },
      {
        external_post_id: '104821937465012_2948301928374111',
        post_url: 'https://www.facebook.com/104821937465012/posts/2948301928374111',
        caption: null,
        media_type: 'image',
        duration: null,
        posted_at: '2026-08-18T09:05:44.000Z',
        metrics: { likes: 40, comments: 0 },
      },
    ],
    days: {
      '2026-08-18': { followers: 21_320, impressions: 5_012, reach: 3_011 },
      '2026-08-19': { followers: 21_344, impressions: 4_871, reach: 2_950 },
    },
  },
};
