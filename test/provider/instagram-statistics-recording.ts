import type { Recording } from './recording.ts';
import { readFixture } from './subject.ts';

const cid = 'INST:17841447120983315';

/** An account that was counted this morning, with two days of history and its audience. */
export const instagramStatisticsRecording: Recording = {
  provider: 'instagram-statistics',
  platform: 'instagram',
  username: 'harbor.lights',
  posts: 100,
  replies: [
    {
      path: '/community',
      query: { url: 'https://www.instagram.com/harbor.lights/' },
      body: readFixture('instagram-statistics/community.json'),
    },
    {
      path: '/posts',
      query: { cid, from: '22.11.2025', to: '22.11.2026', type: 'posts', sort: 'date' },
      body: readFixture('instagram-statistics/posts.json'),
    },
    {
      path: '/statistics/retrospective',
      query: { cid, from: '23.10.2026', to: '21.11.2026' },
      body: readFixture('instagram-statistics/retrospective.json'),
    },
  ],
  stored: {
    account: {
      external_id: null,
      display_name: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      is_verified: 1,
      is_business: 1,
    },
    snapshot: { followers_count: 152_340, following_count: null, posts_count: null },
    posts: [
      {
        external_post_id: '3968037994870453865',
        post_url: 'https://www.instagram.com/p/DcRTYhjgbZp/',
        caption: 'Fog at dawn',
        media_type: 'video',
        duration: null,
        posted_at: '2026-08-20T17:30:12.000Z',
        metrics: { likes: 5_120, comments: 88, views: 48_210 },
      },
      {
        external_post_id: '3966334537021443198',
        post_url: 'https://www.instagram.com/p/DcLQD8zhsx-/',
        caption: '',
        media_type: 'image',
        duration: null,
        posted_at: '2026-08-18T09:05:44.000Z',
        metrics: { likes: 3, comments: 6 },
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
    days: {
      '2026-11-20': { likes: 5_120, comments: 88, video_views: 48_210 },
      '2026-11-21': { likes: 4_410, comments: 0 },
    },
    audience: {
      age_13_17: 5,
      age_35_44: 11,
      male_percentage: 47,
      female_percentage: 53,
      top_countries: ['united-states', 'canada'],
      top_cities: ['seattle', 'portland'],
    },
  },
};
