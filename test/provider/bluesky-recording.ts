import type { Recording } from './recording.ts';
import { readFixture } from './subject.ts';

const did = 'did:plc:h4rb0rl1ghtsx2y3z4a5b6c7';
const feed = (cursor?: string) => ({
  path: '/xrpc/app.bsky.feed.getAuthorFeed',
  query: {
    actor: did,
    limit: '100',
    filter: 'posts_with_replies',
    includePins: 'false',
    ...(cursor !== undefined && { cursor }),
  },
});

/** Three pages, the first with a repost, the second empty although a third follows. */
export const blueskyRecording: Recording = {
  provider: 'bluesky',
  platform: 'bluesky',
  username: 'harborlights.bsky.social',
  posts: 50,
  replies: [
    {
      path: '/xrpc/app.bsky.actor.getProfile',
      query: { actor: 'harborlights.bsky.social' },
      body: readFixture('bluesky/getProfile.json'),
    },
    { ...feed(), body: readFixture('bluesky/getAuthorFeed-page1.json') },
    {
      ...feed('2026-08-11T06:45:30.000Z'),
      body: readFixture('bluesky/getAuthorFeed-short-page-with-cursor.json'),
    },
    { ...feed('2026-08-07T12:00:00.000Z'), body: readFixture('bluesky/getAuthorFeed-last.json') },
  ],
  stored: {
    account: {
      external_id: did,
      display_name: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      is_verified: 1,
      is_business: null,
    },
    snapshot: { followers_count: 9_120, following_count: 311, posts_count: 1_204 },
    posts: [
      {
        external_post_id: `at://${did}/app.bsky.feed.post/3mtjrjohgc222`,
        post_url: 'https://bsky.app/profile/harborlights.bsky.social/post/3mtjrjohgc222',
        caption: 'Fog at dawn',
        media_type: 'video',
        duration: null,
        posted_at: '2026-08-20T17:30:12.000Z',
        metrics: { likes: 311, comments: 9, shares: 23, saves: 1 },
      },
      {
        external_post_id: `at://${did}/app.bsky.feed.post/3msrzclbpo225`,
        post_url: 'https://bsky.app/profile/harborlights.bsky.social/post/3msrzclbpo225',
        caption: 'Three lamps, one window',
        media_type: 'image',
        duration: null,
        posted_at: '2026-08-11T06:45:30.000Z',
        metrics: { likes: 44, comments: 0, shares: 2, saves: 1 },
      },
      {
        external_post_id: `at://${did}/app.bsky.feed.post/3msiizbbg2226`,
        post_url: 'https://bsky.app/profile/harborlights.bsky.social/post/3msiizbbg2226',
        caption: 'Old lens, new film',
        media_type: 'text',
        duration: null,
        posted_at: '2026-08-07T12:00:00.000Z',
        metrics: { likes: 12, comments: 1, shares: 0, saves: 1 },
      },
    ],
  },
};
