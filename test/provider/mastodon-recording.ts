import type { Recording } from './recording.ts';
import { readFixture } from './subject.ts';

const statuses = (maxId?: string) => ({
  path: '/api/v1/accounts/109300000000123456/statuses',
  query: {
    limit: '40',
    exclude_reblogs: 'true',
    exclude_replies: 'true',
    ...(maxId !== undefined && { max_id: maxId }),
  },
});

/** A page that names a next one in its Link header, and an empty one. */
export const mastodonRecording: Recording = {
  provider: 'mastodon',
  platform: 'mastodon',
  username: 'harborlights@mastodon.example',
  posts: 50,
  replies: [
    {
      path: '/api/v1/accounts/lookup',
      query: { acct: 'harborlights' },
      body: readFixture('mastodon/accounts_lookup.json'),
    },
    {
      ...statuses(),
      headers: readFixture('mastodon/accounts_statuses-page1.headers.json') as Record<string, string>,
      body: readFixture('mastodon/accounts_statuses-page1.json'),
    },
    { ...statuses('117115711913984008'), body: readFixture('mastodon/accounts_statuses-empty.json') },
  ],
  stored: {
    account: {
      external_id: 'mastodon.example/109300000000123456',
      display_name: 'Harbor Lights Studio',
      bio: 'Small studio by the water.\nNew clips twice a week.',
      is_verified: null,
      is_business: null,
    },
    snapshot: { followers_count: 5_120, following_count: 211, posts_count: 2_011 },
    posts: [
      {
        external_post_id: 'mastodon.example/117129020178432001',
        post_url: 'https://mastodon.example/@harborlights/117129020178432001',
        caption: 'Fog at dawn #fog',
        media_type: 'video',
        duration: 21,
        posted_at: '2026-08-20T17:30:12.000Z',
        metrics: { likes: 31, comments: 4, shares: 9 },
      },
    ],
  },
};
