import type { Recording } from './recording.ts';
import { readFixture } from './subject.ts';

const organization = 'urn:li:organization:71234567';

/** A page with posts of both kinds and reposts, days, and followers by country. Some numbers of posts are refused. */
export const linkedinRecording: Recording = {
  provider: 'linkedin',
  platform: 'linkedin',
  username: 'harbor-lights-studio',
  posts: 50,
  replies: [
    {
      path: '/rest/organizations',
      query: { q: 'vanityName', vanityName: 'harbor-lights-studio' },
      body: readFixture('linkedin/organizations.json'),
    },
    {
      path: '/rest/networkSizes/urn%3Ali%3Aorganization%3A71234567',
      query: { edgeType: 'COMPANY_FOLLOWED_BY_MEMBER' },
      body: readFixture('linkedin/network-size.json'),
    },
    {
      path: '/rest/posts',
      query: { q: 'author', author: organization, count: '100', start: '0', sortBy: 'CREATED' },
      body: readFixture('linkedin/posts.json'),
    },
    {
      path: '/rest/posts',
      query: { q: 'author', author: organization, count: '100', start: '100', sortBy: 'CREATED' },
      body: readFixture('linkedin/posts-page2.json'),
    },
    {
      path: '/rest/organizationalEntityShareStatistics',
      query: {
        organizationalEntity: organization,
        shares: 'List(urn:li:share:7496257291419648077,urn:li:share:7490000000000000002)',
      },
      body: readFixture('linkedin/share-statistics-shares.json'),
    },
    {
      path: '/rest/organizationalEntityShareStatistics',
      query: { organizationalEntity: organization, ugcPosts: 'List(urn:li:ugcPost:7495405562494976088)' },
      status: 403,
      body: readFixture('linkedin/error-403.json'),
    },
    {
      path: '/rest/organizationalEntityShareStatistics',
      query: {
        organizationalEntity: organization,
        timeIntervals: '(timeRange:(start:1792713600000,end:1795305600000),timeGranularityType:DAY)',
      },
      body: readFixture('linkedin/share-statistics-daily.json'),
    },
    {
      path: '/rest/organizationalEntityFollowerStatistics',
      query: { q: 'organizationalEntity', organizationalEntity: organization },
      body: readFixture('linkedin/follower-statistics.json'),
    },
  ],
  stored: {
    account: {
      external_id: '71234567',
      display_name: 'Harbor Lights Studio',
      bio: null,
      is_verified: null,
      is_business: null,
    },
    snapshot: { followers_count: 8_123, following_count: null, posts_count: null },
    posts: [
      {
        external_post_id: 'urn:li:share:7496257291419648077',
        post_url: 'https://www.linkedin.com/feed/update/urn:li:share:7496257291419648077/',
        caption: 'Fog at dawn, five minutes of stillness',
        media_type: 'video',
        duration: null,
        posted_at: '2026-08-20T17:30:12.000Z',
        metrics: { likes: 211, comments: 9, shares: 12, reach: 9_011, impressions: 20_111 },
      },
      {
        external_post_id: 'urn:li:ugcPost:7495405562494976088',
        post_url: 'https://www.linkedin.com/feed/update/urn:li:ugcPost:7495405562494976088/',
        caption: 'We are hiring',
        media_type: 'text',
        duration: null,
        posted_at: '2026-08-18T09:05:44.000Z',
        metrics: {},
      },
      {
        external_post_id: 'urn:li:share:7490000000000000002',
        post_url: 'https://www.linkedin.com/feed/update/urn:li:share:7490000000000000002/',
        caption: 'What North Pier (Ltd) built | #1 of #harbor *ten*',
        media_type: 'text',
        duration: null,
        posted_at: '2026-08-03T10:46:40.911Z',
        metrics: {},
      },
    ],
    days: {
      '2026-08-18': {
        reach: 9_011,
        impressions: 20_111,
        shares: 12,
        comments: 9,
        likes: 211,
        clicks: 311,
        mentions: 0,
      },
      '2026-08-19': { reach: 8_120, impressions: 17_004, shares: 2, comments: 0, clicks: 250, mentions: 4 },
    },
    audience: {
      top_countries: ['urn:li:geo:103644278', 'urn:li:geo:101282230'],
      top_cities: ['urn:li:geo:90000091'],
    },
  },
  note: /linkedin left out numbers of posts: it does not let this token read that \(403\)/,
};
