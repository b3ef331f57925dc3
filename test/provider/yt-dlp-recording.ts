import type { Recording } from './recording.ts';

/** An account of TikTok with a slideshow, as the program printed it. */
export const ytDlpTikTokRecording: Recording = {
  provider: 'yt-dlp',
  platform: 'tiktok',
  username: 'harbor.lights',
  posts: 50,
  replies: [],
  program: { stdout: 'yt-dlp/tiktok-user-flat-playlist.json' },
  stored: {
    account: {
      external_id: '6784512390456123397',
      display_name: 'Harbor Lights Studio',
      bio: null,
      is_verified: null,
      is_business: null,
    },
    snapshot: { followers_count: null, following_count: null, posts_count: null },
    posts: [
      {
        external_post_id: '7646818224011788053',
        post_url: 'https://www.tiktok.com/@harbor.lights/video/7646818224011788053',
        caption: 'Start here: a tour of the studio #studio',
        media_type: null,
        duration: null,
        posted_at: '2026-06-02T15:20:09.000Z',
        metrics: { likes: 301_400, comments: 4_120, views: 2_450_100, shares: 18_877, saves: 25_410 },
      },
      {
        external_post_id: '7676167466413831785',
        post_url: 'https://www.tiktok.com/@harbor.lights/video/7676167466413831785',
        caption: 'Fog rolling in at dawn #harbor #fog',
        media_type: null,
        duration: null,
        posted_at: '2026-08-20T17:30:12.000Z',
        metrics: { likes: 5_120, comments: 88, views: 48_200, shares: 210, saves: 402 },
      },
      {
        external_post_id: '7675295295995300990',
        post_url: 'https://www.tiktok.com/@harbor.lights/video/7675295295995300990',
        caption: '',
        media_type: null,
        duration: null,
        posted_at: '2026-08-18T09:05:44.000Z',
        metrics: { likes: 240, comments: 6, views: 3_102, shares: 3, saves: 11 },
      },
      {
        external_post_id: '7674353491272000147',
        post_url: 'https://www.tiktok.com/@harbor.lights/video/7674353491272000147',
        caption: 'Q&A: how we light a scene',
        media_type: null,
        duration: null,
        posted_at: '2026-08-15T20:11:03.000Z',
        metrics: { likes: 77, comments: 0, views: 912, shares: 0, saves: 4 },
      },
    ],
  },
  note: /yt-dlp is a version \d+ days old/,
};

/** A channel with videos and shorts, which come as a list each. */
export const ytDlpYouTubeRecording: Recording = {
  provider: 'yt-dlp',
  platform: 'youtube',
  username: 'harborlights',
  posts: 50,
  replies: [],
  program: { stdout: 'yt-dlp/youtube-channel-all-tabs.json' },
  stored: {
    account: {
      external_id: 'UCq3TnV8rXw5LmZ0aYbK7dEg',
      display_name: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      is_verified: null,
      is_business: null,
    },
    snapshot: { followers_count: 182_000, following_count: null, posts_count: null },
    posts: [
      {
        external_post_id: 'kT3xW9pLq0A',
        post_url: 'https://www.youtube.com/watch?v=kT3xW9pLq0A',
        caption: 'Fog at dawn',
        media_type: 'video',
        duration: 21,
        posted_at: null,
        metrics: { views: 48_000 },
      },
      {
        external_post_id: 'hJ5-yQ8dXsU',
        post_url: 'https://www.youtube.com/watch?v=hJ5-yQ8dXsU',
        caption: 'Short',
        media_type: 'video',
        duration: null,
        posted_at: null,
        metrics: { views: 9_100 },
      },
    ],
  },
  note: /yt-dlp is a version \d+ days old/,
};
