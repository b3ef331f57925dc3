import type { RecordedReply, Recording } from './recording.ts';
import { readFixture } from './subject.ts';

const INSIGHTS = '/v1.0/me/threads_insights';
const read = (name: string) => readFixture(`threads/${name}.json`);
const empty = read('media_insights-repost_facade');

const day = (since: string, until: string, body: unknown): RecordedReply => ({
  path: INSIGHTS,
  query: { metric: 'views,likes,replies,reposts,quotes', since, until },
  body,
});
const demographics = (breakdown: string, body: unknown): RecordedReply => ({
  path: INSIGHTS,
  query: { metric: 'follower_demographics', breakdown },
  body,
});

/** An own account: a text, a video without insights yet, and a repost that is left out; one day with numbers. */
export const threadsRecording: Recording = {
  provider: 'threads',
  platform: 'threads',
  username: 'harbor.lights',
  posts: 100,
  replies: [
    { path: '/v1.0/me', body: read('me') },
    { path: INSIGHTS, query: { metric: 'followers_count' }, body: read('threads_insights') },
    { path: '/v1.0/me/threads', query: { limit: '100' }, body: read('threads') },
    { path: '/v1.0/18051234567890101/insights', body: read('media_insights') },
    { path: '/v1.0/18051234567890102/insights', body: empty },
    day('1795075200', '1795161600', empty),
    // The series of views is of other days, the totals are of the day that was asked for.
    day('1795161600', '1795248000', read('threads_insights')),
    day('1795248000', '1795334400', empty),
    demographics('age', empty),
    demographics('gender', empty),
    demographics('country', read('follower_demographics-country')),
    demographics('city', empty),
  ],
  stored: {
    account: {
      external_id: '26110234567890123',
      display_name: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      is_verified: 1,
      is_business: null,
    },
    snapshot: { followers_count: 4_120, following_count: null, posts_count: null },
    posts: [
      {
        external_post_id: '3700390746889521250',
        post_url: 'https://www.threads.com/@harbor.lights/post/DNabcdefghi',
        caption: 'Fog at dawn',
        media_type: 'text',
        duration: null,
        posted_at: '2026-08-20T17:30:12.000Z',
        metrics: { likes: 311, comments: 9, views: 8_120, shares: 18 },
      },
      {
        external_post_id: '3702964232390875819',
        post_url: 'https://www.threads.com/@harbor.lights/post/DNjklmnopqr',
        caption: null,
        media_type: 'video',
        duration: null,
        posted_at: '2026-08-18T09:05:44.000Z',
        metrics: {},
      },
    ],
    days: { '2026-11-20': { likes: 512, comments: 31, shares: 26 } },
    audience: { top_countries: ['US', 'CA'] },
  },
};
