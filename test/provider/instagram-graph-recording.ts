import type { RecordedReply, Recording } from './recording.ts';
import { readFixture } from './subject.ts';

const OWN = '/v25.0/17841405123456789';
const read = (name: string) => readFixture(`instagram-graph/${name}.json`);
const empty = read('follower_demographics-empty');

const demographics = (breakdown: string, body: unknown): RecordedReply => ({
  path: `${OWN}/insights`,
  query: { metric: 'follower_demographics', period: 'lifetime', breakdown },
  body,
});
const day = (since: string, until: string, body: unknown): RecordedReply => ({
  path: `${OWN}/insights`,
  query: { period: 'day', metric_type: 'total_value', since, until },
  body,
});

/** An own account: a reel, a photo from before it was a business account, an album; one day with numbers; its audience. */
export const instagramGraphRecording: Recording = {
  provider: 'instagram-graph',
  platform: 'instagram',
  username: 'my.brand',
  posts: 100,
  credentials: { instagram_business_id: '17841405123456789' },
  replies: [
    { path: OWN, body: read('me') },
    { path: `${OWN}/media`, query: { limit: '50' }, body: read('media') },
    { path: `${OWN}/media`, query: { limit: '50', after: 'QVFIUafter' }, body: { data: [] } },
    { path: '/v25.0/18059123456789010/insights', body: read('media_insights-reel') },
    { path: '/v25.0/18059123456789011/insights', status: 400, body: read('error-400-100-media-before-conversion') },
    { path: '/v25.0/18059123456789012/insights', body: read('media_insights-feed') },
    demographics('age,gender', read('follower_demographics-age_gender')),
    demographics('country', read('follower_demographics-country')),
    demographics('city', empty),
    day('1795075200', '1795161600', empty),
    day('1795161600', '1795248000', read('account_insights-total_value')),
    day('1795248000', '1795334400', empty),
  ],
  stored: {
    account: {
      external_id: null,
      display_name: 'My Brand',
      bio: 'Own account',
      is_verified: null,
      is_business: null,
    },
    snapshot: { followers_count: 10_432, following_count: 210, posts_count: 96 },
    posts: [
      {
        external_post_id: '3968037994870453865',
        post_url: 'https://www.instagram.com/reel/DcRTYhjgbZp/',
        caption: 'Fog at dawn',
        media_type: 'video',
        duration: null,
        posted_at: '2026-08-20T17:30:12.000Z',
        metrics: { likes: 5_120, comments: 88, views: 61_877, shares: 210, saves: 402, reach: 50_211 },
      },
      {
        external_post_id: '3966334537021109866',
        post_url: 'https://www.instagram.com/p/DcLQD8zgbZq/',
        caption: null,
        media_type: 'image',
        duration: null,
        posted_at: '2026-08-18T09:05:44.000Z',
        metrics: { comments: 6 },
      },
      {
        external_post_id: '3964495074670261867',
        post_url: 'https://www.instagram.com/p/DcEt0P_gbZr/',
        caption: 'Three lamps, one window',
        media_type: 'carousel',
        duration: null,
        posted_at: '2026-08-15T20:11:03.000Z',
        metrics: { likes: 240, comments: 0, impressions: 9_120, shares: 3, saves: 11, reach: 7_711 },
      },
    ],
    days: {
      '2026-11-20': { impressions: 20_111, likes: 1_011, comments: 77, shares: 120, saves: 132, clicks: 18 },
    },
    audience: {
      age_18_24: 57.87,
      age_25_34: 42.13,
      male_percentage: 26.68,
      female_percentage: 73.32,
      top_countries: ['US', 'CA', 'GB'],
    },
  },
  note: /instagram-graph had no insights of 1 of the FEED posts \(code 100\)/,
};
