import type { Recording, StoredPost } from './recording.ts';
import { readFixture } from './subject.ts';

/** What the three providers of TikTok on RapidAPI recorded of the same account: pinned, newest first, a slideshow. */
const POSTS: StoredPost[] = [
  {
    external_post_id: '7646818224011788053',
    post_url: 'https://www.tiktok.com/@harbor.lights/video/7646818224011788053',
    caption: 'Start here: a tour of the studio #studio',
    media_type: 'video',
    duration: 58,
    posted_at: '2026-06-02T15:20:09.000Z',
    metrics: { likes: 301_442, comments: 4_120, views: 2_450_113, shares: 18_877, saves: 25_410 },
  },
  {
    external_post_id: '7676167466413831785',
    post_url: 'https://www.tiktok.com/@harbor.lights/video/7676167466413831785',
    caption: 'Fog rolling in at dawn #harbor #fog',
    media_type: 'video',
    duration: 21,
    posted_at: '2026-08-20T17:30:12.000Z',
    metrics: { likes: 5_120, comments: 88, views: 48_210, shares: 210, saves: 402 },
  },
  {
    external_post_id: '7675295295995300990',
    post_url: 'https://www.tiktok.com/@harbor.lights/photo/7675295295995300990',
    caption: '',
    media_type: 'carousel',
    duration: null,
    posted_at: '2026-08-18T09:05:44.000Z',
    metrics: { likes: 240, comments: 6, views: 3_102, shares: 3, saves: 11 },
  },
  {
    external_post_id: '7674353491272000147',
    post_url: 'https://www.tiktok.com/@harbor.lights/video/7674353491272000147',
    caption: 'Q&A: how we light a scene',
    media_type: 'video',
    duration: 124,
    posted_at: '2026-08-15T20:11:03.000Z',
    metrics: { likes: 77, comments: 0, views: 912, shares: 0, saves: 4 },
  },
  {
    external_post_id: '7672661561920396091',
    post_url: 'https://www.tiktok.com/@harbor.lights/video/7672661561920396091',
    caption: 'Boat parade ⛵️ with @north.pier',
    media_type: 'video',
    duration: 33,
    posted_at: '2026-08-11T06:45:30.000Z',
    metrics: { likes: 1_401, comments: 35, views: 15_876, shares: 61, saves: 90 },
  },
  {
    external_post_id: '7671258267254905314',
    post_url: 'https://www.tiktok.com/@harbor.lights/video/7671258267254905314',
    caption: 'Old lens, new film',
    media_type: 'video',
    duration: 18,
    posted_at: '2026-08-07T12:00:00.000Z',
    metrics: { likes: 655, comments: 12, views: 7_012, shares: 9, saves: 48 },
  },
];

const ACCOUNT = {
  external_id: '6784512390456123397',
  display_name: 'Harbor Lights Studio',
  bio: 'Small studio by the water. New clips twice a week.',
  is_verified: 1,
  is_business: null,
} as const;

const ROUNDED = { followers_count: 427_700, following_count: 212, posts_count: 318 };

/** Two pages, the second of which repeats a post of the first. */
export const tiktokScraper7Recording: Recording = {
  provider: 'tiktok-scraper7',
  platform: 'tiktok',
  username: 'harbor.lights',
  posts: 100,
  replies: [
    {
      path: '/user/info',
      query: { unique_id: 'harbor.lights' },
      body: readFixture('tiktok-scraper7/user-info.json'),
    },
    {
      path: '/user/posts',
      query: { unique_id: 'harbor.lights', count: '35', cursor: '0' },
      body: readFixture('tiktok-scraper7/user-posts-page1.json'),
    },
    {
      path: '/user/posts',
      query: { unique_id: 'harbor.lights', count: '35', cursor: '1786824663000' },
      body: readFixture('tiktok-scraper7/user-posts-page2-last-with-duplicate.json'),
    },
  ],
  stored: { account: ACCOUNT, snapshot: ROUNDED, posts: POSTS },
};

/** As many posts as were asked for, although there are more. */
export const tiktokVideoFeatureSummaryRecording: Recording = {
  provider: 'tiktok-video-feature-summary',
  platform: 'tiktok',
  username: 'harbor.lights',
  posts: 2,
  replies: [
    { path: '/user/info', body: readFixture('tiktok-video-feature-summary/user-info.json') },
    { path: '/user/posts', body: readFixture('tiktok-video-feature-summary/user-posts.json') },
  ],
  stored: { account: ACCOUNT, snapshot: ROUNDED, posts: POSTS.slice(1, 3) },
};

/** Exact counts, as text. */
export const tiktokApi23Recording: Recording = {
  provider: 'tiktok-api23',
  platform: 'tiktok',
  username: 'harbor.lights',
  posts: 4,
  replies: [
    {
      path: '/api/user/info',
      query: { uniqueId: 'harbor.lights' },
      body: readFixture('tiktok-api23/user-info.json'),
    },
    {
      path: '/api/user/posts',
      query: { count: '30', cursor: '0' },
      body: readFixture('tiktok-api23/user-posts-page1.json'),
    },
  ],
  stored: { account: ACCOUNT, snapshot: { ...ROUNDED, followers_count: 427_682 }, posts: POSTS.slice(0, 4) },
};
