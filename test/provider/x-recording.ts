import type { Recording } from './recording.ts';
import { readFixture } from './subject.ts';

/** Two pages of an account: reposts among its posts, a quote with two photos, a long post, and media that is withheld. */
export const xRecording: Recording = {
  provider: 'x',
  platform: 'twitter',
  username: 'harborlights',
  posts: 100,
  replies: [
    { path: '/2/users/by/username/harborlights', body: readFixture('x/user.json') },
    {
      path: '/2/users/1489237465019283746/tweets',
      query: { max_results: '100', exclude: 'retweets,replies' },
      body: readFixture('x/posts.json'),
    },
    {
      path: '/2/users/1489237465019283746/tweets',
      query: { max_results: '99', pagination_token: 'next-page-example' },
      body: readFixture('x/posts-page2.json'),
    },
  ],
  stored: {
    account: {
      external_id: '1489237465019283746',
      display_name: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      is_verified: 1,
      is_business: null,
    },
    snapshot: { followers_count: 20_481, following_count: 311, posts_count: 4_120 },
    posts: [
      {
        external_post_id: '2090491601875895394',
        post_url: 'https://x.com/harborlights/status/2090491601875895394',
        caption: 'Fog at dawn https://t.co/aaaaaaaaaa',
        media_type: 'video',
        duration: 21,
        posted_at: '2026-08-20T17:30:12.000Z',
        metrics: { likes: 311, comments: 9, views: 20_911, shares: 23, saves: 14 },
      },
      {
        external_post_id: '2088900214873153792',
        post_url: 'https://x.com/harborlights/status/2088900214873153792',
        caption: 'Salt & light, shot on film <3 https://example.org/film #harbor',
        media_type: 'carousel',
        duration: null,
        posted_at: '2026-08-16T08:06:32.000Z',
        metrics: { likes: 57, comments: 0, views: 1_804, shares: 5, saves: 3 },
      },
      {
        external_post_id: '1500000000000000001',
        post_url: 'https://x.com/harborlights/status/1500000000000000001',
        caption:
          'Ten lessons from our first winter by the water. The long version has what we got wrong, and https://example.org/winter has the film.',
        media_type: 'link',
        duration: null,
        posted_at: '2022-03-05T06:51:42.000Z',
        metrics: { likes: 30, comments: 1, shares: 2, saves: 0 },
      },
      {
        external_post_id: '1499999999999999999',
        post_url: 'https://x.com/harborlights/status/1499999999999999999',
        caption: 'Morning.',
        media_type: null,
        duration: null,
        posted_at: '2022-03-05T06:51:41.000Z',
        metrics: { likes: 3, comments: 0, views: 12, shares: 0, saves: 0 },
      },
    ],
  },
};
